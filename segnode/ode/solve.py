"""One function to integrate with any solver and gradient."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol, runtime_checkable

import torch
from torch import Tensor, nn

from segnode.config import SolverConfig
from segnode.errors import ConfigError
from segnode.ode import diffeq, fixed
from segnode.ode.evaluations import Evaluations, OnEvaluation
from segnode.ode.gradients import recomputed
from segnode.ode.statistics import divided_by_count, divided_momentum
from segnode.ode.tableau import TABLEAUS, evaluations
from segnode.types import Depths, State


@runtime_checkable
class ReadOut(Protocol):
    """An affine map of the state; `linear` is its linear part, which maps differences and derivatives of states."""

    def __call__(self, state: State, /) -> Tensor: ...

    def linear(self, change: State, /) -> Tensor: ...


@dataclass(frozen=True)
class Solution:
    """What one solve gave.

    times: the depths asked for. states: one per time, or its read-out. step_times: the depths the solver
    really stepped to, from 0 to the end. nfe: evaluations of f, which never depend on how many times were asked for.
    refused: the depths that rejected steps of an adaptive solver would have reached.
    """

    times: tuple[float, ...]
    states: tuple[State, ...]
    step_times: tuple[float, ...]
    nfe: int
    refused: tuple[float, ...] = ()


def solve(
    f: nn.Module,
    state: State,
    config: SolverConfig,
    *,
    until: float = 1.0,
    times: Depths | None = None,
    on_evaluation: OnEvaluation | None = None,
    read_out: ReadOut | None = None,
) -> Solution:
    """Integrate dh/dt = f(t, h) from `state` at depth 0 over `times`.

    f: called with t and h; gives dh/dt in the shapes of h. state: one tensor per stream, each batch x channels x rows x
    columns in SegNode. until: where the solve ends, dimensionless depth. times: increasing, within 0 and `until`; only
    `until` when not given. on_evaluation: called before each evaluation of f; returning False stops the solve.
    read_out: a linear head, for example; the solution's states are then its values, each a state of one stream. On a
    fixed grid it is applied to the first state and to each stage only, because every state is the first plus a weighted
    sum of stages.

    In training mode all evaluations of f in one solve together update BatchNorm's running statistics as far as one
    evaluation would.

    Raises `ConfigError` for times that do not increase or lie outside, `SolverError` when an adaptive solver cannot
    go on or uses up `config.max_evaluations` (remedy: loosen `rtol` and `atol`), `SolveStopped` when it was stopped.
    Source: paper, section 3.2 and eq. 3.
    """
    wanted = checked_times(times, until)
    differentiated = torch.is_grad_enabled()
    adjoint = differentiated and config.gradient == "adjoint"
    term = recomputed(f) if differentiated and config.gradient == "checkpoint" else f
    counted = Evaluations(term, config.max_evaluations, on_evaluation)
    with _moving_statistics_once(f, config, counted):
        if config.adaptive or adjoint:
            ends = tuple(sorted({0.0, *wanted, until}))
            reached, step_times, refused = diffeq.integrate(
                counted, state, ends, config, adjoint_of=f if adjoint else None
            )
            states = [reached[ends.index(time)] for time in wanted]
            if read_out is not None:
                states = [(read_out(each),) for each in states]
        else:
            steps = fixed.walk(counted, state, until, config.steps, TABLEAUS[config.method])
            if read_out is not None:
                state = (read_out(state),)
                steps = fixed.read(steps, state, lambda change: (read_out.linear(change),))
            states = [state] * wanted.count(0.0)
            step_times, refused = [0.0], []
            for step in steps:
                states += [step.at(time) for time in wanted if step.start < time <= step.end]
                step_times.append(step.end)
    return Solution(wanted, tuple(states), tuple(step_times), counted.count, tuple(refused))


def _moving_statistics_once(f: nn.Module, config: SolverConfig, counted: Evaluations) -> AbstractContextManager[None]:
    """A context in which all evaluations of f in one solve update its running statistics as one would."""
    if config.adaptive:
        return divided_by_count(f, lambda: counted.count)
    return divided_momentum(f, evaluations(config.method, config.steps))


def checked_times(times: Depths | None, until: float) -> tuple[float, ...]:
    """`times`, or the end alone. Raises `ConfigError` where they do not increase from 0 to `until`.

    A time that rounding took past the end, as `np.arange(0, 0.35, 0.1)` does past 0.3, is the end.
    """
    if not 0 < until <= 100:
        raise ConfigError(f"Solve time must end above 0 and at 100 at most, not at {until!r}: 1 is the default.")
    wanted = (until,) if times is None else tuple(_rounded(time, until) for time in times)
    if not wanted or not wanted[0] >= 0 or not wanted[-1] <= until or not all(a < b for a, b in pairwise(wanted)):
        raise ConfigError(f"Times must increase strictly within 0 and {until:g}, not {list(wanted)[:8]!r}: sort them.")
    return wanted


def _rounded(time: float, until: float) -> float:
    """`time`, or `until` where it exceeds that only by rounding, in float32 at worst."""
    return until if until < time <= until * (1 + 1e-6) else float(time)
