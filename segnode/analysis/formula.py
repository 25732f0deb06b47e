"""Peak memory as a formula of batch, size and steps: what a calculator needs where no network can be built."""

from dataclasses import dataclass

from segnode.errors import ConfigError


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
class Formula:
    """Peak bytes: fixed + batch * pixels * (pixel + steps * step).

    fixed: whatever the batch, such as parameters. pixel: a picture's pixel. step: a pixel and solver step.
    """

    fixed: float
    pixel: float
    step: float

    def line(self, size: tuple[int, int], steps: int) -> Line:
        """Over the batch, for pictures of `size` (rows, columns) solved in `steps`."""
        return Line(self.fixed, size[0] * size[1] * (self.pixel + steps * self.step))

    def at(self, batch: int, size: tuple[int, int], steps: int) -> float:
        """Bytes for `batch` pictures of `size`, solved in `steps`."""
        return self.line(size, steps).at(batch)
