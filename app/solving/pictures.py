"""Pictures as the page holds them, and the segmentation laid over them: numpy in, numpy out."""

import hashlib
from dataclasses import dataclass, replace
from inspect import signature

import numpy as np
from PIL import Image

from app.solving.gallery import Photograph
from segnode import Predictor
from segnode.data.classes import ClassSet
from segnode.data.uploads import open_mask, open_upload
from segnode.errors import ImageError
from segnode.streets import render_street
from segnode.types import IGNORE, ImageArray, LabelArray

#: Pixels; larger uploads are scaled to the size the network works on, so that every label shown is one it computed.
SHOWN_PIXELS: int = signature(Predictor).parameters["max_pixels"].default
#: Pixels, at most, of the photograph that is shown under the labels.
DETAIL_PIXELS = 1280 * 960


@dataclass(frozen=True)
class Picture:
    """What is to be segmented.

    key: tells pictures and their truths apart in caches. title: shown on the page, never a file's name. image: as the
    network works on it. detail: the same, as sharp as it was sent, up to `DETAIL_PIXELS`. truth: train ids of the
    model's classes, where they are known, of `image`'s size. shared: whether other people's pages may show it. sent:
    rows and columns before any scaling.
    """

    key: str
    title: str
    image: ImageArray
    detail: ImageArray
    truth: LabelArray | None
    shared: bool
    sent: tuple[int, int]

    @property
    def seed(self) -> int | None:
        """Of a generated street; None for any other picture."""
        kind, _, number = self.key.partition(" ")
        return int(number) if kind == "street" else None

    @property
    def aspect(self) -> float:
        """Width over height."""
        return self.image.shape[1] / self.image.shape[0]

    @property
    def stem(self) -> str:
        """How names of files made from it begin: by seed or photograph, and all uploads alike."""
        return f"segnode-{self.key.replace(' ', '-')}" if self.shared else "segnode-your-picture"


def scene(seed: int) -> Picture:
    """The generated street of a seed, with its exact labels. Raises `ConfigError` for a seed below 0."""
    street = render_street(seed)
    rows, columns = street.labels.shape
    title = f"Street scene {seed}"
    return Picture(f"street {seed}", title, street.image, street.image, street.labels, True, (rows, columns))


def photograph(chosen: Photograph) -> Picture:
    """A photograph of the gallery, scaled to fit the network; it has no truth."""
    with Image.open(chosen.file) as file:
        sent = np.asarray(file.convert("RGB"))
    image, detail = fitted(sent, SHOWN_PIXELS), fitted(sent, DETAIL_PIXELS)
    size = sent.shape[0], sent.shape[1]
    return Picture(f"photograph {chosen.name}", chosen.title, image, detail, None, True, size)


def from_upload(data: bytes, name: str) -> Picture:
    """Somebody's own picture, scaled to fit the network. Raises `ImageError` for anything but a usable picture."""
    sent = open_upload(data, name)
    image, detail = fitted(sent, SHOWN_PIXELS), fitted(sent, DETAIL_PIXELS)
    return Picture(_key(image, detail), "Your picture", image, detail, None, False, (sent.shape[0], sent.shape[1]))


def with_mask(picture: Picture, data: bytes, name: str, classes: ClassSet) -> Picture:
    """`picture` with the ground truth somebody sent for it: a PNG of train ids of `classes`, as large as it was sent.

    Scaled like the picture, each pixel taking the id at its centre. Raises `ImageError` for a mask that does not fit.
    """
    mask = Image.fromarray(open_mask(data, name, picture.sent, classes))
    rows, columns = picture.image.shape[:2]
    truth = np.array(mask.resize((columns, rows), Image.Resampling.NEAREST))
    if (truth == IGNORE).all():
        raise ImageError("The mask counts so few pixels that none is left at the network's size: label more pixels.")
    return replace(picture, key=f"{picture.key} {_key(truth)}", truth=truth)


def fitted(image: ImageArray, max_pixels: int) -> ImageArray:
    """`image`, or a smaller copy of the same aspect with at most `max_pixels` pixels."""
    rows, columns = image.shape[:2]
    scale = (max_pixels / (rows * columns)) ** 0.5
    if scale >= 1:
        return np.ascontiguousarray(image)
    size = int(columns * scale), int(rows * scale)
    return np.asarray(Image.fromarray(image).resize(size, Image.Resampling.LANCZOS))


def overlay(image: ImageArray, labels: LabelArray, palette: np.ndarray, opacity: float) -> ImageArray:
    """`image` with each pixel drawn towards its label's colour.

    palette: one row of sRGB, 0 to 255, a train id; see `colours`. opacity: 0 leaves the picture, 1 the colours alone.
    Ids without a colour leave the picture as it is.
    """
    share = np.zeros(256, dtype=np.float32)
    share[: len(palette)] = opacity
    paint = np.zeros((256, 3), dtype=np.float32)
    paint[: len(palette)] = palette * np.float32(opacity)
    mixed = image * (1 - share)[labels][..., None] + paint[labels]
    return (mixed + 0.5).astype(np.uint8)


def colours(classes: ClassSet) -> np.ndarray:
    """The palette as uint8 rows, at most 256; a checkpoint's own may hold any number, so it is brought into range."""
    return np.array([[min(max(part, 0), 255) for part in colour] for colour in classes.palette[:256]], dtype=np.uint8)


def _key(*arrays: np.ndarray) -> str:
    """SHA-256 of pixels and shapes, in hex."""
    digest = hashlib.sha256()
    for array in arrays:
        digest.update(f"{array.shape}".encode())
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()
