"""The numbers of the lessons, measured on a tiny network and one street."""

from pathlib import Path

import pytest
import torch

from segnode import ModelConfig, SegNode
from segnode.data.classes import CAMVID
from segnode.errors import ConfigError, DataError
from segnode.results.accuracy_cost import AccuracyCost, SetScores, Variant
from segnode.results.learn import Learn
from segnode.results.training import TRAINING, Training
from tests.results.made_up import training_run
from tests.scripts.loading import load

STREET = "streets:,seeds=7-7"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two tiny checkpoints, what their training drew from, and scores of both."""
    for name, solvers in (("tiny", ["midpoint-2", "rk4-1"]), ("false", ["euler-2"])):
        torch.manual_seed(0)
        SegNode(ModelConfig(11, (8, 8), 8, modules=1, blocks=1), CAMVID).save_pretrained(tmp_path / name)
        Training((training_run(settings={"solvers": solvers}),)).write(tmp_path / name / TRAINING)
        grids = ("midpoint-2", "midpoint-4", "euler-1", "euler-2", "euler-4", "rk4-4", "stopped at 0.5")
        variants = {grid: Variant(50.0 + place, 4, 0.5 / (1 + place)) for place, grid in enumerate(grids)}
        AccuracyCost({}, "0", {STREET: SetScores(1, "rk4-4", variants, {"rk4": 2.0})}).write(tmp_path / f"{name}.json")
    return tmp_path


def settings(script, folder: Path, **others):
    given = {
        "checkpoint": folder / "tiny",
        "false_ode": folder / "false",
        "data": (STREET,),
        "frames": 5,
        "picture": STREET,
        "steps": (1, 2, 3),
        "products": 6,
        "accuracy": folder,
        "out": folder / "learn.json",
    }
    return script.Settings(**{**given, **others})


def test_measures_each_lessons_numbers_and_says_what_holds(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = load("learn")
    script.main(settings(script, folder))
    found = Learn.read(folder / "learn.json")
    assert found.trained_with == ("midpoint-2", "rk4-1")
    assert found.one_step.difference < 1e-5 * found.one_step.largest
    assert [at.time for at in found.spectrum] == [0.0, 0.5, 1.0]
    assert found.weights.total == sum(x.numel() for x in SegNode.from_pretrained(folder / "tiny").parameters())
    assert len(found.gradients) == 9
    assert found.settling[STREET].pictures == 1
    assert (found.shortcuts[STREET].half_steps, found.shortcuts[STREET].stopped) == (50.0, 56.0)
    assert found.false_ode is not None
    assert (found.false_ode.as_trained, found.false_ode.doubled, found.false_ode.fine) == (53.0, 54.0, 55.0)
    lines = capsys.readouterr().out.splitlines()
    assert "FALSE  half the steps beat stopping at T/2, streets" in lines
    assert "FALSE  the false ODE loses where its steps are doubled" in lines
    assert "holds  one Euler step is the residual network" in lines


def test_without_a_false_ode_the_rest_is_measured(folder: Path) -> None:
    script = load("learn")
    assert script.false_ode(settings(script, folder, false_ode=folder / "none")) is None


def test_a_network_of_several_solvers_is_no_false_ode(folder: Path) -> None:
    script = load("learn")
    with pytest.raises(ConfigError, match="one Euler grid alone"):
        script.false_ode(settings(script, folder, false_ode=folder / "tiny"))


def test_scores_are_measured_before(folder: Path) -> None:
    script = load("learn")
    (folder / "tiny.json").unlink()
    with pytest.raises(DataError, match=r"run python scripts/accuracy_cost\.py"):
        script.main(settings(script, folder))
