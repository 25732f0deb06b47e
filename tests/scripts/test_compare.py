"""The compact comparison's terms, and which of its settings the search chooses."""

import json
from pathlib import Path
from types import ModuleType

import pytest

from segnode.errors import ConfigError
from segnode.train.record import TRAINING
from tests.data.layouts import write_camvid
from tests.scripts.loading import load


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return load("compare")


@pytest.fixture
def settings(script: ModuleType, tmp_path: Path) -> object:
    """Of the stage `train`, with a measured speed and pictures of the drive held out and of another."""
    camvid = write_camvid(tmp_path / "CamVid", "train", [f"{script.DRIVE}_1", "0001TP_1"])
    write_camvid(camvid, "val")
    (tmp_path / "work").mkdir()
    speed = {"seconds_a_step": dict.fromkeys(script.CONTESTANTS, 0.5)}
    (tmp_path / "work" / "speed.json").write_text(json.dumps(speed))
    return script.Settings("train", camvid, tmp_path / "work", tmp_path / "comparison.json", only=("segnode",))


def test_an_unknown_contestant_is_refused(script: ModuleType) -> None:
    with pytest.raises(ConfigError, match="There is no contestant 'segnet': choose from segnode, baseline"):
        script.main(script.Settings("train", only=("segnet",)))


def test_training_waits_for_the_search(script: ModuleType, settings: object) -> None:
    with pytest.raises(ConfigError, match=r"The search of segnode lacks adamw-1e-3, adamw-4e-3, sgd-0\.1"):
        script.main(settings)


def test_training_takes_what_the_search_found_best(
    script: ModuleType, settings: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained = []

    class Trained:
        def __init__(self, config: object) -> None:
            trained.append(config)

        def run(self) -> list[dict[str, float]]:
            return [{}]

    monkeypatch.setattr(script, "Trainer", Trained)
    script.main(script.Settings("search", settings.camvid, settings.work, settings.out, only=("segnode",)))
    assert [config.rate for config in trained] == [1e-3, 4e-3, 0.1]
    for config, score in zip(trained, (40.0, 60.0, 50.0), strict=True):
        assert script.DRIVE in config.data[0]
        history = [{config.validate[0]: score}]
        (config.out / "model").mkdir(parents=True)
        record = {"runs": [{"iterations": config.iterations, "history": history}]}
        (config.out / "model" / TRAINING).write_text(json.dumps(record))
    trained.clear()
    script.main(settings)
    (config,) = trained
    assert (config.optimizer, config.rate) == ("adamw", 4e-3)
    assert config.iterations == script.BUDGET.epochs * 2 / script.BUDGET.batch_size
