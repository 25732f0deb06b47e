"""Random versions of a picture and its labels, drawn together.

Geometry is cut out of the arrays before anything is resized, so a crop costs what it shows and not what the picture
holds; colours are changed with kornia. Every number comes from the picture's own seed, never from torch's global
generator, which the training loop is using in another thread; and a picture is changed alone, so what stands beside it
in the batch changes no bit of it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from jaxtyping import Float32, UInt8
from kornia.enhance import (
    adjust_brightness_accumulative,
    adjust_contrast_with_mean_subtraction,
    adjust_gamma,
    adjust_hue,
    adjust_saturation_with_gray_subtraction,
)
from kornia.filters import gaussian_blur2d
from torch import Tensor
from torch.nn import functional as F

from segnode.data.flips import Swaps, swapped
from segnode.data.sizes import Size, checked_size, resized_to
from segnode.errors import ConfigError, DataError
from segnode.types import IGNORE, ImageBatch, LabelBatch

#: Grey of the pixels outside a picture, which are labelled `IGNORE`.
PADDING = 128

#: Shares of pictures that get the dearer changes.
HUE, GAMMA, BLUR, NOISE, GREY = 0.3, 0.2, 0.15, 0.15, 0.05
#: How many numbers place a picture, and how many colour it.
PLACING, COLOURING = 5, 12


@dataclass(frozen=True)
class Augment:
    """Makes a training batch of pictures and labels of any sizes.

    size: rows and columns of the result. resize: what a picture is resized to first: rows and columns, or the longer
    side alone, or nothing. scale: smallest and largest enlargement. scale_draw: `even`, or even in its logarithm.
    jitter: strength of the colour changes, 0 (none) to 1; brightness, contrast and saturation vary by that share.
    flip: whether half the pictures are mirrored. aspect: how far width may be stretched against height.

    Raises `ConfigError` for a value out of range.
    """

    size: tuple[int, int]
    scale: tuple[float, float] = (0.5, 2.0)
    jitter: float = 0.3
    flip: bool = True
    aspect: float = 0.15
    resize: Size = ()
    scale_draw: Literal["log", "even"] = "log"

    def __post_init__(self) -> None:
        if len(self.size) != 2 or min(self.size) < 1:
            raise ConfigError(f"size must be rows and columns of at least 1, not {self.size!r}.")
        if len(self.scale) != 2 or not 0 < self.scale[0] <= self.scale[1] < math.inf:
            raise ConfigError(f"scale must be two factors above 0, the smaller first, not {self.scale!r}.")
        checked_size("resize", self.resize)
        for name in ("jitter", "aspect"):
            if not 0 <= getattr(self, name) <= 1:
                raise ConfigError(f"{name} must lie between 0 and 1, not {getattr(self, name)!r}.")

    def __call__(
        self,
        images: Sequence[UInt8[np.ndarray, "_ _ 3"]],
        labels: Sequence[UInt8[np.ndarray, "_ _"]],
        seeds: Sequence[int],
        swaps: Sequence[Swaps] | None = None,
    ) -> tuple[ImageBatch, LabelBatch]:
        """Images in 0 to 1 and int64 labels, `IGNORE` where the crop leaves the picture.

        seeds: one a picture, of which alone its changes are a function. swaps: for each picture the train ids that
        change places when it is mirrored (left and right arm). Raises `DataError` when they do not pair up.
        """
        if not images or len(images) != len(labels):
            raise DataError(
                f"{len(images)} pictures came with {len(labels)} label arrays: give one for each, at least one."
            )
        swaps = [()] * len(images) if swaps is None else swaps
        if not len(seeds) == len(swaps) == len(images):
            raise DataError(
                f"{len(images)} pictures came with {len(seeds)} seeds and {len(swaps)} swaps: give one for each."
            )
        batch = torch.empty(len(images), 3, *self.size)
        ids = torch.empty(len(images), *self.size, dtype=torch.int64)
        for i, (image, truth) in enumerate(zip(images, labels, strict=True)):
            if image.shape[:2] != truth.shape:
                raise DataError(
                    f"A picture of shape {image.shape} came with labels of shape {truth.shape}: match them."
                )
            generator = torch.Generator().manual_seed(seeds[i])
            pixels, ids[i] = self._crop(image, truth, swaps[i], generator)
            batch[i] = recolour(pixels / 255, self.jitter, generator) if self.jitter > 0 else pixels / 255
        return batch, ids

    def _crop(
        self, image: np.ndarray, truth: np.ndarray, swaps: Swaps, generator: torch.Generator
    ) -> tuple[Tensor, Tensor]:
        """A random window of a picture at the size of the batch, colours as bytes, and its labels."""
        pixels = torch.full((3, *self.size), PADDING, dtype=torch.uint8)
        ids = np.full(self.size, IGNORE, dtype=np.uint8)
        enlarge, stretch, down, right, mirror = torch.rand(PLACING, generator=generator).tolist()
        factor = self.factor(enlarge)
        ratio = math.exp(math.log1p(self.aspect) * (stretch - 0.5))  # sqrt of the stretch of width against height
        height, width = truth.shape
        tall, wide = resized_to(self.resize, height, width)
        rows, to_rows = _window(height, self.size[0], tall / height * factor / ratio, down)
        columns, to_columns = _window(width, self.size[1], wide / width * factor * ratio, right)
        crop, crop_ids = image[rows, columns], truth[rows, columns]
        if self.flip and mirror < 0.5:
            crop, crop_ids = crop[:, ::-1], swapped(crop_ids[:, ::-1], swaps)
        size = (to_rows.stop - to_rows.start, to_columns.stop - to_columns.start)
        planes = torch.from_numpy(crop.copy()).permute(2, 0, 1)[None]
        pixels[:, to_rows, to_columns] = F.interpolate(planes, size, mode="bilinear", antialias=True)[0]
        ids[to_rows, to_columns] = crop_ids[_nearest(crop_ids.shape[0], size[0])][
            :, _nearest(crop_ids.shape[1], size[1])
        ]
        return pixels, torch.from_numpy(ids)

    def factor(self, share: float) -> float:
        """The enlargement that `share`, from 0 to 1, stands for."""
        if self.scale_draw == "even":
            return self.scale[0] + (self.scale[1] - self.scale[0]) * share
        low, high = (math.log(factor) for factor in self.scale)
        return math.exp(low + (high - low) * share)


def recolour(image: Float32[Tensor, "3 h w"], strength: float, generator: torch.Generator) -> Float32[Tensor, "3 h w"]:
    """A picture in 0 to 1 with other brightness, contrast and saturation, now and then other hue, gamma, blur or noise.

    strength: above 0, up to 1; brightness, contrast and saturation vary by that share. generator: gives every chance.
    """
    bright, contrast, grey, vivid, hue, turn, gamma, bend, blur, width, noise, loud = torch.rand(
        COLOURING, generator=generator
    ).tolist()
    image = adjust_brightness_accumulative(image, 1 + strength * _signed(bright))
    image = adjust_contrast_with_mean_subtraction(image, 1 + strength * _signed(contrast))
    image = adjust_saturation_with_gray_subtraction(image, 0.0 if grey < GREY else 1 + strength * _signed(vivid))
    if hue < HUE:
        image = adjust_hue(image, 0.15 * math.pi * strength * _signed(turn))
    if gamma < GAMMA:
        image = adjust_gamma(image, math.exp(strength * _signed(bend)))
    if blur < BLUR:
        sigma = 0.3 + 2 * strength * width
        image = gaussian_blur2d(image[None], (5, 5), (sigma, sigma), border_type="replicate")[0]
    if noise < NOISE:
        image = image + 0.1 * strength * loud * torch.randn(image.shape, generator=generator)
    return image.clamp(0, 1)


def _signed(chance: float) -> float:
    """0 to 1 stretched to -1 to 1."""
    return 2 * chance - 1


def _window(length: int, target: int, factor: float, place: float) -> tuple[slice, slice]:
    """What to cut out of `length` pixels and where it lands among `target`, enlarged by `factor`."""
    extent = max(1, round(target / factor))
    if extent <= length:
        start = int(place * (length - extent + 1))
        return slice(start, start + extent), slice(0, target)
    shown = min(target, max(1, round(length * factor)))
    start = int(place * (target - shown + 1))
    return slice(0, length), slice(start, start + shown)


def _nearest(length: int, target: int) -> np.ndarray:
    """For each of `target` pixels the one of `length` under its centre."""
    return ((np.arange(target) + 0.5) * (length / target)).astype(np.intp).clip(max=length - 1)
