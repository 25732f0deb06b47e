"""Is it an ODE? The error of the state at T on a grid, and the order at which finer grids lower it.

A network trained on one coarse grid can be a residual network in disguise (Ott et al., ResNet after all?, 2021): its
answer then belongs to that grid. Unchanged mIoU on other grids is necessary, not sufficient, so the state is measured.
"""

from dataclasses import dataclass

import numpy as np
import torch

from segnode.config import FixedMethod, SolverConfig
from segnode.data.images import Dataset
from segnode.errors import SolverError
from segnode.model.segnode import SegNode
from segnode.ode import solve
from segnode.predict import batch_of
from segnode.types import State

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
    model: SegNode, dataset: Dataset, indices: list[int], method: FixedMethod, steps: tuple[int, ...] = (1, 2, 4, 8)
) -> Convergence:
    """Errors of the state at T under `method`, over the pictures `indices` of `dataset`.

    Raises `SolverError` where the state overflows on one of the grids, or does not move at all.
    """
    device = next(model.parameters()).device
    errors = np.zeros((len(indices), len(steps)))
    for row, index in enumerate(indices):
        start = model.encode(batch_of(dataset[index][0], device))
        exact = _end(model, start, REFERENCE)
        moved = _norm(exact, start)
        for column, count in enumerate(steps):
            errors[row, column] = _norm(_end(model, start, SolverConfig(method, count)), exact) / moved
    means = errors.mean(0)
    if not (np.isfinite(means).all() and (means[-2:] > 0).all()):
        raise SolverError(
            f"The state has no order of convergence under {method}, whose errors on {', '.join(map(str, steps))} steps"
            f" are {', '.join(f'{mean:.2g}' for mean in means)}: f is too stiff for these grids, or does nothing."
        )
    order = float(np.log(means[-2] / means[-1]) / np.log(steps[-1] / steps[-2]))
    return Convergence(method, steps, tuple(means.tolist()), order)


def _end(model: SegNode, start: State, solver: SolverConfig) -> State:
    return solve(model.field, start, solver, until=model.until).states[-1]


def _norm(a: State, b: State) -> float:
    """Euclidean distance over all streams."""
    return float(sum((x - y).double().pow(2).sum() for x, y in zip(a, b, strict=True)) ** 0.5)
