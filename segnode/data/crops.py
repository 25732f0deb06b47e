"""What a classifier sees of a picture: random versions of it in training, its middle when it is scored.

In training a window of random size and proportions, resized to the batch's, mirrored half the time: what networks have
been trained on ImageNet with since Szegedy et al. (2015). Like `segnode.data.augment`, of whose colour changes it can
have some, it draws every number from the picture's own seed.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Int, UInt8
from torch import Tensor
from torch.nn import functional as F

from segnode.data.augment import recolour
from segnode.errors import ConfigError, DataError
from segnode.types import ImageArray, ImageBatch

#: A class a picture, as a map of one pixel.
ClassBatch = Int[Tensor, "b 1 1"]

#: Sides of the square a classifier is scored on, and the shorter side of the picture it is cut out of: as in HRNet's
#: test on ImageNet, and in most others.
SCORED, SHORTER = 224, 256

# Windows tried before the largest one of fitting proportions is taken from the middle.
_TRIES = 10


@dataclass(frozen=True)
class ClassificationAugment:
    """Makes a training batch of pictures of any sizes, each of one class.

    size: rows and columns of the result. area: smallest and largest share of the picture that is shown. ratio: smallest
    and largest width against height of what is shown. flip: whether half the pictures are mirrored. jitter: strength of
    `Augment`'s colour changes, 0 to 1; none as a rule, as HRNet was pretrained without.

    Raises `ConfigError` for a value out of range.
    """

    size: tuple[int, int]
    area: tuple[float, float] = (0.08, 1.0)
    ratio: tuple[float, float] = (3 / 4, 4 / 3)
    flip: bool = True
    jitter: float = 0.0

    def __post_init__(self) -> None:
        if len(self.size) != 2 or min(self.size) < 1:
            raise ConfigError(f"size must be rows and columns of at least 1, not {self.size!r}.")
        if len(self.area) != 2 or not 0 < self.area[0] <= self.area[1] <= 1:
            raise ConfigError(f"area must be two shares above 0 up to 1, the smaller first, not {self.area!r}.")
        if len(self.ratio) != 2 or not 0 < self.ratio[0] <= self.ratio[1] < math.inf:
            raise ConfigError(f"ratio must be two factors above 0, the smaller first, not {self.ratio!r}.")
        if not 0 <= self.jitter <= 1:
            raise ConfigError(f"jitter must lie between 0 and 1, not {self.jitter!r}.")

    def __call__(
        self, images: Sequence[UInt8[np.ndarray, "_ _ 3"]], classes: Sequence[int], seeds: Sequence[int]
    ) -> tuple[ImageBatch, ClassBatch]:
        """Images in 0 to 1, and their classes.

        seeds: one a picture, of which alone its changes are a function. Raises `DataError` when they do not pair up.
        """
        if not images or not len(images) == len(classes) == len(seeds):
            raise DataError(
                f"{len(images)} pictures came with {len(classes)} classes and {len(seeds)} seeds: give one for each, at"
                " least one."
            )
        batch = torch.empty(len(images), 3, *self.size)
        for i, (image, seed) in enumerate(zip(images, seeds, strict=True)):
            generator = torch.Generator().manual_seed(seed)
            pixels = self._crop(image, generator) / 255
            batch[i] = recolour(pixels, self.jitter, generator) if self.jitter > 0 else pixels
        return batch, torch.tensor(classes, dtype=torch.int64)[:, None, None]

    def _crop(self, image: np.ndarray, generator: torch.Generator) -> Tensor:
        """A random window of a picture at the size of the batch, colours as bytes."""
        *tries, (mirror, _, _, _) = torch.rand(_TRIES + 1, 4, generator=generator).tolist()
        rows, columns = self._window(image.shape[0], image.shape[1], tries)
        crop = image[rows, columns]
        if self.flip and mirror < 0.5:
            crop = crop[:, ::-1]
        planes = torch.from_numpy(crop.copy()).permute(2, 0, 1)[None]
        return F.interpolate(planes, self.size, mode="bilinear", antialias=True)[0]

    def _window(self, height: int, width: int, tries: list[list[float]]) -> tuple[slice, slice]:
        """The first of the windows that fits into the picture."""
        low, high = (math.log(factor) for factor in self.ratio)
        for share, stretch, down, right in tries:
            shown = height * width * (self.area[0] + (self.area[1] - self.area[0]) * share)
            ratio = math.exp(low + (high - low) * stretch)
            rows, columns = round(math.sqrt(shown / ratio)), round(math.sqrt(shown * ratio))
            if 0 < rows <= height and 0 < columns <= width:
                top, left = int(down * (height - rows + 1)), int(right * (width - columns + 1))
                return slice(top, top + rows), slice(left, left + columns)
        rows = max(1, min(height, round(width / self.ratio[0])))
        columns = max(1, min(width, round(height * self.ratio[1])))
        top, left = (height - rows) // 2, (width - columns) // 2
        return slice(top, top + rows), slice(left, left + columns)


def middle(image: ImageArray) -> UInt8[np.ndarray, "224 224 3"]:
    """The square of `SCORED` pixels a side in the middle of `image`, whose shorter side is first made `SHORTER`."""
    rows, columns = (length * SHORTER // min(image.shape[:2]) for length in image.shape[:2])
    planes = torch.from_numpy(image.copy()).permute(2, 0, 1)[None]
    resized = F.interpolate(planes, (rows, columns), mode="bilinear", antialias=True)[0]
    top, left = (rows - SCORED) // 2, (columns - SCORED) // 2
    return resized[:, top : top + SCORED, left : left + SCORED].permute(1, 2, 0).numpy()
