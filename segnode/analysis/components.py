"""Connected regions of a map of labels, and how thick they are."""

import numpy as np
from jaxtyping import Int, Integer


def components(labels: Integer[np.ndarray, "h w"]) -> Int[np.ndarray, "h w"]:
    """Numbers from 0 of the connected regions of equal labels; neighbours share a side.

    Regions are joined pair by pair to the lowest place among them, and all chains of places are halved until none
    is left. Source: Shiloach and Vishkin, An O(log n) parallel connectivity algorithm, 1982.
    """
    places = np.arange(labels.size).reshape(labels.shape)
    beside, below = labels[:, 1:] == labels[:, :-1], labels[1:] == labels[:-1]
    one = np.concatenate([places[:, :-1][beside], places[:-1][below]])
    other = np.concatenate([places[:, 1:][beside], places[1:][below]])
    root = places.ravel().copy()
    while one.size:
        low, high = np.minimum(root[one], root[other]), np.maximum(root[one], root[other])
        apart = low != high
        one, other = one[apart], other[apart]
        np.minimum.at(root, high[apart], low[apart])
        while not np.array_equal(root, jumped := root[root]):
            root = jumped
    return np.unique(root, return_inverse=True)[1].reshape(labels.shape)


def thickness(labels: Integer[np.ndarray, "h w"], most: int = 25) -> Int[np.ndarray, "h w"]:
    """Side of the largest square that fits into each pixel's region, in pixels, odd: 1, 3, ... up to `most`.

    Beyond the border of the map nothing belongs to a region.
    """
    regions = components(labels)
    inside = np.ones(labels.shape, bool)
    side = np.ones(int(regions.max()) + 1, int)
    for reach in range(1, most // 2 + 1):
        inside = _eroded(inside, labels)
        if not inside.any():
            break
        side[np.unique(regions[inside])] = 2 * reach + 1
    return side[regions]


def _eroded(inside: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Pixels whose eight neighbours have their label and are `inside` as well."""
    rows, columns = labels.shape
    around_labels, around = np.pad(labels.astype(int), 1, constant_values=-1), np.pad(inside, 1)
    kept = inside.copy()
    for i in range(3):
        for j in range(3):
            window = (slice(i, i + rows), slice(j, j + columns))
            kept &= around[window] & (around_labels[window] == labels)
    return kept
