"""Is it an ODE? The error of the state at T on a grid, and the order at which finer grids lower it.

A network trained on one coarse grid can be a residual network in disguise (Ott et al., ResNet after all?, 2021): its
answer then belongs to that grid. Unchanged mIoU on other grids is necessary, not sufficient, so the state is measured.

f has kinks, where a ReLU begins, and no method sees more than order 2 across one. `Smooth` takes them out, to tell what
is theirs: with softplus in place of ReLU a method must show its own order.
"""

import copy
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F
from torch.overrides import TorchFunctionMode

from segnode.config import FixedMethod, SolverConfig
from segnode.data.images import Dataset
from segnode.errors import SolverError
from segnode.model.segnode import SegNode
from segnode.ode import solve
from segnode.predict import batch_of
from segnode.types import State

#: Methods whose order is measured, one of each order.
METHODS: tuple[FixedMethod, ...] = ("euler", "midpoint", "rk4")
#: The solve all others are measured against.
REFERENCE = SolverConfig("rk4", steps=32)


@dataclass(frozen=True)
class Convergence:
    """Errors of one method.

    steps: grids, coarse to fine. errors: |h(T) - reference| / |reference - h(0)| on each, the mean over pictures.
    order: slope of log error over log step size, over the two finest grids.
    """

    method: str
    steps: tuple[int, ...]
    errors: tuple[float, ...]
    order: float


@torch.no_grad()
def convergence(
    model: SegNode,
    dataset: Dataset,
    indices: list[int],
    method: FixedMethod,
    steps: tuple[int, ...] = (1, 2, 4, 8),
    reference: SolverConfig = REFERENCE,
    smooth: bool = False,
    precise: bool = False,
) -> Convergence:
    """Errors of the state at T under `method`, over the pictures `indices` of `dataset`.

    reference: the solve that counts as exact. smooth: with softplus in place of ReLU in f; the state at t = 0 stays the
    network's own. precise: in float64, for grids so fine that rounding would show.

    Raises `SolverError` where the state overflows on one of the grids, or does not move at all.
    """
    device = next(model.parameters()).device
    field = copy.deepcopy(model.field).double() if precise else model.field
    errors = np.zeros((len(indices), len(steps)))

    def end(solver: SolverConfig) -> State:
        return solve(field, start, solver, until=model.until).states[-1]

    for row, index in enumerate(indices):
        start = model.encode(batch_of(dataset[index][0], device))
        if precise:
            start = tuple(stream.double() for stream in start)
        with Smooth() if smooth else nullcontext():
            exact = end(reference)
            for column, count in enumerate(steps):
                errors[row, column] = relative_error(end(SolverConfig(method, count)), exact, start)
    means = errors.mean(0)
    if not (np.isfinite(means).all() and (means[-2:] > 0).all()):
        raise SolverError(
            f"The state has no order of convergence under {method}, whose errors on {', '.join(map(str, steps))} steps"
            f" are {', '.join(f'{mean:.2g}' for mean in means)}: f is too stiff for these grids, or does nothing."
        )
    return Convergence(method, steps, tuple(means.tolist()), observed_order(steps, means.tolist()))


def relative_error(end: State, exact: State, start: State) -> float:
    """|h(T) - exact| / |exact - h(0)|; nan where the exact state does not move."""
    return distance(end, exact) / (distance(exact, start) or np.nan)


def observed_order(steps: Sequence[int], errors: Sequence[float]) -> float:
    """Slope of log error over log step size, over the two finest grids, which come last. Errors are above 0."""
    return float(np.log(errors[-2] / errors[-1]) / np.log(steps[-1] / steps[-2]))


def distance(a: State, b: State) -> float:
    """Euclidean distance over all streams."""
    return float(sum((x - y).double().pow(2).sum() for x, y in zip(a, b, strict=True)) ** 0.5)


class Smooth(TorchFunctionMode):
    """Within, every ReLU is a softplus, its smooth double; what was to be overwritten is left as it was."""

    _RELUS = (F.relu, F.relu_, torch.relu, torch.relu_, Tensor.relu, Tensor.relu_)

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Sequence[type],
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        return F.softplus(args[0]) if func in self._RELUS else func(*args, **(kwargs or {}))
