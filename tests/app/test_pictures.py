"""Pictures, and the segmentation over them."""

import io

import numpy as np
import pytest
from PIL import Image

from app.pictures import SHOWN_PIXELS, colours, fitted, overlay, own, scene
from segnode.data.classes import CAMVID, ClassSet
from segnode.errors import ImageError

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


def test_a_strip_keeps_a_side() -> None:
    assert fitted(np.zeros((16, 60_000, 3), np.uint8), SHOWN_PIXELS).shape[0] == 16


def test_a_scene_is_everybodys_and_has_its_truth() -> None:
    picture = scene(100_000)
    assert picture.shared
    assert picture.truth is not None
    assert picture.truth.shape == picture.image.shape[:2] == (360, 480)
    assert picture.aspect == pytest.approx(4 / 3)


def test_an_upload_is_ones_own_and_named_by_its_pixels() -> None:
    file = io.BytesIO()
    Image.fromarray(np.repeat(np.repeat(IMAGE, 4, 0), 4, 1)).save(file, "PNG")
    picture = own(file.getvalue(), "secret name.png")
    assert (picture.shared, picture.truth) == (False, None)
    assert "secret" not in picture.title + picture.key
    assert picture.key == own(file.getvalue(), "other.png").key


def test_what_is_no_picture_is_refused() -> None:
    with pytest.raises(ImageError, match="not a picture"):
        own(b"text", "notes.png")
