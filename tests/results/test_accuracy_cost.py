"""What time buys: what follows from scores against evaluations."""

import pytest

from segnode.results.accuracy_cost import AccuracyCost, SetScores, Variant


def test_what_half_the_evaluations_cost() -> None:
    scores = SetScores(
        pictures=2,
        full="rk4-1",
        variants={
            "rk4-1": Variant(70.0, 4, 0.1),
            "rk4-2": Variant(70.05, 8, 0.01),
            "euler-8": Variant(69.8, 8, 0.1),
            "euler-1": Variant(50.0, 1, 0.6),
            "regions, a": Variant(68.5, 2, None),
            "midpoint-1": Variant(67.0, 2, 0.3),
            "stopped at 0.5": Variant(66.0, 4, None),
            "stopped at 1": Variant(69.5, 8, None),
        },
        order={},
    )
    assert scores.within(0.5)[0] == "regions, a"
    assert scores.within(0.25)[0] == "euler-1"
    assert scores.loss("regions, a") == pytest.approx(1.5)
    assert scores.stopped_half() == pytest.approx(3.5)
    assert scores.spread() == pytest.approx(0.25)
    assert AccuracyCost({}, None, {"a": scores}).sets["a"].full == "rk4-1"


@pytest.mark.parametrize(
    ("coarse", "said"), [(69.5, "0.5 points: the network is an ODE"), (60.0, "10.0 points: the network is no ODE")]
)
def test_whether_it_is_an_ode_follows_from_the_spread(coarse: float, said: str) -> None:
    variants = {"rk4-2": Variant(70.0, 8, 0.01), "euler-8": Variant(coarse, 8, 0.1), "euler-1": Variant(20.0, 1, 0.6)}
    assert said in SetScores(1, "rk4-2", variants, {}).verdict
