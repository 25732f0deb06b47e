"""How fast the state moves, and how far its way is from a straight line."""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Float32

from segnode.analysis.convergence import distance
from segnode.analysis.path import SolvedPath
from segnode.types import State


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


def motion(path: SolvedPath) -> Motion:
    """How the state moves along `path`."""
    first, last = path.states[0], path.states[-1]
    speeds = np.array([[float(x.double().norm()) for x in slope] for slope in path.slopes])
    return Motion(
        path.times,
        np.stack([_map(slope) for slope in path.slopes]),
        speeds,
        float(np.trapezoid(np.sqrt((speeds**2).sum(1)), path.times)),
        distance(last, first),
        np.trapezoid(speeds, path.times, axis=0),
        np.array([distance((x,), (y,)) for x, y in zip(last, first, strict=True)]),
    )


def _map(slope: State) -> Float32[np.ndarray, "h4 w4"]:
    squares = [
        x[0].float().pow(2).sum(0).repeat_interleave(2**index, 0).repeat_interleave(2**index, 1)
        for index, x in enumerate(slope)
    ]
    return torch.stack(squares).sum(0).sqrt().cpu().numpy()
