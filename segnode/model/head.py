"""From a state to class scores: linear, which is what makes cheap frames possible, or with context, which is not."""

from functools import reduce
from operator import add

import torch
from torch import nn
from torch.nn import functional as F

from segnode.config import Norm
from segnode.model.blocks import upsample
from segnode.model.ocr import OCR
from segnode.types import Logits, State


class Head(nn.Module):
    """A 1x1 convolution a stream, bilinear to stride 4, sum (paper, section 3.2).

    Affine in the state: `decode` of a weighted sum of states whose weights add up to one is the same weighted sum of
    their logits; `linear` leaves the bias out, for derivatives and other differences of states.
    """

    #: Weights of the outputs after the first in a training loss: there are none.
    auxiliary: tuple[float, ...] = ()

    def __init__(self, widths: tuple[int, ...], num_classes: int) -> None:
        super().__init__()
        self.convs = nn.ModuleList(nn.Conv2d(width, num_classes, kernel_size=1) for width in widths)

    def contributions(self, change: State) -> tuple[Logits, ...]:
        """What each stream of a difference of states adds to the logits at stride 4, without bias."""
        scores = [F.conv2d(x, conv.get_parameter("weight")) for conv, x in zip(self.convs, change, strict=True)]
        return tuple(upsample(x, 2**index) for index, x in enumerate(scores))

    def linear(self, change: State) -> Logits:
        """Logits of a difference of states (a derivative, a step) at stride 4."""
        return reduce(add, self.contributions(change))

    def forward(self, state: State) -> Logits:
        """Logits at stride 4."""
        bias = reduce(add, (conv.get_parameter("bias") for conv in self.convs))
        return self.linear(state) + bias[:, None, None]

    def outputs(self, state: State) -> tuple[Logits, ...]:
        """The logits alone."""
        return (self(state),)


class ContextHead(nn.Module):
    """All streams side by side at stride 4, then object-contextual representations; the paper's '+ OCR'.

    Its widths are those of HRNetV2's, 512 and 256 for the paper's streams, and in proportion for others.
    """

    #: Weight of the auxiliary output in the loss (Yuan et al., 2020).
    auxiliary: tuple[float, ...] = (0.4,)

    def __init__(self, widths: tuple[int, ...], num_classes: int, norm: Norm) -> None:
        super().__init__()
        total = sum(widths)
        key = max(8, total * 256 // 720 // 8 * 8)  # eighths, for group normalization
        self.ocr = OCR(total, num_classes, width=2 * key, key=key, norm=norm)

    def outputs(self, state: State) -> tuple[Logits, ...]:
        """Logits and auxiliary logits at stride 4."""
        return self.ocr(torch.cat([upsample(x, 2**index) for index, x in enumerate(state)], dim=1))

    def forward(self, state: State) -> Logits:
        """Logits at stride 4."""
        return self.outputs(state)[0]
