"""Two pictures that differ in a patch, solved alike: when and where the runs part, and how far the change travels."""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Int, UInt8

from segnode.analysis.convergence import distance
from segnode.analysis.path import start_of, step_depths
from segnode.analysis.reach import reached
from segnode.config import SolverConfig
from segnode.errors import ConfigError
from segnode.model.padding import upsample_logits
from segnode.model.segnode import SegNode
from segnode.ode import evaluations, solve
from segnode.ode.solve import checked_times
from segnode.types import Depths, ImageArray

#: Share of the largest difference of logits that counts as changed: rounding stays far below.
LEAST = 1e-4


@dataclass(frozen=True)
class Parting:
    """How two runs part.

    times: dimensionless depths. distances: of their states, over that at t = 0. parted: index of the first of `times`
    from which each pixel's labels differ to the end; `len(times)` where they agree at T. travelled: pixels from the
    border of the patch to the farthest changed logits, by rows or columns, whichever is more. bounds: the same counted
    from the layers, as the picture's borders allow; None where an adaptive solver does not tell.
    """

    times: tuple[float, ...]
    distances: tuple[float, ...]
    parted: Int[np.ndarray, "h w"]
    travelled: tuple[int, ...]
    bounds: tuple[int, ...] | None


@torch.no_grad()
def parting(
    model: SegNode,
    image: ImageArray,
    changed: UInt8[np.ndarray, "_ _ 3"],
    solver: SolverConfig | None = None,
    times: Depths | None = None,
    least: float = LEAST,
) -> Parting:
    """Of `image` and `changed`, which have one size. times: the steps of the solver when not given.

    least: share of the largest difference of logits, at each time, from which a place counts as changed.

    Raises `ConfigError` for pictures of two sizes or without a difference, else as a solve does.
    """
    if image.shape != changed.shape or not (differs := (image != changed).any(axis=2)).any():
        raise ConfigError("Two pictures of one size that differ somewhere are compared: change a patch of the first.")
    solver = solver or model.solver
    wanted = step_depths(solver, model.until) if times is None else checked_times(times, model.until)
    starts = [start_of(model, picture) for picture in (image, changed)]
    # Apart rather than as a batch, in which an adaptive solver would choose its steps for both.
    one, other = (solve(model.field, start, solver, until=model.until, times=wanted).states for start in starts)
    patch = _box(differs)
    began = distance(*starts) or float("nan")
    labels_differ, travelled = [], []
    for a, b in zip(one, other, strict=True):
        logits = [upsample_logits(model.head(state), image.shape[:2])[0] for state in (a, b)]
        labels_differ.append((logits[0].argmax(0) != logits[1].argmax(0)).cpu().numpy())
        change = (logits[0] - logits[1]).abs().amax(0)
        far = (change > least * change.max()).cpu().numpy()
        travelled.append(_beyond(patch, _box(far)) if far.any() else 0)
    return Parting(
        wanted,
        tuple(distance(a, b) / began for a, b in zip(one, other, strict=True)),
        _first_of_all_later(np.stack(labels_differ)),
        tuple(travelled),
        None if solver.adaptive else tuple(_bound(model, patch, image.shape, solver, time) for time in wanted),
    )


def _bound(
    model: SegNode, patch: tuple[tuple[int, int], ...], shape: tuple[int, ...], solver: SolverConfig, time: float
) -> int:
    """Pixels a change of `patch` can travel by `time`, as many evaluations of f deep as the solve is there."""
    steps = int(np.ceil(solver.steps * time / model.until - 1e-9))
    deep = evaluations(solver.method, steps)
    box = tuple(reached(model.config, side, size, deep) for side, size in zip(patch, shape, strict=False))
    return _beyond(patch, box)


def _first_of_all_later(differ: Bool[np.ndarray, "n h w"]) -> Int[np.ndarray, "h w"]:
    """Index of the first frame from which all differ; their number where the last does not."""
    last_equal = len(differ) - 1 - (~differ)[::-1].argmax(axis=0)
    return np.where(differ.all(axis=0), 0, last_equal + 1)


def _box(mask: np.ndarray) -> tuple[tuple[int, int], tuple[int, int]]:
    """First and last row, first and last column of `mask`, which holds some."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    return (int(rows[0]), int(rows[-1])), (int(columns[0]), int(columns[-1]))


def _beyond(inner: tuple[tuple[int, int], ...], outer: tuple[tuple[int, int], ...]) -> int:
    """Pixels from the border of one box to that of the other around it, on the side where that is most."""
    sides = [(a[0] - b[0], b[1] - a[1]) for a, b in zip(inner, outer, strict=True)]
    return max(0, *(gap for pair in sides for gap in pair))
