"""The path of one solve: the depths at which analyses look at it, and its states and slopes there."""

from collections.abc import Iterator, Sequence

from segnode.config import SolverConfig
from segnode.errors import ConfigError
from segnode.model.head import Head
from segnode.model.segnode import SegNode
from segnode.ode import TABLEAUS, solve, walk
from segnode.types import State

#: Intervals of a path whose solver chooses its own steps.
INTERVALS = 16


def linear_head(model: SegNode) -> Head:
    """The head of `model`, as a sum over streams. Raises `ConfigError` for a head with context, which is none."""
    if not isinstance(model.head, Head):
        raise ConfigError("Streams have scores of their own only under a linear head: choose a network that has one.")
    return model.head


def step_depths(solver: SolverConfig, until: float) -> tuple[float, ...]:
    """Depths from 0 to `until`: the steps of a fixed grid, evenly spaced ones where the solver chooses its own."""
    steps = INTERVALS if solver.adaptive else solver.steps
    return (*(until * index / steps for index in range(steps)), until)


def slopes(model: SegNode, start: State, solver: SolverConfig, times: Sequence[float]) -> Iterator[tuple[State, State]]:
    """The state at each of `times` (increasing, from 0 to T) and dh/dt there.

    Where a step of a fixed grid begins, its first stage is the slope; elsewhere it costs an evaluation of f.
    """
    if solver.adaptive:
        for time, state in zip(
            times, solve(model.field, start, solver, until=model.until, times=times).states, strict=True
        ):
            yield state, model.field(time, state)
        return
    for step in walk(model.field, start, model.until, solver.steps, TABLEAUS[solver.method]):
        last = step.end == model.until
        for time in (t for t in times if step.start <= t < step.end or (last and t == step.end)):
            state = step.at(time)
            yield (state, step.stages[0]) if time == step.start else (state, model.field(time, state))
