"""Seeded random numbers that are quick to draw one at a time."""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

T = TypeVar("T")

#: Numbers drawn at once; a prime, so that children started anywhere do not fall into step.
BLOCK = 8191


class RandomDraws:
    """Uniform numbers from one block drawn up front, taken in order, and children that start elsewhere in it.

    A child belongs to one object of the scene, so that skipping an object's details never moves another object.
    """

    def __init__(self, block: np.ndarray, values: list[float], start: int = 0) -> None:
        # The same numbers twice: a list is quicker to take one from, an array quicker to take many.
        self._block, self._values = block, values
        self._next = start

    @classmethod
    def seeded(cls, *entropy: int) -> "RandomDraws":
        """Return draws for these seeds; equal seeds give equal numbers in any process."""
        block = np.random.default_rng(entropy).random(BLOCK)
        return cls(block, block.tolist())

    def child(self) -> "RandomDraws":
        return RandomDraws(self._block, self._values, int(self.unit() * BLOCK))

    def unit(self) -> float:
        """Return a number in [0, 1)."""
        index = self._next
        self._next = (index + 1) % BLOCK
        return self._values[index]

    def array(self, count: int) -> np.ndarray:
        """Return the next `count` numbers in [0, 1), float64."""
        places = np.arange(self._next, self._next + count)
        self._next = (self._next + count) % BLOCK
        return self._block.take(places, mode="wrap")

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self.unit()

    def integer(self, low: int, high: int) -> int:
        """Return an integer from low to high, both included."""
        return low + int((high - low + 1) * self.unit())

    def chance(self, probability: float) -> bool:
        return self.unit() < probability

    def pick(self, options: Sequence[T]) -> T:
        return options[int(self.unit() * len(options))]
