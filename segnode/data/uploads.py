"""Pictures and masks out of a stranger's browser."""

import io
from collections.abc import Generator
from contextlib import contextmanager

import numpy as np
from PIL import Image

from segnode.data.classes import CAMVID, ClassSet
from segnode.data.decode import (
    DAMAGED,
    FORMATS,
    JPEG,
    PNG,
    TOO_BIG,
    has_more_scans,
    orientation,
    png_depth_and_colour,
    size_of,
    stored_ids,
    upright_rgb,
)
from segnode.errors import ImageError
from segnode.types import IGNORE, ImageArray, LabelArray

#: What an upload may be: bytes, pixels, pixels a side, and the longer side over the shorter.
LARGEST_BYTES = 10 * 2**20
LARGEST_PIXELS = 40_000_000
SMALLEST_SIDE = 16
LONGEST_STRIP = 32
#: Scans of a JPEG: a progressive one has about ten; 4,000 over 40 million pixels take minutes.
MOST_SCANS = 64


def open_upload(data: bytes, name: str, max_pixels: int = LARGEST_PIXELS) -> ImageArray:
    """A picture somebody sent, as sRGB of eight bits: upright by its EXIF, transparency over white.

    data: the file's bytes, trusted in nothing; its kind is told by them, whatever its name ends in. name: how messages
    call it; plain text, so escape it for a page. max_pixels: checked in the header, before anything is decoded. Print
    colours (CMYK), grey and palettes become RGB; of 16 bits a channel the upper 8 are kept.

    Raises `ImageError` unless it is one whole still JPEG, PNG or WebP of at least 16 pixels a side, no side over 32
    times the other, a JPEG in at most 64 scans. Of an animation no frame is chosen: the person is asked for one.
    """
    name = _plain(name)
    if not data:
        raise ImageError(f"{name} is empty: choose a picture.")
    if not data.startswith((JPEG, PNG)) and data[:4] + data[8:12] != b"RIFFWEBP":
        if kind := _other_format(data):
            raise ImageError(f"{name} is {kind}, which is not supported: save it as JPEG, PNG or WebP.")
        raise ImageError(f"{name} is not a picture: choose a JPEG, PNG or WebP file.")
    if data.startswith(JPEG) and len(data) <= LARGEST_BYTES and has_more_scans(data, MOST_SCANS):
        raise ImageError(
            f"{name} is a JPEG of over {MOST_SCANS} scans, which takes too long to decode: save a new copy of it."
        )
    with _still(data, name, max_pixels) as image:
        width, height = image.size
        if min(width, height) < SMALLEST_SIDE:
            raise ImageError(
                f"{name} has only {width} x {height} pixels: choose a picture of at least {SMALLEST_SIDE} a side."
            )
        if max(width, height) > LONGEST_STRIP * min(width, height):
            raise ImageError(
                f"{name} is a strip of {width} x {height} pixels: crop it to at most {LONGEST_STRIP} times its shorter"
                " side."
            )
        return upright_rgb(image)


def open_mask(data: bytes, name: str, size: tuple[int, int], classes: ClassSet) -> LabelArray:
    """The ground truth somebody sent for a picture: train ids of `classes`, `IGNORE` where a pixel is not counted.

    data: the bytes of a PNG whose grey value, or whose index into its palette, is the train id, or 255. The colours of
    a palette mean nothing. In a mask of `CAMVID` id 11 is not counted either, as in that data set's own files. name: as
    for `open_upload`. size: rows and columns of the upright picture, which the mask must have too.

    Raises `ImageError` for anything else, where no pixel is counted, and for masks of 0 and 255 alone, whose object
    would not count.
    """
    name = _plain(name)
    if not data.startswith(PNG):
        raise ImageError(f"{name} is not a PNG: save the mask as a palette or grey PNG of train ids.")
    with _still(data, name, LARGEST_PIXELS) as image:
        depth, colour = png_depth_and_colour(data)
        if colour not in (0, 3):
            what = "grey with transparency" if colour == 4 else "colours"
            raise ImageError(f"{name} holds {what}, not train ids: save it as a palette or grey PNG of train ids.")
        if depth > 8:
            raise ImageError(f"{name} has {depth} bits a pixel: save it as a PNG of 8 bits, holding train ids.")
        turned = orientation(image)
        ids = stored_ids(image if turned is None else image.transpose(turned), depth, colour)
    if ids.shape != size:
        raise ImageError(
            f"{name} has {size_of(ids)} pixels, but its picture {size[1]} x {size[0]}: save the mask at that size."
        )
    if np.unique(ids).tolist() == [0, IGNORE]:  # as a program that cuts out one object saves it
        raise ImageError(
            f"{name} holds only 0 and {IGNORE}, and {IGNORE} is not counted, so {classes.names[0]} would be the only"
            " class: save the object as the number of its class."
        )
    if classes.names == CAMVID.names:
        ids[ids == len(classes)] = IGNORE
    present = np.unique(ids)
    if unknown := [str(i) for i in present if len(classes) <= i < IGNORE]:
        some = ", ".join(unknown[:5]) + (" and more" if len(unknown) > 5 else "")
        raise ImageError(
            f"{name} holds the id{'s'[: len(unknown) > 1]} {some}, but there are {len(classes)} classes: use 0 to"
            f" {len(classes) - 1}, and {IGNORE} where a pixel is not counted."
        )
    if present[0] == IGNORE:
        raise ImageError(f"{name} counts no pixel, all are {IGNORE}: give some of them a class.")
    return ids


@contextmanager
def _still(data: bytes, name: str, max_pixels: int) -> Generator[Image.Image]:
    """Somebody's still picture, with nothing decoded yet; damage that shows inside becomes an `ImageError` too."""
    if len(data) > LARGEST_BYTES:
        raise ImageError(
            f"{name} has {len(data) / 2**20:.1f} MB, over the limit of {LARGEST_BYTES / 2**20:g} MB: shrink it."
        )
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            width, height = image.size
            if width * height > max_pixels:
                raise ImageError(
                    f"{name} has {width} x {height} pixels, over the limit of {max_pixels / 1e6:g} million: shrink it."
                )
            # A phone's JPEG may carry a second picture (MPO); only the first is shown, and that is no animation.
            if image.format in ("PNG", "WEBP") and getattr(image, "is_animated", False):
                raise ImageError(f"{name} is animated: save one frame of it as a still picture.")
            yield image
    except ImageError:
        raise
    except TOO_BIG as error:
        raise ImageError(
            f"{name} is over the limit of {max_pixels / 1e6:g} million pixels: make it smaller."
        ) from error
    except (*DAMAGED, MemoryError) as error:
        raise ImageError(f"{name} is damaged or cut short: send it again, or save a new copy of it.") from error


def _other_format(data: bytes) -> str | None:
    if data[4:8] == b"ftyp":
        return {b"avif": "an AVIF picture", b"heic": "a HEIC picture", b"mif1": "a HEIF picture"}.get(
            data[8:12], "a HEIF picture or a film"
        )
    kinds = {
        b"GIF8": "a GIF",
        b"BM": "a BMP picture",
        b"II*\0": "a TIFF picture",
        b"MM\0*": "a TIFF picture",
        b"%PDF": "a PDF",
        b"<svg": "an SVG drawing",
    }
    return next((kind for magic, kind in kinds.items() if data.startswith(magic)), None)


def _plain(name: str) -> str:
    """A file's name without its folders and unprintable characters, short enough for a sentence."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(letter for letter in last if letter.isprintable()).strip()
    return (shown if len(shown) <= 60 else shown[:57] + "...") or "The file"
