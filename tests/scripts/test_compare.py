"""What the comparison collects of its runs; nothing is trained or measured."""

import json
from pathlib import Path

import pytest

from segnode.results.comparison import Comparison
from segnode.results.training import TRAINING, Training
from tests.results.made_up import origin, training_run
from tests.scripts.loading import load


def write_run(folder: Path, seed: int, score: float) -> None:
    """The record of a training that is through."""
    settings = {
        "seed": seed,
        "optimizer": "adamw",
        "rate": 0.001,
        "batch_size": 8,
        "iterations": 40,
        "validate": ["val"],
    }
    history = ({"iteration": 20, "val": 1.0}, {"iteration": 40, "val": score})
    run = training_run({"train": 32}, settings=settings, iterations=40, history=history, loss=((20, 2.5),))
    Training((run,)).write(folder / f"seed-{seed}" / "model" / TRAINING)


def test_runs_of_aligned_networks_are_collected_and_say_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = load("compare")
    for measure in ("parameters", "peak_in_training", "peak_in_testing"):
        monkeypatch.setattr(script, measure, lambda *_: 1000)
    monkeypatch.setattr(script, "_searched", lambda *_: {})
    names = list(script.CONTESTANTS)
    write_run(tmp_path / "train" / "segnode", 0, 99.0)  # from before: not below ALIGNED
    write_run(tmp_path / script.ALIGNED / "train" / "segnode", 1, 50.0)
    spent = dict.fromkeys(names, 0.5)
    speed = {"provenance": origin("compare"), "seconds_a_step": spent, "seconds_an_answer": spent}
    (tmp_path / script.ALIGNED / "speed.json").write_text(json.dumps(speed))

    script.main(script.Settings("collect", work=tmp_path, out=tmp_path / "comparison.json"))

    found = Comparison.read(tmp_path / "comparison.json")
    assert found.aligned
    assert list(found.networks) == names
    (run,) = found.networks["segnode"].runs
    assert (run.seed, run.mean_iou, run.epochs) == (1, 50.0, 10.0)
