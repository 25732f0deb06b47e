"""Uploads: what is shown, what is refused, and with which sentence."""

import io
import struct
import zlib
from contextlib import suppress

import numpy as np
import pytest
from PIL import Image

from segnode.data.images import open_upload, read_image
from segnode.errors import DataError, ImageError
from tests.data.layouts import picture, save


def encoded(image, kind="PNG", **options):
    buffer = io.BytesIO()
    (Image.fromarray(image) if isinstance(image, np.ndarray) else image).save(buffer, kind, **options)
    return buffer.getvalue()


def png_of(width, height, depth=8, colour=2, data=b""):
    """A PNG whose header promises any size."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("kind", "options"), [("PNG", {}), ("WEBP", {"lossless": True}), ("JPEG", {"quality": 95})])
def test_opens_by_content_whatever_the_name(kind, options):
    given = np.full((20, 30, 3), (200, 30, 90), np.uint8)
    image = open_upload(encoded(given, kind, **options), "anything.txt")
    assert (image.shape, image.dtype) == ((20, 30, 3), np.uint8)
    np.testing.assert_allclose(image.astype(int), given, atol=3)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_turns_upright(orientation, tmp_path):
    upright = np.zeros((16, 24, 3), np.uint8)
    upright[:4, :8] = 255  # The top left corner, whichever way the camera was held.
    undo = {
        1: lambda a: a,
        2: lambda a: a[:, ::-1],
        3: lambda a: a[::-1, ::-1],
        4: lambda a: a[::-1],
        5: lambda a: a.transpose(1, 0, 2),
        6: lambda a: np.rot90(a),
        7: lambda a: a[::-1, ::-1].transpose(1, 0, 2),
        8: lambda a: np.rot90(a, -1),
    }
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encoded(np.ascontiguousarray(undo[orientation](upright)), exif=exif)
    np.testing.assert_array_equal(open_upload(data, "phone.png"), upright)
    path = tmp_path / "phone.png"
    path.write_bytes(data)
    np.testing.assert_array_equal(read_image(path), upright)


def test_lays_transparency_over_white():
    rgba = np.zeros((16, 16, 4), np.uint8)
    rgba[8:] = 10, 20, 30, 255
    rgba[:4] = 0, 0, 0, 128
    image = open_upload(encoded(rgba), "logo.png")
    assert image[12, 0].tolist() == [10, 20, 30]
    assert image[6, 0].tolist() == [255, 255, 255]
    assert image[0, 0].tolist() == [127, 127, 127]
    palette = Image.fromarray(np.arange(256, dtype=np.uint8).reshape(16, 16)).convert("P")
    assert open_upload(encoded(palette, transparency=0), "palette.png")[0, 0].tolist() == [255, 255, 255]
    grey = open_upload(encoded(Image.fromarray(np.full((16, 16), 5, np.uint8)), transparency=5), "grey.png")
    assert grey[0, 0].tolist() == [255, 255, 255]


def test_brings_other_depths_to_eight_bits():
    ramp = np.linspace(0, 65535, 256).reshape(16, 16).astype(np.uint16)
    image = open_upload(encoded(Image.fromarray(ramp)), "scan.png")
    np.testing.assert_array_equal(image[..., 1], ramp >> 8)
    one_bit = Image.fromarray(np.tile(np.array([[0, 255]], np.uint8), (16, 8))).convert("1")
    assert open_upload(encoded(one_bit), "fax.png")[0, :2].tolist() == [[0, 0, 0], [255, 255, 255]]
    rows = b"".join(b"\0" + struct.pack(">H", 0x8001) * 48 for _ in range(16))
    assert (open_upload(png_of(16, 16, depth=16, data=rows), "deep.png") == 0x80).all()


def test_converts_print_colours_and_grey():
    cyan = Image.new("CMYK", (20, 20), (255, 0, 0, 0))
    red, green, blue = open_upload(encoded(cyan, "JPEG", quality=95), "print.jpg")[10, 10].tolist()
    assert red < 10
    assert min(green, blue) > 245
    grey = open_upload(encoded(Image.new("L", (20, 20), 77), "JPEG", quality=95), "grey.jpg")
    np.testing.assert_allclose(grey.astype(int), 77, atol=2)


def test_takes_the_first_picture_of_a_phones_double():
    first, second = Image.new("RGB", (20, 20), "red"), Image.new("RGB", (20, 20), "blue")
    data = encoded(first, "MPO", save_all=True, append_images=[second])
    assert open_upload(data, "phone.jpg")[10, 10, 0] > 245


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_damaged_exif_is_no_reason_to_refuse():
    assert open_upload(encoded(picture(0), exif=b"Exif\0\0II*\0\xff\xff\xff\xff"), "odd.png").shape == (18, 24, 3)


FRAMES = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", r"it\.png is empty: choose a picture\."),
        (b"hello, world", r"it\.png is not a picture: choose a JPEG, PNG or WebP file\."),
        (b"<svg xmlns=''/>", r"it\.png is an SVG drawing, which is not supported: save it as"),
        (encoded(picture(0), "GIF"), r"it\.png is a GIF, which is not supported: save it as JPEG, PNG or WebP\."),
        (encoded(picture(0), "TIFF"), r"it\.png is a TIFF picture, which is not"),
        (encoded(picture(0), "BMP"), r"it\.png is a BMP picture, which is not"),
        (b"\0\0\0\x18ftypheic" + bytes(40), r"it\.png is a HEIC picture, which is not"),
        (encoded(picture(0))[:-200], r"it\.png is damaged or cut short: send it again"),
        (encoded(picture(0), "JPEG")[:-200], r"it\.png is damaged or cut short"),
        (encoded(picture(0), "WEBP")[:-200], r"it\.png is damaged or cut short"),
        (encoded(picture(0))[:20], r"it\.png is damaged or cut short"),
        (encoded(picture(0, 15, 40)), r"it\.png has only 15 x 40 pixels: choose a picture of at least 16 a side\."),
        (png_of(6325, 6325), r"it\.png has 6325 x 6325 pixels, over the limit of 40 million: shrink it\."),
        (png_of(10000, 10000), r"it\.png .*over the limit of 40 million"),  # Where Pillow warns.
        (png_of(60000, 60000), r"it\.png is over the limit of 40 million pixels"),  # Where Pillow refuses.
        (encoded(FRAMES[0], "PNG", save_all=True, append_images=FRAMES[1:]), r"it\.png is animated: save one frame"),
        (encoded(FRAMES[0], "WEBP", save_all=True, append_images=FRAMES[1:]), r"it\.png is animated: save one frame"),
    ],
)
def test_refuses_with_one_sentence(data, sentence):
    with pytest.raises(ImageError, match=f"^{sentence}"):
        open_upload(data, "it.png")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd is empty"),
        ("C:\\holiday\\me.png", "me.png is empty"),
        ("a\nb\u202e.png", "ab.png is empty"),
        ("", "The file is empty"),
        ("x" * 200, "x" * 57 + "... is empty"),
    ],
)
def test_names_the_file_in_plain_text(name, shown):
    with pytest.raises(ImageError) as caught:
        open_upload(b"", name)
    assert str(caught.value).startswith(shown)


@pytest.mark.filterwarnings("ignore")  # Pillow warns of much that is then shown all the same.
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_damaged_bytes_never_raise_anything_else(kind):
    whole = encoded(picture(1), kind, exif=Image.Exif().tobytes())
    chance = np.random.default_rng(0)
    for _ in range(150):
        data = bytearray(whole)
        for place in chance.integers(0, len(data), 4):
            data[place] = chance.integers(256)
        with suppress(ImageError):
            assert open_upload(bytes(data[: chance.integers(1, len(data) + 1)]), "it").shape[2] == 3


def test_files_of_a_data_set_are_told_by_path(tmp_path):
    with pytest.raises(DataError, match=r"The picture .*gone\.png is not there"):
        read_image(tmp_path / "gone.png")
    with pytest.raises(DataError, match=r"The picture .*drawing\.gif cannot be read"):
        read_image(save(tmp_path / "drawing.gif", picture(0)))
