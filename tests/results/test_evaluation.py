"""Scores of a data set as they stand in a file."""

import numpy as np
import pytest

from segnode.errors import ConfigError
from segnode.metrics import Scores
from segnode.results.evaluation import Curve, SetScores, Solvers


def labels(*ids: int) -> np.ndarray:
    return np.array([ids], np.uint8)


def test_scores_are_rounded_and_none_where_nothing_counted() -> None:
    scores = Scores(3)
    scores.update(labels(0, 0, 1), labels(0, 1, 1))
    assert SetScores.of(scores, 1, ("sky", "road", "car"), classes=(1, 2)) == SetScores(
        pictures=1,
        pixels=3,
        mean_iou=50,
        pixel_accuracy=66.667,
        mean_accuracy=50,
        iou={"sky": 50, "road": 50, "car": None},
        accuracy={"sky": 100, "road": 50, "car": None},
        mean_over=("road", "car"),
        confusion=((1, 0, 0), (1, 1, 0), (0, 0, 0)),
    )
    empty = SetScores.of(Scores(2), 1, ("sky", "road"))
    assert (empty.mean_iou, empty.pixel_accuracy, empty.mean_accuracy) == (None, None, None)
    with pytest.raises(ConfigError, match="2 names do not fit 3 classes"):
        SetScores.of(scores, 1, ("sky", "road"))


def test_a_curve_has_a_score_at_each_time() -> None:
    with pytest.raises(ValueError, match="other times than scores"):
        Curve(1, (0.0, 1.0), (20.0,), (30.0, 100.0), 0.0)


def test_an_ode_has_the_same_score_under_every_fine_solver() -> None:
    scores = {"euler-4": 60.0, "midpoint-4": 68.2, "rk4-4": 68.1, "dopri5": 68.0}
    assert Solvers("camvid", scores).verdict == "yes: solvers of 8 evaluations or more lie within 0.2 points"
    scores = {"euler-1": 61.6, "midpoint-4": 60.3, "rk4-4": 60.2}
    expected = "no: solvers of 8 evaluations or more and euler-1, its own, lie within 1.4 points"
    assert Solvers("camvid", scores, "euler-1").verdict == expected
    assert Solvers("camvid", {"euler-4": 60.0}).verdict.startswith("not measured")
