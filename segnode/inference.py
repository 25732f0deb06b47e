"""Inference: a network applied to a picture at several sizes, mirrored, window by window.

Averages are those of HRNet's official test (Wang et al., 2019; github.com/HRNet/HRNet-Semantic-Segmentation,
lib/datasets/base_dataset.py): the logits of a picture and of its mirror image are averaged; over windows, then over
sizes, the exponentials of logits are, which have no fixed sum as those of softmax do.
"""

import math
from dataclasses import dataclass
from itertools import product

import numpy as np
import torch
from jaxtyping import Float, Float32
from torch import Tensor
from torch.nn import functional as F

from segnode.config import ADAPTIVE_METHODS, SolverConfig, check_int
from segnode.data.augment import PADDING
from segnode.data.flips import Swaps
from segnode.data.sizes import Size, checked_size, resized_to
from segnode.errors import ConfigError
from segnode.model.blocks import resize
from segnode.model.network import Network
from segnode.model.padding import pad
from segnode.model.segnode import SegNode
from segnode.predict import batch_of
from segnode.types import IGNORE, ImageArray, ImageBatch, LabelArray, Logits, PaddedBatch

#: Exponentials of larger logits would not fit into float32 once they are added up.
_LARGEST = 80.0


@dataclass(frozen=True)
class Inference:
    """How a network is applied to pictures. By default: once, at their own size.

    scales: factors, one pass each. size: what a picture is resized to before them: rows and columns (LIP's usual
        test has 473 473), or the longer side alone (HRNet's test on PASCAL-Context has 520), or nothing.
    flip: whether each pass is done on the mirror image too.
    window: rows and columns seen at once; larger pictures are seen in windows that overlap.
    pad: bring pictures smaller than it up to it with grey, as HRNet's test does on PASCAL-Context, not on Cityscapes.
    stride: from one window to the next, as a share of the window. batch: windows at once; an adaptive solver chooses
        its steps for all of them together.
    solver, until: of a SegNode, in place of its own solver and T.
    multiple: rows and columns are padded to a multiple of it, whatever the network. SegNode and its baseline pad to 32
        by themselves; HRNetV2 does not, and its coarse streams lie beside its fine ones at other sizes.

    Raises `ConfigError` for a value out of range.
    """

    scales: tuple[float, ...] = (1.0,)
    size: Size = ()
    flip: bool = False
    window: tuple[int, int] | None = None
    stride: float = 2 / 3
    batch: int = 1
    solver: SolverConfig | None = None
    until: float | None = None
    pad: bool = True
    multiple: int = 1

    def __post_init__(self) -> None:
        if not self.scales or not all(0 < scale <= 8 for scale in self.scales):
            raise ConfigError(f"Scales are one or more factors above 0 and up to 8, not {self.scales!r}: 1 is as is.")
        checked_size("size", self.size)
        if self.window is not None and not all(16 <= length <= 16384 for length in self.window):
            raise ConfigError(f"A window has from 16 to 16384 rows and columns, not {self.window!r}.")
        if not 0 < self.stride <= 1:
            raise ConfigError(f"stride is a share of the window above 0 and up to 1, not {self.stride!r}.")
        check_int("batch", self.batch, 1, 1024)
        check_int("multiple", self.multiple, 1, 1024)

    def sizes(self, rows: int, columns: int) -> list[tuple[int, int]]:
        """Rows and columns of each pass over a picture of `rows` by `columns`."""
        height, width = resized_to(self.size, rows, columns)
        return [(max(1, round(height * scale)), max(1, round(width * scale))) for scale in self.scales]


#: Once, at a picture's own size.
PLAIN = Inference()


def predict(network: Network, image: ImageArray, inference: Inference = PLAIN, swaps: Swaps = ()) -> LabelArray:
    """Train ids of `image` at its own size; puts `network` into evaluation mode.

    swaps: of the data set. Raises `ConfigError` for a solver or T with a network other than a SegNode, `ImageError`
    for a picture or window too small, and as `segnode.ode.solve` does.
    """
    if len(network.classes) > IGNORE:
        raise ConfigError(f"Labels hold up to {IGNORE} classes, not {len(network.classes)}: take a smaller network.")
    return _scores(network, image, inference, swaps).argmax(0).to(torch.uint8).cpu().numpy()


def probabilities(
    network: Network, image: ImageArray, inference: Inference = PLAIN, swaps: Swaps = ()
) -> Float32[np.ndarray, "c h w"]:
    """Of each class and pixel, 0 to 1, their sum 1; otherwise as `predict`."""
    return _scores(network, image, inference, swaps).softmax(0).float().cpu().numpy()


def refuse_unfit(network: Network, inference: Inference) -> None:
    """Raise `ConfigError` for a solver or T with a network other than a SegNode."""
    if (inference.solver is not None or inference.until is not None) and not isinstance(network, SegNode):
        raise ConfigError(
            f"Only a SegNode is solved with another solver or to another T, and this is a {type(network).__name__}:"
            " leave both out."
        )


def parse_solver(text: str) -> SolverConfig:
    """The solver called `SolverConfig.name`: midpoint-8, or dopri5 alone. Raises `ConfigError` for another word."""
    method, _, steps = text.rpartition("-")
    if text in ADAPTIVE_METHODS:
        return SolverConfig.from_dict({"method": text})
    if not (steps.isascii() and steps.isdigit()) or method in ADAPTIVE_METHODS:
        raise ConfigError(f"A solver is written as method-steps, like midpoint-8, or as dopri5 alone, not {text!r}.")
    return SolverConfig.from_dict({"method": method, "steps": int(steps)})


@torch.no_grad()
def _scores(network: Network, image: ImageArray, inference: Inference, swaps: Swaps) -> Float[Tensor, "c h w"]:
    """Logits of one pass, or the logarithm of the sum of several: the largest is the answer, softmax how sure it is."""
    refuse_unfit(network, inference)
    picture = batch_of(image, next(network.eval().parameters()).device)
    full_size = (picture.shape[-2], picture.shape[-1])
    order = _mirrored(len(network.classes), swaps)
    sizes = inference.sizes(*full_size)
    if sizes == [full_size] and _fits(full_size, inference.window):
        return _once(network, picture, inference, order)[0]
    total: Tensor | None = None
    for size in sizes:
        enlarged = picture if size == full_size else resize(picture, size)
        if _fits(size, inference.window):
            mass = _exp(_once(network, enlarged, inference, order))
        else:
            mass = _in_windows(network, enlarged, inference, order)
        mass = mass if size == full_size else resize(mass, full_size)
        total = mass if total is None else total.add_(mass)
    assert total is not None
    return total[0].log()


def _in_windows(network: Network, picture: ImageBatch, inference: Inference, order: list[int]) -> Logits:
    """Mean over windows of the exponentials of their logits."""
    assert inference.window is not None
    tall, wide = inference.window
    rows, columns = picture.shape[-2:]
    picture = _padded(picture, inference.window)
    corners = list(
        product(_starts(picture.shape[-2], tall, inference.stride), _starts(picture.shape[-1], wide, inference.stride))
    )
    total = picture.new_zeros(1, len(network.classes), *picture.shape[-2:])
    coverage = picture.new_zeros(1, 1, *picture.shape[-2:])
    for first in range(0, len(corners), inference.batch):
        places = [
            (..., slice(top, top + tall), slice(left, left + wide))
            for top, left in corners[first : first + inference.batch]
        ]
        masses = _exp(_once(network, torch.cat([picture[place] for place in places]), inference, order))
        for place, mass in zip(places, masses, strict=True):
            total[place] += mass
            coverage[place] += 1
    return (total / coverage)[..., :rows, :columns]


def _once(network: Network, pictures: ImageBatch, inference: Inference, order: list[int]) -> Logits:
    """Logits at the pictures' size, of one pass and where asked for the mirror image's."""
    rows, columns = pictures.shape[-2:]
    if inference.window is not None and inference.pad:
        pictures = _padded(pictures, inference.window)
    pictures = pad(pictures, inference.multiple)
    logits = _solved(network, pictures, inference)
    if inference.flip:
        logits = (logits + _solved(network, pictures.flip(-1), inference).flip(-1)[:, order]) / 2
    return logits[..., :rows, :columns]


def _solved(network: Network, pictures: ImageBatch, inference: Inference) -> Logits:
    solver, until = inference.solver, inference.until
    if solver is None and until is None:
        return network(pictures)
    assert isinstance(network, SegNode), "`refuse_unfit` comes first."
    if until is None:
        return network(pictures, solver)
    trajectory = network.trajectory(pictures, [until], solver, until)
    return network.upsample(trajectory.logits[-1], pictures.shape[-2:])


def _exp(logits: Logits) -> Logits:
    return logits.float().clamp(-_LARGEST, _LARGEST).exp()


def _fits(size: tuple[int, int], window: tuple[int, int] | None) -> bool:
    """Whether one window shows all of it."""
    return window is None or (size[0] <= window[0] and size[1] <= window[1])


def _padded(pictures: ImageBatch, window: tuple[int, int]) -> PaddedBatch:
    """At least as large as the window, grey below and to the right as a training crop is."""
    rows, columns = pictures.shape[-2:]
    missing = (0, max(0, window[1] - columns), 0, max(0, window[0] - rows))
    return F.pad(pictures, missing, value=PADDING / 255) if any(missing) else pictures


def _starts(length: int, window: int, stride: float) -> list[int]:
    """Where windows begin; the last is moved back to end with the picture."""
    step, last = max(1, int(window * stride)), length - window
    return [min(index * step, last) for index in range(math.ceil(last / step) + 1)]


def _mirrored(count: int, swaps: Swaps) -> list[int]:
    """For each class the one it was before a picture was mirrored."""
    order = list(range(count))
    for left, right in swaps:
        order[left], order[right] = right, left
    return order
