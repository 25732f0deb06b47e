"""Endless training batches, each a pure function of (seed, position), prepared ahead.

So a run that stops and resumes sees exactly the batches it would have seen, and no generator has to be saved. Within a
batch every picture is a function of (seed, place), so several processes that share a batch make what one would.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache
from itertools import count
from threading import Lock
from typing import cast

import numpy as np

from segnode.data.augment import Augment
from segnode.data.classes import ClassSet
from segnode.data.crops import ClassBatch, ClassificationAugment
from segnode.data.flips import Swaps, swaps_of
from segnode.data.imagenet import Classified
from segnode.data.images import Dataset
from segnode.data.paste import Paste
from segnode.errors import ConfigError, DataError
from segnode.types import ImageArray, ImageBatch, LabelArray, LabelBatch

#: Pictures, and their labels or, of pictures of one class each, their classes.
Batch = tuple[ImageBatch, LabelBatch] | tuple[ImageBatch, ClassBatch]

# Draws whose data sets are decided together.
_BLOCK = 4096
# Longer data sets (of generated pictures) are drawn from blindly: shuffling them would cost more than they are used.
_LONGEST_SHUFFLED = 1 << 21
# First word of every generator's seed: independent streams of chance.
_WHICH_SET, _WHICH_ITEM, _CHANGES, _PASTES = 0, 1, 2, 3


class Cached:
    """A data set that keeps what it has read, up to `max_gib` GiB; the rest is read again each time.

    Everyone is given the same arrays: copy before writing into them.
    """

    def __init__(self, dataset: Dataset, max_gib: float = 3.0) -> None:
        self.dataset = dataset
        self.classes: ClassSet = dataset.classes
        self.swaps: Swaps = swaps_of(dataset)
        self._room = int(max_gib * 2**30)
        self._lock = Lock()
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
        with self._lock:
            if index not in self._kept and image.nbytes + labels.nbytes <= self._room:
                self._room -= image.nbytes + labels.nbytes
                self._kept[index] = image, labels
        return image, labels


class Mix:
    """An endless shuffled order over several data sets, drawn by weight.

    A draw falls on a data set by chance, then on the next picture of that set's own shuffled order, which is shuffled
    again when it is through: none of its pictures comes twice before each has come once. Seed and position alone
    decide. Raises `ConfigError` for weights that fit no choice, `DataError` for an empty data set.
    """

    def __init__(self, datasets: Sequence[Dataset | Classified], weights: Sequence[float], seed: int) -> None:
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
        #: Of each data set, what changes places when a picture is mirrored.
        self.swaps = [swaps_of(dataset) for dataset in datasets]
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


def batches(
    mix: Mix,
    augment: Augment | ClassificationAugment,
    batch_size: int,
    position: int = 0,
    *,
    rank: int = 0,
    ranks: int = 1,
    workers: int = 1,
    paste: Paste | None = None,
) -> Iterator[Batch]:
    """Endless batches of changed pictures, from batch number `position` on.

    augment: one or the other, as the pictures of `mix` come with labels or with a class each. batch_size: pictures of
    all processes together. rank, ranks: which process this is, of how many; each gets its equal share, and one after
    the other the shares are, bit for bit, the batch of a process alone. workers: threads, each of which prepares one
    batch ahead; decoding, numpy and torch let go of the interpreter, and threads share the cache with the rest, which
    worker processes cannot. paste: what is put into some of the pictures out of others. Raises `ConfigError` for
    numbers out of range, and whatever reading a picture raises.
    """
    if batch_size < 1:
        raise ConfigError(f"A batch holds at least one picture, not {batch_size!r}.")
    if workers < 1:
        raise ConfigError(f"At least one thread must prepare batches, not {workers!r}.")
    if not 0 <= rank < ranks:
        raise ConfigError(f"There is no process {rank!r} of {ranks!r}: count at least one, and number them from 0.")
    if batch_size % ranks:
        raise ConfigError(
            f"{ranks} processes cannot share a batch of {batch_size} pictures equally: make it a multiple of {ranks}."
        )
    share = batch_size // ranks
    start = _natural("position", position) * batch_size + rank * share
    return _ahead(mix, augment, range(start, start + share), batch_size, workers, paste)


def _ahead(
    mix: Mix, augment: Augment | ClassificationAugment, places: range, stride: int, workers: int, paste: Paste | None
) -> Iterator[Batch]:
    """The batch of the draws at `places`, then of those `stride` further on, and so forth."""
    with ThreadPoolExecutor(max_workers=workers, thread_name_prefix="batches") as pool:

        def submit(number: int) -> Future[Batch]:
            there = range(places.start + number * stride, places.stop + number * stride)
            # Drawn here, in the one thread that asks: the others read and change only.
            return pool.submit(_batch, mix, augment, there, [mix.draw(place) for place in there], paste)

        coming = deque(submit(number) for number in range(workers))
        for number in count(workers):
            batch = coming.popleft().result()
            coming.append(submit(number))
            yield batch


def _batch(
    mix: Mix,
    augment: Augment | ClassificationAugment,
    places: Sequence[int],
    drawn: Sequence[tuple[int, int]],
    paste: Paste | None = None,
) -> Batch:
    images, truths = zip(*(mix.datasets[which][item] for which, item in drawn), strict=True)
    seeds = [_seed(mix.seed, place) for place in places]
    if isinstance(augment, ClassificationAugment):
        return augment(images, truths, seeds)
    images, labels = augment(images, truths, seeds, [mix.swaps[which] for which, _ in drawn])
    if paste is not None:
        _paste(paste, mix, augment, places, images, labels)
    return images, labels


def _paste(
    paste: Paste, mix: Mix, augment: Augment, places: Sequence[int], images: ImageBatch, labels: LabelBatch
) -> None:
    """Into some of the pictures at `places`, in place, what other pictures show."""
    for index, place in enumerate(places):
        chance = np.random.default_rng([_PASTES, mix.seed, place])
        if chance.random() >= paste.share:
            continue
        which = int(chance.choice(len(mix.datasets), p=mix.weights))
        dataset = cast(Dataset, mix.datasets[which])  # as `augment` is one of labels
        image, truth = dataset[int(chance.integers(len(dataset)))]
        donor = augment([image], [truth], [int(chance.integers(2**63))], [mix.swaps[which]])
        here = slice(index, index + 1)
        images[here], labels[here] = paste(images[here], labels[here], *donor)


def _seed(seed: int, place: int) -> int:
    """What decides the changes of the picture at `place` of all draws."""
    word = np.random.SeedSequence([_CHANGES, seed, place]).generate_state(1, np.uint64)[0]
    return int(word >> 1)


def _natural(what: str, value: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ConfigError(f"The {what} must be a whole number from 0, not {value!r}.")
    return value
