"""Pictures, and the segmentation over them."""

import io

import numpy as np
import pytest
from PIL import Image

from app.solving import networks
from app.solving.pictures import (
    DETAIL_PIXELS,
    SHOWN_PIXELS,
    Picture,
    colours,
    fitted,
    from_upload,
    overlay,
    scene,
    with_mask,
)
from segnode.data.classes import CAMVID, ClassSet
from segnode.errors import ImageError
from segnode.types import IGNORE

IMAGE = np.random.default_rng(0).integers(0, 256, (6, 8, 3), dtype=np.uint8)
LABELS = np.random.default_rng(1).integers(0, 11, (6, 8), dtype=np.uint8)
PALETTE = colours(CAMVID)


def test_no_opacity_is_the_picture_and_full_opacity_the_colours() -> None:
    np.testing.assert_array_equal(overlay(IMAGE, LABELS, PALETTE, 0.0), IMAGE)
    np.testing.assert_array_equal(overlay(IMAGE, LABELS, PALETTE, 1.0), PALETTE[LABELS])


def test_between_is_the_weighted_mean() -> None:
    expected = 0.4 * IMAGE + 0.6 * PALETTE[LABELS]
    mixed = overlay(IMAGE, LABELS, PALETTE, 0.6)
    assert mixed.dtype == np.uint8
    assert np.abs(mixed - expected).max() <= 0.51


def test_ids_without_a_colour_leave_the_picture() -> None:
    unknown = np.full_like(LABELS, 255)
    np.testing.assert_array_equal(overlay(IMAGE, unknown, PALETTE, 0.8), IMAGE)


def test_a_strange_palette_is_brought_into_range() -> None:
    found = colours(ClassSet(("a", "b"), ((-3, 300, 10**30), (1, 2, 3))))
    np.testing.assert_array_equal(found, [[0, 255, 255], [1, 2, 3]])


def test_small_pictures_are_left_and_large_ones_fitted() -> None:
    np.testing.assert_array_equal(fitted(IMAGE, 48), IMAGE)
    large = fitted(np.zeros((900, 1600, 3), np.uint8), SHOWN_PIXELS)
    assert large.shape[0] * large.shape[1] <= SHOWN_PIXELS
    assert large.shape[1] / large.shape[0] == pytest.approx(16 / 9, rel=0.01)


def png(pixels: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def blank(rows: int, columns: int) -> Picture:
    return from_upload(png(np.zeros((rows, columns, 3), np.uint8)), "blank.png")


@pytest.mark.parametrize("size", [(360, 480), (900, 1600), (1201, 333), (17, 512), (16, 16), (3000, 4000)])
def test_a_picture_is_what_the_network_works_on(size: tuple[int, int]) -> None:
    predictor = networks.loaded(networks.checkpoints()[0]).predictor
    picture = blank(*size)
    assert picture.image.shape[:2] == predictor.working_size(*size)
    assert picture.image.shape[:2] == predictor.working_size(*picture.image.shape[:2])
    assert picture.sent == size


@pytest.mark.parametrize("size", [(960, 1280), (900, 1600), (1201, 333), (3000, 4000)])
def test_its_detail_is_sharper_and_of_the_same_aspect(size: tuple[int, int]) -> None:
    picture = blank(*size)
    rows, columns = picture.detail.shape[:2]
    assert rows * columns <= DETAIL_PIXELS
    assert rows * columns > 0.99 * min(size[0] * size[1], DETAIL_PIXELS)
    for part in (picture.image, picture.detail):
        assert abs(part.shape[1] - part.shape[0] * size[1] / size[0]) <= max(1, size[1] / size[0])


def test_a_small_picture_is_its_own_detail() -> None:
    picture = blank(48, 64)
    np.testing.assert_array_equal(picture.detail, picture.image)
    assert picture.image.shape == (48, 64, 3)


def test_a_scene_is_everybodys_and_has_its_truth() -> None:
    picture = scene(100_000)
    assert picture.shared
    assert picture.truth is not None
    assert picture.truth.shape == picture.image.shape[:2] == picture.sent == (360, 480)
    assert picture.detail is picture.image
    assert picture.aspect == pytest.approx(4 / 3)


def test_an_upload_is_ones_own_and_named_by_its_pixels() -> None:
    data = png(np.repeat(np.repeat(IMAGE, 4, 0), 4, 1))
    picture = from_upload(data, "secret name.png")
    assert (picture.shared, picture.truth) == (False, None)
    assert "secret" not in picture.title + picture.key
    assert picture.key == from_upload(data, "other.png").key
    assert picture.key != blank(24, 32).key
    assert blank(24, 32).key != blank(32, 24).key


def test_a_mask_is_scaled_with_its_picture_and_keeps_its_ids() -> None:
    ids = np.zeros((900, 1200), np.uint8)
    ids[:450, :600], ids[450:, 600:] = 7, IGNORE
    picture = blank(900, 1200)
    truth = with_mask(picture, png(ids), "mask.png", CAMVID).truth
    assert truth is not None
    assert truth.shape == picture.image.shape[:2] == (360, 480)
    assert [truth[0, 0], truth[0, -1], truth[-1, 0], truth[-1, -1]] == [7, 0, 0, IGNORE]
    assert set(np.unique(truth)) == {0, 7, IGNORE}
    np.testing.assert_array_equal((truth == 7).nonzero()[0].max(), 179)


def test_a_mask_tells_its_picture_apart() -> None:
    picture, ids = blank(24, 32), np.ones((24, 32), np.uint8)
    one, two = (with_mask(picture, png(fill * ids), "mask.png", CAMVID) for fill in (np.uint8(1), np.uint8(2)))
    assert len({picture.key, one.key, two.key}) == 3
    assert one.key == with_mask(picture, png(ids), "other name.png", CAMVID).key
    np.testing.assert_array_equal(one.image, picture.image)


def test_a_mask_is_held_against_the_picture_as_it_was_sent() -> None:
    picture = blank(900, 1200)
    with pytest.raises(ImageError, match="has 480 x 360 pixels, but its picture 1200 x 900"):
        with_mask(picture, png(np.zeros((360, 480), np.uint8)), "mask.png", CAMVID)


def test_a_mask_that_would_vanish_is_refused() -> None:
    ids = np.full((2000, 2000), IGNORE, np.uint8)
    ids[0, 0] = 3
    with pytest.raises(ImageError, match="counts so few pixels"):
        with_mask(blank(2000, 2000), png(ids), "mask.png", CAMVID)


def test_what_is_no_picture_is_refused() -> None:
    with pytest.raises(ImageError, match="not a picture"):
        from_upload(b"text", "notes.png")
