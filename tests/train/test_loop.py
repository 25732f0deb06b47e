"""Steps, averages, curves and the end of a run."""

import errno
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.tensorboard import SummaryWriter

from segnode import SegNode
from segnode.errors import ConfigError, TrainingError
from segnode.results.training import Training
from segnode.train.average import MovingAverage
from segnode.train.balance import class_weights
from segnode.train.loop import Trainer
from segnode.train.sources import open_source
from segnode.train.state import load_state
from tests.scripts.loading import run
from tests.train.runs import config, weights


def test_a_run_leaves_averaged_weights_and_its_history(tmp_path: Path) -> None:
    history = Trainer(config(tmp_path, validate=("streets:,seeds=9-9",), validate_every=3)).run()
    assert [entry["iteration"] for entry in history] == [3, 6]
    (run,) = Training.of(tmp_path / "model").runs
    assert list(run.history) == history
    assert run.iterations == 6
    assert run.data == {"streets:,seeds=0-5": 6}
    assert run.starts[0].seed == 0
    assert 0 <= history[-1]["streets:,seeds=9-9"] <= 100
    assert all(torch.isfinite(value).all() for value in weights(tmp_path).values())


def test_training_lowers_the_loss(tmp_path: Path) -> None:
    trainer = Trainer(config(tmp_path, data=("streets:,seeds=0-0",), iterations=60, crop=(96, 96), scale=(0.3, 0.4)))
    losses: list[float] = []
    step = trainer.step

    def noted(images: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        loss = step(images, labels)
        losses.append(loss.item())
        return loss

    trainer.step = noted
    trainer.run()
    assert np.mean(losses[-10:]) < 0.8 * np.mean(losses[:5])


class Recorded(TorchDispatchMode):
    """Names of the operations called within."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        self.names.add(func.overloadpacket.__name__)
        return func(*args, **(kwargs or {}))


@pytest.mark.parametrize("hard", [None, 0.9])
def test_a_step_reads_no_value_back_from_the_device(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hard: float | None
) -> None:
    trainer = Trainer(config(tmp_path, hard=hard))
    images, labels = next(trainer.batches())
    trainer.step(images, labels)
    trainer.progress.done = 1
    monkeypatch.setattr(trainer.optimizer, "step", lambda: None)  # which on a CPU counts on the host
    with Recorded() as seen:
        trainer.step(images, labels)
    assert "_foreach_lerp_" in seen.names
    assert not seen.names & {"_local_scalar_dense", "item", "nonzero", "masked_select", "lift_fresh"}


def test_the_average_is_the_one_of_torch_with_a_shorter_beginning(tmp_path: Path) -> None:
    torch.manual_seed(0)
    network = nn.Sequential(nn.Linear(3, 3), nn.BatchNorm1d(3))

    def update(averages: list[torch.Tensor], current: list[torch.Tensor], count: torch.Tensor) -> None:
        for average, value in zip(averages, current, strict=True):
            weight = 1 - min(0.5, (1 + int(count)) / (10 + int(count))) if average.is_floating_point() else 1
            average += (weight * (value - average)).to(average.dtype)

    wanted = AveragedModel(network, multi_avg_fn=update, use_buffers=True)
    average = MovingAverage(network, 0.5)
    for done in range(20):
        network(torch.randn(4, 3))
        with torch.no_grad():
            network[0].weight.normal_()
        wanted.update_parameters(network)
        average.update(network, done)
    assert average.state_dict().keys() == wanted.state_dict().keys()
    for name, value in wanted.state_dict().items():
        assert torch.allclose(average.state_dict()[name].double(), value.double(), atol=1e-6), name
    assert int(average.n_averaged) == 20


def test_curves_that_cannot_be_written_cost_themselves_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(SummaryWriter, "add_scalar", full)
    Trainer(config(tmp_path)).run()
    assert caplog.text.count("The curves for TensorBoard cannot be written, the run goes on without") == 1
    assert load_state(tmp_path)["done"] == 6


def test_class_weights_favour_the_rare_and_average_one(tmp_path: Path) -> None:
    source = open_source("streets:,seeds=0-3")
    assert torch.allclose(class_weights([source], 11, balance=0.0), torch.ones(11))
    balanced = class_weights([source], 11, balance=0.5)
    counts = sum(np.bincount(source.dataset[i][1].ravel(), minlength=11) for i in range(4))
    assert balanced.argmin() == counts.argmax()
    assert float((balanced * torch.tensor(counts / counts.sum())).sum()) == pytest.approx(1, abs=0.05)


def test_class_weights_that_were_told_are_those_of_the_loss(tmp_path: Path) -> None:
    weights = tuple(1 + index / 10 for index in range(11))
    assert Trainer(config(tmp_path, class_weights=weights)).weights.tolist() == pytest.approx(weights)
    with pytest.raises(ConfigError, match="2 class_weights do not fit the 11 classes"):
        Trainer(config(tmp_path, class_weights=(1.0, 2.0)))


def test_the_head_has_its_own_rate_and_norms_decay_where_asked(tmp_path: Path) -> None:
    trainer = Trainer(config(tmp_path, iterations=1, decay=0.5, head_rate=10.0, decay_norms=True))
    rate = trainer.set_rate()
    head = set(map(id, trainer.network.head.parameters()))
    for group in trainer.optimizer.param_groups:
        of_head = {id(parameter) in head for parameter in group["params"]}
        assert len(of_head) == 1
        assert group["lr"] == pytest.approx(rate * (10 if of_head.pop() else 1))
        assert group["weight_decay"] == 0.5
    plain = Trainer(config(tmp_path, iterations=1, decay=0.5)).optimizer.param_groups
    assert {(group["weight_decay"], group["factor"]) for group in plain} == {(0.5, 1.0), (0.0, 1.0)}
    assert all(parameter.ndim <= 1 for group in plain if group["weight_decay"] == 0 for parameter in group["params"])


@pytest.mark.parametrize("solvers", [("euler-2",), ("dopri5",)])
def test_a_run_that_is_no_longer_finite_stops_and_its_last_finite_save_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, solvers: tuple[str, ...]
) -> None:
    trainer = Trainer(config(tmp_path, solvers=solvers, validate=("streets:,seeds=9-9",), validate_every=2))
    step = trainer.step

    def poisoned(images: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        loss = step(images, labels)
        if trainer.progress.done == 2:
            with torch.no_grad():
                next(trainer.network.field.parameters()).fill_(torch.nan)
        return loss

    monkeypatch.setattr(trainer, "step", poisoned)
    with pytest.raises(TrainingError, match=r"no longer finite at iteration \d, .* lower --rate"):
        trainer.run()
    state = load_state(tmp_path)
    assert state["done"] == 2
    assert all(tensor.isfinite().all() for part in ("network", "average") for tensor in state[part].values())
    for name in ("model", "best"):
        kept = SegNode.from_pretrained(tmp_path / name).state_dict()
        assert all(tensor.isfinite().all() for tensor in kept.values())


def test_a_rate_far_too_high_ends_the_script_with_a_sentence(tmp_path: Path) -> None:
    words = "--data streets:,seeds=0-3 --layout widths=[8,8] stem_width=8 blocks=1 --batch-size 2 --crop 48 48"
    words += f" --solvers euler-1 --rate 1e30 --warmup 0 --iterations 4 --device cpu --out {tmp_path / 'run'}"
    done = run("scripts/train.py", *words.split())
    assert done.returncode == 1
    assert "no longer finite" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "run/model").exists()
