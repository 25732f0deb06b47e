"""Speeds and lengths against closed forms, and against f itself."""

import math
from itertools import pairwise

import numpy as np
import pytest
import torch

from segnode import SolverConfig
from segnode.analysis.convergence import distance
from segnode.analysis.path import solved_path
from segnode.analysis.speed import motion
from segnode.errors import SolveStopped
from segnode.ode import solve
from segnode.predict import batch_of
from tests.analysis.fields import randomized, with_field

IMAGE = np.random.default_rng(0).integers(0, 256, (40, 64, 3), dtype=np.uint8)


def norms(state: tuple[torch.Tensor, ...]) -> np.ndarray:
    return np.array([float(x.double().norm()) for x in state])


def test_a_constant_field_goes_straight_at_its_own_speed() -> None:
    model = with_field(lambda t, h: tuple(torch.full_like(x, 2.0) for x in h))
    found = motion(solved_path(model, IMAGE, SolverConfig("euler", 2)))
    assert found.times == (0.0, 0.5, 1.0)
    assert found.maps.shape == (3, 10, 16)
    np.testing.assert_allclose(found.maps, 2 * math.sqrt(16), rtol=1e-6)
    np.testing.assert_allclose(found.speeds[0], [2 * math.sqrt(8 * 160), 2 * math.sqrt(8 * 40)], rtol=1e-6)
    assert found.length == pytest.approx(found.chord, rel=1e-5)
    np.testing.assert_allclose(found.stream_lengths, found.stream_chords, rtol=1e-5)


def test_half_a_turn_is_pi_over_two_as_long_as_its_chord() -> None:
    model = with_field(lambda t, h: tuple(math.pi * torch.cat([x[:, 4:], -x[:, :4]], 1) for x in h))
    found = motion(solved_path(model, IMAGE, SolverConfig("rk4", 32), np.linspace(0, 1, 33)))
    assert found.length / found.chord == pytest.approx(math.pi / 2, rel=1e-4)


@pytest.mark.parametrize("solver", [SolverConfig("midpoint", 3), SolverConfig("rk4", 2), SolverConfig("dopri5")])
def test_slopes_are_f_on_the_path(solver: SolverConfig) -> None:
    model = randomized()
    times = [0.0, 0.2, 0.5, 1.0]
    found = motion(solved_path(model, IMAGE, solver, times))
    with torch.no_grad():
        path = solve(model.field, model.encode(batch_of(IMAGE)), solver, times=times).states
        for time, state, speeds in zip(times, path, found.speeds, strict=True):
            np.testing.assert_allclose(speeds, norms(model.field(time, state)), rtol=1e-5)


def test_the_length_is_that_of_many_short_pieces() -> None:
    model = randomized()
    found = motion(solved_path(model, IMAGE, SolverConfig("rk4", 16)))
    with torch.no_grad():
        path = solve(
            model.field, model.encode(batch_of(IMAGE)), SolverConfig("rk4", 64), times=np.linspace(0, 1, 65)
        ).states
    pieces = [distance(a, b) for a, b in pairwise(path)]
    assert found.length == pytest.approx(sum(pieces), rel=1e-3)
    assert found.length >= found.chord


def test_a_fixed_grids_own_steps_cost_one_more_evaluation() -> None:
    model, calls = randomized(), []
    model.field.register_forward_pre_hook(lambda *_: calls.append(None))
    motion(solved_path(model, IMAGE, SolverConfig("midpoint", 4)))
    assert len(calls) == 9


@pytest.mark.parametrize("solver", [SolverConfig("midpoint", 4), SolverConfig("dopri5")])
def test_a_path_can_be_stopped(solver: SolverConfig) -> None:
    with pytest.raises(SolveStopped):
        solved_path(randomized(), IMAGE, solver, on_evaluation=lambda depth: depth < 0.5)
