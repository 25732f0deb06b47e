"""Costs: what is read of the results, and what the calculator makes of its formulas."""

import math
from typing import Any

import pytest

from segnode.errors import DataError
from segnode.results.cost import Costs, Settings
from tests.results.made_up import cost, cost_row


@pytest.fixture
def found() -> Costs:
    return Costs.from_json(cost())


def test_the_papers_times_become_ratios_to_its_own_hrnetv2(found: Costs) -> None:
    theirs = found.theirs("SegNode")
    assert theirs.training_ratio == pytest.approx(34 / 18)
    assert theirs.testing_ratio == pytest.approx(117 / 48)
    assert theirs.memory_ratio == pytest.approx(13.4 / 31.1)


@pytest.mark.parametrize(
    ("steps", "method", "gradient", "training", "adds"),
    [
        (1, "euler", "checkpoint", 1 + 1024 * 2 / 1024, 1500),
        (2, "euler", "checkpoint", 1 + 1024 * 3 / 1024, 2000),
        (2, "midpoint", "checkpoint", 1 + 1024 * 3 / 1024, 3000),
        (6, "midpoint", "checkpoint", 1 + 1024 * 7 / 1024, 7000),
        (6, "midpoint", "backprop", 1 + 1024 * 4 / 1024, 7000),
    ],
)
def test_the_calculator_follows_the_formula(found: Costs, steps, method, gradient, training, adds) -> None:
    asked = Settings(batch=1024, width=1024, height=1024, method=method, steps=steps, gradient=gradient)
    answer = found.calculator["segnode-w48"].estimate(asked, 1024.0)
    assert answer.training_gib == pytest.approx(training)
    assert answer.testing_gib == pytest.approx(1 + 4 / 1024)
    assert answer.multiply_adds_g == pytest.approx(1024 * 1024 * adds / 1e9)


def test_a_network_without_a_solver_is_asked_of_no_steps(found: Costs) -> None:
    other = found.calculator["hrnetv2-w48"]
    few, many = (other.estimate(Settings(1, 64, 64, "midpoint", steps, "backprop"), 32.0) for steps in (1, 99))
    assert few == many


def test_the_dearest_of_the_moments_counts(found: Costs) -> None:
    asked = Settings(batch=1, width=1024, height=1024, method="euler", steps=2, gradient="checkpoint")
    answer = found.calculator["segnode-w48"].estimate(asked, 1.4)
    assert answer is not None
    assert answer.training_gib == pytest.approx(1.5, abs=0.001)
    assert answer.largest_batch == 0


@pytest.mark.parametrize(("name", "method"), [("segnode-w48", "euler"), ("hrnetv2-w48", "midpoint")])
def test_a_gradient_a_network_has_not_has_no_answer(found: Costs, name: str, method: str) -> None:
    assert found.calculator[name].estimate(Settings(1, 64, 64, method, 2, "adjoint"), 32.0) is None


def test_the_largest_batch_is_the_last_within_the_limit(found: Costs) -> None:
    asked = Settings(batch=1, width=1000, height=1000, method="euler", steps=1, gradient="checkpoint")
    segnode = found.calculator["segnode-w48"]
    largest = segnode.estimate(asked, 2.0).largest_batch
    peak = segnode.training["euler"]["checkpoint"]
    held, over = (peak.at(batch, (1000, 1000), 1) / 2**30 for batch in (largest, largest + 1))
    assert held <= 2.0 < over
    assert segnode.estimate(asked, 0.5).largest_batch == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"networks": []},
        {"networks": [cost_row("A", "A")]},
        {"networks": [cost_row("HRNetV2", "HRNetV2", training_gib=math.nan)]},
        {"networks": [cost_row("HRNetV2", "HRNetV2", training_gib=0)]},
        {"claims": [{"claim": "Less memory"}]},
        {"paper": {}},
        {"picture": "large"},
        {
            "calculator": {
                "x": cost()["calculator"]["hrnetv2-w48"]
                | {"testing": {"": {"few": [], "many": [], "step": [], "multiple": 4}}}
            }
        },
        {"calculator": {"x": cost()["calculator"]["hrnetv2-w48"] | {"testing": {"": {"fixed": 1.0, "pixel": 4.0}}}}},
        {"calculator": {"x": cost()["calculator"]["segnode-w48"] | {"evaluations_a_step": {"euler": 1}}}},
        {"calculator": {"x": cost()["calculator"]["segnode-w48"] | {"testing": {}}}},
    ],
)
def test_what_does_not_hold_together_are_no_costs(changes: dict[str, Any]) -> None:
    with pytest.raises(
        DataError, match=r"Input should|must be|Field required|no network|no row|the same solvers|no moments"
    ):
        Costs.from_json(cost(**changes))
