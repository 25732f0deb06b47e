from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from segnode.config import FIXED_METHODS, ModelConfig, SolverConfig
from segnode.data.classes import CAMVID, ClassSet
from segnode.errors import CheckpointError, ConfigError
from segnode.model.baseline import Baseline
from segnode.model.blocks import resize
from segnode.model.build import build_model
from segnode.model.field import Field
from segnode.model.padding import pad
from segnode.model.segnode import SegNode
from segnode.ode import solve
from segnode.types import State

TINY = ModelConfig(11, widths=(8, 16, 16), stem_width=8, modules=2, blocks=1)

#: As deep as the paper's: the coarsest stream has a cell for 32 x 32 pixels.
FOUR_STREAMS = ModelConfig(5, widths=(4, 4, 4, 4), stem_width=4, modules=1, blocks=1)


def baseline_of(config: ModelConfig) -> Baseline:
    torch.manual_seed(0)
    classes = ClassSet.numbered(config.num_classes)
    return Baseline(classes, config.widths, config.stem_width, config.modules, config.blocks).eval()


def network(config: ModelConfig = TINY, solver: SolverConfig | None = None) -> SegNode:
    torch.manual_seed(0)
    model = SegNode(config, ClassSet.numbered(config.num_classes), solver)
    for layer in model.modules():  # statistics as after training, so that evaluation mode is not the identity
        if isinstance(layer, nn.BatchNorm2d):
            layer.running_mean.normal_(std=0.1)
            layer.running_var.uniform_(0.5, 2)
    return model.eval()


def images(rows: int = 40, columns: int = 56, batch: int = 1) -> Tensor:
    return torch.rand(batch, 3, rows, columns, generator=torch.Generator().manual_seed(3))


def test_parameters_of_the_paper() -> None:
    model = build_model("segnode-w48", num_classes=11)
    count = {name: sum(p.numel() for p in part.parameters()) for name, part in model.named_modules()}
    assert count["encoder.stem"] == 22_224
    assert count["encoder.inputs"] == 893_088
    assert count["field.residuals.0"] == count["field.residuals.1"] == 9_995_904
    assert count["head"] == 7_964
    assert count[""] == 20_915_084


@pytest.mark.parametrize("norm", ["batch", "group"])
@pytest.mark.parametrize("modules", [1, 2, 3])
def test_one_euler_step_is_the_residual_network(norm: str, modules: int) -> None:
    model = network(ModelConfig(5, (8, 16), 8, modules, blocks=2, norm=norm))
    state = model.encode(images())
    residual = state
    for module in model.field.residuals:
        residual = tuple(h + change for h, change in zip(residual, module(residual, 0.0), strict=True))
    euler = solve(model.field, state, SolverConfig("euler", 1)).states[-1]
    for a, b in zip(euler, residual, strict=True):
        assert torch.allclose(a, b, atol=1e-5)


@pytest.mark.parametrize("norm", ["batch", "group"])
@pytest.mark.parametrize("training", [True, False])
def test_the_field_works_in_place_on_nothing_it_was_given(norm: str, training: bool) -> None:
    model = network(ModelConfig(5, (8, 16, 16), 8, modules=3, blocks=2, norm=norm)).train(training)
    state = tuple(stream.detach().requires_grad_() for stream in model.encode(images()))
    kept = tuple(stream.detach().clone() for stream in state)
    slope = model.field(0.0, state)
    sum(x.square().sum() for x in slope).backward()
    assert all(torch.equal(x, y) for x, y in zip(state, kept, strict=True))
    wanted, again = _plainly(model.field, kept)
    for x, y in zip(slope, wanted, strict=True):
        assert torch.allclose(x, y, atol=1e-5)
    for x, y in zip(state, again, strict=True):
        assert torch.allclose(x.grad, y.grad, atol=1e-4, rtol=1e-4)
    assert all(x.is_contiguous(memory_format=torch.channels_last) for x in slope)


def _plainly(field: Field, state: State) -> tuple[State, State]:
    """f by its formula, nothing in place, and the state with its gradient."""
    start = total = tuple(stream.requires_grad_() for stream in state)
    for module in field.residuals:
        streams = []
        for branch, x in zip(module.branches, total, strict=True):
            for block in branch:
                x = block.conv(block.norm(x).relu())
            streams.append(x)
        change = []
        for target, own in enumerate(streams):
            for source, x in enumerate(streams):
                if source > target:
                    own = own + resize(module.fuse[f"{source}to{target}"](x), streams[target].shape[-2:])
                elif source < target:
                    for index, conv in enumerate(module.fuse[f"{source}to{target}"].convs):
                        x = conv(x.relu() if index else x)
                    own = own + x
            change.append(own)
        total = tuple(x + y for x, y in zip(total, change, strict=True))
    change = tuple(x - y for x, y in zip(total, start, strict=True))
    sum(x.square().sum() for x in change).backward()
    return change, start


@pytest.mark.parametrize("method", [*FIXED_METHODS, "dopri5"])
def test_frames_equal_decoding_each_state(method: str) -> None:
    model, solver, times = network(), SolverConfig(method, 3), np.linspace(0, 1, 17)
    picture = images()
    with torch.no_grad():
        states = solve(model.field, model.encode(picture), solver, times=times).states
        wanted = torch.stack([model.head(state) for state in states])
    trajectory = model.trajectory(picture, times, solver)
    assert torch.allclose(torch.stack(trajectory.logits), wanted, atol=2e-5)
    assert not torch.allclose(wanted[0], wanted[-1], atol=1e-2)


def test_last_frame_is_forward() -> None:
    model = network()
    picture = images()
    with torch.no_grad():
        assert torch.allclose(
            model(picture),
            nn.functional.interpolate(model.trajectory(picture, [1.0]).logits[-1], scale_factor=4, mode="bilinear")[
                ..., :40, :56
            ],
            atol=1e-5,
        )


def test_head_is_linear_and_splits_by_stream() -> None:
    model = network()
    with torch.no_grad():
        a, b = model.encode(images()), model.encode(1 - images())
        change = tuple(y - x for x, y in zip(a, b, strict=True))
        assert torch.allclose(model.head(a) + model.head.linear(change), model.head(b), atol=1e-5)
        assert torch.allclose(sum(model.head.contributions(change)), model.head.linear(change), atol=1e-6)


@pytest.mark.parametrize("size", [(40, 56), (41, 55), (17, 90), (4, 4), (1, 1), (3, 130)])
def test_takes_any_size(size: tuple[int, int]) -> None:
    with torch.no_grad():
        assert network()(images(*size)).shape == (1, 11, *size)


@pytest.mark.parametrize("size", [(360, 480), (352, 479), (33, 64), (32, 32), (65, 31), (97, 95)])
def test_padding_repeats_the_border_and_is_cut_off(size: tuple[int, int]) -> None:
    rows, columns = size
    padded = pad(images(*size), 32)
    assert padded.shape[2:] == (-(-rows // 32) * 32, -(-columns // 32) * 32)
    for model in (network(FOUR_STREAMS), baseline_of(FOUR_STREAMS)):
        with torch.no_grad():
            assert torch.equal(model(images(*size)), model(padded)[..., :rows, :columns])


@pytest.mark.parametrize("size", [(360, 480), (355, 449)])
@pytest.mark.parametrize("shift", [(32, 0), (0, 32), (32, 64)])
def test_a_shifted_picture_has_a_shifted_answer(size: tuple[int, int], shift: tuple[int, int]) -> None:
    """Streams that do not lie over each other would say different things of the same pixels at another place."""
    model = network(FOUR_STREAMS, SolverConfig("euler", 1))
    whole = torch.nn.functional.pad(images(64, 64), (384, 384, 384, 384), value=0.5)
    top, left = 384 - 224, 384 - 224
    down, right = shift
    with torch.no_grad():
        first = model(whole[..., top : top + size[0], left : left + size[1]])
        second = model(whole[..., top - down : top - down + size[0], left - right : left - right + size[1]])
    place = (..., slice(224, 288), slice(224, 288))
    moved = (..., slice(224 + down, 288 + down), slice(224 + right, 288 + right))
    assert (first[place] - first.mean()).abs().max() > 0.05
    assert torch.allclose(first[place], second[moved], atol=1e-4)


def test_time_reaches_the_field() -> None:
    still, timed = network(), network(ModelConfig(11, (8, 16, 16), 8, 2, 1, time=True))
    for model, differs in ((still, False), (timed, True)):
        with torch.no_grad():
            state = model.encode(images())
            a, b = model.field(0.0, state)[0], model.field(1.0, state)[0]
        assert torch.allclose(a, b) is not differs


def test_settings_describe_the_network() -> None:
    model = network(solver=SolverConfig("rk4", 3))
    again = SegNode.from_settings(model.settings())
    assert again.config == model.config
    assert again.solver == model.solver
    assert again.classes == model.classes
    again.load_state_dict(model.state_dict())


def test_settings_that_are_none_are_refused() -> None:
    with pytest.raises(CheckpointError, match="not a SegNode"):
        SegNode.from_settings({"network": "UNet"})
    settings = network().settings()
    with pytest.raises(CheckpointError, match="'model'"):
        SegNode.from_settings({name: value for name, value in settings.items() if name != "model"})
    with pytest.raises(CheckpointError, match="no setting named depth"):
        SegNode.from_settings({**settings, "model": {**settings["model"], "depth": 3}})


def test_classes_must_fit_the_layout() -> None:
    with pytest.raises(ConfigError, match="11 class names do not fit 5 classes"):
        SegNode(ModelConfig(5), CAMVID)


def test_trains() -> None:
    torch.manual_seed(0)
    model = SegNode(TINY, CAMVID, SolverConfig("midpoint", 2)).train()
    picture, labels = images(32, 32, batch=2), torch.zeros(2, 32, 32, dtype=torch.long)
    labels[:, 16:] = 3
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
    losses = []
    for _ in range(8):
        loss = nn.functional.cross_entropy(model(picture), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0] / 2


def with_context() -> SegNode:
    return network(ModelConfig(11, widths=(8, 16, 16), stem_width=8, blocks=1, head="ocr"))


def test_context_has_an_auxiliary_answer() -> None:
    model = with_context()
    with torch.no_grad():
        answer, auxiliary = model.outputs(images())
        assert answer.shape == auxiliary.shape == (1, 11, 12, 16)
        assert not torch.allclose(answer, auxiliary)
        assert torch.equal(model(images()), model.upsample(answer, (40, 56)))
    assert model.auxiliary == (0.4,)


def test_frames_of_a_head_that_is_not_linear_are_decoded_one_by_one() -> None:
    model, times = with_context(), np.linspace(0, 1, 5)
    with torch.no_grad():
        states = solve(model.field, model.encode(images()), SolverConfig("midpoint", 2), times=times).states
        wanted = torch.stack([model.head(state) for state in states])
        mixed = wanted[0] + (wanted[-1] - wanted[0]) * 0.5
    logits = torch.stack(model.trajectory(images(), times, SolverConfig("midpoint", 2)).logits)
    assert torch.allclose(logits, wanted, atol=2e-5)
    assert not torch.allclose(logits[2], mixed, atol=2e-4)


def test_context_is_saved_with_the_layout(tmp_path: Path) -> None:
    model = with_context()
    model.save_pretrained(tmp_path)
    again = SegNode.from_pretrained(tmp_path)
    assert again.config.head == "ocr"
    with torch.no_grad():
        assert torch.equal(again(images()), model(images()))


def test_a_guess_is_one_euler_step() -> None:
    for model in (network(), with_context()):
        trajectory = model.trajectory(images(), [0.0], SolverConfig("rk4", 2))
        with torch.no_grad():
            wanted = model.head(solve(model.field, model.encode(images()), SolverConfig("euler", 1)).states[-1])
        assert torch.allclose(model.euler_logits(trajectory), wanted, atol=1e-5)
