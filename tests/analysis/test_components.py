"""Connected regions against a flood fill, and thickness against squares tried one by one."""

import numpy as np
import pytest

from segnode.analysis.components import components, thickness


def flooded(labels: np.ndarray) -> np.ndarray:
    """Regions in the order of their first pixel, by visiting neighbours one at a time."""
    found = np.full(labels.shape, -1)
    for start in np.ndindex(labels.shape):
        if found[start] >= 0:
            continue
        number, waiting = found.max() + 1, [start]
        while waiting:
            i, j = waiting.pop()
            if 0 <= i < len(labels) and 0 <= j < labels.shape[1] and found[i, j] < 0 and labels[i, j] == labels[start]:
                found[i, j] = number
                waiting += [(i + 1, j), (i - 1, j), (i, j + 1), (i, j - 1)]
    return found


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("classes", [1, 2, 5])
def test_components_are_those_of_a_flood_fill(seed: int, classes: int) -> None:
    labels = np.random.default_rng(seed).integers(0, classes, (23, 31), dtype=np.uint8)
    assert np.array_equal(components(labels), flooded(labels))


def test_a_spiral_is_one_region() -> None:
    spiral = np.array([[1, 1, 1, 1, 1], [0, 0, 0, 0, 1], [1, 1, 1, 0, 1], [1, 0, 0, 0, 1], [1, 1, 1, 1, 1]], np.uint8)
    assert components(spiral).max() == 1


def test_thickness_is_the_side_of_the_largest_square_within() -> None:
    labels = np.random.default_rng(0).integers(0, 2, (6, 8), dtype=np.uint8).repeat(4, 0).repeat(4, 1)
    labels[9] = 2
    regions, found = flooded(labels), thickness(labels, most=7)
    for region in range(regions.max() + 1):
        mask = regions == region
        windows = {
            side: np.lib.stride_tricks.sliding_window_view(mask, (side, side)).all((2, 3)).any()
            for side in (1, 3, 5, 7)
        }
        assert set(found[mask].tolist()) == {max(side for side, fits in windows.items() if fits)}
