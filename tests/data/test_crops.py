"""Random crops for classifiers: windows of the sizes asked for, and a seed decides."""

import numpy as np
import pytest
import torch

from segnode.data.crops import ClassificationAugment, middle
from segnode.errors import ConfigError, DataError
from tests.data.layouts import picture


def places(height, width):
    """A picture whose red is its row and whose green is its column."""
    image = np.zeros((height, width, 3), dtype=np.uint8)
    image[..., 0] = np.arange(height)[:, None]
    image[..., 1] = np.arange(width)
    return image


def windows(augment, image, count):
    """Rows, columns and whether mirrored, of each crop, as the colours tell."""
    crops, _ = augment([image] * count, [0] * count, range(count))
    red, green = crops[:, 0] * 255, crops[:, 1] * 255
    rows = red.amax(dim=(1, 2)) - red.amin(dim=(1, 2)) + 1
    columns = green.amax(dim=(1, 2)) - green.amin(dim=(1, 2)) + 1
    return rows, columns, green[:, 0, 0] > green[:, 0, -1]


def test_shows_shares_and_proportions_as_asked():
    rows, columns, mirrored = windows(ClassificationAugment((64, 64), area=(0.2, 0.6)), places(120, 160), 200)
    shares, ratios = rows * columns / (120 * 160), columns / rows
    # Resizing blends the outermost colours, which is worth a pixel or two a side.
    assert 0.17 < shares.min() < 0.25
    assert 0.5 < shares.max() < 0.63
    assert 0.7 < ratios.min() < 0.8
    assert 1.25 < ratios.max() < 1.4
    assert 70 < mirrored.sum() < 130


def test_all_of_a_square_picture_is_left_alone():
    image = picture(0, 32, 32)
    augment = ClassificationAugment((32, 32), area=(1.0, 1.0), ratio=(1.0, 1.0), flip=False)
    crops, _ = augment([image], [3], [0])
    np.testing.assert_allclose(crops[0].permute(1, 2, 0).numpy() * 255, image, atol=1e-4)


def test_a_strip_is_shown_from_its_middle():
    rows, columns, _ = windows(ClassificationAugment((32, 32), area=(1.0, 1.0), flip=False), places(20, 200), 4)
    assert ((rows - 20).abs() < 2).all()
    assert ((columns - 27).abs() < 2).all()  # 20 rows at the widest proportions, 4 to 3


def test_gives_each_class_as_a_map_of_one_pixel():
    crops, classes = ClassificationAugment((16, 24))([picture(0), picture(1, 300, 5)], [999, 7], [0, 1])
    assert crops.shape == (2, 3, 16, 24)
    assert classes.tolist() == [[[999]], [[7]]]
    assert classes.dtype == torch.int64


def test_seeds_decide_picture_by_picture():
    images = [picture(i, 61, 43) for i in range(8)]
    augment = ClassificationAugment((27, 33), jitter=1.0)
    torch.manual_seed(0)
    before = torch.get_rng_state()
    whole, _ = augment(images, range(8), range(8))
    assert torch.equal(before, torch.get_rng_state())
    for i in range(8):
        assert torch.equal(augment(images[i : i + 1], [i], [i])[0][0], whole[i])
    assert not torch.equal(augment(images[:1], [0], [8])[0][0], whole[0])
    assert whole.min() >= 0
    assert whole.max() <= 1


def test_says_what_does_not_pair_up():
    with pytest.raises(DataError, match="2 pictures came with 1 classes and 2 seeds"):
        ClassificationAugment((8, 8))([picture(0), picture(1)], [0], [0, 1])
    with pytest.raises(DataError, match="at least one"):
        ClassificationAugment((8, 8))([], [], [])


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"size": (8, 0)}, "size must be rows and columns"),
        ({"area": (0.0, 1.0)}, "area must be two shares"),
        ({"area": (0.5, 1.5)}, "area must be two shares"),
        ({"ratio": (2.0, 0.5)}, "ratio must be two factors"),
        ({"jitter": -0.1}, "jitter must lie between 0 and 1"),
    ],
)
def test_refuses_settings_out_of_range(settings, sentence):
    with pytest.raises(ConfigError, match=sentence):
        ClassificationAugment(**{"size": (8, 8), **settings})


def test_the_middle_is_a_square_of_224_of_a_picture_whose_shorter_side_is_256():
    image = picture(0, width=300, height=256)
    np.testing.assert_array_equal(middle(image), image[16:240, 38:262])
    np.testing.assert_array_equal(middle(image.transpose(1, 0, 2)), image.transpose(1, 0, 2)[38:262, 16:240])


@pytest.mark.parametrize("factor", [0.5, 2])
def test_the_middle_shows_the_same_of_a_picture_at_any_size(factor):
    size = np.array([256, 320])
    smooth = np.linspace(0, 250, int(320 * factor), dtype=np.float32).round().astype(np.uint8)
    image = np.broadcast_to(smooth[None, :, None], (*(size * factor).astype(int), 3))
    shown = middle(image)
    wanted = np.linspace(0, 250, 320)[48:272]
    assert shown.shape == (224, 224, 3)
    assert np.abs(shown[112, :, 0] - wanted).max() < 2


def test_even_a_strip_has_a_middle():
    assert middle(picture(0, 7, 40)).shape == (224, 224, 3)
