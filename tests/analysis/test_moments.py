from functools import partial

import numpy as np
import pytest

from segnode.analysis import cost
from segnode.analysis.formula import Formula, Moment
from segnode.analysis.moments import FAKE, REAL, Points, Record, dearest, formula, rehearsed, run
from segnode.config import Gradient, ModelConfig, SolverConfig
from segnode.data.classes import ClassSet
from segnode.model.segnode import SegNode

CLASSES = ClassSet.numbered(5)
#: Batch, rows and columns, steps: one picture, one step, sides that are padded.
HELD_OUT = ((1, (96, 64), 1), (2, (148, 172), 4))


def segnode(gradient: Gradient, steps: int) -> SegNode:
    config = ModelConfig(5, (16, 32, 64, 128), 16, 1, 1)
    return SegNode(config, CLASSES, SolverConfig("euler", steps, gradient=gradient))


def trained(gradient: Gradient, steps: int) -> Record:
    build = partial(segnode, gradient, steps)
    return run(build, cost.train) if gradient == "adjoint" else rehearsed(build, cost.train)


def answered(steps: int) -> Record:
    return rehearsed(partial(segnode, "checkpoint", steps), cost.answer)


CASES = {
    "checkpoint": (partial(trained, "checkpoint"), FAKE, 1),
    "adjoint": (partial(trained, "adjoint"), REAL, 1),
    "testing": (answered, FAKE, 2),
}


@pytest.mark.parametrize("case", CASES)
def test_held_out_peaks_are_met_to_three_percent(case: str) -> None:
    record_of, points, few = CASES[case]
    found = formula(record_of, points, few, 32)
    for batch, size, steps in HELD_OUT:
        assert found.at(batch, size, steps) == pytest.approx(record_of(steps)(batch, size).max(), rel=0.03)


def test_only_moments_that_are_the_peak_somewhere_are_kept() -> None:
    def record(batch: int, size: tuple[int, int]) -> np.ndarray:
        pixels = batch * size[0] * size[1]
        return np.array([5e6 + pixels, 4e6 + pixels, 1e6 + 9.0 * pixels, 2.0 * pixels])

    found = dearest(record, Points((1, 2), (64, 64), 1, (36, 36)))
    assert [moment.fixed for moment in found] == pytest.approx([5e6, 1e6])
    assert [moment.pixel for moment in found] == pytest.approx([1, 9])


def test_without_steps_one_fit_is_all() -> None:
    asked = []

    def record_of(steps: int) -> Record:
        asked.append(steps)
        return lambda batch, size: np.array([1000.0 + batch * size[0] * size[1]])

    found = formula(record_of, REAL, few=None)
    assert asked == [1]
    assert found == Formula(((Moment(1000.0, 1.0, 0.0),),))
