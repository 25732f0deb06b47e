from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from segnode.analysis.memory import LiveBytes
from segnode.config import ModelConfig, SolverConfig
from segnode.data.classes import CAMVID, ClassSet
from segnode.errors import CheckpointError, ConfigError
from segnode.model.baseline import Baseline
from segnode.model.segnode import SegNode
from tests.model.zoo.lessons import losses, settled

NARROW: dict[str, Any] = {"widths": (8, 16, 16, 16), "stem_width": 8, "modules": 2, "blocks": 1}


def network(**layout: Any) -> Baseline:
    torch.manual_seed(0)
    return settled(Baseline(CAMVID, **{**NARROW, **layout}))


def images(rows: int = 40, columns: int = 56, batch: int = 1) -> Tensor:
    return torch.rand(batch, 3, rows, columns, generator=torch.Generator().manual_seed(3))


def parameters(model: nn.Module) -> int:
    return sum(parameter.numel() for parameter in model.parameters())


@pytest.mark.parametrize(
    ("layout", "count"),
    [
        ({}, 70_894_604),
        ({"modules": 6}, 60_898_700),
        ({"distinct": 1}, 10_919_180),
        ({"distinct": 2}, 20_915_084),  # SegNode's
        ({"widths": (16, 32, 64, 128), "stem_width": 24}, 7_892_868),
    ],
)
def test_parameters(layout: dict[str, Any], count: int) -> None:
    with torch.device("meta"):
        assert parameters(Baseline(CAMVID, **layout)) == count


@pytest.mark.parametrize("norm", ["batch", "group"])
@pytest.mark.parametrize("size", [(40, 56), (41, 55)])
def test_one_euler_step_of_segnode(norm: str, size: tuple[int, int]) -> None:
    torch.manual_seed(1)
    config = ModelConfig(len(CAMVID), (8, 16, 16, 16), stem_width=8, modules=2, blocks=1, norm=norm)
    segnode = settled(SegNode(config, CAMVID, SolverConfig("euler", 1)))
    model = network(norm=norm)
    picture = images(*size)
    with torch.no_grad():
        assert not torch.allclose(model(picture), segnode(picture), atol=0.01)
        model.load_state_dict({name.removeprefix("field."): value for name, value in segnode.state_dict().items()})
        assert torch.allclose(model(picture), segnode(picture), atol=1e-5)


def test_distinct_modules_take_turns() -> None:
    tied, free = network(modules=3, distinct=2), network(modules=3)
    weights = tied.state_dict()
    again = {
        name.replace("residuals.0.", "residuals.2."): value
        for name, value in weights.items()
        if name.startswith("residuals.0.")
    }
    free.load_state_dict({**weights, **again})
    with torch.no_grad():
        assert torch.equal(tied(images()), free(images()))
        assert not torch.allclose(tied(images()), network(modules=2)(images()), atol=1e-3)


@pytest.mark.parametrize("distinct", [None, 1])
def test_recomputed_gradients_and_statistics_equal_direct_ones(distinct: int | None) -> None:
    results = []
    for recompute in (False, True):
        model = network(modules=3, distinct=distinct).train()
        model.recompute = recompute
        model(images(batch=2)).square().mean().backward()
        results.append(
            [parameter.grad for parameter in model.parameters()] + [buffer.float() for buffer in model.buffers()]
        )
    for direct, recomputed in zip(*results, strict=True):
        assert torch.equal(direct, recomputed)


def test_tied_modules_move_running_statistics_as_far_as_ones_of_their_own() -> None:
    """Modules 0 and 1 take three turns and two; batches have next to no mean, so old statistics keep 0.9."""
    model = network(modules=5, distinct=2).train()
    layers = [layer for layer in model.residuals.modules() if isinstance(layer, nn.BatchNorm2d)]
    for layer in layers:
        layer.running_mean.fill_(1e6)
    model(images(batch=2))
    assert {layer.num_batches_tracked.item() for layer in layers} == {3, 2}
    for layer in layers:
        assert torch.allclose(layer.running_mean, torch.tensor(9e5), rtol=1e-3)


def test_recomputation_keeps_less() -> None:
    kept = []
    for recompute in (False, True):
        model = network(modules=3, blocks=4).train()
        model.recompute = recompute
        with LiveBytes() as memory:
            loss = model(images(64, 64, batch=2)).mean()
            kept.append(memory.live)
        loss.backward()
    assert kept[1] < kept[0] / 2


def test_recomputation_leaves_the_answer_alone() -> None:
    model = network()
    with torch.no_grad():
        for mode in (model.eval, model.train):
            answers = []
            for model.recompute in (False, True):
                mode()
                answers.append(model(images(batch=2)))
            assert torch.equal(*answers)


def test_gradients_reach_all_parameters() -> None:
    model = network(modules=3, distinct=2).train()
    model(images(64, 64, batch=2)).square().mean().backward()
    assert all(parameter.grad is not None and parameter.grad.any() for parameter in model.parameters())


@pytest.mark.parametrize("size", [(40, 56), (41, 55), (17, 90), (1, 1), (3, 130)])
def test_takes_any_size(size: tuple[int, int]) -> None:
    with torch.no_grad():
        assert network()(images(*size)).shape == (1, 11, *size)
        assert network().outputs(images(*size))[0].shape == (1, 11, *(-(-length // 32) * 8 for length in size))


def test_comes_back_from_disk(tmp_path: Path) -> None:
    model = network(modules=3, distinct=2, norm="group")
    model.save_pretrained(tmp_path)
    again = Baseline.from_pretrained(tmp_path)
    assert again.settings() == model.settings()
    with torch.no_grad():
        assert torch.equal(again(images()), model(images()))
    with pytest.raises(CheckpointError, match="not a SegNode"):
        SegNode.from_pretrained(tmp_path)


@pytest.mark.parametrize(
    ("layout", "sentence"),
    [
        ({"widths": ()}, "1 to 6 streams, not 0"),
        ({"widths": (8, 0)}, "every width must be a whole number from 1 to 4096, not 0"),
        ({"modules": 0}, "modules must be"),
        ({"blocks": 0}, "blocks must be"),
        ({"stem_width": 0}, "stem_width must be"),
        ({"modules": 2, "distinct": 3}, "distinct must be a whole number from 1 to 2, not 3"),
    ],
)
def test_layouts_that_are_none_are_refused(layout: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        Baseline(ClassSet.numbered(2), **layout)


def test_learns() -> None:
    history = losses(network(), steps=10, rate=5e-3)
    assert history[-1] < 0.7 * history[0]
