"""Tileable noise, made once in a process."""

from functools import lru_cache

import numpy as np

#: Pixels a side of every tile; a power of two, so that wrapping an index is a mask.
TILE = 256


@lru_cache(maxsize=16)
def tile(octaves: tuple[int, ...], seed: int) -> np.ndarray:
    """Return float32 TILE TILE noise with mean 0 and deviation 1, the sum of bumps `TILE / octave` pixels wide."""
    rng = np.random.default_rng([7, seed])
    total = np.zeros((TILE, TILE), np.float32)
    for octave in octaves:
        total += _smooth(rng.standard_normal((octave, octave)).astype(np.float32)) / octave**0.6
    total -= total.mean()
    return total / total.std()


def _smooth(grid: np.ndarray) -> np.ndarray:
    """Return the grid enlarged to a tile by smoothstep interpolation, wrapping around."""
    cells = grid.shape[0]
    place = np.arange(TILE, dtype=np.float32) * cells / TILE
    low = place.astype(np.int64)
    part = place - low
    part = part * part * (3 - 2 * part)
    rows = grid[low] * (1 - part)[:, None] + grid[(low + 1) % cells] * part[:, None]
    return rows[:, low] * (1 - part) + rows[:, (low + 1) % cells] * part


def sample(noise: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the noise at places in tile pixels, wrapped; `x`, `y`: arrays of one shape, or a row and a column."""
    if x.shape[0] == 1 and y.shape[1] == 1:
        return noise[y[:, 0].astype(np.int32) & (TILE - 1)][:, x[0].astype(np.int32) & (TILE - 1)]
    return noise[y.astype(np.int32) & (TILE - 1), x.astype(np.int32) & (TILE - 1)]
