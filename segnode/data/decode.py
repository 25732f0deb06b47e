"""Pixels out of a picture's bytes: sRGB for people and networks, ids for labels."""

import re
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, PngImagePlugin

from segnode.data.colour import to_srgb
from segnode.disk import readable
from segnode.errors import DataError
from segnode.types import ImageArray, LabelArray

FORMATS = ("JPEG", "PNG", "WEBP")
#: How names of such files end, in small letters.
ENDINGS = (".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp")
JPEG = b"\xff\xd8\xff"
PNG = b"\x89PNG\r\n\x1a\n"
TOO_BIG = (Image.DecompressionBombError, Image.DecompressionBombWarning)
# What Pillow's decoders raise on damaged bytes: far more than OSError.
DAMAGED = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    TypeError,
    LookupError,
    ArithmeticError,
    struct.error,
    zlib.error,
)
#: Pillow's names of grey PNG pixels of less than eight bits, and the largest each holds.
_GREYS = {"1": 1, "L;2": 3, "L;4": 15}
#: Text and profiles beside the pixels may be as large as this once unpacked; Pillow's own limit is a thirtieth.
PngImagePlugin.MAX_TEXT_CHUNK = 32 * 2**20  # ty: ignore[invalid-assignment] - a number anyone may set
# Markers of a JPEG that a length follows, and its end. libjpeg passes over others without one, so nothing hides there.
_MARKER = re.compile(rb"\xff([\xc0-\xcf\xd9-\xfe])")
_END, _SCAN = 0xD9, 0xDA
#: Pixels that are converted at once, so that the steps of a conversion do not hold a large picture many times over.
BAND_PIXELS = 2_000_000
_ORIENTATION_TAG = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def read_image(path: Path) -> ImageArray:
    """The picture at `path` as sRGB, upright by its EXIF orientation. Raises `DataError` when it cannot be read."""
    try:
        with readable(path), Image.open(path, formats=FORMATS) as image:
            return upright_rgb(image)
    except FileNotFoundError as error:
        raise DataError(f"The picture {path} is not there: copy it there, or take it off the list.") from error
    except (*DAMAGED, *TOO_BIG) as error:
        raise DataError(
            f"The picture {path} cannot be read ({_reason(error)}): copy it again, or remove it."
        ) from error


def read_labels(path: Path) -> LabelArray:
    """The ids a grey or palette PNG holds, as stored, upright by EXIF. Raises `DataError` for anything else."""
    try:
        with readable(path), path.open("rb") as file:
            depth, colour = png_depth_and_colour(file.read(26))
            if colour not in (0, 3) or depth > 8:
                raise DataError(
                    f"The labels {path} are not a PNG of one 8-bit channel: save ids as a grey or palette PNG."
                )
            file.seek(0)
            with Image.open(file, formats=("PNG",)) as image:
                ids, turned = stored_ids(image, depth, colour), orientation(image)
            return ids if turned is None else np.array(Image.fromarray(ids).transpose(turned))
    except FileNotFoundError as error:
        raise DataError(f"The labels {path} are not there: copy them there, or take them off the list.") from error
    except (*DAMAGED, *TOO_BIG) as error:
        raise DataError(f"The labels {path} cannot be read ({_reason(error)}): copy them again.") from error


def upright_rgb(image: Image.Image) -> ImageArray:
    """Upright, opaque over white, sRGB of eight bits. Of a large picture a band of rows at a time is converted."""
    if image.mode == "P" and image.palette is None:
        raise ValueError("its palette is missing")
    key = _transparent_colour(image)
    image.load()
    turned = orientation(image)
    if turned is not None:
        image = image.transpose(turned)
    width, height = image.size
    rows = max(1, BAND_PIXELS // width)
    pixels = np.empty((height, width, 3), dtype=np.uint8)
    for top in range(0, height, rows):
        pixels[top : top + rows] = _opaque_rgb(image.crop((0, top, width, min(top + rows, height))), key)
    return pixels


def _opaque_rgb(image: Image.Image, key: int | tuple[int, ...] | None) -> Image.Image:
    """Over white, as sRGB of eight bits. key: the colour that is transparent; see `_transparent_colour`."""
    notes = image.info
    if image.mode.startswith("I"):  # 16-bit grey: Pillow's own conversion would clip it to white.
        grey = np.asarray(image).astype(np.uint32)
        image = Image.fromarray(np.where(grey == key, 255, grey >> 8).astype(np.uint8))
    elif image.has_transparency_data:
        if key is not None:
            image.info["transparency"] = key
        image = image.convert("RGBA")
    elif image.mode not in ("L", "RGB", "CMYK"):
        image = image.convert("RGB")
    image.info = notes
    image = to_srgb(image)
    if image.mode == "RGBA":
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return image.convert("RGB")


def _transparent_colour(image: Image.Image) -> int | tuple[int, ...] | None:
    """The colour a PNG names transparent, as Pillow's pixels are stretched or shortened; before they are loaded."""
    key = image.info.get("transparency")
    unread = isinstance(image, PngImagePlugin.PngImageFile) and image.tile
    coding = unread[0][3] if unread else None
    if isinstance(key, int) and coding in _GREYS:
        return key * 255 // _GREYS[coding]
    if isinstance(key, tuple) and coding == "RGB;16B":
        return tuple(part >> 8 for part in key)
    return key if isinstance(key, int | tuple) else None


def orientation(image: Image.Image) -> Image.Transpose | None:
    """How to turn a picture upright, by its EXIF; None where it stands."""
    try:
        return _UPRIGHT.get(image.getexif().get(_ORIENTATION_TAG, 1))
    except DAMAGED:  # Damaged EXIF does not make the picture unusable.
        return None


def stored_ids(image: Image.Image, depth: int, colour: int) -> LabelArray:
    """What a grey or palette PNG stores. Pillow stretches grey of two and four bits over 0 to 255: that is undone."""
    ids = np.array(image, dtype=np.uint8)
    return ids // (255 // (2**depth - 1)) if colour == 0 and depth in (2, 4) else ids


def png_depth_and_colour(data: bytes) -> tuple[int, int]:
    """Bit depth and colour type in the first 26 bytes of a PNG; (0, -1) for another file."""
    return (data[24], data[25]) if data.startswith(PNG) and len(data) >= 26 else (0, -1)


def has_more_scans(jpeg: bytes, most: int) -> bool:
    """Whether the first picture in a JPEG has over `most` scans: each goes over all pixels, however few its bytes are.

    Thumbnails inside of segments and what follows the picture's end are not counted (ITU-T T.81, annex B).
    """
    scans, place = 0, 2
    while scans <= most and (marker := _MARKER.search(jpeg, place)) and jpeg[marker.end() - 1] != _END:
        scans += jpeg[marker.end() - 1] == _SCAN
        place = marker.end() + int.from_bytes(jpeg[marker.end() : marker.end() + 2])
    return scans > most


def size_of(array: np.ndarray) -> str:
    """Columns x rows, as people say it."""
    return f"{array.shape[1]} x {array.shape[0]}"


def _reason(error: BaseException) -> str:
    return str(error).splitlines()[0][:120] if str(error) else type(error).__name__
