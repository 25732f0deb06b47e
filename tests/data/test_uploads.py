"""Uploads: what is shown, what is refused, and with which sentence."""

import io
import struct
import zlib
from contextlib import suppress

import numpy as np
import pytest
from PIL import Image, ImageFile

from segnode.data.classes import CAMVID, ClassSet
from segnode.data.decode import read_image
from segnode.data.uploads import LARGEST_BYTES, MOST_SCANS, open_mask, open_upload
from segnode.errors import DataError, ImageError
from segnode.types import IGNORE
from tests.data.layouts import id_map, picture, save


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
        (bytes(LARGEST_BYTES + 1), r"it\.png is not a picture"),
        (encoded(picture(0)) + bytes(LARGEST_BYTES), r"it\.png has 10\.0 MB, over the limit of 10 MB: shrink it\."),
        (encoded(picture(0, 1, 1)), r"it\.png has only 1 x 1 pixels: choose a picture of at least 16 a side\."),
        (encoded(np.zeros((16, 513), np.uint8)), r"it\.png is a strip of 513 x 16 pixels: crop it to at most 32 times"),
        (encoded(np.zeros((513, 16), np.uint8)), r"it\.png is a strip of 16 x 513 pixels: crop it"),
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


def test_a_header_is_believed_before_anything_is_decoded(monkeypatch):
    heavy = encoded(picture(0)) + bytes(LARGEST_BYTES)
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda image: pytest.fail("decoded"))
    for data in (png_of(6325, 6325), heavy):
        with pytest.raises(ImageError, match="over the limit"):
            open_upload(data, "bomb.png")
        with pytest.raises(ImageError, match="over the limit"):
            open_mask(data, "bomb.png", (6325, 6325), CAMVID)


def scanned(times):
    """A progressive JPEG whose last of ten scans is there so many times over."""
    data = encoded(picture(0), "JPEG", progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * times + data[-2:]


def test_a_jpeg_of_a_great_many_scans_is_refused_before_it_is_decoded(monkeypatch):
    assert scanned(1).count(b"\xff\xda") == 10
    assert open_upload(scanned(MOST_SCANS - 9), "slow.jpg").shape == (18, 24, 3)
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda image: pytest.fail("decoded"))
    # libjpeg passes over an invalid marker in a restart interval without its length: scans cannot hide in there.
    hidden = scanned(4000).replace(b"\xff\xda", b"\xff\x02\xff\xff\xff\xda")
    for data in (scanned(MOST_SCANS - 8), scanned(4000), hidden):
        with pytest.raises(ImageError, match=r"^slow\.jpg is a JPEG of over 64 scans, .*: save a new copy of it\.$"):
            open_upload(data, "slow.jpg")


@pytest.mark.parametrize("place", ["thumbnail", "after"])
def test_scans_of_other_pictures_in_a_jpeg_are_not_its_own(place):
    plain, other = encoded(picture(0), "JPEG"), scanned(400)
    segment = b"\xff\xe3" + struct.pack(">H", len(other) + 2) + other
    data = plain[:2] + segment + plain[2:] if place == "thumbnail" else plain + bytes(2) + other
    np.testing.assert_array_equal(open_upload(data, "phone.jpg"), open_upload(plain, "phone.jpg"))


def test_a_long_picture_is_no_strip_yet():
    assert open_upload(encoded(np.zeros((16, 512), np.uint8)), "panorama.png").shape == (16, 512, 3)


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


IDS = id_map(0, 11)
THREE = ClassSet(("wall", "roof", "door"), ((1, 2, 3), (4, 5, 6), (7, 8, 9)))


def test_a_mask_holds_train_ids_by_grey_value_or_palette_index():
    ids = IDS.copy()
    ids[0] = IGNORE
    palette = Image.fromarray(ids)
    palette.putpalette(list(reversed(range(256))) * 3)
    for data in (encoded(ids), encoded(palette)):
        np.testing.assert_array_equal(open_mask(data, "mask.png", IDS.shape, CAMVID), ids)


@pytest.mark.parametrize("depth", [1, 2, 4])
@pytest.mark.parametrize("colour", [0, 3])
def test_a_mask_of_few_bits_keeps_its_ids(depth, colour):
    ids = np.tile(np.arange(2**depth if depth < 4 else 11, dtype=np.uint8).repeat(2), (18, 4))[:, :8]
    bits = np.unpackbits(ids[..., None], axis=2)[..., -depth:].reshape(18, -1)
    rows = b"".join(b"\0" + row.tobytes() for row in np.packbits(bits, axis=1))
    data = png_of(8, 18, depth, colour, rows)
    if colour == 3:
        image = Image.fromarray(ids)
        image.putpalette([5 * i for i in range(3 * 2**depth)])
        data = encoded(image, bits=depth)
    np.testing.assert_array_equal(open_mask(data, "mask.png", ids.shape, CAMVID), ids)


def test_the_id_that_camvid_leaves_out_is_left_out_of_its_masks_only():
    mask = open_mask(encoded(id_map(0, 12)), "mask.png", IDS.shape, CAMVID)
    np.testing.assert_array_equal(mask == IGNORE, id_map(0, 12) == 11)
    with pytest.raises(ImageError, match="holds the id 3, but there are 3 classes"):
        open_mask(encoded(id_map(0, 4)), "mask.png", IDS.shape, THREE)


def test_a_mask_is_turned_like_its_picture():
    exif = Image.Exif()
    exif[0x0112] = 6
    mask = open_mask(encoded(IDS, exif=exif), "mask.png", (24, 18), CAMVID)
    np.testing.assert_array_equal(mask, np.rot90(IDS, -1))


COLOURS = (255, 0, 0)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", r"m\.png is not a PNG: save the mask as a palette or grey PNG of train ids\."),
        (b"text", r"m\.png is not a PNG"),
        (encoded(IDS, "JPEG"), r"m\.png is not a PNG"),
        (encoded(IDS)[:60], r"m\.png is damaged or cut short"),
        (encoded(IDS)[:20], r"m\.png is damaged or cut short"),
        (encoded(Image.new("RGB", (24, 18), COLOURS)), r"m\.png holds colours, not train ids: save it as a palette or"),
        (encoded(Image.new("RGBA", (24, 18), COLOURS)), r"m\.png holds colours, not train ids"),
        (encoded(Image.new("LA", (24, 18), (1, 255))), r"m\.png holds grey with transparency, not train ids"),
        (encoded(IDS.astype(np.uint16)), r"m\.png has 16 bits a pixel: save it as a PNG of 8 bits"),
        (encoded(IDS[1:]), r"m\.png has 24 x 17 pixels, but its picture 24 x 18: save the mask at that size\."),
        (encoded(IDS.T.copy()), r"m\.png has 18 x 24 pixels, but its picture 24 x 18"),
        (encoded(IDS + np.uint8(2)), r"m\.png holds the id 12, but there are 11 classes: use 0 to 10, and 255 where"),
        (encoded(IDS * np.uint8(20)), r"m\.png holds the ids 20, 40, 60, 80, 100 and more, but there are 11 classes"),
        (encoded(np.full_like(IDS, 255)), r"m\.png counts no pixel, all are 255: give some of them a class\."),
        (encoded(np.full_like(IDS, 11)), r"m\.png counts no pixel"),
        (
            encoded(id_map(0, 2) * np.uint8(255)),
            r"m\.png holds only 0 and 255, .* sky would be the only class: save the",
        ),
        (png_of(6325, 6325, 8, 0), r"m\.png has 6325 x 6325 pixels, over the limit of 40 million"),
        (png_of(60000, 60000, 8, 0), r"m\.png is over the limit of 40 million pixels"),
        (encoded(FRAMES[0], "PNG", save_all=True, append_images=FRAMES[1:]), r"m\.png is animated: save one frame"),
    ],
)
def test_a_mask_that_does_not_fit_is_told_in_one_sentence(data, sentence):
    with pytest.raises(ImageError, match=f"^{sentence}"):
        open_mask(data, "folder/m.png", IDS.shape, CAMVID)


@pytest.mark.filterwarnings("ignore")
def test_damaged_masks_never_raise_anything_else():
    whole = encoded(IDS)
    chance = np.random.default_rng(0)
    for _ in range(150):
        data = bytearray(whole)
        for place in chance.integers(8, len(data), 4):
            data[place] = chance.integers(256)
        with suppress(ImageError):
            assert open_mask(bytes(data[: chance.integers(8, len(data) + 1)]), "it", IDS.shape, CAMVID).max() <= IGNORE
