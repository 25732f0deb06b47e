"""Training where all pictures stay on the device: crops, flips, scales and colours are drawn there, a batch at a time.

Made for an accelerator that would otherwise wait for the host. The geometry is that of `segnode.data.augment`: its
limits and distributions, its filter against aliasing, its rule for labels. A batch is a function of seed and position.
"""

import math
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from itertools import count
from multiprocessing import get_context

import numpy as np
import torch
from kornia.enhance import (
    adjust_brightness_accumulative,
    adjust_contrast_with_mean_subtraction,
    adjust_gamma,
    adjust_hue,
    adjust_saturation_with_gray_subtraction,
)
from kornia.filters import gaussian_blur2d
from torch import Tensor

from segnode.data.augment import BLUR, COLOURING, GAMMA, GREY, HUE, NOISE, PADDING, PLACING, Augment
from segnode.data.batches import Mix
from segnode.data.flips import swaps_of
from segnode.data.images import Dataset
from segnode.errors import ConfigError
from segnode.model.loss import PerOutput
from segnode.model.network import Network
from segnode.train.config import TrainConfig
from segnode.train.loop import Trainer
from segnode.train.network import WithLoss
from segnode.train.sources import open_source
from segnode.types import IGNORE, CoarseLogits, ImageArray, ImageBatch, LabelArray, LabelBatch


class Resident:
    """All pictures of `sources` as bytes on `device`, and batches of them changed there.

    sources: data sets by name, in the order of `mix`. workers: processes that read or draw the pictures; 1: this one.
    Raises `ConfigError` for classes that know left from right.
    """

    def __init__(self, sources: Sequence[str], mix: Mix, augment: Augment, device: torch.device, workers: int) -> None:
        if any(swaps_of(dataset) for dataset in mix.datasets):
            raise ConfigError("Classes that know left from right are not mirrored on the device: use scripts/train.py.")
        self.mix, self.augment, self.device = mix, augment, device
        pairs = _read(sources, [len(dataset) for dataset in mix.datasets], workers)
        self.sizes = np.array([labels.shape for _, labels in pairs])
        self.first = np.cumsum([0, *(len(dataset) for dataset in mix.datasets)])
        height, width = self.sizes.max(axis=0)
        self.pixels = torch.zeros(len(pairs), 3, height, width, dtype=torch.uint8, device=device)
        self.labels = torch.zeros(len(pairs), height, width, dtype=torch.uint8, device=device)
        for number, (image, labels) in enumerate(pairs):
            rows, columns = labels.shape
            self.pixels[number, :, :rows, :columns] = torch.tensor(image).permute(2, 0, 1)
            self.labels[number, :rows, :columns] = torch.tensor(labels)

    def batch(self, position: int, size: int) -> tuple[ImageBatch, LabelBatch]:
        """Batch number `position`, of `size` pictures: as `Augment` gives one, on the device."""
        drawn = [self.mix.draw(place) for place in range(position * size, (position + 1) * size)]
        numbers = np.array([self.first[which] + item for which, item in drawn])
        chance = np.random.default_rng([self.mix.seed, position])
        images, labels = self.cropped(numbers, chance.random((size, PLACING)))
        if self.augment.jitter > 0:
            generator = torch.Generator(self.device).manual_seed(int(chance.integers(2**63)))
            chances = self._sent(chance.random((size, COLOURING), dtype=np.float32))
            images = recoloured(images, self.augment.jitter, chances, generator)
        return images, labels

    def cropped(self, numbers: np.ndarray, chances: np.ndarray) -> tuple[ImageBatch, LabelBatch]:
        """Windows of the pictures `numbers`. chances: five a picture, 0 to 1, as `Augment` draws them."""
        augment, (rows, columns) = self.augment, self.augment.size
        enlarge, stretch, down, right, mirror = chances.T
        factor = np.array([augment.factor(share) for share in enlarge])
        ratio = np.exp(math.log1p(augment.aspect) * (stretch - 0.5))
        heights, widths = self.sizes[numbers].T
        mirrored = (mirror < 0.5) & augment.flip
        upright = windows(heights, rows, factor / ratio, down), np.zeros_like(mirrored)
        across = windows(widths, columns, factor * ratio, right), mirrored
        chosen = self._sent(numbers)
        row, column = (self._sent(nearest(*side, n)) for side, n in ((upright, rows), (across, columns)))
        outside = (row < 0)[:, :, None] | (column < 0)[:, None, :]
        labels = self.labels[chosen[:, None, None], row.clamp(min=0)[:, :, None], column.clamp(min=0)[:, None, :]]
        precise = torch.float16 if self.device.type == "cuda" else torch.float32
        by_row, by_column = (
            triangle(self._sent(np.stack([*window, flipped], axis=1).astype(np.float32)), length, n).to(precise)
            for (window, flipped), length, n in (
                (upright, self.pixels.shape[2], rows),
                (across, self.pixels.shape[3], columns),
            )
        )
        pixels = by_row[:, None] @ self.pixels[chosen].to(precise) @ by_column[:, None].mT
        pixels = pixels.float().round().clamp(0, 255).masked_fill(outside[:, None], PADDING)
        return pixels / 255, labels.long().masked_fill(outside, IGNORE)

    def _sent(self, values: np.ndarray) -> Tensor:
        """`values` on the device, which the host does not wait for."""
        tensor = torch.from_numpy(values)
        return tensor.pin_memory().to(self.device, non_blocking=True) if self.device.type == "cuda" else tensor


def windows(lengths: np.ndarray, target: int, factors: np.ndarray, places: np.ndarray) -> tuple[np.ndarray, ...]:
    """Of each picture where the window starts, its extent, where it lands and how long it is there, in pixels.

    The rule of `segnode.data.augment` for one side, for many pictures at once.
    """
    extent = np.maximum(1, np.round(target / factors)).astype(np.int64)
    inside = extent <= lengths
    shown = np.minimum(target, np.maximum(1, np.round(lengths * factors))).astype(np.int64)
    start = np.where(inside, (places * (lengths - extent + 1)).astype(np.int64), 0)
    landing = np.where(inside, 0, (places * (target - shown + 1)).astype(np.int64))
    return start, np.where(inside, extent, lengths), landing, np.where(inside, target, shown)


def nearest(window: tuple[np.ndarray, ...], mirrored: np.ndarray, target: int) -> np.ndarray:
    """For each of `target` pixels of each picture the one of the picture under its centre; -1 outside of it."""
    start, extent, landing, shown = (values[:, None] for values in window)
    place = np.arange(target) - landing
    index = ((place + 0.5) * (extent / shown)).astype(np.int64).clip(0, extent - 1)
    index = start + np.where(mirrored[:, None], extent - 1 - index, index)
    return np.where((place >= 0) & (place < shown), index, -1)


def triangle(sides: Tensor, length: int, target: int) -> Tensor:
    """Matrices (pictures, target, length) that resize a side linearly, without aliasing where it shrinks.

    sides: of each picture what `windows` gives, and whether it is mirrored.
    """
    start, extent, landing, shown, mirrored = (values[:, None, None] for values in sides.unbind(1))
    place = torch.arange(target, device=sides.device)[None, :, None] - landing
    scale = extent / shown
    centre = scale * (place + 0.5)
    centre = torch.where(mirrored > 0, extent - centre, centre)
    pixel = torch.arange(length, device=sides.device)[None, None, :] - start
    weights = (1 - (pixel + 0.5 - centre).abs() / scale.clamp(min=1)).clamp(min=0)
    weights = weights * ((pixel >= 0) & (pixel < extent) & (place >= 0) & (place < shown))
    return weights / weights.sum(dim=2, keepdim=True).clamp(min=1e-12)


def recoloured(images: ImageBatch, strength: float, chances: Tensor, generator: torch.Generator) -> ImageBatch:
    """`segnode.data.augment.recolour` of a batch. chances: twelve a picture, 0 to 1, in its order."""
    bright, contrast, grey, vivid, hue, turn, gamma, bend, blur, width, noise, loud = chances.unbind(1)
    images = adjust_brightness_accumulative(images, 1 + strength * (2 * bright - 1))
    images = adjust_contrast_with_mean_subtraction(images, 1 + strength * (2 * contrast - 1))
    saturation = (1 + strength * (2 * vivid - 1)).masked_fill(grey < GREY, 0)
    images = adjust_saturation_with_gray_subtraction(images, saturation)
    turned = adjust_hue(images, 0.15 * math.pi * strength * (2 * turn - 1))
    images = torch.where((hue < HUE)[:, None, None, None], turned, images)
    images = adjust_gamma(images, (strength * (2 * bend - 1)).exp().masked_fill(gamma >= GAMMA, 1))
    sigma = (0.3 + 2 * strength * width)[:, None].expand(-1, 2)
    blurred = gaussian_blur2d(images, (5, 5), sigma, border_type="replicate")
    images = torch.where((blur < BLUR)[:, None, None, None], blurred, images)
    amplitude = (0.1 * strength * loud).masked_fill(noise >= NOISE, 0)[:, None, None, None]
    return (images + amplitude * torch.randn(images.shape, generator=generator, device=images.device)).clamp(0, 1)


class ResidentTrainer(Trainer):
    """A `Trainer` of one process, fed by `Resident`, that may stop early and may learn from a teacher.

    stop_at: by `time.monotonic`, when it saves and stops, to be resumed. teacher: a network of the same classes whose
    probabilities are learned beside the labels. Raises `ConfigError` for settings that need another feed.
    """

    def __init__(self, config: TrainConfig, stop_at: float = math.inf, teacher: Network | None = None) -> None:
        super().__init__(config)
        augment = self.feed.augment
        if config.paste_classes or config.resize or not isinstance(augment, Augment):
            raise ConfigError("Pictures on the device are neither pasted into nor resized first: use scripts/train.py.")
        if config.accumulate > 1 or self.accelerator.num_processes > 1:
            raise ConfigError("Pictures stay on one device, each batch whole: drop accumulate, start one process.")
        self.stop_at = stop_at
        self.resident = Resident(config.data, self.feed.mix, augment, self.accelerator.device, config.workers)
        if teacher is not None:
            taught = WithTeacher(self.network, self.weights, teacher.to(self.accelerator.device), config.loss_stride)
            self.model = self.accelerator.prepare(taught.train())
            teacher.eval()

    def batches(self) -> Iterator[tuple[Tensor, Tensor]]:
        """Batches from where the run is, until it has to stop."""
        for position in count(self.progress.done):
            if time.monotonic() > self.stop_at:
                self.save()
                return
            yield self.resident.batch(position, self.config.batch_size)


class WithTeacher(WithLoss):
    """A network and its loss, to which the cross-entropy against a teacher's probabilities is added with weight 1.

    Both are compared at the resolution of the network's own logits. Source: Hinton et al., Distilling the knowledge in
    a neural network, 2015, at temperature 1.
    """

    def __init__(self, network: Network, weights: Tensor, teacher: Network, stride: int = 1) -> None:
        super().__init__(network, weights, stride=stride)
        self.teacher = teacher.requires_grad_(False)

    def losses(
        self, images: Tensor, labels: LabelBatch, outputs: tuple[CoarseLogits, ...]
    ) -> tuple[PerOutput, PerOutput]:
        """As `WithLoss`, the teacher's part within the sums."""
        sums, counts = super().losses(images, labels, outputs)
        with torch.no_grad():
            soft = self.teacher.outputs(images)[0].float().softmax(dim=1)
        distillation = -(soft * outputs[0].float().log_softmax(dim=1)).sum(dim=1).mean()
        return sums + distillation * counts, counts


def _read(sources: Sequence[str], lengths: Sequence[int], workers: int) -> list[tuple[ImageArray, LabelArray]]:
    """All pictures and labels of all data sets, read or drawn by `workers` processes."""
    items = [(text, index) for text, length in zip(sources, lengths, strict=True) for index in range(length)]
    if workers == 1:
        return [_item(one) for one in items]
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:  # a fork would not survive CUDA
        return list(pool.map(_item, items, chunksize=16))


def _item(item: tuple[str, int]) -> tuple[ImageArray, LabelArray]:
    text, index = item
    return _open(text)[index]


@lru_cache
def _open(text: str) -> Dataset:
    return open_source(text).dataset
