"""Crowns of leaves: many ragged clumps in four tones, from the shaded ones behind to the bright ones before."""

import math
from functools import lru_cache

import numpy as np

from segnode.streets.class_ids import TREE
from segnode.streets.paint.canvas import Canvas
from segnode.streets.paint.colours import Colour
from segnode.streets.random_draws import RandomDraws

#: For crowns of growing size: radius in canvas units up to which it holds, clumps, and a clump's share of the radius.
STEPS = ((12, 6, 0.6), (40, 18, 0.4), (90, 52, 0.27), (170, 110, 0.19), (1e9, 190, 0.145))
#: For each tone: the share of the clumps that have it, and how far from the middle they reach.
LAYERS = ((0.75, 1.0), (0.66, 0.9), (0.55, 0.74), (0.38, 0.56))


@lru_cache(maxsize=2)
def outlines(corners: int) -> np.ndarray:
    """Return 32 outlines of leaf clumps around the origin, radius about 1, ragged: float64 32 corners 2."""
    draws = RandomDraws.seeded(11, 3)
    turn = draws.array(32)[:, None] * math.tau + np.arange(corners) / corners * math.tau
    out = np.arange(corners) % 2 == 1
    radius = np.where(out, 0.94, 0.7) + np.where(out, 0.26, 0.22) * draws.array(32 * corners).reshape(32, corners)
    return np.stack([radius * np.cos(turn), radius * np.sin(turn)], axis=-1)


@lru_cache(maxsize=64)
def _layers(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the tone and the reach of each of a crown's clumps, in the order of painting."""
    tone = np.concatenate([np.full(int(count * share), layer) for layer, (share, _) in enumerate(LAYERS)])
    return tone, np.array([reach for _, reach in LAYERS])[tone]


def paint_crown(
    canvas: Canvas,
    place: tuple[float, float],
    radii: tuple[float, float],
    tones: tuple[Colour, ...],
    toward_sun: tuple[float, float],
    draws: RandomDraws,
    taper: float = 0.0,
    crowd: float = 1.0,
) -> None:
    """Paint a crown around a place, canvas pixels.

    `taper`: 0 round, 1 pointed at the top. `crowd`: 1 usual, below it fewer clumps.
    """
    (x, y), (rx, ry) = place, radii
    if x + 1.3 * rx < 0 or x - 1.3 * rx > canvas.width:
        return
    size = rx / canvas.unit
    _, count, grain = next(step for step in STEPS if size <= step[0])
    tone, reach = _layers(max(5, int(count * crowd)))
    throws = draws.array(5 * len(tone)).reshape(5, -1)
    angle, radius = throws[0] * math.tau, throws[1] ** 0.45 * (1 - grain * 0.6) * reach
    across, down = np.cos(angle) * radius, np.sin(angle) * radius
    across *= 1.0 - taper * (0.5 - 0.5 * down)
    wide = grain * (0.75 + 0.45 * throws[2]) * (1.0 - 0.16 * tone)
    middle_x = x + (across + 0.16 * tone * toward_sun[0]) * rx
    middle_y = y + (down - (0.07 + 0.13 * toward_sun[1]) * tone) * ry
    shapes = outlines(11 if grain * size > 7 else 7)[(throws[3] * 32).astype(np.intp)].copy()
    shapes[..., 0] = shapes[..., 0] * (wide * rx)[:, None] + middle_x[:, None]
    shapes[..., 1] = shapes[..., 1] * (wide * min(ry, rx * 1.25))[:, None] + middle_y[:, None]
    colours = np.array(tones)[tone] * (0.94 + 0.12 * throws[4])[:, None]
    canvas.disc(x, y, rx * 0.72 * (1 - 0.4 * taper), ry * 0.76, tones[0], TREE)
    inks = np.full((len(tone), 4), TREE)
    inks[:, :3] = np.clip(colours, 0, 255)
    canvas.stamp(shapes.reshape(len(tone), -1).tolist(), map(tuple, inks.tolist()))
