"""U-Net: down to a sixteenth of the resolution and back up, each level handed across."""

import math
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from segnode.config import check_int
from segnode.data.classes import ClassSet
from segnode.model.network import Network
from segnode.types import Logits


class UNet(Network, tags=["unet", "semantic-segmentation"]):
    """The U-Net of Ronneberger et al. (2015): 31,032,395 parameters at 11 classes, as in the paper's Table 2.

    width: channels of the first level; each level below has twice as many. depth: halvings of the resolution.

    Known from the article: pairs of biased 3x3 convolutions with ReLU, no normalization, 2x2 max pooling, 2x2
    up-convolutions that halve the channels, the initialization, dropout at the end of the contracting path. From the
    authors' released network: the dropout's rate and its two places (the last two levels), ReLU after an
    up-convolution. Chosen here: convolutions are padded, so that the answer has the picture's size; pictures are
    padded to a multiple of 2^depth by repeating the last row and column, and the answer is cropped. So any size is
    taken. Raises `ConfigError` for a width or depth out of range.
    """

    def __init__(self, classes: ClassSet, width: int = 64, depth: int = 4) -> None:
        check_int("width", width, 1, 1024)
        check_int("depth", depth, 1, 8)
        super().__init__(classes, width=width, depth=depth)
        widths = [width * 2**level for level in range(depth + 1)]
        self.down = nn.ModuleList(_pair(a, b) for a, b in pairwise([3, *widths]))
        self.dropout = nn.Dropout(0.5)
        self.enlarge = nn.ModuleList(nn.ConvTranspose2d(b, a, kernel_size=2, stride=2) for a, b in pairwise(widths))
        self.up = nn.ModuleList(_pair(2 * a, a) for a in widths[:-1])
        self.classifier = nn.Conv2d(width, len(classes), kernel_size=1)
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
                _start(layer)
        self.to(memory_format=torch.channels_last)  # ty: ignore[no-matching-overload] - torch's own overload is missing

    def score(self, images: Tensor) -> tuple[Logits, ...]:
        """Logits at the images' size."""
        rows, columns = images.shape[-2:]
        step = 2 ** (len(self.down) - 1)
        x = F.pad(images, (0, -columns % step, 0, -rows % step), mode="replicate")
        levels: list[Tensor] = []
        for level, block in enumerate(self.down):
            x = block(F.max_pool2d(x, 2) if level else x)
            if level >= len(self.down) - 2:
                x = self.dropout(x)
            levels.append(x)
        for level in reversed(range(len(self.up))):
            x = self.up[level](torch.cat([levels[level], self.enlarge[level](x).relu_()], dim=1))
        return (self.classifier(x)[..., :rows, :columns],)


def _pair(width_in: int, width_out: int) -> nn.Sequential:
    """Two biased 3x3 convolutions, each with ReLU."""
    return nn.Sequential(
        nn.Conv2d(width_in, width_out, kernel_size=3, padding=1),
        nn.ReLU(inplace=True),
        nn.Conv2d(width_out, width_out, kernel_size=3, padding=1),
        nn.ReLU(inplace=True),
    )


def _start(layer: nn.Conv2d | nn.ConvTranspose2d) -> None:
    """Normal weights of deviation sqrt(2 / N), N the inputs of one output (the article, section 3); no bias.

    Without normalization, weights any smaller would let the signal die out over 23 layers.
    """
    fan_in = layer.in_channels * math.prod(layer.kernel_size)
    if isinstance(layer, nn.ConvTranspose2d):  # its outputs share out the window among them
        fan_in //= math.prod(layer.stride)
    nn.init.normal_(layer.weight, std=math.sqrt(2 / fan_in))
    assert layer.bias is not None
    nn.init.zeros_(layer.bias)
