"""The formula of a network's peak memory, found from the bytes alive after each operation.

A network does the same operations at any batch and size, so two runs tell of each moment what is fixed and what a pixel
adds, and a third what rounding up in coarse streams adds, where the network does not pad the picture instead. Steps of
a fixed grid repeat each other after the first or the second, so two numbers of them tell what each adds.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from segnode.analysis import cost
from segnode.analysis.formula import Area, Formula, Moment
from segnode.analysis.memory import LiveBytes
from segnode.model.network import Network

#: Bytes alive after each operation, at a batch and a size (rows, columns).
Record = Callable[[int, tuple[int, int]], np.ndarray]
#: What is done with a network, a batch and a size: `cost.train` or `cost.answer`.
Use = Callable[[Network, int, tuple[int, int]], None]
#: Pixels in a batch, from a thumbnail to a thousand large pictures, at each of which the dearest moment is looked for.
_PIXELS = 2.0 ** np.arange(10, 33, 0.5)
#: Moments nearer than this are one: bytes, and bytes a pixel.
_SAME, _SAME_A_PIXEL = 1000.0, 0.01


@dataclass(frozen=True)
class Points:
    """Where a network is recorded: two batches of a size whose sides are a multiple of 32, and one of a size whose
    sides are a multiple of 4 only."""

    batches: tuple[int, int]
    size: tuple[int, int]
    rough_batch: int
    rough: tuple[int, int] = (36, 36)


#: For fake tensors, which cost nothing, and for real ones.
FAKE = Points((4, 24), (384, 512), 40)
REAL = Points((1, 2), (64, 96), 8)


class Timeline(LiveBytes):
    """Keeps the bytes alive after each operation."""

    def __init__(self) -> None:
        super().__init__()
        self.after: list[int] = []

    def __torch_dispatch__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        out = super().__torch_dispatch__(func, types, args, kwargs)
        self.after.append(self.live)
        return out


def rehearsed(build: cost.Build, use: Use) -> Record:
    """A record by fake tensors."""

    def record(batch: int, size: tuple[int, int]) -> np.ndarray:
        with cost.rehearsal(build, Timeline()) as (network, timeline):
            use(network, batch, size)
        return np.array(timeline.after, float)

    return record


def run(build: cost.Build, use: Use) -> Record:
    """A record by real tensors, for what looks at values: torchdiffeq's adjoint."""

    def record(batch: int, size: tuple[int, int]) -> np.ndarray:
        with Timeline() as timeline:
            use(build(), batch, size)
        return np.array(timeline.after, float)

    return record


def dearest(record: Record, points: Points, multiple: int = 4) -> tuple[Moment, ...]:
    """The moments that are the peak for some number of pixels, the one of fewest pixels first. multiple: the network
    pads pictures to multiples of it; padded to its coarsest stream, nothing is left to be rounded up."""
    few, many = (record(batch, points.size) for batch in points.batches)
    area = Area.of(points.size, multiple)
    low, high = (batch * area.pixels for batch in points.batches)
    pixel = (many - few) / (high - low)
    fixed = few - low * pixel
    # Equal to a small rounding, so that what is one moment is not told apart by the noise of the division.
    pixel, fixed = _rounded(pixel, _SAME_A_PIXEL), _rounded(fixed, _SAME)
    found = dict.fromkeys(int(np.argmax(fixed + pixels * pixel)) for pixels in _PIXELS)
    rough_area = Area.of(points.rough, multiple)
    if not rough_area.excess:
        return tuple(Moment(float(fixed[i]), float(pixel[i]), 0.0) for i in found)
    rough = record(points.rough_batch, points.rough)
    each = rough / points.rough_batch - fixed / points.rough_batch - rough_area.pixels * pixel
    return tuple(Moment(float(fixed[i]), float(pixel[i]), float(each[i] / rough_area.excess)) for i in found)


def formula(record_of: Callable[[int], Record], points: Points, few: int | None, multiple: int = 4) -> Formula:
    """Fitted to the first numbers of solver steps. record_of: a record, for a number of steps.

    few: how many steps are unlike the rest: in training one, in testing, where a step's stages are held until the next
    is done, two. None: steps do not matter at all. multiple: as `dearest` takes it.
    """
    if few is None:
        return Formula((dearest(record_of(1), points, multiple),), multiple=multiple)
    *unlike, many, more = (dearest(record_of(steps), points, multiple) for steps in range(1, few + 3))
    return Formula(tuple(unlike), many, _between(many, more), multiple)


def _between(many: Sequence[Moment], more: Sequence[Moment]) -> tuple[Moment, ...]:
    assert len(many) == len(more), "The dearest moments are others with a step more: `few` is too small."
    return tuple(
        Moment(after.fixed - before.fixed, after.pixel - before.pixel, after.excess - before.excess)
        for before, after in zip(many, more, strict=True)
    )


def _rounded(numbers: np.ndarray, unit: float) -> np.ndarray:
    return np.round(numbers / unit) * unit
