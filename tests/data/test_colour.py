"""Colours of other spaces, and what is transparent, as people would see them."""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from segnode.data.decode import read_image, read_labels
from segnode.data.uploads import open_upload
from segnode.errors import DataError, ImageError

#: Red, green and blue of a space, as xy.
SRGB = ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06))
DISPLAY_P3 = ((0.68, 0.32), (0.265, 0.69), (0.15, 0.06))
ADOBE_RGB = ((0.64, 0.33), (0.21, 0.71), (0.15, 0.06))
D65, D50 = np.array([0.95047, 1.0, 1.08883]), np.array([0.9642, 1.0, 0.8249])
BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])


def matrix(primaries: tuple[tuple[float, float], ...]) -> np.ndarray:
    """Linear RGB of a space with white D65 to XYZ."""
    columns = np.array([[x / y, 1, (1 - x - y) / y] for x, y in primaries]).T
    return columns * np.linalg.solve(columns, D65)


def profile(primaries: tuple[tuple[float, float], ...], gamma: float) -> bytes:
    """A matrix and curve profile (ICC.1:2010), version 2."""
    adapt = np.linalg.inv(BRADFORD) @ np.diag((BRADFORD @ D50) / (BRADFORD @ D65)) @ BRADFORD
    xyz = (adapt @ matrix(primaries)).T

    def fixed(values: np.ndarray) -> bytes:
        return b"".join(struct.pack(">i", round(float(value) * 65536)) for value in values)

    curve = b"curv" + bytes(4) + struct.pack(">IH", 1, round(gamma * 256)) + bytes(2)
    tags = {b"wtpt": b"XYZ " + bytes(4) + fixed(D50)}
    tags |= {name: b"XYZ " + bytes(4) + fixed(row) for name, row in zip((b"rXYZ", b"gXYZ", b"bXYZ"), xyz, strict=True)}
    tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
    tags[b"desc"] = b"desc" + bytes(4) + struct.pack(">I", 5) + b"made\0" + bytes(79)
    tags[b"cprt"] = b"text" + bytes(4) + b"none\0"
    table, body, offset = b"", b"", 128 + 4 + 12 * len(tags)
    for name, data in tags.items():
        data += bytes(-len(data) % 4)
        table += struct.pack(">4sII", name, offset + len(body), len(data))
        body += data
    header = struct.pack(">I4sI4s4s4s", offset + len(body), bytes(4), 0x02100000, b"mntr", b"RGB ", b"XYZ ")
    header += struct.pack(">6H4s", 2026, 1, 1, 0, 0, 0, b"acsp") + bytes(28) + fixed(D50)
    return header + bytes(128 - len(header)) + struct.pack(">I", len(tags)) + table + body


def seen(colour: tuple[int, int, int], primaries: tuple[tuple[float, float], ...], gamma: float) -> np.ndarray:
    """A colour of a space in sRGB's numbers."""
    light = np.linalg.inv(matrix(SRGB)) @ matrix(primaries) @ (np.array(colour) / 255) ** gamma
    light = light.clip(0, 1)
    return 255 * np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)


def encoded(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


@pytest.mark.parametrize(
    ("primaries", "gamma"), [(DISPLAY_P3, 2.2), (ADOBE_RGB, 2.2), (SRGB, 1.0), (SRGB, 1.8)], ids=str
)
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_colours_are_those_of_the_profile(
    primaries: tuple[tuple[float, float], ...], gamma: float, mode: str, tmp_path: Path
) -> None:
    colour = (180, 120, 60)
    picture = Image.new(mode, (20, 20), (*colour, 255)[: len(mode)])
    data = encoded(picture, icc_profile=profile(primaries, gamma))
    wanted = seen(colour, primaries, gamma)
    assert np.abs(wanted - colour).max() > 3
    image = open_upload(data, "a.png")
    assert np.abs(image[5, 5] - wanted).max() <= 2
    (tmp_path / "a.png").write_bytes(data)
    np.testing.assert_array_equal(read_image(tmp_path / "a.png"), image)


def test_a_jpeg_has_a_profile_too_and_a_damaged_one_is_left_aside() -> None:
    picture = Image.new("RGB", (32, 32), (180, 120, 60))
    plain = open_upload(encoded(picture, "JPEG"), "a.jpg")
    wide = open_upload(encoded(picture, "JPEG", icc_profile=profile(DISPLAY_P3, 2.2)), "a.jpg")
    assert np.abs(wide[5, 5].astype(int) - plain[5, 5]).max() > 3
    for broken in (b"nonsense", profile(DISPLAY_P3, 2.2)[:150]):
        np.testing.assert_array_equal(open_upload(encoded(picture, "JPEG", icc_profile=broken), "a.jpg"), plain)


def with_chunk(data: bytes, name: bytes, body: bytes) -> bytes:
    """A PNG with one chunk more after its header."""
    file = io.BytesIO()
    PngImagePlugin.putchunk(file, name, body)
    return data[:33] + file.getvalue() + data[33:]


def test_png_gamma_is_heard_where_nothing_says_srgb() -> None:
    plain = encoded(Image.new("RGB", (20, 20), (180, 120, 60)))
    linear = with_chunk(plain, b"gAMA", struct.pack(">I", 100_000))
    assert np.abs(open_upload(linear, "a.png")[5, 5] - seen((180, 120, 60), SRGB, 1.0)).max() <= 1
    for same in (with_chunk(plain, b"gAMA", struct.pack(">I", 45_455)), with_chunk(linear, b"sRGB", b"\0")):
        np.testing.assert_array_equal(open_upload(same, "a.png")[5, 5], (180, 120, 60))


def png(depth: int, colour: int, rows: list[bytes], side: int, chunks: dict[bytes, bytes] | None = None) -> bytes:
    """A PNG, a row of packed samples at a time."""
    file = io.BytesIO()
    file.write(b"\x89PNG\r\n\x1a\n")
    PngImagePlugin.putchunk(file, b"IHDR", struct.pack(">IIBBBBB", side, len(rows), depth, colour, 0, 0, 0))
    for name, body in (chunks or {}).items():
        PngImagePlugin.putchunk(file, name, body)
    PngImagePlugin.putchunk(file, b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows)))
    PngImagePlugin.putchunk(file, b"IEND", b"")
    return file.getvalue()


@pytest.mark.parametrize("depth", [1, 2, 4, 8, 16])
def test_the_transparent_grey_is_white_and_no_other(depth: int) -> None:
    high = 2**depth - 1
    low_row, high_row = (
        np.unpackbits(np.array([[value >> 8, value & 255]] * 16, np.uint8), axis=1)[:, -depth:].ravel()
        for value in (0, high if depth < 16 else 0x8000)
    )
    rows = [np.packbits(low_row).tobytes()] * 8 + [np.packbits(high_row).tobytes()] * 8
    image = open_upload(png(depth, 0, rows, 16, {b"tRNS": struct.pack(">H", 0)}), "a.png")
    assert (image[:8] == 255).all()
    assert (image[8:] == (255 if depth < 16 else 128)).all()
    shown = open_upload(png(depth, 0, rows, 16, {b"tRNS": struct.pack(">H", high if depth < 16 else 0x8000)}), "a.png")
    assert (shown[:8] == 0).all()
    assert (shown[8:] == 255).all()


def test_the_transparent_colour_of_sixteen_bits_is_white() -> None:
    rows = [struct.pack(">3H", 0x1000, 0x2000, 0x3000) * 16] * 8 + [struct.pack(">3H", 0x9000, 0x2000, 0x3000) * 16] * 8
    image = open_upload(png(16, 2, rows, 16, {b"tRNS": struct.pack(">3H", 0x1000, 0x2000, 0x3000)}), "a.png")
    assert (image[:8] == 255).all()
    assert (image[8:] == (0x90, 0x20, 0x30)).all()


def test_a_large_text_or_profile_beside_the_pixels_is_no_damage() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("history", "edited " * 400_000, zip=True)
    picture = Image.new("RGB", (20, 20), (180, 120, 60))
    assert (open_upload(encoded(picture, pnginfo=notes), "a.png") == (180, 120, 60)).all()
    large = profile(SRGB, 2.2) + bytes(3_000_000)
    assert open_upload(encoded(picture, icc_profile=large), "a.png").shape == (20, 20, 3)


def test_labels_keep_their_numbers_and_are_turned_upright(tmp_path: Path) -> None:
    ids = np.arange(32, dtype=np.uint8).reshape(4, 8)
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(ids).save(tmp_path / "a.png", exif=exif, icc_profile=profile(ADOBE_RGB, 1.0))
    np.testing.assert_array_equal(read_labels(tmp_path / "a.png"), np.rot90(ids, -1))


def test_colours_without_their_palette_are_said_to_be_damaged(tmp_path: Path) -> None:
    data = png(8, 3, [bytes(range(16))] * 16, 16)
    with pytest.raises(ImageError, match=r"a\.png is damaged"):
        open_upload(data, "a.png")
    (tmp_path / "a.png").write_bytes(data)
    with pytest.raises(DataError, match="its palette is missing"):
        read_image(tmp_path / "a.png")
