"""Peak memory as a formula of batch, size and steps: what a calculator needs where no network can be built."""

from collections.abc import Callable
from dataclasses import dataclass

from segnode.analysis.cost import SIZE, Build

#: Batches and steps the formula is fitted at.
BATCHES = (8, 24)
STEPS = (2, 4)


#: Peak live tensor bytes of a network at a batch and a size; `segnode.analysis.cost` has two.
Peak = Callable[[Build, int, tuple[int, int]], int]


@dataclass(frozen=True)
class Formula:
    """Peak bytes: fixed + batch * pixels * (pixel + steps * step).

    fixed: whatever the batch, such as parameters. pixel: a picture's pixel. step: a pixel and solver step.
    """

    fixed: float
    pixel: float
    step: float

    def at(self, batch: int, size: tuple[int, int], steps: int) -> float:
        """Bytes for `batch` pictures of `size` (rows, columns), solved in `steps`."""
        return self.fixed + batch * size[0] * size[1] * (self.pixel + steps * self.step)


def fitted(build: Callable[[int], Build], peak: Peak, stepped: bool = True) -> Formula:
    """The formula through the peaks at two batches and two numbers of steps.

    build: for a number of steps. peak: of testing or training. stepped: whether steps matter at all.
    """
    few, many = BATCHES
    pixels = SIZE[0] * SIZE[1]
    low, high = peak(build(STEPS[0]), few, SIZE), peak(build(STEPS[0]), many, SIZE)
    each = (high - low) / (many - few) / pixels
    step = 0.0
    if stepped:
        step = (peak(build(STEPS[1]), many, SIZE) - high) / (many * pixels * (STEPS[1] - STEPS[0]))
    return Formula(low - few * pixels * each, each - STEPS[0] * step, step)
