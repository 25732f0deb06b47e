from collections.abc import Callable

import pytest

from segnode.analysis.cost import Build, fitted
from segnode.analysis.formula import Formula


def test_finds_the_three_numbers() -> None:
    known = Formula(fixed=1000.0, pixel=7.0, step=2.0)

    def build(steps: int) -> Build:
        def network() -> None:
            return None

        network.steps = steps
        return network

    def peak(build: Callable[[], object], batch: int, size: tuple[int, int]) -> int:
        return int(known.at(batch, size, build.steps))

    found = fitted(build, peak)
    assert (found.fixed, found.pixel, found.step) == pytest.approx((1000, 7, 2))
    assert found.at(3, (10, 20), 5) == pytest.approx(1000 + 3 * 200 * 17)


def test_without_steps_nothing_depends_on_them() -> None:
    found = fitted(lambda steps: lambda: None, lambda build, batch, size: 50 + batch * size[0] * size[1], stepped=False)
    assert (found.fixed, found.pixel, found.step) == pytest.approx((50, 1, 0))
