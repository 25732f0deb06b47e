import math

import numpy as np
import pytest
import torch
from torch import nn

from segnode.config import FIXED_METHODS, SolverConfig
from segnode.errors import ConfigError, SolverError, SolveStopped
from segnode.ode import TABLEAUS, diffeq, solve, walk, weighted_sum
from segnode.ode.evaluations import Evaluations, VectorField
from segnode.types import State

from .problems import DECAY, LOGISTIC, PROBLEMS, ROTATION, Problem, Written

#: Order of the continuous extension between the steps, from its order conditions.
DENSE_ORDER = {"euler": 1, "midpoint": 2, "heun": 2, "rk4": 3, "rk4_38": 3}


def order(errors: list[float], steps: list[int]) -> float:
    """Slope of log error over log step size."""
    return -float(np.polyfit(np.log(steps), np.log(errors), 1)[0])


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.name)
@pytest.mark.parametrize("method", FIXED_METHODS)
def test_converges_at_its_order(method: str, problem: Problem) -> None:
    steps = [16, 32, 64]
    errors = [problem.error(solve(problem.f, problem.start, SolverConfig(method, n)).states[-1], 1.0) for n in steps]
    assert order(errors, steps) > TABLEAUS[method].order - 0.25


@pytest.mark.parametrize("method", FIXED_METHODS)
def test_extension_converges_between_the_steps(method: str) -> None:
    steps, times = [16, 32, 64], [0.113, 0.377, 0.7771, 0.9321]
    errors = []
    for n in steps:
        states = solve(LOGISTIC.f, LOGISTIC.start, SolverConfig(method, n), times=times).states
        errors.append(max(LOGISTIC.error(state, time) for state, time in zip(states, times, strict=True)))
    # Locally accurate to dense order + 1, on top of the method's own error at the steps.
    assert order(errors, steps) > min(TABLEAUS[method].order, DENSE_ORDER[method] + 1) - 0.5


@pytest.mark.parametrize("method", FIXED_METHODS)
def test_extension_ends_where_the_step_does(method: str) -> None:
    tableau = TABLEAUS[method]
    assert sum(tableau.weights(1.0)) == pytest.approx(1.0)
    assert tableau.weights(0.0) == (0.0,) * tableau.stages
    assert np.allclose([sum(row) for row in tableau.coefficients], tableau.nodes)
    for step in walk(ROTATION.f, ROTATION.start, 1.0, 3, tableau):
        for near, end in zip(step.at(step.end - 1e-9), step.reached, strict=True):
            assert torch.allclose(near, end, atol=1e-7)


@pytest.mark.parametrize("method", FIXED_METHODS)
def test_order_conditions_of_the_extension(method: str) -> None:
    tableau = TABLEAUS[method]
    nodes = np.array(tableau.nodes)
    matrix = np.array([[*row, *[0.0] * (tableau.stages - len(row))] for row in tableau.coefficients])
    for theta in (0.3, 0.8, 1.0):
        b = np.array(tableau.weights(theta))
        assert b.sum() == pytest.approx(theta)
        if DENSE_ORDER[method] >= 2:
            assert b @ nodes == pytest.approx(theta**2 / 2)
        if DENSE_ORDER[method] >= 3:
            assert b @ nodes**2 == pytest.approx(theta**3 / 3)
            assert b @ matrix @ nodes == pytest.approx(theta**3 / 6)


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.name)
@pytest.mark.parametrize("method", ["dopri5", "bosh3", "adaptive_heun"])
def test_adaptive_solvers_keep_their_tolerance(method: str, problem: Problem) -> None:
    times = [0.2, 0.55, 1.0]
    solution = solve(problem.f, problem.start, SolverConfig(method, rtol=1e-6, atol=1e-6), times=times)
    for state, time in zip(solution.states, times, strict=True):
        # Between its steps torchdiffeq's bosh3 interpolates at a lower order than it steps.
        assert problem.error(state, time) < (1e-3 if method == "bosh3" and time < 1 else 1e-4)
    assert solution.step_times[0] == 0
    assert solution.step_times[-1] == pytest.approx(1.0)
    assert all(a < b for a, b in zip(solution.step_times, solution.step_times[1:], strict=False))


@pytest.mark.parametrize("method", ["euler", "midpoint", "heun", "rk4_38"])
@pytest.mark.parametrize("steps", [1, 3, 10])
def test_fixed_grids_equal_torchdiffeq(method: str, steps: int) -> None:
    times = [index / steps for index in range(steps + 1)]
    config = SolverConfig(method, steps)
    for problem in PROBLEMS:
        ours = solve(problem.f, problem.start, config, times=times).states
        theirs, *_ = diffeq.integrate(Evaluations(problem.f, 1000), problem.start, times, config)
        for a, b in zip(ours, theirs, strict=True):
            for x, y in zip(a, b, strict=True):
                assert torch.allclose(x, y, atol=1e-5, rtol=1e-5)


def test_classic_rk4_is_not_the_three_eighths_rule() -> None:
    a = solve(DECAY.f, DECAY.start, SolverConfig("rk4", 1)).states[-1][1]
    b = solve(DECAY.f, DECAY.start, SolverConfig("rk4_38", 1)).states[-1][1]
    simpson = (1 + 4 * math.cos(2.5) + math.cos(5)) / 6
    assert a.item() == pytest.approx(simpson)
    assert abs(a - b).item() > 1e-3


@pytest.mark.parametrize("method", FIXED_METHODS)
def test_evaluations_are_stages_times_steps_whatever_is_asked_for(method: str) -> None:
    for times in (None, [0.0, 1.0], np.linspace(0, 1, 33)):
        solution = solve(DECAY.f, DECAY.start, SolverConfig(method, 4), times=times)
        assert solution.nfe == 4 * TABLEAUS[method].stages
        assert solution.step_times == (0.0, 0.25, 0.5, 0.75, 1.0)


class Sum(nn.Module):
    """A read-out: the sum of all streams and a constant; notes how often each of its parts is used."""

    def __init__(self) -> None:
        super().__init__()
        self.states = self.changes = 0

    def forward(self, state: State) -> torch.Tensor:
        self.states += 1
        return sum(stream.sum() for stream in state) + 7

    def linear(self, change: State) -> torch.Tensor:
        self.changes += 1
        return torch.stack([stream.sum() for stream in change]).sum()


@pytest.mark.parametrize("method", [*FIXED_METHODS, "dopri5"])
def test_an_affine_read_out_of_the_stages_is_that_of_the_states(method: str) -> None:
    config, times, read_out = SolverConfig(method, 4), np.linspace(0, 1, 9), Sum()
    states = solve(ROTATION.f, ROTATION.start, config, times=times).states
    shown = solve(ROTATION.f, ROTATION.start, config, times=times, read_out=read_out)
    assert torch.allclose(torch.stack([x for (x,) in shown.states]), torch.stack([Sum()(state) for state in states]))
    if method in FIXED_METHODS:
        assert (read_out.states, read_out.changes) == (1, shown.nfe)


@pytest.mark.parametrize(("until", "steps"), [(0.35, 3), (0.7, 12), (1.1, 7)])
def test_the_last_step_ends_where_it_should_whatever_rounding_says(until: float, steps: int) -> None:
    solution = solve(DECAY.f, DECAY.start, SolverConfig("euler", steps=steps), until=until)
    assert solution.step_times[-1] == until
    assert len(solution.states) == 1


def test_an_adaptive_solver_tells_which_steps_it_refused() -> None:
    sharp = Written(lambda t, h: (torch.exp(-((torch.as_tensor(t) - 0.6) ** 2) * 60) * torch.ones_like(h[0]),))
    solution = solve(sharp, (torch.zeros(1, dtype=torch.float64),), SolverConfig("dopri5", rtol=1e-4, atol=1e-4))
    accepted = len(solution.step_times) - 1
    assert len(solution.refused) > 0
    assert solution.nfe == 2 + 6 * (accepted + len(solution.refused))  # two to choose the first step
    assert all(any(time < refused for time in solution.step_times) for refused in solution.refused)


def test_dopri5_evaluates_nothing_beyond_the_end() -> None:
    seen: list[float] = []
    field = Written(lambda t, h: (seen.append(float(t)) or -h[0],))
    solution = solve(field, (torch.ones(1),), SolverConfig("dopri5"), times=np.linspace(0, 1, 17))
    assert max(seen) <= 1.0
    assert solution.nfe == len(seen) == 2 + 6 * (len(solution.step_times) - 1)


def test_channels_last_is_kept() -> None:
    state = (torch.randn(2, 4, 6, 5).contiguous(memory_format=torch.channels_last),)
    field = nn.Conv2d(4, 4, 3, padding=1).to(memory_format=torch.channels_last)
    solution = solve(Written(lambda t, h: (field(h[0]),)), state, SolverConfig("rk4", 2), times=[0.3, 1.0])
    assert all(s[0].is_contiguous(memory_format=torch.channels_last) for s in solution.states)


def test_a_sum_leaves_its_terms_as_they_were() -> None:
    x, terms = torch.tensor([1.0]), [torch.tensor([2.0]), torch.tensor([3.0]), torch.tensor([4.0])]
    assert weighted_sum(x, terms, (0.5, 0.0, 0.25)).item() == 3.0
    assert (x.item(), *(term.item() for term in terms)) == (1.0, 2.0, 3.0, 4.0)
    assert weighted_sum(x, [], ()) is x


@pytest.mark.parametrize("method", FIXED_METHODS)
def test_state_and_stages_are_left_as_they_were(method: str) -> None:
    given: list[tuple[torch.Tensor, ...]] = []

    def noted(t: torch.Tensor | float, state: tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, ...]:
        given.append(tuple(stream.clone() for stream in state))
        return ROTATION.f(t, state)

    start = tuple(stream.clone() for stream in ROTATION.start)
    for step in walk(noted, start, 1.0, 2, TABLEAUS[method]):
        evaluated = [given.pop(0) for _ in step.stages]
        for x, y in zip(step.state, evaluated[0], strict=True):
            assert torch.equal(x, y)
        for stage, state in zip(step.stages, evaluated, strict=True):
            for x, y in zip(stage, ROTATION.f(0.0, state), strict=True):
                assert torch.equal(x, y)
    assert all(torch.equal(x, y) for x, y in zip(start, ROTATION.start, strict=True))


def test_stops_when_told_to() -> None:
    with pytest.raises(SolveStopped, match=r"stopped at t = 0\.5"):
        solve(DECAY.f, DECAY.start, SolverConfig("euler", 4), on_evaluation=lambda t: t < 0.5)


def test_too_many_evaluations_name_the_remedy() -> None:
    stiff = Written(lambda t, h: (-1e4 * h[0],))
    with pytest.raises(SolverError, match="loosen rtol"):
        solve(stiff, (torch.ones(1),), SolverConfig("dopri5", rtol=1e-6, atol=1e-6, max_evaluations=50))


def test_what_f_itself_asserts_is_not_blamed_on_the_solver() -> None:
    def broken(t: float, h: tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, ...]:
        raise AssertionError("h has the wrong width")

    for config in (SolverConfig("dopri5"), SolverConfig("midpoint", gradient="adjoint"), SolverConfig("midpoint")):
        with pytest.raises(AssertionError, match=r"^h has the wrong width$"):
            solve(Written(broken), (torch.ones(1),), config)


@pytest.mark.parametrize("gradient", ["backprop", "adjoint"])
@pytest.mark.parametrize("method", ["dopri5", "adaptive_heun"])
@pytest.mark.parametrize(
    ("f", "start"),
    [(lambda t, h: (h[0] * math.nan,), 1.0), (lambda t, h: h, math.inf)],
    ids=["f", "state"],
)
def test_what_is_not_finite_is_told(f: VectorField, start: float, method: str, gradient: str) -> None:
    with pytest.raises(
        SolverError, match=rf"^{method} could not go on at t = 0\.000, because f or the state is not finite"
    ):
        solve(Written(f), (torch.full((1,), start),), SolverConfig(method, gradient=gradient))


@pytest.mark.parametrize("method", ["dopri5", "adaptive_heun"])
def test_a_state_that_overflows_is_told(method: str) -> None:
    explosive = Written(lambda t, h: (h[0] ** 2 * 1e6,))
    with pytest.raises(SolverError, match="loosen rtol"):
        solve(explosive, (torch.full((1,), 10.0),), SolverConfig(method))


@pytest.mark.parametrize("method", ["dopri5", "adaptive_heun"])
def test_a_step_that_underflows_is_told(method: str) -> None:
    torn = Written(lambda t, h: (torch.full_like(h[0], 1e30 if t > 0.5 else 1.0),))
    with pytest.raises(SolverError, match=rf"^{method} could not go on at t = 0\.500, where no step is small enough"):
        solve(torn, (torch.zeros(1),), SolverConfig(method, rtol=1e-6, atol=1e-6))


@pytest.mark.parametrize(
    "times", [[0.5, 0.5], [0.7, 0.2], [-0.1], [1.2], [], [math.nan], [math.nan, 0.5], [0.5, math.nan]]
)
def test_times_out_of_order_or_range_are_refused(times: list[float]) -> None:
    with pytest.raises(ConfigError, match="increase strictly within 0 and 1"):
        solve(DECAY.f, DECAY.start, SolverConfig(), times=times)


@pytest.mark.parametrize("until", [0.0, -1.0, math.nan, 1e9])
def test_an_end_out_of_range_is_refused(until: float) -> None:
    with pytest.raises(ConfigError, match="Solve time must end"):
        solve(DECAY.f, DECAY.start, SolverConfig(), until=until)
