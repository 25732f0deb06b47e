"""Random versions of a picture and its labels, drawn together.

Geometry is cut out of the arrays before anything is resized, so a crop costs what it shows and not what the picture
holds; colours are changed on the batch with kornia. Every number comes from the generator handed in, never from
torch's global one, which the training loop is using in another thread.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

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

from segnode.errors import ConfigError, DataError
from segnode.types import IGNORE, ImageBatch, LabelBatch

#: Grey of the pixels outside a picture, which are labelled `IGNORE`.
PADDING = 128

# Shares of pictures that get the dearer changes.
_HUE, _GAMMA, _BLUR, _NOISE, _GREY = 0.3, 0.2, 0.15, 0.15, 0.05
_DRAWS = 18


@dataclass(frozen=True)
class Augment:
    """Makes a training batch of pictures and labels of any sizes.

    size: rows and columns of the result. scale: smallest and largest enlargement, drawn evenly in its logarithm.
    jitter: strength of the colour changes, 0 (none) to 1; brightness, contrast and saturation vary by that share.
    flip: whether half the pictures are mirrored. aspect: how far width may be stretched against height.

    Raises `ConfigError` for a value out of range.
    """

    size: tuple[int, int]
    scale: tuple[float, float] = (0.5, 2.0)
    jitter: float = 0.3
    flip: bool = True
    aspect: float = 0.15

    def __post_init__(self) -> None:
        if len(self.size) != 2 or min(self.size) < 1:
            raise ConfigError(f"size must be rows and columns of at least 1, not {self.size!r}.")
        if len(self.scale) != 2 or not 0 < self.scale[0] <= self.scale[1] < math.inf:
            raise ConfigError(f"scale must be two factors above 0, the smaller first, not {self.scale!r}.")
        for name in ("jitter", "aspect"):
            if not 0 <= getattr(self, name) <= 1:
                raise ConfigError(f"{name} must lie between 0 and 1, not {getattr(self, name)!r}.")

    def __call__(
        self,
        images: Sequence[UInt8[np.ndarray, "_ _ 3"]],
        labels: Sequence[UInt8[np.ndarray, "_ _"]],
        generator: torch.Generator | int,
    ) -> tuple[ImageBatch, LabelBatch]:
        """Images in 0 to 1 and int64 labels, `IGNORE` where the crop leaves the picture.

        generator: where the chances come from, or its seed: the same seed gives the same batch. Raises `DataError`
        when pictures and labels do not pair up.
        """
        if not images or len(images) != len(labels):
            raise DataError(
                f"{len(images)} pictures came with {len(labels)} label arrays: give one for each, at least one."
            )
        if isinstance(generator, int):
            generator = torch.Generator().manual_seed(generator)
        chances = torch.rand(len(images), _DRAWS, generator=generator)
        pixels = torch.full((len(images), 3, *self.size), PADDING, dtype=torch.uint8)
        ids = np.full((len(images), *self.size), IGNORE, dtype=np.uint8)
        for i, (image, truth) in enumerate(zip(images, labels, strict=True)):
            if image.shape[:2] != truth.shape:
                raise DataError(
                    f"A picture of shape {image.shape} came with labels of shape {truth.shape}: match them."
                )
            self._place(image, truth, chances[i, :5].tolist(), pixels[i], ids[i])
        batch = pixels.to(torch.float32).div_(255)
        if self.jitter > 0:
            batch = self._recolour(batch, chances[:, 5:], generator)
        return batch, torch.from_numpy(ids).long()

    def _place(
        self, image: np.ndarray, truth: np.ndarray, chances: list[float], pixels: Tensor, ids: np.ndarray
    ) -> None:
        """Put one random crop of a picture into its place in the batch."""
        enlarge, stretch, down, right, mirror = chances
        low, high = (math.log(factor) for factor in self.scale)
        factor = math.exp(low + (high - low) * enlarge)
        ratio = math.exp(math.log1p(self.aspect) * (stretch - 0.5))  # sqrt of the stretch of width against height
        rows, to_rows = _window(truth.shape[0], self.size[0], factor / ratio, down)
        columns, to_columns = _window(truth.shape[1], self.size[1], factor * ratio, right)
        crop, crop_ids = image[rows, columns], truth[rows, columns]
        if self.flip and mirror < 0.5:
            crop, crop_ids = crop[:, ::-1], crop_ids[:, ::-1]
        size = (to_rows.stop - to_rows.start, to_columns.stop - to_columns.start)
        planes = torch.from_numpy(crop.copy()).permute(2, 0, 1)[None]
        pixels[:, to_rows, to_columns] = F.interpolate(planes, size, mode="bilinear", antialias=True)[0]
        ids[to_rows, to_columns] = crop_ids[_nearest(crop_ids.shape[0], size[0])][
            :, _nearest(crop_ids.shape[1], size[1])
        ]

    def _recolour(
        self, batch: Float32[Tensor, "b 3 h w"], chances: Float32[Tensor, "b draws"], generator: torch.Generator
    ) -> Float32[Tensor, "b 3 h w"]:
        signed = 2 * chances - 1
        batch = adjust_brightness_accumulative(batch, 1 + self.jitter * signed[:, 0])
        batch = adjust_contrast_with_mean_subtraction(batch, 1 + self.jitter * signed[:, 1])
        saturation = torch.where(chances[:, 2] < _GREY, 0.0, 1 + self.jitter * signed[:, 3])
        batch = adjust_saturation_with_gray_subtraction(batch, saturation)
        if (few := chances[:, 4] < _HUE).any():
            batch[few] = adjust_hue(batch[few], 0.15 * math.pi * self.jitter * signed[few, 5])
        if (few := chances[:, 6] < _GAMMA).any():
            batch[few] = adjust_gamma(batch[few], torch.exp(self.jitter * signed[few, 7]))
        if (few := chances[:, 8] < _BLUR).any():
            sigma = 0.3 + 2 * self.jitter * chances[few, 9]
            batch[few] = gaussian_blur2d(batch[few], (5, 5), sigma[:, None].expand(-1, 2), border_type="replicate")
        if (few := chances[:, 10] < _NOISE).any():
            noise = torch.randn(batch[few].shape, generator=generator)
            batch[few] += noise * (0.1 * self.jitter * chances[few, 11])[:, None, None, None]
        return batch.clamp_(0, 1)


def _window(length: int, wanted: int, factor: float, place: float) -> tuple[slice, slice]:
    """What to cut out of `length` pixels and where it lands among `wanted`, enlarged by `factor`."""
    extent = max(1, round(wanted / factor))
    if extent <= length:
        start = int(place * (length - extent + 1))
        return slice(start, start + extent), slice(0, wanted)
    shown = min(wanted, max(1, round(length * factor)))
    start = int(place * (wanted - shown + 1))
    return slice(0, length), slice(start, start + shown)


def _nearest(length: int, wanted: int) -> np.ndarray:
    """For each of `wanted` pixels the one of `length` under its centre."""
    return ((np.arange(wanted) + 0.5) * (length / wanted)).astype(np.intp).clip(max=length - 1)
