"""Endless training batches, each a pure function of (seed, position), prepared one ahead.

So a run that stops and resumes sees exactly the batches it would have seen, and no generator has to be saved.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

import numpy as np
import torch

from segnode.data.augment import Augment
from segnode.data.classes import ClassSet
from segnode.data.images import Dataset
from segnode.errors import ConfigError, DataError
from segnode.types import ImageArray, ImageBatch, LabelArray, LabelBatch

# Draws whose data sets are decided together.
_BLOCK = 4096
# Longer data sets (of generated pictures) are drawn from blindly: shuffling them would cost more than they are used.
_LONGEST_SHUFFLED = 1 << 20
# First word of every generator's seed: independent streams of chance.
_WHICH_SET, _WHICH_ITEM, _CHANGES = 0, 1, 2


class Cached:
    """A data set that keeps what it has read, up to `max_gib` GiB; the rest is read again each time.

    Everyone is given the same arrays: copy before writing into them.
    """

    def __init__(self, dataset: Dataset, max_gib: float = 3.0) -> None:
        self.dataset = dataset
        self.classes: ClassSet = dataset.classes
        self._room = int(max_gib * 2**30)
        self._kept: dict[int, tuple[ImageArray, LabelArray]] = {}

    def __len__(self) -> int:
        return len(self.dataset)

    def name(self, index: int) -> str:
        """The name in the data set underneath."""
        return self.dataset.name(index)

    def __getitem__(self, index: int) -> tuple[ImageArray, LabelArray]:
        if index in self._kept:
            return self._kept[index]
        image, labels = self.dataset[index]
        if image.nbytes + labels.nbytes <= self._room:
            self._room -= image.nbytes + labels.nbytes
            self._kept[index] = image, labels
        return image, labels


class Mix:
    """An endless shuffled order over several data sets, drawn by weight.

    A draw falls on a data set by chance, then on the next picture of that set's own shuffled order, which is shuffled
    anew when it is through: none of its pictures comes twice before each has come once. Seed and position alone decide.
    Raises `ConfigError` for weights that fit no choice, `DataError` for an empty data set.
    """

    def __init__(self, datasets: Sequence[Dataset], weights: Sequence[float], seed: int) -> None:
        if not datasets or len(weights) != len(datasets):
            raise ConfigError(f"{len(datasets)} data sets came with {len(weights)} weights: give one for each.")
        if not all(0 < weight < float("inf") for weight in weights):
            raise ConfigError(f"Weights must be above 0, not {list(weights)!r}: drop a data set to leave it out.")
        for number, dataset in enumerate(datasets, start=1):
            if len(dataset) == 0:
                raise DataError(f"Data set number {number} of the mix has no pictures: drop it.")
        self.datasets = list(datasets)
        self.weights = np.array(weights, dtype=np.float64) / sum(weights)
        self.seed = _natural("seed", seed)
        #: How often each data set was drawn before each block, as far as it was needed.
        self._before = [np.zeros(len(datasets), dtype=np.int64)]
        self._chosen = lru_cache(maxsize=4)(self._choose)
        self._order = lru_cache(maxsize=2 * len(datasets))(self._shuffle)

    def draw(self, position: int) -> tuple[int, int]:
        """Which data set, and which of its pictures, draw number `position` is."""
        block, offset = divmod(position, _BLOCK)
        while len(self._before) <= block:
            drawn = np.bincount(self._chosen(len(self._before) - 1), minlength=len(self.datasets))
            self._before.append(self._before[-1] + drawn)
        chosen = self._chosen(block)
        which = int(chosen[offset])
        rank = int(self._before[block][which]) + int(np.count_nonzero(chosen[:offset] == which))
        length = len(self.datasets[which])
        if length > _LONGEST_SHUFFLED:
            return which, int(np.random.default_rng([_WHICH_ITEM, self.seed, which, rank]).integers(length))
        epoch, place = divmod(rank, length)
        return which, int(self._order(which, epoch)[place])

    def _choose(self, block: int) -> np.ndarray:
        """Data sets of `_BLOCK` draws in a row."""
        chance = np.random.default_rng([_WHICH_SET, self.seed, block])
        return chance.choice(len(self.datasets), size=_BLOCK, p=self.weights)

    def _shuffle(self, which: int, epoch: int) -> np.ndarray:
        """Pictures of a data set in the order of its `epoch`-th round."""
        return np.random.default_rng([_WHICH_ITEM, self.seed, which, epoch]).permutation(len(self.datasets[which]))


def batches(mix: Mix, augment: Augment, batch_size: int, position: int = 0) -> Iterator[tuple[ImageBatch, LabelBatch]]:
    """Endless batches of changed pictures, from batch number `position` on.

    One batch is prepared ahead in one thread: decoding, numpy and torch let go of the interpreter, and a thread shares
    the cache with the rest, which a worker process cannot. Raises `ConfigError` for numbers out of range, and whatever
    reading a picture raises.
    """
    if batch_size < 1:
        raise ConfigError(f"A batch holds at least one picture, not {batch_size!r}.")
    return _ahead(mix, augment, batch_size, _natural("position", position))


def _ahead(mix: Mix, augment: Augment, batch_size: int, position: int) -> Iterator[tuple[ImageBatch, LabelBatch]]:
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="batches") as pool:
        coming = pool.submit(_batch, mix, augment, batch_size, position)
        while True:
            batch = coming.result()
            position += 1
            coming = pool.submit(_batch, mix, augment, batch_size, position)
            yield batch


def _batch(mix: Mix, augment: Augment, batch_size: int, position: int) -> tuple[ImageBatch, LabelBatch]:
    drawn = [mix.draw(position * batch_size + i) for i in range(batch_size)]
    images, labels = zip(*(mix.datasets[which][item] for which, item in drawn), strict=True)
    word = np.random.SeedSequence([_CHANGES, mix.seed, position]).generate_state(1, np.uint64)[0]
    return augment(images, labels, torch.Generator().manual_seed(int(word >> 1)))


def _natural(what: str, value: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ConfigError(f"The {what} must be a whole number from 0, not {value!r}.")
    return value
