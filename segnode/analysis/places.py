"""What lies at named places of the network for one picture: the stem, the streams along the solve, what each scores.

The head is linear, so the logits are a sum of one map a stream and a bias: each stream's share can be shown, left out
or shown alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float32, Int

from segnode.analysis.path import linear_head
from segnode.config import SolverConfig
from segnode.model.network import normalize
from segnode.model.padding import coarsest_stride, pad
from segnode.model.segnode import SegNode
from segnode.ode import solve
from segnode.ode.solve import checked_times
from segnode.predict import batch_of
from segnode.types import Depths, ImageArray

#: Channels, rows, columns.
Maps = Float32[np.ndarray, "_ _ _"]


@dataclass(frozen=True)
class Places:
    """Feature maps of one picture, padded to the network's stride.

    times: dimensionless depths. stem: at stride 4. streams: of each time, one array a stream, each half as fine as the
    one before. bias: of the classes; with it the scores of all streams add up to the logits.
    scores: what each stream adds to the logits at stride 4.
    """

    times: tuple[float, ...]
    stem: Maps
    streams: tuple[tuple[Maps, ...], ...]
    bias: Float32[np.ndarray, " classes"]
    scores: Float32[np.ndarray, "n streams classes h4 w4"]


@torch.no_grad()
def places(
    model: SegNode, image: ImageArray, times: Depths | None = None, solver: SolverConfig | None = None
) -> Places:
    """The maps of `image` at its own size, from one solve. times: 0, half of T, and T when not given.

    Raises `ConfigError` for a head with context, where streams have no scores of their own; else as a solve does.
    """
    head = linear_head(model)
    wanted = checked_times((0.0, model.until / 2, model.until) if times is None else times, model.until)
    padded = normalize(pad(batch_of(image, next(model.parameters()).device), coarsest_stride(len(model.widths))))
    stem = model.encoder.stem(padded.contiguous(memory_format=torch.channels_last))
    solution = solve(model.field, model.encoder.inputs(stem), solver or model.solver, until=model.until, times=wanted)
    return Places(
        wanted,
        _array(stem),
        tuple(tuple(map(_array, state)) for state in solution.states),
        torch.stack([conv.get_parameter("bias") for conv in head.convs]).sum(0).float().cpu().numpy(),
        np.stack([np.stack([_array(share) for share in head.contributions(state)]) for state in solution.states]),
    )


def strongest(maps: Maps, count: int = 8) -> Int[np.ndarray, " chosen"]:
    """The channels that vary most over the picture, the strongest first; all where there are no more than `count`."""
    return np.argsort(-maps.std(axis=(1, 2)), kind="stable")[:count]


def labels_from(found: Places, streams: Sequence[int], time: int = -1) -> Int[np.ndarray, "h4 w4"]:
    """Train ids as the scores of some streams alone have them, and the bias. time: a place in `times`."""
    return (found.scores[time, list(streams)].sum(0) + found.bias[:, None, None]).argmax(0)


def _array(x: torch.Tensor) -> Maps:
    return x[0].float().contiguous().cpu().numpy()
