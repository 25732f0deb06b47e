"""From a state to class scores. It is linear, which is what makes cheap frames possible."""

from functools import reduce
from operator import add

from torch import nn
from torch.nn import functional as F

from segnode.model.blocks import resize
from segnode.types import Logits, State


class Head(nn.Module):
    """A 1x1 convolution a stream, bilinear to stride 4, sum (paper, section 3.2).

    Affine in the state: `decode` of a weighted sum of states whose weights add up to one is the same weighted sum of
    their logits; `linear` leaves the bias out, for derivatives and other differences of states.
    """

    def __init__(self, widths: tuple[int, ...], num_classes: int) -> None:
        super().__init__()
        self.convs = nn.ModuleList(nn.Conv2d(width, num_classes, kernel_size=1) for width in widths)

    def contributions(self, change: State) -> tuple[Logits, ...]:
        """What each stream of a difference of states adds to the logits at stride 4, without bias."""
        size = change[0].shape[-2:]
        scores = [F.conv2d(x, conv.get_parameter("weight")) for conv, x in zip(self.convs, change, strict=True)]
        return tuple(x if x.shape[-2:] == size else resize(x, size) for x in scores)

    def linear(self, change: State) -> Logits:
        """Logits of a difference of states (a derivative, a step) at stride 4."""
        return reduce(add, self.contributions(change))

    def forward(self, state: State) -> Logits:
        """Logits at stride 4."""
        bias = reduce(add, (conv.get_parameter("bias") for conv in self.convs))
        return self.linear(state) + bias[:, None, None]
