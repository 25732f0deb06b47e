"""What makes training cheaper: few evaluations at first, a loss at some of the pixels."""

from pathlib import Path

import pytest
import torch
from torch.nn import functional as F

from segnode import ModelConfig, SegNode
from segnode.config import SolverConfig
from segnode.data.classes import ClassSet
from segnode.errors import ConfigError
from segnode.model import segnode
from segnode.model.loss import segmentation_loss, summed_losses
from segnode.train.config import TrainConfig
from segnode.train.loop import Trainer
from segnode.types import State


def config(out: Path, **changes: object) -> TrainConfig:
    tiny = {
        "data": ("streets:,seeds=0-1",),
        "layout": ("widths=[8,8]", "stem_width=8", "blocks=1"),
        "batch_size": 2,
        "crop": (64, 64),
        "iterations": 10,
        "device": "cpu",
    }
    return TrainConfig(out=out, **{**tiny, **changes})


def test_early_solvers_are_drawn_until_their_share_of_the_run_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    solve = segnode.solve

    def noted(f: torch.nn.Module, state: State, solver: SolverConfig, **options: object) -> object:
        drawn.append(solver.name)
        return solve(f, state, solver, **options)

    monkeypatch.setattr(segnode, "solve", noted)
    Trainer(config(tmp_path, early_solvers=("midpoint-1",), early=0.6, solvers=("euler-3", "euler-4"))).run()
    assert drawn[:6] == ["midpoint-1"] * 6
    assert set(drawn[6:]) <= {"euler-3", "euler-4"}
    assert len(drawn) == 10


def test_early_solvers_want_a_share_and_a_share_solvers(tmp_path: Path) -> None:
    for changes in ({"early_solvers": ("euler-2",)}, {"early": 0.5}):
        with pytest.raises(ConfigError, match="early_solvers and early go together"):
            config(tmp_path, **changes)


def test_the_loss_of_some_pixels_is_that_of_logits_at_their_size() -> None:
    torch.manual_seed(0)
    model = SegNode(ModelConfig(4, (8, 8), 8, 1, 1), ClassSet.numbered(4)).eval()
    labels = torch.randint(0, 4, (2, 64, 96))
    with torch.no_grad():
        outputs = model.outputs(torch.rand(2, 3, 64, 96))
        sums, counts = summed_losses(model, outputs, labels[..., ::2, 1::2], stride=2)
        logits = F.interpolate(outputs[0], scale_factor=2, mode="bilinear")
        assert torch.allclose(sums / counts, F.cross_entropy(logits, labels[..., ::2, 1::2]), atol=1e-5)
        # Smooth labels of all pixels have about the same loss: the logits lie where the pixels are.
        smooth = model.upsample(outputs[0], (64, 96)).argmax(1)
        some, count = summed_losses(model, outputs, smooth[..., ::2, ::2], stride=2)
        assert torch.allclose(some / count, segmentation_loss(model, outputs, smooth), rtol=0.02)


def test_a_run_with_a_loss_stride_draws_each_offset(tmp_path: Path) -> None:
    trainer = Trainer(config(tmp_path, loss_stride=2))
    seen: set[tuple[int, ...]] = set()
    forward = trainer.model.forward

    def noted(images: torch.Tensor, labels: torch.Tensor, *settings: object) -> object:
        seen.add(tuple(labels[0, 0, :2].tolist()))
        return forward(images, labels, *settings)

    trainer.model.forward = noted
    rows, columns = torch.meshgrid(torch.arange(64), torch.arange(64), indexing="ij")
    offsets = 2 * (rows % 2) + columns % 2  # a label is the offset it is taken from
    for number in range(12):
        trainer.progress.done = number
        trainer.step(torch.rand(2, 3, 64, 64), offsets.expand(2, 64, 64))
    assert seen == {(i, i) for i in range(4)}
    with pytest.raises(ConfigError, match="multiples of 32"):
        config(tmp_path, loss_stride=2, crop=(48, 64))


def test_the_loss_of_some_batches_is_taken_at_a_drawn_depth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ends: list[float] = []
    solve = segnode.solve

    def noted(f: torch.nn.Module, state: State, solver: SolverConfig, **options: float) -> object:
        ends.append(options["until"])
        return solve(f, state, solver, **options)

    monkeypatch.setattr(segnode, "solve", noted)
    Trainer(config(tmp_path, solvers=("euler-1",), anytime=0.5, until=2.0, iterations=24)).run()
    drawn = [end for end in ends if end != 2.0]
    assert 6 <= len(drawn) <= 18
    assert all(0 < end < 2 for end in drawn)
    assert len(set(drawn)) == len(drawn)
    assert min(drawn) < 0.7 < 1.3 < max(drawn)


@pytest.mark.parametrize("changes", [{"anytime": 0.5}, {"until": 2.0}])
def test_a_network_without_depth_refuses_one(tmp_path: Path, changes: dict[str, float]) -> None:
    with pytest.raises(ConfigError, match="no depth to choose"):
        Trainer(config(tmp_path, network="unet", layout=("width=8",), **changes))
