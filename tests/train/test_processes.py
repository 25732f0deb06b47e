"""Several processes on one batch, under gloo."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from segnode import SegNode
from segnode.train.state import load_state
from tests.scripts.loading import run

ROOT = Path(__file__).parents[2]
RUN = """
import sys
from pathlib import Path
from segnode.train.config import TrainConfig
from segnode.train.loop import Trainer

out, gradient, accumulate, iterations = sys.argv[1:]
Trainer(TrainConfig(
    data=("streets:,seeds=0-7",), validate=("streets:,seeds=20-22",), out=Path(out),
    layout=("widths=[8,8]", "stem_width=8", "blocks=1", "norm=group"), solvers=("midpoint-2", "euler-2"),
    gradient=gradient, batch_size=4, accumulate=int(accumulate), crop=(48, 48), iterations=int(iterations), warmup=1,
    save_every=2, log_every=1, device="cpu", resume=True,
)).run()
"""


def trained(out: Path, processes: int, gradient: str = "backprop", accumulate: int = 1, iterations: int = 4) -> Path:
    script = out.with_suffix(".py")
    script.write_text(RUN)
    words = [str(script), str(out), gradient, str(accumulate), str(iterations)]
    if processes == 1:
        assert run(*words).returncode == 0
        return out / "model"
    launch = ["-m", "torch.distributed.run", "--standalone", f"--nproc-per-node={processes}"]
    done = subprocess.run(
        [sys.executable, *launch, *words],
        env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return out / "model"


def record(model: Path) -> dict:
    return json.loads((model / "training.json").read_text())["runs"][-1]


def losses(model: Path) -> torch.Tensor:
    return torch.tensor([value for _, value in record(model)["loss"]])


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return trained(tmp_path_factory.mktemp("alone") / "run", processes=1)


@pytest.mark.parametrize("gradient", ["backprop", "checkpoint"])
def test_two_processes_train_as_one_does(tmp_path: Path, alone: Path, gradient: str) -> None:
    together = trained(tmp_path / "run", processes=2, gradient=gradient)
    assert record(together)["processes"] == 2
    assert torch.allclose(losses(together), losses(alone), rtol=0, atol=1e-5)
    one, two = (SegNode.from_pretrained(folder).state_dict() for folder in (alone, together))
    assert all(torch.allclose(one[name], two[name], atol=1e-4) for name in one)
    assert record(together)["history"][-1]["streets:,seeds=20-22"] == pytest.approx(
        record(alone)["history"][-1]["streets:,seeds=20-22"], abs=0.05
    )


def test_a_batch_in_parts_is_the_same_batch(tmp_path: Path, alone: Path) -> None:
    assert torch.allclose(losses(trained(tmp_path / "run", processes=1, accumulate=2)), losses(alone), atol=1e-5)


def test_two_processes_go_on_where_they_stopped(tmp_path: Path, alone: Path) -> None:
    trained(tmp_path / "run", processes=2, iterations=2)  # its rate fell sooner, so only the going on is compared
    together = trained(tmp_path / "run", processes=2)
    assert [position for position, _ in record(together)["loss"]] == [1, 2, 3, 4]
    assert [start["iteration"] for start in record(together)["starts"]] == [0, 2]


def test_processes_that_are_no_longer_finite_stop_together_with_one_sentence(tmp_path: Path) -> None:
    words = "--data streets:,seeds=0-7 --layout widths=[8,8] stem_width=8 blocks=1 --batch-size 4 --crop 48 48"
    words += " --solvers euler-1 --rate 1e30 --warmup 0 --iterations 100 --device cpu --log-every 1 --save-every 1"
    launch = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    done = subprocess.run(
        [sys.executable, *launch, str(ROOT / "scripts/train.py"), *words.split(), "--out", str(tmp_path / "run")],
        env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,  # one that waits for the other would wait for half an hour
    )
    assert done.returncode != 0
    assert done.stderr.count("The loss or the weights are no longer finite at iteration 2") == 1
    assert done.stderr.count("Traceback") == 1  # torchrun's own, about the process that failed
    state = load_state(tmp_path / "run")
    assert state is not None
    assert state["done"] == 1
    assert all(tensor.isfinite().all() for tensor in state["network"].values())
