"""Weights and a picture made by rule, so that a public network's answer can be kept without its weights.

The rule is that of the reference measurements in `reference/`: waves whose pitch and phase follow from the tensor's
official name, scaled so that no layer dies out or overflows.
"""

import json
import math
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

REFERENCE = Path(__file__).parent / "reference"


def keys(network: str) -> dict[str, list[int]]:
    """Official names and shapes of a reference network's tensors."""
    return json.loads((REFERENCE / f"{network}.keys.json").read_text())


def golden(network: str) -> dict[str, Tensor]:
    """What the official code answers to `picture()` when its tensors are `filled`."""
    with np.load(REFERENCE / f"{network}.golden.npz") as arrays:
        return {name: torch.from_numpy(arrays[name]) for name in arrays.files}


def picture() -> Tensor:
    """The reference input, scaled already."""
    k = torch.arange(3 * 128 * 192, dtype=torch.float64)
    return (0.013 * k).sin().float().reshape(1, 3, 128, 192)


def relative_error(actual: Tensor, expected: Tensor) -> float:
    """Largest difference over the largest expected value."""
    return ((actual - expected).abs().max() / expected.abs().max()).item()


def filled(shapes: Mapping[str, Sequence[int]]) -> dict[str, Tensor]:
    """A tensor for each official name and shape, by the rule."""
    return {name: _filled(name, tuple(shape)) for name, shape in shapes.items()}


def _filled(name: str, shape: tuple[int, ...]) -> Tensor:
    leaf = name.rpartition(".")[2]
    if leaf == "num_batches_tracked":
        return torch.zeros(shape, dtype=torch.int64)
    crc = zlib.crc32(name.encode())
    size = math.prod(shape)
    # The products in the rule's own order: another one rounds some weights differently, and a network of seventy layers
    # makes 1e-4 of that.
    wave = torch.arange(size, dtype=torch.float64).mul_(0.37).mul_(1 + 0.01 * (crc % 97))
    wave.add_((crc % 10007) / 10007 * 2 * math.pi).sin_()
    if leaf == "running_var":
        wave.mul_(0.3).add_(1)
    elif leaf == "running_mean":
        wave.mul_(0.1)
    elif len(shape) == 1:
        wave = 1 + 0.2 * wave if leaf == "weight" else 0.1 * wave
    else:
        wave.mul_(math.sqrt(3 / (size / shape[0])))
    return wave.float().reshape(shape)
