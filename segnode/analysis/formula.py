"""Peak memory as a formula of batch, size and steps: what a calculator needs where no network can be built.

Bytes alive at one moment are a straight line over the batch. The peak is the dearest of all moments, and which one that
is changes: with few pixels the optimizer's step, with many a forward or backward pass. So a formula keeps several.
"""

from dataclasses import dataclass
from typing import Any

from segnode.errors import ConfigError

#: Streams of every network that has a formula; each has twice the channels and half the rows of the one before.
_STREAMS = 4


@dataclass(frozen=True)
class Line:
    """Peak bytes as a function of the batch: `fixed` whatever it is, `each` for every picture."""

    fixed: float
    each: float

    @classmethod
    def through(cls, batches: tuple[int, int], peaks: tuple[int, int]) -> "Line":
        """The line through two points. Raises `ConfigError` for two batches that are the same."""
        if batches[0] == batches[1]:
            raise ConfigError(f"Two different batches make a line, not {batches[0]} twice: choose another.")
        each = (peaks[1] - peaks[0]) / (batches[1] - batches[0])
        return cls(peaks[0] - batches[0] * each, each)

    def at(self, batch: int) -> float:
        """Bytes at this batch size."""
        return self.fixed + batch * self.each

    def largest(self, limit: float) -> int:
        """The largest batch whose peak stays within `limit` bytes; 0 where none does."""
        return max(0, int((limit - self.fixed) // self.each))


@dataclass(frozen=True)
class Moment:
    """Bytes alive at one moment.

    fixed: whatever the batch, such as parameters. pixel: for each pixel of `Area.pixels`. excess: for each of
    `Area.excess`.
    """

    fixed: float
    pixel: float
    excess: float

    def line(self, area: "Area") -> Line:
        """Over the batch, for pictures of this area."""
        return Line(self.fixed, area.pixels * self.pixel + area.excess * self.excess)


@dataclass(frozen=True)
class Area:
    """What one picture takes in a network of four streams, in pixels.

    pixels: of the picture, its sides a multiple of 4, or of what the network pads it to. excess: what rounding rows and
    columns up adds in the coarser streams; none where both sides are a multiple of 32.
    """

    pixels: float
    excess: float

    @classmethod
    def of(cls, size: tuple[int, int], multiple: int = 4) -> "Area":
        """size: rows and columns of the picture. multiple: of which the network makes them one, at least 4."""
        rows, columns = (-(-length // multiple) * (multiple // 4) for length in size)
        pixels = 16.0 * rows * columns
        held = whole = 0.0
        for stream in range(_STREAMS):
            held += 2**stream * rows * columns
            whole += 2.0**-stream
            rows, columns = -(-rows // 2), -(-columns // 2)
        return cls(pixels, 16 * held / whole - pixels)


@dataclass(frozen=True)
class Formula:
    """Peak bytes: the dearest of a few moments.

    few: at one solver step, which is the first and the last at once, and at as many more as are unlike the rest; of a
    network that takes no steps, the only ones. many: at one step more. step: what each step beyond adds to them.
    multiple: the network pads rows and columns of a picture to multiples of it.
    """

    few: tuple[tuple[Moment, ...], ...]
    many: tuple[Moment, ...] = ()
    step: tuple[Moment, ...] = ()
    multiple: int = 4

    @classmethod
    def from_dict(cls, held: dict[str, Any]) -> "Formula":
        """The formula that was written as JSON. Raises `KeyError`, `TypeError` or `ValueError` where it is none."""

        def moments(part: list[dict[str, Any]]) -> tuple[Moment, ...]:
            return tuple(Moment(*(float(moment[name]) for name in ("fixed", "pixel", "excess"))) for moment in part)

        return cls(
            tuple(moments(part) for part in held["few"]),
            moments(held["many"]),
            moments(held["step"]),
            int(held["multiple"]),
        )

    def lines(self, size: tuple[int, int], steps: int) -> tuple[Line, ...]:
        """Of each moment over the batch, for pictures of `size` (rows, columns) solved in `steps`."""
        area = Area.of(size, self.multiple)
        more = steps - len(self.few) - 1
        if more < 0 or not self.many:
            return tuple(moment.line(area) for moment in self.few[steps - 1 if self.many else 0])
        pairs = ((moment.line(area), step.line(area)) for moment, step in zip(self.many, self.step, strict=True))
        return tuple(Line(line.fixed + more * step.fixed, line.each + more * step.each) for line, step in pairs)

    def at(self, batch: int, size: tuple[int, int], steps: int) -> float:
        """Bytes for `batch` pictures of `size` (rows, columns), solved in `steps`."""
        return max(line.at(batch) for line in self.lines(size, steps))

    def largest(self, limit: float, size: tuple[int, int], steps: int) -> int:
        """The largest batch whose peak stays within `limit` bytes; 0 where none does."""
        return min(line.largest(limit) for line in self.lines(size, steps))
