"""The path of one solve: the depths at which analyses look at it, and its states and slopes there."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch

from segnode.config import SolverConfig
from segnode.errors import ConfigError
from segnode.model.head import Head
from segnode.model.segnode import SegNode
from segnode.ode import TABLEAUS, solve, walk
from segnode.ode.evaluations import Evaluations, OnEvaluation
from segnode.ode.solve import checked_times
from segnode.predict import batch_of
from segnode.types import Depths, ImageArray, State

#: Intervals of a path whose solver chooses its own steps.
INTERVALS = 16


@dataclass(frozen=True)
class SolvedPath:
    """States of one solve, kept so that several analyses read one.

    size: rows and columns of the picture. times: dimensionless depths. states, slopes: h and dh/dt at each.
    """

    size: tuple[int, int]
    times: tuple[float, ...]
    states: tuple[State, ...]
    slopes: tuple[State, ...]


def linear_head(model: SegNode) -> Head:
    """The head of `model`, as a sum over streams. Raises `ConfigError` for a head with context, which is none."""
    if not isinstance(model.head, Head):
        raise ConfigError("Streams have scores of their own only under a linear head: choose a network that has one.")
    return model.head


def start_of(model: SegNode, image: ImageArray) -> State:
    """h(0) of `image` at its own size, on the model's device."""
    return model.encode(batch_of(image, next(model.parameters()).device))


def step_depths(solver: SolverConfig, until: float) -> tuple[float, ...]:
    """Depths from 0 to `until`: the steps of a fixed grid, evenly spaced ones where the solver chooses its own."""
    steps = INTERVALS if solver.adaptive else solver.steps
    return (*(until * index / steps for index in range(steps)), until)


@torch.no_grad()
def solved_path(
    model: SegNode,
    image: ImageArray,
    solver: SolverConfig | None = None,
    times: Depths | None = None,
    on_evaluation: OnEvaluation | None = None,
) -> SolvedPath:
    """Of `image` at its own size. times: those of `step_depths` when not given. on_evaluation: as of a solve.

    On a fixed grid's own steps dh/dt is known from the solve, but for one evaluation of f at T; each other time costs
    an evaluation. Raises as a solve does.
    """
    solver = solver or model.solver
    wanted = step_depths(solver, model.until) if times is None else checked_times(times, model.until)
    start = start_of(model, image)
    states, slopes = zip(*_solved(model, start, solver, wanted, on_evaluation), strict=True)
    return SolvedPath(image.shape[:2], wanted, states, slopes)


def _solved(
    model: SegNode, start: State, solver: SolverConfig, times: tuple[float, ...], on_evaluation: OnEvaluation | None
) -> Iterator[tuple[State, State]]:
    """The state and dh/dt at each of `times`."""
    if solver.adaptive:
        states = solve(model.field, start, solver, until=model.until, times=times, on_evaluation=on_evaluation).states
        yield from ((state, model.field(time, state)) for time, state in zip(times, states, strict=True))
        return
    counted = Evaluations(model.field, solver.max_evaluations, on_evaluation)
    for step in walk(counted, start, model.until, solver.steps, TABLEAUS[solver.method]):
        last = step.end == model.until
        for time in (t for t in times if step.start <= t < step.end or (last and t == step.end)):
            state = step.at(time)
            yield (state, step.stages[0]) if time == step.start else (state, model.field(time, state))
