"""Pictures and their labels off the disk, or out of a stranger's browser."""

import io
import struct
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, Protocol, runtime_checkable

import numpy as np
from PIL import Image

from segnode.data.classes import ClassSet
from segnode.errors import DataError, ImageError
from segnode.types import ImageArray, LabelArray

SMALLEST_SIDE = 16

_FORMATS = ("JPEG", "PNG", "WEBP")
_TOO_BIG = (Image.DecompressionBombError, Image.DecompressionBombWarning)
# What Pillow's decoders raise on damaged bytes: far more than OSError.
_DAMAGED = (
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
        with Image.open(path, formats=_FORMATS) as image:
            return _rgb(image)
    except FileNotFoundError as error:
        raise DataError(f"The picture {path} is not there: copy it there, or take it off the list.") from error
    except (*_DAMAGED, *_TOO_BIG) as error:
        raise DataError(
            f"The picture {path} cannot be read ({_reason(error)}): copy it again, or remove it."
        ) from error


def read_labels(path: Path) -> LabelArray:
    """The ids a grey or palette PNG holds, as stored. Raises `DataError` for anything else.

    Pillow stretches grey of two and four bits over 0 to 255; the ids are brought back.
    """
    try:
        with path.open("rb") as file:
            depth, colour = _png_depth_and_colour(file)
            if colour not in (0, 3) or depth > 8:
                raise DataError(
                    f"The labels {path} are not a PNG of one 8-bit channel: save ids as a grey or palette PNG."
                )
            with Image.open(file, formats=("PNG",)) as image:
                ids = np.array(image, dtype=np.uint8)
    except FileNotFoundError as error:
        raise DataError(f"The labels {path} are not there: copy them there, or take them off the list.") from error
    except (*_DAMAGED, *_TOO_BIG) as error:
        raise DataError(f"The labels {path} cannot be read ({_reason(error)}): copy them again.") from error
    return ids // (255 // (2**depth - 1)) if colour == 0 and depth in (2, 4) else ids


@runtime_checkable
class Dataset(Protocol):
    """Pictures with their train ids, by index; `IGNORE` where a pixel is not counted."""

    classes: ClassSet

    def __len__(self) -> int: ...

    def __getitem__(self, index: int) -> tuple[ImageArray, LabelArray]: ...

    def name(self, index: int) -> str:
        """What messages and pages call the picture."""
        ...


class Pairs:
    """Pictures and labels by twos on disk, map-style: what the data sets in folders share.

    what: the data set's name in messages. pairs: image path and label path. ids: train id of each id that may stand
    in a label file. Raises `DataError` when nothing is listed or a file is missing; when a file is read, if it is
    damaged, the sizes differ or an id is not in `ids`.
    """

    def __init__(
        self, what: str, pairs: Sequence[tuple[Path, Path]], ids: Mapping[int, int], classes: ClassSet
    ) -> None:
        if not pairs:
            raise DataError(f"{what} lists no pictures: check its list files and choose another split.")
        for image, labels in pairs:
            if not image.is_file():
                raise DataError(
                    f"{what} lists {image}, which is not there: copy the picture, or drop it from the list."
                )
            if not labels.is_file():
                raise DataError(f"{what} has no labels {labels} for {image.name}: add them, or drop the picture.")
        self.classes = classes
        self.pairs = tuple(pairs)
        self._train_ids = np.full(256, -1, dtype=np.int16)
        self._train_ids[list(ids)] = list(ids.values())

    def __len__(self) -> int:
        return len(self.pairs)

    def name(self, index: int) -> str:
        """The picture's file name without its ending."""
        return self.pairs[index][0].stem

    def __getitem__(self, index: int) -> tuple[ImageArray, LabelArray]:
        image_path, labels_path = self.pairs[index]
        image, labels = read_image(image_path), read_labels(labels_path)
        if image.shape[:2] != labels.shape:
            raise DataError(
                f"{image_path.name} is {_size(image)} but its labels {labels_path.name} are {_size(labels)}: "
                "save both at one size."
            )
        mapped = self._train_ids[labels]
        if mapped.min() < 0:
            unknown = ", ".join(str(i) for i in np.unique(labels[mapped < 0]))
            known = ", ".join(str(i) for i in np.flatnonzero(self._train_ids >= 0))
            raise DataError(f"The labels {labels_path} hold unknown ids {unknown}: only {known} mean something here.")
        return image, mapped.astype(np.uint8)


def selected(
    pairs: Sequence[tuple[Path, Path]], listing: Path, only: str | None, without: str | None
) -> list[tuple[Path, Path]]:
    """The pairs whose image name begins with `only` and not with `without`. Raises `DataError` when none is left."""
    kept = [
        pair
        for pair in pairs
        if (only is None or pair[0].name.startswith(only)) and (without is None or not pair[0].name.startswith(without))
    ]
    if pairs and not kept:
        beginnings = ", ".join(sorted({image.name.split("_")[0] for image, _ in pairs}))
        raise DataError(
            f"No picture of {listing} is left with only={only!r} and without={without!r}: names begin {beginnings}."
        )
    return kept


def listed(path: Path, what: str) -> list[str]:
    """The lines of a list file that are not blank. Raises `DataError` when it is missing or not text."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError as error:
        raise DataError(f"{what} needs the list {path}, which is not there: check the folder and the split.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{what}'s list {path} cannot be read ({_reason(error)}): save it as plain text.") from error
    return [line.strip() for line in lines if line.strip()]


def folder_of(root: Path | str, what: str) -> Path:
    """`root` as a path that is a folder. Raises `DataError` otherwise."""
    folder = Path(root)
    if not folder.is_dir():
        raise DataError(f"There is no folder {folder} with {what}: give the folder that holds it.")
    return folder


def open_upload(data: bytes, name: str, max_pixels: int = 40_000_000) -> ImageArray:
    """A picture somebody sent, as sRGB: upright, transparency over white.

    data: the file's bytes, trusted in nothing. name: how messages call it; plain text, so escape it for a page.
    max_pixels: checked in the header, before anything is decoded.

    Raises `ImageError` unless it is one whole still JPEG, PNG or WebP of at least 16 pixels a side.
    """
    name = _plain(name)
    if not data:
        raise ImageError(f"{name} is empty: choose a picture.")
    if not data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) and data[:4] + data[8:12] != b"RIFFWEBP":
        if kind := _other_format(data):
            raise ImageError(f"{name} is {kind}, which is not supported: save it as JPEG, PNG or WebP.")
        raise ImageError(f"{name} is not a picture: choose a JPEG, PNG or WebP file.")
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            width, height = image.size
            if width * height > max_pixels:
                raise ImageError(
                    f"{name} has {width} x {height} pixels, over the limit of {max_pixels / 1e6:g} million: shrink it."
                )
            if min(width, height) < SMALLEST_SIDE:
                raise ImageError(
                    f"{name} has only {width} x {height} pixels: choose a picture of at least {SMALLEST_SIDE} a side."
                )
            # A phone's JPEG may carry a second picture (MPO); only the first is shown, and that is no animation.
            if image.format in ("PNG", "WEBP") and getattr(image, "is_animated", False):
                raise ImageError(f"{name} is animated: save one frame of it as a still picture.")
            return _rgb(image)
    except ImageError:
        raise
    except _TOO_BIG as error:
        raise ImageError(
            f"{name} is over the limit of {max_pixels / 1e6:g} million pixels: make it smaller."
        ) from error
    except (*_DAMAGED, MemoryError) as error:
        raise ImageError(f"{name} is damaged or cut short: send it again, or save a new copy of it.") from error


def _rgb(image: Image.Image) -> ImageArray:
    """Upright, opaque, three channels of eight bits."""
    image.load()
    turned = _orientation(image)
    if image.mode.startswith("I"):  # 16-bit grey: Pillow's own conversion would clip it to white.
        image = Image.fromarray((np.asarray(image).astype(np.uint32) >> 8).astype(np.uint8))
    elif image.has_transparency_data:
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image.convert("RGBA"))
    if image.mode != "RGB":
        image = image.convert("RGB")
    return np.array(image.transpose(turned) if turned is not None else image)


def _orientation(image: Image.Image) -> Image.Transpose | None:
    try:
        return _UPRIGHT.get(image.getexif().get(_ORIENTATION_TAG, 1))
    except _DAMAGED:  # Damaged EXIF does not make the picture unusable.
        return None


def _png_depth_and_colour(file: BinaryIO) -> tuple[int, int]:
    """Bit depth and colour type in a PNG's header; (0, -1) for another file."""
    header = file.read(26)
    file.seek(0)
    return (header[24], header[25]) if header.startswith(b"\x89PNG") and len(header) == 26 else (0, -1)


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


def _size(array: np.ndarray) -> str:
    return f"{array.shape[1]} x {array.shape[0]}"


def _reason(error: BaseException) -> str:
    return str(error).splitlines()[0][:120] if str(error) else type(error).__name__
