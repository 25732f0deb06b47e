"""Fixed grids: explicit Runge-Kutta steps over a tuple of streams.

The state stays a tuple, so each stream keeps its own shape and memory layout (channels_last); nothing is flattened.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from segnode.ode.evaluations import VectorField
from segnode.ode.tableau import Tableau
from segnode.types import State


@dataclass(frozen=True)
class Step:
    """One step from `start` to `end`: the state it began with, its stages, and the state it reached.

    start, end: dimensionless depth. stages: the derivative at each node of the tableau.
    """

    start: float
    end: float
    tableau: Tableau
    state: State
    stages: tuple[State, ...]
    reached: State

    def weights(self, time: float) -> tuple[float, ...]:
        """The weight of each stage in the state at `time` (within the step), by the method's continuous extension."""
        size = self.end - self.start
        return tuple(size * weight for weight in self.tableau.weights((time - self.start) / size))

    def at(self, time: float) -> State:
        """The state at `time`, within the step. No evaluation of f."""
        return self.reached if time == self.end else _combine(self.state, self.stages, self.weights(time))


def walk(f: VectorField, state: State, until: float, steps: int, tableau: Tableau) -> Iterator[Step]:
    """Take `steps` equal steps from depth 0 to `until`, one at a time; each costs `tableau.stages` evaluations."""
    for index in range(steps):
        start = until * index / steps
        end = until if index + 1 == steps else until * (index + 1) / steps  # where rounding could miss it
        size = end - start
        stages: list[State] = []
        for node, row in zip(tableau.nodes, tableau.coefficients, strict=True):
            inner = _combine(state, stages, [size * coefficient for coefficient in row])
            # As a tensor: `torch.compile` would compile f again for each float.
            stages.append(f(torch.full((), start + node * size, dtype=torch.float64), inner))
        reached = _combine(state, stages, [size * weight for weight in tableau.weights(1.0)])
        yield Step(start, end, tableau, state, tuple(stages), reached)
        state = reached


def read(steps: Iterable[Step], state: State, linear: Callable[[State], State]) -> Iterator[Step]:
    """`steps` mapped through an affine read-out, which is applied to stages and never to later states.

    state: the read-out of the first state. linear: the read-out's linear part, which maps derivatives of states.
    """
    for step in steps:
        stages = tuple(linear(stage) for stage in step.stages)
        reached = _combine(state, stages, step.weights(step.end))
        yield replace(step, state=state, stages=stages, reached=reached)
        state = reached


def weighted_sum(x: Tensor, terms: Sequence[Tensor], weights: Sequence[float]) -> Tensor:
    """x plus the sum of weight times term, as a new tensor unless all weights are 0; terms of weight 0 cost nothing."""
    total = x
    for term, weight in zip(terms, weights, strict=True):
        if weight:
            total = x.add(term, alpha=weight) if total is x else total.add_(term, alpha=weight)
    return total


def _combine(state: State, stages: Sequence[State], weights: Sequence[float]) -> State:
    return tuple(weighted_sum(x, [stage[index] for stage in stages], weights) for index, x in enumerate(state))
