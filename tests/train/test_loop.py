import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn
from torch.optim.swa_utils import AveragedModel
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.tensorboard import SummaryWriter

from segnode import SegNode
from segnode.errors import ConfigError, DataError, TrainingError
from segnode.results.training import TRAINING, Training
from segnode.train import loop
from segnode.train.average import MovingAverage
from segnode.train.balance import class_weights
from segnode.train.config import TrainConfig
from segnode.train.loop import Trainer
from segnode.train.sources import open_source
from segnode.train.state import load_state, lock_folder, save_state

ROOT = Path(__file__).parents[2]
TINY = {
    "data": ("streets:,seeds=0-5",),
    "layout": ("widths=[8,8]", "stem_width=8", "blocks=1"),
    "batch_size": 2,
    "crop": (48, 48),
    "iterations": 6,
    "warmup": 1,
    "save_every": 2,
    "log_every": 2,
    "solvers": ("midpoint-1", "euler-2"),
    "device": "cpu",
}


def config(out: Path, **changes: object) -> TrainConfig:
    return TrainConfig(out=out, **{**TINY, **changes})


def weights(folder: Path) -> dict[str, torch.Tensor]:
    return SegNode.from_pretrained(folder / "model").state_dict()


def one_label(folder: Path, label: int) -> None:
    """A folder of one picture in both splits, of the streets' classes, each pixel of which has this label."""
    for part in ("images", "labels"):
        (folder / part).mkdir(parents=True)
    names = open_source("streets:,seeds=0-0").dataset.classes.names
    (folder / "classes.json").write_text(json.dumps({"names": list(names)}))
    Image.fromarray(np.zeros((40, 60, 3), np.uint8)).save(folder / "images/a.png")
    Image.fromarray(np.full((40, 60), label, np.uint8)).save(folder / "labels/a.png")
    for split in ("train", "val"):
        (folder / f"{split}.txt").write_text("a\n")


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


def test_a_run_is_recorded_behind_those_of_the_checkpoint_it_started_from(tmp_path: Path) -> None:
    Trainer(config(tmp_path / "first")).run()
    Trainer(config(tmp_path / "second", init=tmp_path / "first" / "model", data=("streets:,seeds=6-9",))).run()
    runs = Training.of(tmp_path / "second" / "model").runs
    assert [list(run.data) for run in runs] == [["streets:,seeds=0-5"], ["streets:,seeds=6-9"]]


def test_a_start_from_a_broken_record_is_refused_before_any_training(tmp_path: Path) -> None:
    Trainer(config(tmp_path / "first")).run()
    (tmp_path / "first" / "model" / TRAINING).write_text("{")
    with pytest.raises(DataError, match=r"^training\.json does not hold the records of training runs"):
        Trainer(config(tmp_path / "second", init=tmp_path / "first" / "model"))


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


def test_a_stopped_run_resumes_to_the_same_weights(tmp_path: Path) -> None:
    Trainer(config(tmp_path / "whole")).run()
    stopped = Trainer(config(tmp_path / "parts"))
    save = stopped._save

    def save_then_stop() -> None:
        save()
        if stopped.progress.done == 4:
            raise KeyboardInterrupt

    stopped._save = save_then_stop
    with pytest.raises(KeyboardInterrupt):
        stopped.run()
    Trainer(config(tmp_path / "parts", resume=True)).run()
    whole, parts = weights(tmp_path / "whole"), weights(tmp_path / "parts")
    assert all(torch.equal(whole[name], parts[name]) for name in whole)


def test_a_state_saved_before_a_setting_existed_goes_on_with_its_default(tmp_path: Path) -> None:
    Trainer(config(tmp_path)).run()
    state = load_state(tmp_path)
    del state["settings"]["paste"], state["settings"]["average"]
    save_state(tmp_path, state["done"], state)
    Trainer(config(tmp_path, resume=True)).run()
    with pytest.raises(ConfigError, match=r"has average = 0.999, not 0.5"):
        Trainer(config(tmp_path, resume=True, average=0.5)).run()


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
    found = MovingAverage(network, 0.5)
    for done in range(20):
        network(torch.randn(4, 3))
        with torch.no_grad():
            network[0].weight.normal_()
        wanted.update_parameters(network)
        found.update(network, done)
    assert found.state_dict().keys() == wanted.state_dict().keys()
    for name, value in wanted.state_dict().items():
        assert torch.allclose(found.state_dict()[name].double(), value.double(), atol=1e-6), name
    assert int(found.n_averaged) == 20


@pytest.mark.parametrize(
    ("network", "layout", "parts"),
    [
        ("segnode-compact", TINY["layout"], ["Field"]),
        ("baseline-compact", ("widths=[4,4]", "stem_width=4", "blocks=1", "modules=2"), ["Module", "Module"]),
        ("unode-compact", ("width=2",), ["Dynamics"] * 9),
        ("hrnetv2-compact", ("width=2", "stem=4"), None),
    ],
)
def test_what_is_compiled_is_what_training_calls(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    network: str,
    layout: tuple[str, ...],
    parts: list[str] | None,
) -> None:
    compiled: list[nn.Module] = []
    monkeypatch.setattr(torch, "compile", lambda trial: trial)
    monkeypatch.setattr(nn.Module, "compile", lambda module: compiled.append(module))
    small = {"network": network, "layout": layout, "solvers": (), "crop": (64, 64), "gradient": "checkpoint"}
    trainer = Trainer(config(tmp_path, compile=True, **small))
    assert parts is None or [type(part).__name__ for part in compiled] == parts
    assert list(trainer.network.state_dict()) == list(Trainer(config(tmp_path, **small)).network.state_dict())
    called: set[nn.Module] = set()
    for part in compiled:
        part.register_forward_hook(lambda module, *_: called.add(module))
    trainer.step(*next(trainer.batches()))
    assert called == set(compiled)


#: Where a first compilation takes half a minute of one core.
compiles = pytest.mark.skipif(
    shutil.which(os.environ.get("CXX", "g++")) is None, reason="torch.compile on a CPU needs a C++ compiler"
)


def script(out: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A tiny run of the real script, in a process without jaxtyping's checks, which torch.compile cannot take."""
    tiny = "--data streets:,seeds=0-3 --validate streets:,seeds=9-9 --layout widths=[8,8] stem_width=8 blocks=1"
    tiny += " --batch-size 2 --crop 64 64 --solvers euler-2 midpoint-2 --gradient checkpoint --device cpu --log-every 1"
    tiny += " --save-every 2 --validate-every 2 --warmup 1"
    command = [sys.executable, "scripts/train.py", *tiny.split(), *words, "--out", str(out)]
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )


@compiles
def test_a_compiled_run_is_the_same_run_and_goes_on_both_ways(tmp_path: Path) -> None:
    found = {}
    for name, first, then in (("plain", (), ()), ("on", (), ("--compile",)), ("off", ("--compile",), ())):
        for words in (("--iterations", "4", *first), ("--iterations", "8", "--resume", *then)):
            done = script(tmp_path / name, *words)
            assert done.returncode == 0, done.stderr
        state = load_state(tmp_path / name)
        (run,) = Training.of(tmp_path / name / "model").runs
        found[name] = (state, [loss for _, loss in run.loss], run.history[-1]["streets:,seeds=9-9"])
    plain, losses, score = found.pop("plain")
    assert len(losses) == 8
    for state, compiled_losses, compiled_score in found.values():
        assert list(state["network"]) == list(plain["network"])
        assert list(state["average"]) == list(plain["average"])
        assert compiled_losses == pytest.approx(losses, abs=1e-3)
        assert compiled_score == pytest.approx(score, abs=0.5)


def test_compiling_without_a_compiler_is_refused_in_a_sentence(tmp_path: Path) -> None:
    done = script(tmp_path / "run", "--compile", CXX=str(tmp_path / "none"), TORCHINDUCTOR_CACHE_DIR=str(tmp_path))
    assert done.returncode == 1
    assert "--compile needs a C++ compiler" in done.stderr
    assert "Traceback" not in done.stderr


#: In a process of its own, where jaxtyping's checks do not stand between torch.compile and the code.
COMPILED = """
import copy, torch
from torch._dynamo.utils import counters
from segnode import ModelConfig, SegNode, SolverConfig
from segnode.data.classes import ClassSet

torch.manual_seed(0)
plain = SegNode(ModelConfig(3, (4, 4), 4, modules=1, blocks=1, time=True), ClassSet.numbered(3)).train()
compiled = copy.deepcopy(plain)
compiled.field.compile(backend="aot_eager")
assert list(compiled.state_dict()) == list(plain.state_dict())
images = torch.rand(2, 3, 32, 32)
for method, steps in (("midpoint", 2), ("euler", 4), ("rk4_38", 1)):
    found = []
    for network in (plain, compiled):
        network.zero_grad()
        network(images, SolverConfig(method, steps, gradient="checkpoint")).square().mean().backward()
        found.append(torch.cat([parameter.grad.flatten() for parameter in network.parameters()]))
    assert (found[0] - found[1]).norm() < 1e-5 * found[0].norm(), method
for x, y in zip(plain.buffers(), compiled.buffers()):
    assert torch.allclose(x, y, atol=1e-6)
print(counters["stats"]["unique_graphs"], len(counters["graph_break"]))
"""


def test_a_compiled_field_has_the_same_gradient_and_one_graph_for_all_times() -> None:
    command = [sys.executable, "-c", COMPILED]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["2", "0"]  # forwards, and backwards with the running statistics left alone


def test_a_killed_run_resumes(tmp_path: Path) -> None:
    words = "--data streets:,seeds=0-3 --layout widths=[8,8] stem_width=8 blocks=1 --batch-size 2 --crop 48 48"
    command = [
        sys.executable,
        "scripts/train.py",
        *words.split(),
        "--save-every",
        "2",
        "--solvers",
        "euler-1",
        "--out",
        str(tmp_path),
    ]
    running = subprocess.Popen([*command, "--iterations", "100000"], cwd=ROOT, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while not list(tmp_path.glob("state-*.pt")) and running.poll() is None and time.monotonic() < deadline:
        time.sleep(0.1)
    os.kill(running.pid, signal.SIGKILL)
    running.wait()
    done = load_state(tmp_path)["done"]
    resumed = subprocess.run(
        [*command, "--iterations", str(done + 3), "--resume"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert resumed.returncode == 0, resumed.stderr
    assert load_state(tmp_path)["done"] == done + 3
    weights(tmp_path)


def test_a_full_disk_costs_a_save_and_not_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(folder: Path, position: int, state: dict) -> None:
        if position == 4:
            raise OSError(errno.ENOSPC, "No space left on device")
        save_state(folder, position, state)

    monkeypatch.setattr(loop, "save_state", full)
    Trainer(config(tmp_path)).run()
    assert "The state of iteration 4 was not saved, the one before stays" in caplog.text
    assert sorted(path.stem for path in tmp_path.glob("state-*.pt")) == ["state-000000002", "state-000000006"]


def test_a_run_is_not_begun_where_another_stands(tmp_path: Path) -> None:
    Trainer(config(tmp_path)).run()
    before = {path: path.read_bytes() for path in tmp_path.glob("state-*")}
    with pytest.raises(ConfigError, match="holds a run already, saved at iteration 6: add --resume"):
        Trainer(config(tmp_path))
    assert {path: path.read_bytes() for path in tmp_path.glob("state-*")} == before


@pytest.mark.parametrize(
    "change",
    [{"layout": ("widths=[4,4]", "stem_width=4", "blocks=1")}, {"optimizer": "sgd"}, {"batch_size": 4}, {"seed": 3}],
)
def test_a_run_goes_on_with_the_settings_it_has(tmp_path: Path, change: dict[str, object]) -> None:
    Trainer(config(tmp_path, iterations=2)).run()
    trainer = Trainer(config(tmp_path, resume=True, **change))
    with pytest.raises(ConfigError, match=f"has {next(iter(change))} = .* go on with what it has"):
        trainer.run()
    Trainer(config(tmp_path, resume=True, save_every=1, iterations=3)).run()
    assert load_state(tmp_path)["done"] == 3


def test_states_past_the_one_saved_go(tmp_path: Path) -> None:
    for position in (5, 10, 3):
        save_state(tmp_path, position, {"done": position})
    assert load_state(tmp_path) == {"done": 3}
    assert not list(tmp_path.glob("state-*10.*"))


def test_curves_that_cannot_be_written_cost_themselves_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(SummaryWriter, "add_scalar", full)
    Trainer(config(tmp_path)).run()
    assert caplog.text.count("The curves for TensorBoard cannot be written, the run goes on without") == 1
    assert load_state(tmp_path)["done"] == 6


def test_validation_labels_are_looked_at_before_training(tmp_path: Path) -> None:
    one_label(tmp_path / "own", 77)
    with pytest.raises(DataError, match="77"):
        Trainer(config(tmp_path / "out", validate=(f"folder:{tmp_path}/own,split=val",)))


def test_a_disk_too_small_is_told_before_anything_is_trained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = partial(shutil._ntuple_diskusage, 10**9, 0)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: room(1000))
    with pytest.raises(ConfigError, match=r"need up to \d+ MB in .*new, and 0 MB are free: free some space"):
        Trainer(config(tmp_path / "new"))
    assert not (tmp_path / "new").exists()
    monkeypatch.setattr(shutil, "disk_usage", lambda _: room(10**9))
    Trainer(config(tmp_path / "new")).run()
    kept = sum(file.stat().st_size for file in (tmp_path / "new").rglob("*") if file.suffix in (".pt", ".safetensors"))
    network = sum(tensor.nbytes for tensor in Trainer(config(tmp_path / "other")).network.state_dict().values())
    assert network < kept < 15 * network
    monkeypatch.setattr(shutil, "disk_usage", lambda _: room(15 * network - kept))
    Trainer(config(tmp_path / "new", resume=True))  # what it replaces needs no new room


def test_the_best_weights_are_kept_beside_the_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scores = iter([10.0, 30.0, 20.0])
    monkeypatch.setattr(loop, "score", lambda network, source, group: next(scores))
    Trainer(config(tmp_path, validate=("streets:,seeds=9-9",), validate_every=2)).run()
    (best,), (last,) = (Training.of(tmp_path / name).runs for name in ("best", "model"))
    assert (best.iterations, last.iterations) == (4, 6)


def test_class_weights_favour_the_rare_and_average_one(tmp_path: Path) -> None:
    source = open_source("streets:,seeds=0-3")
    assert torch.allclose(class_weights([source], 11, balance=0.0), torch.ones(11))
    balanced = class_weights([source], 11, balance=0.5)
    counts = sum(np.bincount(source.dataset[i][1].ravel(), minlength=11) for i in range(4))
    assert balanced.argmin() == counts.argmax()
    assert float((balanced * torch.tensor(counts / counts.sum())).sum()) == pytest.approx(1, abs=0.05)


def test_class_weights_that_were_told_are_those_of_the_loss(tmp_path: Path) -> None:
    told = tuple(1 + index / 10 for index in range(11))
    assert Trainer(config(tmp_path, class_weights=told)).weights.tolist() == pytest.approx(told)
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


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("pascal:/x", ConfigError, "no data set kind 'pascal'"),
        ("streets:,seeds=many", ConfigError, "Streets are named like"),
        ("streets:,weight=0", ConfigError, "above 0"),
        ("camvid:/x,colour=red", ConfigError, "option camvid does not know"),
        ("camvid:/nowhere,split=train", DataError, "/nowhere"),
        ("folder:/nowhere", DataError, "/nowhere"),
    ],
)
def test_data_that_cannot_be_named(text: str, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        open_source(text)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"data": ()}, "Nothing to train on"),
        ({"iterations": 0}, "iterations must be at least 1"),
        ({"crop": (8, 8)}, "at least 32"),
        ({"solvers": ("rk4",)}, "method-steps"),
        ({"solvers": ("rk5-2",)}, "no solver 'rk5'"),
        ({"balance": 2.0}, "between 0 and 1"),
        ({"head_rate": 0.0}, "head_rate must lie above 0"),
        ({"rate": -1.0}, "rate must lie above 0, not -1.0"),
        ({"minutes": 0.0}, "minutes must lie above 0"),
        ({"warmup": -1}, "warmup must be 0 or more"),
        ({"class_weights": (1.0, -1.0)}, "class_weights must lie above 0, not -1.0"),
    ],
)
def test_settings_that_cannot_be_right(tmp_path: Path, change: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        config(tmp_path, **change)


def test_data_sets_with_other_classes_are_not_mixed(tmp_path: Path) -> None:
    for part in ("images", "labels"):
        (tmp_path / "own" / part).mkdir(parents=True)
    source = open_source("streets:,seeds=0-0")
    Image.fromarray(source.dataset[0][0]).save(tmp_path / "own/images/a.png")
    Image.fromarray(np.zeros((360, 480), np.uint8)).save(tmp_path / "own/labels/a.png")
    (tmp_path / "own/classes.json").write_text(json.dumps({"names": ["cat", "dog"]}))
    (tmp_path / "own/train.txt").write_text("a\n")
    with pytest.raises(ConfigError, match="other classes"):
        Trainer(config(tmp_path / "out", data=("streets:,seeds=0-0", f"folder:{tmp_path}/own,split=train")))


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
    command = [sys.executable, "scripts/train.py", *words.split()]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "no longer finite" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "run/model").exists()


@pytest.mark.parametrize("part", ["data", "validate"])
def test_a_data_set_without_one_counted_pixel_is_refused(tmp_path: Path, part: str) -> None:
    one_label(tmp_path / "own", 255)
    with pytest.raises(DataError, match=r"Not one pixel of .* has a class that counts"):
        Trainer(config(tmp_path / "out", **{part: (f"folder:{tmp_path}/own,split=train",)}))


@pytest.mark.parametrize("below", ["", "deeper/still"])
def test_an_out_that_is_no_folder_is_refused_before_training(tmp_path: Path, below: str) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(ConfigError, match=r"file is not a folder, .*: choose another --out"):
        Trainer(config(tmp_path / "file" / below))
    assert (tmp_path / "file").read_text() == "mine"


def test_an_out_that_may_not_be_written_is_refused_before_training(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: path != tmp_path)
    with pytest.raises(ConfigError, match=r"Nothing may be written into .*: change its permissions"):
        Trainer(config(tmp_path / "new"))


def test_two_runs_do_not_share_a_folder(tmp_path: Path) -> None:
    with lock_folder(tmp_path), pytest.raises(ConfigError, match="Another run is at work in"):
        Trainer(config(tmp_path)).run()
    second = Trainer(config(tmp_path))
    Trainer(config(tmp_path)).run()
    with pytest.raises(ConfigError, match="holds a run already"):
        second.run()


def test_a_run_that_ends_on_a_full_disk_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(loop, "save_state", full)
    with pytest.raises(TrainingError, match=r"its state could not be saved in .*No space left"):
        Trainer(config(tmp_path)).run()


def test_the_best_begins_again_with_other_validation_sets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scores = iter([90.0, 10.0, 5.0])
    monkeypatch.setattr(loop, "score", lambda network, source, group: next(scores))
    first = {"validate": ("streets:,seeds=9-9",), "validate_every": 2, "resume": True}
    Trainer(config(tmp_path, **first, iterations=2)).run()
    other = {**first, "validate": ("streets:,seeds=8-8",)}
    Trainer(config(tmp_path, **other, iterations=4)).run()
    assert load_state(tmp_path)["best"] == 10.0
    Trainer(config(tmp_path, **other, iterations=6)).run()
    assert load_state(tmp_path)["best"] == 10.0


def test_moved_data_keeps_the_run(tmp_path: Path) -> None:
    for part in ("images", "labels"):
        (tmp_path / "here" / part).mkdir(parents=True)
    image, labels = open_source("streets:,seeds=0-0").dataset[0]
    names = open_source("streets:,seeds=0-0").dataset.classes.names
    (tmp_path / "here/classes.json").write_text(json.dumps({"names": list(names)}))
    Image.fromarray(image).save(tmp_path / "here/images/a.png")
    Image.fromarray(labels).save(tmp_path / "here/labels/a.png")
    (tmp_path / "here/train.txt").write_text("a\n")
    Trainer(config(tmp_path / "run", data=(f"folder:{tmp_path}/here,split=train",), iterations=2)).run()
    shutil.move(tmp_path / "here", tmp_path / "J's, there")
    moved = (f"folder:{tmp_path}/J's\\, there,split=train",)
    Trainer(config(tmp_path / "run", data=moved, resume=True, iterations=4)).run()
    assert load_state(tmp_path / "run")["done"] == 4
    with pytest.raises(ConfigError, match="has data = "):
        Trainer(config(tmp_path / "run", data=(f"{moved[0]},weight=2",), resume=True)).run()


def test_another_folder_with_other_pictures_does_not_go_on_with_a_run(tmp_path: Path) -> None:
    for name in ("first", "second"):
        one_label(tmp_path / name, 3)
    Trainer(config(tmp_path / "run", data=(f"folder:{tmp_path}/first,split=train",), iterations=2)).run()
    for part in ("images", "labels"):
        shutil.copy(tmp_path / "second" / part / "a.png", tmp_path / "second" / part / "b.png")
    (tmp_path / "second" / "train.txt").write_text("a\nb\n")
    other = config(tmp_path / "run", data=(f"folder:{tmp_path}/second,split=train",), resume=True, iterations=4)
    with pytest.raises(ConfigError, match=r"began with 1 picture where folder:.*second,split=train has 2: give the"):
        Trainer(other).run()
    state = load_state(tmp_path / "run")
    assert state.pop("pictures") == [1]
    save_state(tmp_path / "run", 2, state)  # as an earlier version saved it
    Trainer(other).run()
    assert load_state(tmp_path / "run")["done"] == 4


def test_a_home_folder_is_meant_in_every_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    made = config(Path("~/run"), init=Path("~/first"))
    assert (made.out, made.init) == (tmp_path / "run", tmp_path / "first")
    assert config(tmp_path, public=Path("~/x")).public == tmp_path / "x"


def test_one_value_a_channel_is_told_in_a_sentence(tmp_path: Path) -> None:
    layout = ("widths=[4,4,4,4]", "stem_width=4", "blocks=1", 'norm="batch"')
    with pytest.raises(ConfigError, match="Batch normalization needs more than one value a channel"):
        Trainer(config(tmp_path, layout=layout, batch_size=1, crop=(32, 32))).run()
