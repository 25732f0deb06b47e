"""There and back, against closed forms."""

import numpy as np
import pytest
import torch

from segnode import SolverConfig
from segnode.analysis.reverse import returned, there_and_back
from tests.analysis.fields import randomized, with_field
from tests.ode.problems import PROBLEMS, Problem

IMAGE = np.random.default_rng(0).integers(0, 256, (32, 32, 3), dtype=np.uint8)


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.name)
def test_a_fine_solver_goes_back_the_way_it_came(problem: Problem) -> None:
    states = returned(problem.f, problem.answer(1.0), SolverConfig("rk4", 64), 1.0, (0.0, 0.25, 1.0))
    for state, time in zip(states, (1.0, 0.75, 0.0), strict=True):
        assert problem.error(state, time) < 1e-5


@pytest.mark.parametrize("steps", [1, 2, 4, 8])
def test_euler_misses_a_decay_by_what_its_factors_say(steps: int) -> None:
    rate = 3.0
    model = with_field(lambda t, h: tuple(-rate * x for x in h))
    found = there_and_back(model, IMAGE, SolverConfig("euler", steps))
    forth, back = (1 - rate / steps), (1 + rate / steps)
    moved = abs(1 - forth**steps)
    expected = [abs(forth**steps * back ** (steps - k) - forth**k) / moved for k in range(steps + 1)]
    assert found.times == tuple(k / steps for k in range(steps + 1))
    np.testing.assert_allclose(found.errors, expected, atol=1e-5)


def test_a_finer_way_back_ends_where_the_coarse_way_there_belongs() -> None:
    """Back by an exact solver a decay ends at its end times e^rate: the error is that of the way there alone."""
    model = with_field(lambda t, h: tuple(-x for x in h))
    found = there_and_back(model, IMAGE, SolverConfig("euler", 2), SolverConfig("rk4", 16), times=[0.0])
    assert found.errors[0] == pytest.approx(abs(0.25 * np.e - 1) / 0.75, rel=1e-4)


def test_the_frames_on_the_way_begin_with_the_answer_and_finer_steps_come_nearer() -> None:
    model = randomized()
    coarse, fine = (there_and_back(model, IMAGE, SolverConfig("midpoint", steps)) for steps in (2, 8))
    images = torch.from_numpy(IMAGE).permute(2, 0, 1)[None].float() / 255
    with torch.no_grad():
        answer = model(images, SolverConfig("midpoint", 2))[0].argmax(0).numpy()
    assert np.array_equal(coarse.labels[-1], answer)
    assert coarse.errors[-1] == 0
    assert coarse.errors[0] > 4 * fine.errors[0] > 0
