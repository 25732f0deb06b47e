"""Each script runs its documented command, small, in a process of its own."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from segnode import ModelConfig, SegNode
from segnode.checkpoint import load
from segnode.data.classes import CAMVID
from segnode.train.record import TRAINING

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("checkpoint") / "tiny"
    SegNode(ModelConfig(11, (8, 8), 8, modules=1, blocks=1), CAMVID).save_pretrained(folder)
    start = {"command": "python scripts/train.py --tiny", "revision": "0" * 40, "hardware": "a machine"}
    run = {"data": {"streets:,seeds=0-1": 2}, "iterations": 1, "seconds": 61, "starts": [start]}
    (folder / TRAINING).write_text(json.dumps({"runs": [run]}))
    return folder


def run(*words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *map(str, words)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_evaluate_measures_and_writes_the_card(checkpoint: Path) -> None:
    done = run("scripts/evaluate.py", checkpoint, "--data", "streets:,seeds=7-7", "--times", 3, "--pictures", 1)
    assert done.returncode == 0, done.stderr
    found = json.loads((checkpoint / "evaluation.json").read_text())
    assert found["weights_sha256"] == load(checkpoint).sha256
    assert len(found["sets"]["streets:,seeds=7-7"]["mIoU"]) == 3
    assert {"midpoint-4", "midpoint-8", "dopri5"} <= set(found["solvers"]["mIoU"])
    assert [method["method"] for method in found["convergence"]["methods"]] == ["euler", "midpoint", "rk4"]
    assert found["provenance"]["command"].startswith("python scripts/evaluate.py")
    card = (checkpoint / "README.md").read_text()
    assert "python scripts/train.py --tiny" in card
    assert "a machine" in card
    assert "observed order of rk4" in card


def test_bench_writes_ratios(checkpoint: Path, tmp_path: Path) -> None:
    done = run("scripts/bench.py", "--checkpoint", checkpoint, "--out", tmp_path / "bench.json", "--rounds", 1)
    assert done.returncode == 0, done.stderr
    found = json.loads((tmp_path / "bench.json").read_text())
    assert set(found["frames"]) == {"rk4-4", "midpoint-2"}
    assert found["frames"]["rk4-4"]["solve_again_to_frames_17"] > 1
    assert found["loop"]["midpoint-4"]["largest_difference"] < 1e-4
    assert found["gradients"]["backprop"]["error"] == 0
    assert found["gradients"]["checkpoint"]["error"] < 1e-5
    assert found["gradients"]["checkpoint"]["peak_to_backprop"] < 1


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("scripts/evaluate.py", "nowhere/at/all", "--data", "streets:,seeds=0-0"), "There is no folder"),
        (("scripts/train.py", "--data", "camvid:nowhere", "--out", "unused"), "nowhere"),
        (("scripts/bench.py", "--checkpoint", "nowhere/at/all"), "There is no folder"),
    ],
)
def test_what_goes_wrong_is_one_sentence(words: tuple[str, ...], sentence: str) -> None:
    done = run(*words)
    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
