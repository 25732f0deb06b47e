"""The order of the runs of a study, what they share, and what is collected; nothing is trained."""

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from segnode.errors import ConfigError
from segnode.provenance import write_results
from segnode.results.folds import Fold, Study
from segnode.results.training import TRAINING, Training
from tests.results.made_up import origin, training_run
from tests.scripts.loading import load


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """With two folds of streets, two tiny networks, a measured speed and a trainer that only keeps a record."""
    script = load("folds")
    tiny = ("widths=[4,4]", "stem_width=4", "blocks=1", "modules=1")
    networks = {name: script.Contestant(name, "segnode-compact", tiny, ("euler-1",)) for name in ("one", "two")}
    folds = {name: Fold(f"streets:,seeds={name}-{name}", f"streets:,seeds=1{name}-1{name}") for name in "12"}
    plan = script.Plan("Streets", script.Terms(1.0, 2, (48, 48), (1.0, 1.0), (1e-3, 3e-3)), folds, networks)
    monkeypatch.setitem(script.PLANS, "camvid", plan)
    speed = {"provenance": origin("folds"), "seconds_a_step": {"one": 1.0, "two": 2.0}}
    write_results(tmp_path / "camvid" / "speed.json", speed)

    class Trained:
        def __init__(self, config: Any) -> None:
            self.config = config

        def run(self) -> list[dict[str, float]]:
            score = 10 * self.config.rate / 1e-3 + self.config.seed
            values = {"iterations": self.config.iterations, "settings": vars(self.config)}
            history = ({"iteration": self.config.iterations, self.config.validate[0]: score},)
            run = training_run({self.config.data[0]: 4}, history=history, **values)
            Training((run,)).write(self.config.out / "model" / TRAINING)
            return [{}]

    monkeypatch.setattr(script, "Trainer", Trained)
    return script


def settings(script: ModuleType, folder: Path, stage: str, **changes: Any) -> Any:
    return script.Settings("camvid", stage, folder, folder / "out", **changes)


def test_later_seeds_take_the_chosen_rate_alone(script: ModuleType, tmp_path: Path) -> None:
    script.main(settings(script, tmp_path, "train", seeds=(0, 1)))
    script.main(settings(script, tmp_path, "collect"))
    study = Study.read(tmp_path / "out" / "camvid.json")
    assert len(study.runs) == 2 * 2 * (2 + 1)
    assert {run.rate for run in study.runs if run.seed == 1} == {3e-3}
    assert {run.iterations for run in study.runs if run.network == "one"} == {60}
    assert {run.iterations for run in study.runs if run.network == "two"} == {30}
    assert study.scores("one") == {(fold, seed): 30 + seed for fold in "12" for seed in (0, 1)}


def test_what_is_through_is_not_trained_again(
    script: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script.main(settings(script, tmp_path, "train", seeds=(0,), only=("one",)))
    capsys.readouterr()
    script.main(settings(script, tmp_path, "train", seeds=(0,)))
    assert len(capsys.readouterr().out.splitlines()) == 2 * 2


def test_a_later_seed_waits_for_the_first(script: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="The rate of one is not known yet: train it with --seeds 0 first"):
        script.main(settings(script, tmp_path, "train", seeds=(1,)))


def test_faults_are_sentences(script: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="There is no network 'segnet' in camvid: choose from one, two"):
        script.main(settings(script, tmp_path, "train", only=("segnet",)))
    (tmp_path / "camvid" / "speed.json").unlink()
    with pytest.raises(ConfigError, match="run the stage speed first"):
        script.main(settings(script, tmp_path, "train"))
