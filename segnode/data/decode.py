"""Pixels out of a picture's bytes: sRGB for people and networks, ids for labels."""

import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image

from segnode.errors import DataError
from segnode.types import ImageArray, LabelArray

FORMATS = ("JPEG", "PNG", "WEBP")
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
        with Image.open(path, formats=FORMATS) as image:
            return upright_rgb(image)
    except FileNotFoundError as error:
        raise DataError(f"The picture {path} is not there: copy it there, or take it off the list.") from error
    except (*DAMAGED, *TOO_BIG) as error:
        raise DataError(
            f"The picture {path} cannot be read ({_reason(error)}): copy it again, or remove it."
        ) from error


def read_labels(path: Path) -> LabelArray:
    """The ids a grey or palette PNG holds, as stored. Raises `DataError` for anything else."""
    try:
        with path.open("rb") as file:
            depth, colour = png_depth_and_colour(file.read(26))
            if colour not in (0, 3) or depth > 8:
                raise DataError(
                    f"The labels {path} are not a PNG of one 8-bit channel: save ids as a grey or palette PNG."
                )
            file.seek(0)
            with Image.open(file, formats=("PNG",)) as image:
                return stored_ids(image, depth, colour)
    except FileNotFoundError as error:
        raise DataError(f"The labels {path} are not there: copy them there, or take them off the list.") from error
    except (*DAMAGED, *TOO_BIG) as error:
        raise DataError(f"The labels {path} cannot be read ({_reason(error)}): copy them again.") from error


def upright_rgb(image: Image.Image) -> ImageArray:
    """Upright, opaque, three channels of eight bits."""
    image.load()
    turned = orientation(image)
    if image.mode.startswith("I"):  # 16-bit grey: Pillow's own conversion would clip it to white.
        image = Image.fromarray((np.asarray(image).astype(np.uint32) >> 8).astype(np.uint8))
    elif image.has_transparency_data:
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image.convert("RGBA"))
    if image.mode != "RGB":
        image = image.convert("RGB")
    return np.array(image.transpose(turned) if turned is not None else image)


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


def size_of(array: np.ndarray) -> str:
    """Columns x rows, as people say it."""
    return f"{array.shape[1]} x {array.shape[0]}"


def _reason(error: BaseException) -> str:
    return str(error).splitlines()[0][:120] if str(error) else type(error).__name__
