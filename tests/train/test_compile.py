"""What `--compile` compiles, and that a compiled run is the same run."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torch import nn

from segnode.results.training import Training
from segnode.train.loop import Trainer
from segnode.train.state import load_state
from tests.scripts.loading import Finished, run
from tests.train.runs import TINY, config

ROOT = Path(__file__).parents[2]


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


#: A tiny run of the real script.
SCRIPT = (
    "scripts/train.py --data streets:,seeds=0-3 --validate streets:,seeds=9-9 --layout widths=[8,8] stem_width=8 "
    "blocks=1 --batch-size 2 --crop 64 64 --solvers euler-2 midpoint-2 --gradient checkpoint --device cpu "
    "--log-every 1 --save-every 2 --validate-every 2 --warmup 1"
)


def in_process(out: Path, *words: str) -> Finished:
    return run(*SCRIPT.split(), *words, "--out", out)


def script(out: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """In a process without jaxtyping's checks, which torch.compile cannot take."""
    command = [sys.executable, *SCRIPT.split(), *words, "--out", str(out)]
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )


@compiles
def test_a_compiled_run_is_the_same_run_and_goes_on_both_ways(tmp_path: Path) -> None:
    assert in_process(tmp_path / "plain", "--iterations", "4").returncode == 0
    shutil.copytree(tmp_path / "plain", tmp_path / "on")
    for how, name, *words in (
        (in_process, "plain", "--iterations", "8", "--resume"),
        (script, "on", "--iterations", "8", "--resume", "--compile"),
        (script, "off", "--iterations", "4", "--compile"),
        (in_process, "off", "--iterations", "8", "--resume"),
    ):
        done = how(tmp_path / name, *words)
        assert done.returncode == 0, done.stderr
    runs = {}
    for name in ("plain", "on", "off"):
        state = load_state(tmp_path / name)
        (record,) = Training.of(tmp_path / name / "model").runs
        runs[name] = (state, [loss for _, loss in record.loss], record.history[-1]["streets:,seeds=9-9"])
    plain, losses, score = runs.pop("plain")
    assert len(losses) == 8
    for state, compiled_losses, compiled_score in runs.values():
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
    runs = []
    for network in (plain, compiled):
        network.zero_grad()
        network(images, SolverConfig(method, steps, gradient="checkpoint")).square().mean().backward()
        runs.append(torch.cat([parameter.grad.flatten() for parameter in network.parameters()]))
    assert (runs[0] - runs[1]).norm() < 1e-5 * runs[0].norm(), method
for x, y in zip(plain.buffers(), compiled.buffers()):
    assert torch.allclose(x, y, atol=1e-6)
print(counters["stats"]["unique_graphs"], len(counters["graph_break"]))
"""


def test_a_compiled_field_has_the_same_gradient_and_one_graph_for_all_times() -> None:
    command = [sys.executable, "-c", COMPILED]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["2", "0"]  # forwards, and backwards with the running statistics left alone
