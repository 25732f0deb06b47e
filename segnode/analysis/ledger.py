"""Why a pixel has its label: the margin between two classes as a sum over streams and steps of the solver.

The head and the upsampling are linear, so the margin at T is that of h(0), stream by stream, and the bias, and what
each step of the solver then adds in each stream: exactly, whatever the solver and however coarse its steps.
"""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float64
from torch.nn import functional as F

from segnode.analysis.path import SolvedPath, linear_head
from segnode.errors import ConfigError
from segnode.model.blocks import upsample
from segnode.model.segnode import SegNode


@dataclass(frozen=True)
class Ledger:
    """The margin of one class over another at a pixel, in logits.

    times: depths of the steps' ends, 0 first. bias: of the head. start: from h(0), by stream. changes: what each step
    adds, by stream.
    """

    times: tuple[float, ...]
    bias: float
    start: Float64[np.ndarray, " streams"]
    changes: Float64[np.ndarray, "steps streams"]

    @property
    def margins(self) -> Float64[np.ndarray, " n"]:
        """The margin at each of `times`; below 0 the other class is ahead."""
        return self.bias + self.start.sum() + np.concatenate([[0.0], self.changes.sum(1).cumsum()])

    @property
    def decisive(self) -> tuple[int, int]:
        """Step and stream of the largest change toward the class that is ahead at T."""
        toward = self.changes if self.margins[-1] >= 0 else -self.changes
        step, stream = np.unravel_index(toward.argmax(), toward.shape)
        return int(step), int(stream)


@torch.no_grad()
def ledger(model: SegNode, path: SolvedPath, pixel: tuple[int, int], classes: tuple[int, int]) -> Ledger:
    """The margin of the first of `classes` (train ids) over the second at `pixel` (row, column of the picture).

    path: of `model`; where it has other times than the solver's steps, the changes are those between its times. Raises
    `ConfigError` for a pixel or class that is not there and a head with context.
    """
    head = linear_head(model)
    (row, column), (one, other) = pixel, classes
    rows, columns = path.size
    if not (0 <= row < rows and 0 <= column < columns):
        raise ConfigError(
            f"There is no pixel in row {row}, column {column}: the picture has {rows} rows and {columns} columns."
        )
    if not (0 <= one < len(model.classes) and 0 <= other < len(model.classes)):
        raise ConfigError(f"There are no classes {one} and {other}: choose from 0 to {len(model.classes) - 1}.")
    shares = np.empty((len(path.times), len(model.widths)))
    for stream, conv in enumerate(head.convs):
        weight = conv.get_parameter("weight").double()
        score = F.conv2d(torch.cat([state[stream] for state in path.states]).double(), weight[[one]] - weight[[other]])
        shares[:, stream] = model.upsample(upsample(score, 2**stream), path.size)[:, 0, row, column].cpu().numpy()
    bias = sum(float(b[one]) - float(b[other]) for b in (conv.get_parameter("bias") for conv in head.convs))
    return Ledger(path.times, bias, shares[0], np.diff(shares, axis=0))
