"""The order of training: by weight, without gaps, the same again from any position."""

import time
from collections import Counter
from itertools import islice

import numpy as np
import pytest
import torch

from segnode.data.augment import Augment
from segnode.data.batches import Cached, Mix, batches
from segnode.data.classes import CAMVID
from segnode.data.crops import ClassificationAugment
from segnode.errors import ConfigError, DataError
from tests.data.layouts import picture


class Numbered:
    """Pictures whose labels are all their own number."""

    classes = CAMVID

    def __init__(self, length):
        self.length, self.read = length, Counter()

    def __len__(self):
        return self.length

    def name(self, index):
        return f"number {index}"

    def __getitem__(self, index):
        self.read[index] += 1
        if index == 6:
            raise DataError("Number 6 is damaged: copy it again.")
        return picture(index), np.full((18, 24), index, np.uint8)


def test_draws_by_weight():
    mix = Mix([Numbered(5), Numbered(3)], [3.0, 1.0], seed=0)
    drawn = Counter(mix.draw(position)[0] for position in range(6000))
    assert 0.72 < drawn[0] / 6000 < 0.78


def test_shows_every_picture_before_any_again():
    mix = Mix([Numbered(50), Numbered(7)], [1.0, 1.0], seed=3)
    drawn = [mix.draw(position) for position in range(6000)]  # Over more than one block of draws.
    for which, length in ((0, 50), (1, 7)):
        items = [item for dataset, item in drawn if dataset == which]
        epochs = [items[i : i + length] for i in range(0, len(items) - length, length)]
        assert all(sorted(epoch) == list(range(length)) for epoch in epochs)
        assert len({tuple(epoch) for epoch in epochs}) > len(epochs) // 2


def test_order_is_a_function_of_seed_and_position():
    positions = [9000, 5, 4096, 0, 4095, 9000]

    def mix(seed):
        return Mix([Numbered(50), Numbered(7)], [1.0, 2.0], seed)

    fresh = [mix(1).draw(position) for position in positions]
    used = mix(1)
    assert [used.draw(position) for position in positions] == fresh
    other = mix(2)
    assert [other.draw(position) for position in range(50)] != [used.draw(position) for position in range(50)]


def test_draws_from_a_set_too_long_to_shuffle():
    mix = Mix([Numbered(10**12)], [1.0], seed=0)
    items = {mix.draw(position)[1] for position in range(100)}
    assert len(items) == 100
    assert max(items) > 10**11


def test_batches_go_on_exactly_where_they_stopped():
    def run(position, count):
        mix = Mix([Numbered(6), Numbered(4)], [1.0, 1.0], seed=5)
        return list(islice(batches(mix, Augment((16, 20)), 3, position), count))

    whole, rest = run(0, 6), run(4, 2)
    for (images, labels), (images_again, labels_again) in zip(whole[4:], rest, strict=True):
        assert torch.equal(images, images_again)
        assert torch.equal(labels, labels_again)
    assert not torch.equal(whole[0][0], whole[1][0])
    assert whole[0][0].shape == (3, 3, 16, 20)


@pytest.mark.parametrize("ranks", [2, 3, 6])
def test_processes_share_the_batch_of_one(ranks):
    def run(**share):
        mix = Mix([Numbered(6), Numbered(4)], [1.0, 1.0], seed=5)
        stream = batches(mix, Augment((33, 21), jitter=1.0), 6, 2, **share)
        return mix, list(islice(stream, 4))

    whole_mix, whole = run()
    shares = [run(rank=rank, ranks=ranks) for rank in range(ranks)]
    for number, (images, labels) in enumerate(whole):
        assert torch.equal(torch.cat([share[number][0] for _, share in shares]), images)
        assert torch.equal(torch.cat([share[number][1] for _, share in shares]), labels)

    def read(mix):
        return sum(mix.datasets[which].read.total() for which in range(2))

    # Five batches: the one being prepared counts too.
    assert [read(mix) for mix, _ in shares] == [read(whole_mix) // ranks] * ranks == [30 // ranks] * ranks


def test_a_picture_is_changed_again_each_time():
    def drawn(seed):
        mix = Mix([Numbered(1)], [1.0], seed)
        return torch.cat([images for images, _ in islice(batches(mix, Augment((16, 20)), 4), 3)])

    crops = torch.cat([drawn(0), drawn(1)])
    assert len({crop.numpy().tobytes() for crop in crops}) == len(crops)


def test_threads_keep_the_order():
    class Slow(Numbered):
        def __getitem__(self, index):
            time.sleep(0.02 * (index % 3))
            return super().__getitem__(index)

    def run(workers):
        mix = Mix([Cached(Slow(6))], [1.0], seed=1)
        return list(islice(batches(mix, Augment((16, 20)), 2, workers=workers), 9))

    for one, several in zip(run(1), run(4), strict=True):
        assert torch.equal(one[0], several[0])
        assert torch.equal(one[1], several[1])


def test_hands_left_and_right_to_the_changes():
    class Sided(Numbered):
        swaps = ((3, 4),)

        def __getitem__(self, index):
            return picture(index), np.full((18, 24), 3, np.uint8)

    still = Augment((18, 24), scale=(1.0, 1.0), jitter=0.0, aspect=0.0)
    _, labels = next(batches(Mix([Cached(Sided(5))], [1.0], seed=0), still, 40))
    assert set(labels.unique().tolist()) == {3, 4}
    _, labels = next(batches(Mix([Cached(Numbered(5))], [1.0], seed=0), still, 40))
    assert set(labels.unique().tolist()) <= set(range(5))


def test_pictures_of_one_class_make_batches_too():
    class Kinds(Numbered):
        def __getitem__(self, index):
            return picture(index), index

    def run(**share):
        mix = Mix([Kinds(5)], [1.0], seed=2)
        return mix, next(batches(mix, ClassificationAugment((20, 16)), 4, 3, **share))

    mix, (images, classes) = run()
    assert images.shape == (4, 3, 20, 16)
    assert classes.flatten().tolist() == [mix.draw(place)[1] for place in range(12, 16)]
    shares = [run(rank=rank, ranks=2)[1] for rank in range(2)]
    assert torch.equal(torch.cat([images for images, _ in shares]), images)
    assert torch.equal(torch.cat([classes for _, classes in shares]), classes)


def test_what_goes_wrong_in_the_thread_is_told():
    stream = batches(Mix([Numbered(7)], [1.0], seed=0), Augment((16, 16)), 4)
    with pytest.raises(DataError, match=r"^Number 6 is damaged: copy it again\.$"):
        list(islice(stream, 3))


def test_cached_reads_once_while_there_is_room():
    numbered = Numbered(4)
    each = 18 * 24 * 4
    cached = Cached(numbered, max_gib=2.5 * each / 2**30)
    for _ in range(3):
        for index in range(4):
            np.testing.assert_array_equal(cached[index][0], picture(index))
    assert numbered.read == {0: 1, 1: 1, 2: 3, 3: 3}
    assert (len(cached), cached.name(2), cached.classes) == (4, "number 2", CAMVID)


def test_says_what_is_wrong():
    with pytest.raises(ConfigError, match="1 data sets came with 2 weights"):
        Mix([Numbered(1)], [1.0, 1.0], seed=0)
    with pytest.raises(ConfigError, match="Weights must be above 0"):
        Mix([Numbered(1)], [0.0], seed=0)
    with pytest.raises(DataError, match="Data set number 2 of the mix has no pictures"):
        Mix([Numbered(1), Numbered(0)], [1.0, 1.0], seed=0)
    mix = Mix([Numbered(1)], [1.0], seed=0)
    with pytest.raises(ConfigError, match="seed must be a whole number from 0, not -1"):
        Mix([Numbered(1)], [1.0], seed=-1)
    with pytest.raises(ConfigError, match="position must be a whole number from 0, not -2"):
        batches(mix, Augment((8, 8)), 2, position=-2)
    with pytest.raises(ConfigError, match="at least one picture, not 0"):
        batches(mix, Augment((8, 8)), 0)
    with pytest.raises(ConfigError, match="4 processes cannot share a batch of 6 pictures equally"):
        batches(mix, Augment((8, 8)), 6, ranks=4)
    for rank, ranks in ((2, 2), (-1, 2), (0, 0)):
        with pytest.raises(ConfigError, match=f"no process {rank} of {ranks}"):
            batches(mix, Augment((8, 8)), 6, rank=rank, ranks=ranks)
    with pytest.raises(ConfigError, match="At least one thread must prepare batches, not 0"):
        batches(mix, Augment((8, 8)), 6, workers=0)
