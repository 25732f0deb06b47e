"""Regions that leave a solve early: the rest is solved on crops, so that what is saved is really not computed.

Two evaluations of f give the midpoint rule's answer on the whole picture, and they are the first two stages of one step
of classic RK4. Tiles of 32 x 32 pixels whose labels are certain keep that answer. The others are covered by rectangles,
and RK4's last two stages are evaluated on those alone. What is approximated: f's receptive field is wider than any
margin kept around a rectangle, and convolutions see zeros beyond the crop.
"""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool
from torch.nn import functional as F

from segnode.errors import ConfigError
from segnode.model.head import Head
from segnode.model.segnode import SegNode
from segnode.ode import TABLEAUS, weighted_sum
from segnode.types import ImageBatch, Logits, State

#: Tiles that a further rectangle must save: on a CPU, a call of f on a small crop costs about that much more.
OVERHEAD = 12
#: First and last row, first and last column of tiles; the last ones lie outside.
Rectangle = tuple[int, int, int, int]


@dataclass(frozen=True)
class RegionalAnswer:
    """logits: at the picture's size. evaluations: of f, each counted by the share of the padded picture it was made on.
    area: that share, of the rectangles with their margins."""

    logits: Logits
    evaluations: float
    area: float


@torch.no_grad()
def solve_regions(model: SegNode, images: ImageBatch, doubt: float, margin: int = 1) -> RegionalAnswer:
    """Answer one picture with 2 evaluations of f, and 2 more where the labels are uncertain.

    doubt: 0 to 1; a tile goes on where the mean of 1 - confidence over its pixels is above it. margin: tiles solved
    around each rectangle and thrown away. Raises `ConfigError` for a head whose answer for a pixel needs the whole
    picture.
    """
    if not isinstance(model.head, Head):
        raise ConfigError("Regions need a linear head: one with context reads the whole picture, so nothing is saved.")
    size, tile = images.shape[-2:], 4 * 2 ** (len(model.widths) - 1)
    until, half = model.until, model.until / 2
    start = model.encode(images)
    first = model.field(0.0, start)
    second = model.field(half, _moved(start, (first,), (half,)))
    coarse = model.head(_moved(start, (second,), (until,)))
    uncertain = 1 - model.upsample(coarse, size).softmax(1).amax(1, keepdim=True)
    padding = (0, -size[1] % tile, 0, -size[0] % tile)
    mask = (F.avg_pool2d(F.pad(uncertain, padding), tile)[0, 0] > doubt).cpu().numpy()
    logits, area, scale = coarse.clone(), 0.0, tile // 4
    weights = tuple(until * weight for weight in TABLEAUS["rk4"].weights(1.0))
    for core in rectangles(mask, margin):
        top, bottom, left, right = expand(core, mask.shape, margin)
        h, k1, k2 = (_crop(state, (top, bottom, left, right), scale) for state in (start, first, second))
        k3 = model.field(half, _moved(h, (k2,), (half,)))
        k4 = model.field(until, _moved(h, (k3,), (until,)))
        fine = model.head(_moved(h, (k1, k2, k3, k4), weights))
        inner = [scale * n for n in (core[0] - top, core[1] - top, core[2] - left, core[3] - left)]
        outer = [scale * n for n in core]
        logits[..., outer[0] : outer[1], outer[2] : outer[3]] = fine[..., inner[0] : inner[1], inner[2] : inner[3]]
        area += (bottom - top) * (right - left) / mask.size
    return RegionalAnswer(model.upsample(logits, size), 2 + 2 * area, area)


def rectangles(mask: Bool[np.ndarray, "rows columns"], margin: int, overhead: int = OVERHEAD) -> list[Rectangle]:
    """Rectangles that cover all of `mask`: its bounding box, cut in two as long as that saves tiles.

    overhead: tiles that each rectangle costs beside its area, with `margin` tiles around it.
    """
    if not mask.any():
        return []
    whole = _box(mask)

    def price(part: np.ndarray) -> int:
        top, bottom, left, right = expand(_box(part), mask.shape, margin)
        return (bottom - top) * (right - left) + overhead

    least, best = price(mask), None
    for axis in (0, 1):
        for cut in range(whole[2 * axis] + 1, whole[2 * axis + 1]):
            below = np.expand_dims(np.arange(mask.shape[axis]) < cut, 1 - axis)
            parts = mask & below, mask & ~below
            if (found := sum(map(price, parts))) < least:
                least, best = found, parts
    return [whole] if best is None else [box for part in best for box in rectangles(part, margin, overhead)]


def expand(box: Rectangle, shape: tuple[int, ...], margin: int) -> Rectangle:
    """`box` with `margin` tiles around it, as far as the picture goes."""
    top, bottom, left, right = box
    return max(0, top - margin), min(shape[0], bottom + margin), max(0, left - margin), min(shape[1], right + margin)


def _box(mask: np.ndarray) -> Rectangle:
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1


def _crop(state: State, box: Rectangle, scale: int) -> State:
    """What each stream holds of `box`. scale: rows of the finest stream in a tile."""
    top, bottom, left, right = box
    sizes = [scale // 2**index for index in range(len(state))]
    return tuple(
        x[..., top * size : bottom * size, left * size : right * size] for x, size in zip(state, sizes, strict=True)
    )


def _moved(state: State, stages: tuple[State, ...], weights: tuple[float, ...]) -> State:
    return tuple(weighted_sum(x, [stage[index] for stage in stages], weights) for index, x in enumerate(state))
