"""The parts every network here is made of: a convolution, a normalization, the paper's small block."""

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from segnode.config import Norm


def conv3x3(width_in: int, width_out: int, stride: int = 1) -> nn.Conv2d:
    """A 3x3 convolution without bias; a normalization, before or after it, has one."""
    return nn.Conv2d(width_in, width_out, kernel_size=3, stride=stride, padding=1, bias=False)


def normalization(norm: Norm, width: int) -> nn.Module:
    """`batch` or `group` normalization with learned scale and shift; groups of eight channels where they divide."""
    if norm == "group":
        return nn.GroupNorm(width // math.gcd(width, 8), width)
    return nn.BatchNorm2d(width)


class Block(nn.Module):
    """One set of normalization, ReLU and 3x3 convolution (paper, Fig. 2); keeps width and resolution.

    With `time`, the convolution sees t as one more channel, constant over the picture.
    """

    def __init__(self, width: int, norm: Norm, time: bool = False) -> None:
        super().__init__()
        self.norm = normalization(norm, width)
        self.conv = conv3x3(width + 1 if time else width, width)
        self.time = time

    def forward(self, x: Tensor, t: Tensor | float) -> Tensor:
        x = F.relu(self.norm(x), inplace=True)  # no norm here needs what it gave for its gradient
        if self.time:
            x = torch.cat([x, torch.as_tensor(t).to(x).expand(x.shape[0], 1, *x.shape[2:])], dim=1)
        return self.conv(x)


def upsample(x: Tensor, factor: int) -> Tensor:
    """`x` with `factor` times the rows and columns by bilinear interpolation, pixel centres at halves."""
    if factor == 1:
        return x
    return F.interpolate(x, scale_factor=float(factor), mode="bilinear", align_corners=False)


def resize(x: Tensor, size: tuple[int, ...]) -> Tensor:
    """`x` at `size` (rows, columns) by bilinear interpolation, pixel centres at halves."""
    return F.interpolate(x, size=list(size), mode="bilinear", align_corners=False)


def constants(values: Sequence[float], like: Tensor) -> Tensor:
    """`values` in a row, of the type and on the device of `like`; a copy from the host would wait for a GPU's work."""
    return torch.cat([like.new_full((1,), value) for value in values])
