"""Trials differ from the first in one setting each, and those that are written are not run again."""

import json
from pathlib import Path
from types import ModuleType

import pytest

from tests.scripts.loading import load


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return load("trials")


def test_a_share_of_nothing_leaves_a_set_out(script: ModuleType) -> None:
    settings = script.Settings(Path("CamVid"), Path("LabelMe"))
    assert [text.partition(":")[0] for text in script.mix(settings, 1, 1.2, 0)] == ["camvid", "labelme-facade"]


def test_only_what_is_missing_is_trained_and_written(
    script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained = []

    class Trained:
        def __init__(self, config: object) -> None:
            trained.append(config)

        def run(self) -> list[dict[str, int]]:
            return [{"iteration": len(trained)}]

    monkeypatch.setattr(script, "Trainer", Trained)
    out = tmp_path / "trials.json"
    names = ("first", "rate-5e-3")
    settings = script.Settings(Path("CamVid"), Path("LabelMe"), out, tmp_path, only=names[:1])
    script.main(settings)
    script.main(script.Settings(Path("CamVid"), Path("LabelMe"), out, tmp_path, only=names))
    assert [(config.out.name, config.rate) for config in trained] == [
        ("first", script.first(settings).rate),
        ("rate-5e-3", 5e-3),
    ]
    trials = json.loads(out.read_text())["trials"]
    assert trials == {
        "first": {"changes": {}, "iteration": 1},
        "rate-5e-3": {"changes": {"rate": "0.005"}, "iteration": 2},
    }
