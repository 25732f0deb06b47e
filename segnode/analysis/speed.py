"""How fast the state moves, and how far its way is from a straight line."""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Float32

from segnode.analysis.convergence import distance
from segnode.analysis.path import slopes, step_depths
from segnode.config import SolverConfig
from segnode.model.segnode import SegNode
from segnode.ode.solve import checked_times
from segnode.predict import batch_of
from segnode.types import Depths, ImageArray, State


@dataclass(frozen=True)
class Motion:
    """How the state of one picture moves; distances are Euclidean over all numbers of the state.

    times: dimensionless depths. maps: |dh/dt| over the channels of all streams, at stride 4 of the padded picture; a
    cell of a coarse stream counts for each place it covers. speeds: |dh/dt| of each whole stream; their squares add up
    to that of the state. length: of the path, the trapezoidal rule over the speed at `times`. chord: the straight line
    between its ends. stream_lengths, stream_chords: the same of each stream.
    """

    times: tuple[float, ...]
    maps: Float32[np.ndarray, "n h4 w4"]
    speeds: Float[np.ndarray, "n streams"]
    length: float
    chord: float
    stream_lengths: Float[np.ndarray, " streams"]
    stream_chords: Float[np.ndarray, " streams"]


@torch.no_grad()
def motion(
    model: SegNode, image: ImageArray, times: Depths | None = None, solver: SolverConfig | None = None
) -> Motion:
    """Of `image` at its own size. times: the steps of the solver when not given.

    On a fixed grid's own steps dh/dt is known from the solve, but for one evaluation of f at T; each other time costs
    an evaluation. Raises as a solve does.
    """
    solver = solver or model.solver
    wanted = step_depths(solver, model.until) if times is None else checked_times(times, model.until)
    start = model.encode(batch_of(image, next(model.parameters()).device))
    found = list(slopes(model, start, solver, wanted))
    first, last = found[0][0], found[-1][0]
    speeds = np.array([[float(x.double().norm()) for x in slope] for _, slope in found])
    return Motion(
        wanted,
        np.stack([_map(slope) for _, slope in found]),
        speeds,
        float(np.trapezoid(np.sqrt((speeds**2).sum(1)), wanted)),
        distance(last, first),
        np.trapezoid(speeds, wanted, axis=0),
        np.array([distance((x,), (y,)) for x, y in zip(last, first, strict=True)]),
    )


def _map(slope: State) -> Float32[np.ndarray, "h4 w4"]:
    squares = [
        x[0].float().pow(2).sum(0).repeat_interleave(2**index, 0).repeat_interleave(2**index, 1)
        for index, x in enumerate(slope)
    ]
    return torch.stack(squares).sum(0).sqrt().cpu().numpy()
