"""Networks whose field is written down, so that what is measured has a closed form."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from segnode import ModelConfig, SegNode
from segnode.data.classes import CAMVID
from segnode.types import State
from tests.ode.problems import Written


def with_field(f: Callable[[Tensor | float, State], State], widths: tuple[int, ...] = (8, 8)) -> SegNode:
    """A small network that is moved by `f`."""
    torch.manual_seed(0)
    model = SegNode(ModelConfig(11, widths, 8, modules=1, blocks=1), CAMVID).eval()
    model.field = Written(f)
    return model


def randomized(widths: tuple[int, ...] = (8, 8), modules: int = 1, blocks: int = 1, scale: float = 1.0) -> SegNode:
    """A small network with its own field, whose normalizations are not at rest."""
    torch.manual_seed(2)
    model = SegNode(ModelConfig(11, widths, 8, modules=modules, blocks=blocks), CAMVID).eval()
    for layer in model.field.modules():
        if isinstance(layer, nn.BatchNorm2d):
            nn.init.uniform_(layer.weight, 0.5 * scale, 1.5 * scale)
            nn.init.normal_(layer.bias)
    return model
