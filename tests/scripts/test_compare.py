"""The terms of the compact comparison, what its search chooses and what is collected; nothing is trained."""

import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from segnode.errors import ConfigError, DataError
from segnode.results.comparison import Comparison
from segnode.results.training import TRAINING, Training
from tests.data.layouts import write_camvid
from tests.results.made_up import origin, training_run
from tests.scripts.loading import load


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return load("compare")


@pytest.fixture
def settings(script: ModuleType, tmp_path: Path) -> Any:
    """Of the stage `train`, with a measured speed and pictures of the drive held out and of another."""
    camvid = write_camvid(tmp_path / "CamVid", "train", [f"{script.DRIVE}_1", "0001TP_1"])
    write_camvid(camvid, "val")
    (tmp_path / "work" / script.ALIGNED).mkdir(parents=True)
    spent = dict.fromkeys(script.CONTESTANTS, 0.5)
    speed = {"provenance": origin("compare"), "seconds_a_step": spent, "seconds_an_answer": spent}
    (tmp_path / "work" / script.ALIGNED / "speed.json").write_text(json.dumps(speed))
    return script.Settings("train", camvid, tmp_path / "work", tmp_path / "comparison.json", only=("segnode",))


def write_run(folder: Path, score: float, seed: int = 0, iterations: int = 40, validated: str = "val") -> None:
    """The record of a training that is through."""
    settings = {"seed": seed, "optimizer": "adamw", "rate": 0.001, "batch_size": 8, "iterations": iterations}
    run = training_run(
        {"train": 32},
        settings=settings | {"validate": [validated]},
        iterations=iterations,
        history=({"iteration": 20, validated: 1.0}, {"iteration": iterations, validated: score}),
        loss=((20, 2.5),),
    )
    Training((run,)).write(folder / "model" / TRAINING)


def test_an_unknown_contestant_is_refused(script: ModuleType) -> None:
    with pytest.raises(ConfigError, match="There is no contestant 'segnet': choose from segnode, baseline"):
        script.main(script.Settings("train", only=("segnet",)))


def test_training_waits_for_the_search(script: ModuleType, settings: Any) -> None:
    with pytest.raises(ConfigError, match=r"The search of segnode lacks adamw-1e-3, adamw-4e-3, sgd-0\.1"):
        script.main(settings)


def test_iterations_wait_for_the_speed(script: ModuleType, settings: Any) -> None:
    (settings.work / script.ALIGNED / "speed.json").unlink()
    with pytest.raises(DataError, match=r"no speeds of the compared networks .*: run python scripts/compare\.py speed"):
        script.main(settings)


def test_training_takes_the_best_setting_of_the_search(
    script: ModuleType, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained = []

    class Trained:
        def __init__(self, config: Any) -> None:
            trained.append(config)

        def run(self) -> list[dict[str, float]]:
            return [{}]

    monkeypatch.setattr(script, "Trainer", Trained)
    script.main(script.Settings("search", settings.camvid, settings.work, settings.out, only=("segnode",)))
    assert [config.rate for config in trained] == [1e-3, 4e-3, 0.1]
    for config, score in zip(trained, (40.0, 60.0, 50.0), strict=True):
        assert script.DRIVE in config.data[0]
        write_run(config.out, score, iterations=config.iterations, validated=config.validate[0])
    trained.clear()
    script.main(settings)
    (config,) = trained
    assert (config.optimizer, config.rate) == ("adamw", 4e-3)
    assert config.iterations == script.BUDGET.epochs * 2 / script.BUDGET.batch_size


def test_runs_of_aligned_networks_are_collected_and_say_so(
    script: ModuleType, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for measure in ("parameters", "peak_in_training", "peak_in_testing"):
        monkeypatch.setattr(script, measure, lambda *_: 1000)
    write_run(settings.work / "train" / "segnode" / "seed-0", 99.0)  # from before: not below ALIGNED
    write_run(settings.work / script.ALIGNED / "train" / "segnode" / "seed-1", 50.0, seed=1)

    script.main(script.Settings("collect", settings.camvid, settings.work, settings.out))

    comparison = Comparison.read(settings.out)
    assert comparison.aligned
    assert list(comparison.networks) == list(script.CONTESTANTS)
    (run,) = comparison.networks["segnode"].runs
    assert (run.seed, run.mean_iou, run.epochs) == (1, 50.0, 10.0)
