"""Pictures as the page holds them, and the segmentation laid over them: numpy in, numpy out."""

import hashlib
from dataclasses import dataclass

import numpy as np
from PIL import Image

from segnode.data.classes import ClassSet
from segnode.data.images import open_upload
from segnode.data.streets import render_street
from segnode.types import ImageArray, LabelArray

#: Pixels; larger uploads are shown, and answered, at this size. The network works on fewer still.
SHOWN_PIXELS = 640 * 480


@dataclass(frozen=True)
class Picture:
    """What is to be segmented.

    key: tells pictures apart in caches. title: plain words for it, nobody's file name. truth: train ids of CamVid's
    classes, where they are known. shared: whether other people's pages may show it.
    """

    key: str
    title: str
    image: ImageArray
    truth: LabelArray | None
    shared: bool

    @property
    def aspect(self) -> float:
        """Width over height."""
        return self.image.shape[1] / self.image.shape[0]


def scene(seed: int) -> Picture:
    """The generated street of a seed, with its exact labels. Raises `ConfigError` for a seed below 0."""
    street = render_street(seed)
    return Picture(f"street {seed}", f"Street scene {seed}", street.image, street.labels, shared=True)


def own(data: bytes, name: str) -> Picture:
    """Somebody's own picture, scaled to fit the page. Raises `ImageError` for anything but a usable picture."""
    image = fitted(open_upload(data, name), SHOWN_PIXELS)
    return Picture(hashlib.sha256(image.data).hexdigest(), "Your picture", image, None, shared=False)


def fitted(image: ImageArray, max_pixels: int) -> ImageArray:
    """`image`, or a smaller copy of the same aspect with at most `max_pixels` pixels, 16 a side at least."""
    rows, columns = image.shape[:2]
    scale = (max_pixels / (rows * columns)) ** 0.5
    if scale >= 1:
        return np.ascontiguousarray(image)
    size = max(16, int(columns * scale)), max(16, int(rows * scale))
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
