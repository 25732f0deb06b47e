"""Times that can be compared: all variants take turns, so that what slows the machine slows each of them."""

import statistics
import time
from collections.abc import Callable, Mapping
from typing import TypeVar

from tqdm import tqdm

K = TypeVar("K")


def medians(
    variants: Mapping[K, Callable[[], object]], rounds: int, settle: Callable[[], object] = lambda: None
) -> dict[K, float]:
    """Milliseconds of each variant, the median over rounds in which all take their turn; one round more to warm up.

    settle: called before a variant's time is taken, such as to wait for a GPU.
    """
    taken: dict[K, list[float]] = {name: [] for name in variants}
    for turn in tqdm(range(rounds + 1), "rounds", leave=False):
        for name, run in variants.items():
            began = time.perf_counter()
            run()
            settle()
            if turn:
                taken[name].append(1000 * (time.perf_counter() - began))
    return {name: statistics.median(values) for name, values in taken.items()}
