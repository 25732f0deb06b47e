"""The lessons' statements: true of the committed numbers, and false where the numbers say so."""

from dataclasses import replace
from pathlib import Path

import pytest

from segnode.results.learn import FalseOde, Learn

COMMITTED = Path(__file__).parents[2] / "scripts/results/learn.json"


@pytest.fixture(scope="module")
def learn() -> Learn:
    return Learn.read(COMMITTED)


def test_what_the_lessons_say_holds_for_the_committed_numbers(learn: Learn) -> None:
    assert [said for said, true in learn.statements().items() if not true] == []


def test_it_is_of_the_weights_that_are_shipped(learn: Learn) -> None:
    config = COMMITTED.parents[2] / "checkpoints/segnode-streets/config.json"
    assert learn.weights_sha256 is not None
    assert learn.weights_sha256 in config.read_text(encoding="utf-8")


def test_a_statement_is_false_where_its_numbers_are(learn: Learn) -> None:
    (name, found), *_ = learn.settling.items()
    kind = name.partition(":")[0]
    early = replace(
        found, classes={**found.classes, "pole": 0.0}, picture_means=({"pole": 0.1, "road": 0.2},), regions=(1.0, 2.0)
    )
    scores = learn.shortcuts[name]
    changed = replace(
        learn,
        weights=replace(learn.weights, head=learn.weights.field),
        settling={name: early},
        shortcuts={name: replace(scores, stopped=scores.half_steps)},
        gradients=tuple(replace(cost, memory=10**12, error=1.0) for cost in learn.gradients),
    )
    false = {said for said, true in changed.statements().items() if not true}
    assert false >= {
        "95 % of the weights are f",
        f"pole after road, {kind}",
        f"of road, car and pole the pole is last, {kind}",
        f"labels get smoother, {kind}",
        f"half the steps beat stopping at T/2, {kind}",
        "checkpoints are exact",
        "checkpoints need the least memory",
        "the adjoint's error falls with finer steps",
    }
    assert "one Euler step is the residual network" not in false


@pytest.mark.parametrize(("doubled", "true"), [(40.0, True), (59.5, False)])
def test_the_false_ode_is_one_only_if_it_loses(learn: Learn, doubled: float, true: bool) -> None:
    changed = replace(learn, false_ode=FalseOde("0", "streets:", 2, 60.0, doubled, 35.0))
    assert changed.statements()["the false ODE loses where its steps are doubled"] is true


def test_where_the_adjoint_wins_is_where_the_lines_meet(learn: Learn) -> None:
    def cost(way: str, solver: str, memory: int, evaluations: int):
        return replace(
            learn.gradients[0], gradient=way, solver=solver, memory=memory, evaluations=evaluations, error=0.0
        )

    rows = [("a", 100, 200, 2), ("b", 110, 200, 4), ("c", 130, 200, 8)]
    gradients = tuple(
        cost(way, solver, {"backprop": 400, "checkpoint": checkpoint, "adjoint": adjoint}[way], evaluations)
        for solver, checkpoint, adjoint, evaluations in rows
        for way in ("backprop", "checkpoint", "adjoint")
    )
    assert replace(learn, gradients=gradients).adjoint_wins_from() == pytest.approx(8 + 70 / 5)
