"""DeepLab v3: a dilated ResNet, then looks at several distances side by side."""

from collections.abc import Sequence
from typing import ClassVar

import torch
from torch import Tensor, nn

from segnode.config import check_int
from segnode.data.classes import ClassSet
from segnode.errors import ConfigError
from segnode.model.network import Network
from segnode.model.zoo.resnet import OFFICIAL, RESNET101, ResNet, normed
from segnode.types import Logits


class DeepLabV3(Network, tags=["deeplab", "semantic-segmentation"]):
    """DeepLab v3 of Chen et al. (2017) on ResNet-101: 58,628,427 parameters at 11 classes, as in the paper's Table 2.

    layers, width: the trunk's, see `ResNet`. head: channels of each branch and of the last 3x3 convolution. rates:
    dilations of the parallel 3x3 convolutions.

    It equals torchvision's `deeplabv3_resnet101` without auxiliary loss, output stride 8, dropout 0.5. The article
    has no 3x3 convolution after the branches are joined, and also trains at stride 16; torchvision's layout is chosen
    because its count is the one in Table 2 and its weights are public. Takes any size, and answers at stride 8.
    Normalization after global pooling sees one value a channel and picture, so a batch of 1 cannot train.

    torchvision's published checkpoints also hold `aux_classifier.*`, the auxiliary loss's head: drop these names
    before `official_weights`, nothing here needs them. Raises `ConfigError` for a layout out of range.
    """

    official: ClassVar[tuple[tuple[str, str], ...]] = (
        *OFFICIAL,
        (r"^classifier\.0\.convs\.4\.", "pyramid.pooled."),
        (r"^classifier\.0\.convs\.", "pyramid.levels."),
        (r"^classifier\.0\.project\.", "pyramid.project."),
        (r"^classifier\.1\.", "classifier.0."),
        (r"^classifier\.2\.", "classifier.1."),
        (r"^classifier\.4\.", "classifier.3."),
    )
    #: What torchvision's ResNet-101 has besides the trunk.
    imagenet: ClassVar[tuple[str, ...]] = (r"^fc\.",)

    def __init__(
        self,
        classes: ClassSet,
        layers: Sequence[int] = RESNET101,
        width: int = 64,
        head: int = 256,
        rates: Sequence[int] = (12, 24, 36),
    ) -> None:
        check_int("head", head, 1, 4096)
        if not 1 <= len(rates) <= 8:
            raise ConfigError(f"DeepLab v3 has 1 to 8 rates, not {len(rates)}: give a dilation for each branch.")
        for rate in rates:
            check_int("every rate", rate, 1, 1024)
        super().__init__(classes, layers=tuple(layers), width=width, head=head, rates=tuple(rates))
        self.backbone = ResNet(layers, width)
        self.pyramid = AtrousPyramid(self.backbone.widths[1], head, rates)
        self.classifier = nn.Sequential(*normed(head, head, 3), nn.Conv2d(head, len(classes), kernel_size=1))
        self.to(memory_format=torch.channels_last)  # ty: ignore[no-matching-overload] - torch's own overload is missing

    def score(self, images: Tensor) -> tuple[Logits, ...]:
        """Logits at stride 8."""
        return (self.classifier(self.pyramid(self.backbone(images)[1])),)


class AtrousPyramid(nn.Module):
    """Atrous spatial pyramid pooling: a 1x1, dilated 3x3 convolutions and the picture's mean, joined by a 1x1."""

    def __init__(self, width_in: int, width: int, rates: Sequence[int]) -> None:
        super().__init__()
        dilated = (normed(width_in, width, 3, dilation=rate) for rate in rates)
        self.levels = nn.ModuleList([normed(width_in, width, 1), *dilated])
        self.pooled = nn.Sequential(nn.AdaptiveAvgPool2d(1), *normed(width_in, width, 1))
        self.project = nn.Sequential(*normed((len(rates) + 2) * width, width, 1), nn.Dropout(0.5))

    def forward(self, x: Tensor) -> Tensor:
        everywhere = self.pooled(x).expand(-1, -1, *x.shape[-2:])
        return self.project(torch.cat([*(level(x) for level in self.levels), everywhere], dim=1))
