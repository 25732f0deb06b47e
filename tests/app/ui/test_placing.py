"""Names keep apart, in order and within bounds."""

import itertools

import pytest

from app.ui.placing import spread


@pytest.mark.parametrize("gap", [1.0, 4.0, 30.0])
def test_spread_keeps_order_gap_and_bounds(gap: float) -> None:
    for places in itertools.product([0.0, 3.0, 9.5, 10.0], repeat=3):
        moved = spread(places, gap, 0.0, 10.0)
        ordered = sorted(moved)
        assert all(b - a >= min(gap, 5.0) - 1e-9 for a, b in itertools.pairwise(ordered))
        assert -1e-9 <= ordered[0] <= ordered[-1] <= 10 + 1e-9
        assert all(moved[i] < moved[j] for i, j in itertools.permutations(range(3), 2) if places[i] < places[j])


def test_spread_leaves_alone_what_is_apart() -> None:
    assert spread([8.0, 1.0, 4.0], 2.0, 0.0, 10.0) == [8.0, 1.0, 4.0]
    assert spread([5.0], 2.0, 0.0, 10.0) == [5.0]
    assert spread([], 2.0, 0.0, 10.0) == []
