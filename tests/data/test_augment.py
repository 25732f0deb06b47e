"""Random crops: picture and labels move together, and a seed decides."""

import numpy as np
import pytest
import torch

from segnode.data.augment import PADDING, Augment
from segnode.errors import ConfigError, DataError
from tests.data.layouts import picture

STILL = {"jitter": 0.0, "flip": False, "scale": (1.0, 1.0), "aspect": 0.0}


def blocks(rows=96, columns=128, side=16, seed=0):
    """Labels in squares, and a picture whose every colour is its label times 20."""
    coarse = np.random.default_rng(seed).integers(0, 11, (rows // side, columns // side), dtype=np.uint8)
    labels = np.kron(coarse, np.ones((side, side), dtype=np.uint8))
    return np.repeat((labels * 20)[..., None], 3, axis=2), labels


def test_keeps_picture_and_labels_together():
    image, labels = blocks()
    images, ids = Augment((80, 80), scale=(0.7, 2.5), jitter=0.0, aspect=0.3)([image] * 40, [labels] * 40, range(40))
    levels = images[:, 0] * 255
    inside = ids != 255
    agreeing = (levels - 20 * ids).abs()[inside] < 1
    edges = (levels - 20 * ids).abs()[inside].median()
    assert agreeing.float().mean() > 0.8  # The rest is blended where squares meet.
    assert edges < 1
    assert set(ids.unique().tolist()) <= {*range(11), 255}


def test_leaves_a_picture_alone_when_told_to():
    image, labels = picture(0, 32, 24), np.arange(24 * 32, dtype=np.uint8).reshape(24, 32) % 11
    images, ids = Augment((24, 32), **STILL)([image], [labels], [0])
    np.testing.assert_allclose(images[0].permute(1, 2, 0).numpy() * 255, image, atol=1e-4)
    np.testing.assert_array_equal(ids[0].numpy(), labels)
    assert (images.dtype, ids.dtype) == (torch.float32, torch.int64)


@pytest.mark.parametrize(("draw", "middle"), [("even", 1.3), ("log", 1.02)])
def test_enlargements_are_drawn_evenly_or_in_their_logarithm(draw, middle):
    labels = np.zeros((200, 8), dtype=np.uint8)
    labels[:100] = 1
    change = Augment((500, 20), **STILL | {"scale": (0.5, 2.1)}, scale_draw=draw)
    _, ids = change([np.zeros((200, 8, 3), np.uint8)] * 400, [labels] * 400, range(400))
    tall = (ids != 255).any(-1).sum(-1) / 200
    assert tall.min() == pytest.approx(0.5, abs=0.05)
    assert tall.max() == pytest.approx(2.1, abs=0.05)
    assert tall.median() == pytest.approx(middle, abs=0.12)


def test_crops_are_windows_of_the_picture():
    image, labels = picture(1, 60, 50), np.random.default_rng(1).integers(0, 11, (50, 60), dtype=np.uint8)
    images, ids = Augment((20, 24), **STILL)([image] * 30, [labels] * 30, range(30))
    corners = set()
    for crop in ids.numpy():
        places = [
            (row, column)
            for row in range(31)
            for column in range(37)
            if np.array_equal(labels[row : row + 20, column : column + 24], crop)
        ]
        assert len(places) == 1
        corners.add(places[0])
    assert len(corners) > 20
    assert images.shape == (30, 3, 20, 24)


def test_mirrors_about_half():
    image, labels = blocks()
    _, ids = Augment((96, 128), **{**STILL, "flip": True})([image] * 100, [labels] * 100, range(100))
    mirrored = sum(np.array_equal(crop.numpy(), labels[:, ::-1]) for crop in ids)
    assert sum(np.array_equal(crop.numpy(), labels) for crop in ids) + mirrored == 100
    assert 30 < mirrored < 70


def test_pads_small_pictures_with_what_is_not_counted():
    image, labels = np.zeros((10, 12, 3), np.uint8), np.full((10, 12), 4, np.uint8)
    images, ids = Augment((32, 40), **STILL)([image] * 8, [labels] * 8, range(8))
    assert ((ids == 4).sum(dim=(1, 2)) == 120).all()
    outside = (ids == 255)[:, None].expand(-1, 3, -1, -1)
    torch.testing.assert_close(images[outside], torch.full_like(images[outside], PADDING / 255))
    assert (images[~outside] == 0).all()
    assert len({tuple(crop.nonzero()[0].tolist()) for crop in ids == 4}) > 4


def test_what_is_not_counted_stays_so():
    image, labels = blocks()
    _, ids = Augment((64, 64))([image] * 4, [np.full_like(labels, 255)] * 4, range(4))
    assert (ids == 255).all()


def test_seeds_decide_and_the_global_generator_is_let_alone():
    pairs = [blocks(seed=i) for i in range(12)]
    images, labels = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    augment = Augment((64, 64))
    torch.manual_seed(0)
    before = torch.get_rng_state()
    first = augment(images, labels, range(12))
    torch.manual_seed(123)
    again = augment(images, labels, range(12))
    assert torch.equal(first[0], again[0])
    assert torch.equal(first[1], again[1])
    others = augment(images, labels, range(12, 24))
    assert not any(torch.equal(one, other) for one, other in zip(first[0], others[0], strict=True))
    torch.manual_seed(0)
    augment(images, labels, range(12))
    assert torch.equal(before, torch.get_rng_state())


def test_what_stands_beside_a_picture_changes_no_bit_of_it():
    pairs = [blocks(seed=i) for i in range(24)]
    images, labels = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    augment = Augment((51, 37), jitter=1.0)  # No multiple of what a processor takes at once.
    whole_images, whole_ids = augment(images, labels, range(24))
    for start, stop in ((0, 1), (1, 8), (8, 24)):
        part = slice(start, stop)
        alone_images, alone_ids = augment(images[part], labels[part], range(24)[part])
        assert torch.equal(alone_images, whole_images[part])
        assert torch.equal(alone_ids, whole_ids[part])


def test_left_and_right_change_places_in_the_mirror_only():
    labels = np.random.default_rng(0).integers(0, 6, (24, 32), dtype=np.uint8)
    labels[0, 0] = 255
    swaps = ((1, 2), (4, 5))
    _, ids = Augment((24, 32), **{**STILL, "flip": True})(
        [picture(0, 32, 24)] * 40, [labels] * 40, range(40), [swaps] * 40
    )
    mirrored = np.array([0, 2, 1, 3, 5, 4, *range(6, 256)])[labels[:, ::-1]]
    turned = sum(np.array_equal(crop.numpy(), mirrored) for crop in ids)
    assert sum(np.array_equal(crop.numpy(), labels) for crop in ids) + turned == 40
    assert 10 < turned < 30
    _, ids = Augment((24, 32), **STILL)([picture(0, 32, 24)] * 8, [labels] * 8, range(8), [swaps] * 8)
    assert all(np.array_equal(crop.numpy(), labels) for crop in ids)


def test_changes_colours_within_range_and_not_the_labels():
    image, labels = picture(3, 64, 64), blocks(64, 64)[1]
    given = image.copy()
    images, ids = Augment((64, 64), **{**STILL, "jitter": 1.0})([image] * 64, [labels] * 64, range(64))
    assert images.min() >= 0
    assert images.max() <= 1
    assert torch.isfinite(images).all()
    assert (ids == torch.from_numpy(labels)).all()
    assert len({round(float(crop.mean()), 4) for crop in images}) > 50
    np.testing.assert_array_equal(image, given)


def test_takes_pictures_of_any_sizes_at_once():
    sizes = [(16, 16), (1, 200), (300, 17), (96, 128)]
    images, ids = Augment((48, 32))(
        [picture(0, width, height) for height, width in sizes], [np.zeros(size, np.uint8) for size in sizes], range(4)
    )
    assert images.shape == (4, 3, 48, 32)
    assert ids.shape == (4, 48, 32)


def test_says_what_does_not_pair_up():
    image, labels = blocks()
    with pytest.raises(DataError, match="2 pictures came with 1 label arrays"):
        Augment((8, 8))([image, image], [labels], [0, 1])
    with pytest.raises(DataError, match="at least one"):
        Augment((8, 8))([], [], [])
    with pytest.raises(DataError, match=r"shape \(96, 128, 3\) came with labels of shape \(95, 128\)"):
        Augment((8, 8))([image], [labels[1:]], [0])
    with pytest.raises(DataError, match="1 pictures came with 2 seeds and 1 swaps"):
        Augment((8, 8))([image], [labels], [0, 1])


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"size": (0, 8)}, "size must be rows and columns"),
        ({"scale": (2.0, 0.5)}, "scale must be two factors"),
        ({"scale": (0.0, 0.5)}, "scale must be two factors"),
        ({"jitter": 1.5}, "jitter must lie between 0 and 1"),
        ({"aspect": -0.1}, "aspect must lie between 0 and 1"),
    ],
)
def test_refuses_settings_out_of_range(settings, sentence):
    with pytest.raises(ConfigError, match=sentence):
        Augment(**{"size": (8, 8), **settings})


def test_a_picture_is_brought_to_a_size_before_it_is_enlarged() -> None:
    rows = np.arange(40, dtype=np.uint8)
    truth = np.repeat(rows[:, None] // 4, 20, axis=1)  # ten bands of four rows
    image = np.stack([truth] * 3, axis=-1)
    plain = {"scale": (1.0, 1.0), "jitter": 0.0, "aspect": 0.0, "flip": False}
    _, labels = Augment((80, 80), resize=(80, 80), **plain)([image], [truth], [0])
    assert torch.equal(labels[0], torch.arange(10).repeat_interleave(8)[:, None].expand(80, 80))
    _, labels = Augment((80, 80), resize=(80,), **plain)([image], [truth], [0])  # 80 x 40: half is outside
    assert (labels[0] != 255).float().mean() == 0.5
    with pytest.raises(ConfigError, match="resize is rows and columns"):
        Augment((80, 80), resize=(1, 2, 3))
