"""PSPNet: a dilated ResNet, then the means of the picture's parts at four scales."""

from collections.abc import Sequence
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from segnode.config import check_int
from segnode.data.classes import ClassSet
from segnode.errors import ConfigError
from segnode.model.network import Network
from segnode.model.zoo.resnet import OFFICIAL, RESNET50, ResNet, Supervisor, normed
from segnode.types import Logits


class PSPNet(Network, tags=["pspnet", "semantic-segmentation"]):
    """The pyramid scene parsing network of Zhao et al. (2017) on ResNet-50: 46,711,243 parameters at 11 classes.

    layers, width: the trunk's, see `ResNet`. deep_stem: its three 3x3 convolutions instead of one 7x7. bins: parts a
    side at each level of the pyramid. pyramid: channels of a level. head: channels of the last 3x3 convolution; 0
    leaves it out. supervised: whether the third stage has logits of its own, for a loss of weight 0.4; they are made
    in training mode only and add 2,362,635 parameters to the count above.

    The defaults are the authors' own code: the article's text with a deep stem, levels of 2048 / 4 channels, a 3x3
    convolution of 512 channels, dropout 0.1, and levels enlarged with aligned corners. Takes any size, and answers at
    stride 8. Normalization after global pooling sees one value a channel and picture, so a batch of 1 cannot train.

    The paper's Table 2 says 23.7 M, and no public layout found gives that: this trunk alone has 23.6 M (23.5 M with
    one 7x7), and segmentation_models_pytorch's PSPNet on ResNet-50 has 24.3 M, of which 22.1 M are stages it never
    evaluates. `pyramid=8, head=0, supervised=False` gives 23,720,299: it meets the figure, but is a choice of ours and
    nobody's layout, so it is not the default. Raises `ConfigError` for a layout out of range.
    """

    #: The names in the authors' PyTorch code, and torchvision's for a trunk trained on ImageNet with one 7x7.
    official: ClassVar[tuple[tuple[str, str], ...]] = (
        (r"^layer0\.", "backbone.stem."),
        *OFFICIAL,
        (r"^ppm\.features\.", "pyramid.levels."),
        (r"^cls\.", "classifier."),
        (r"^aux\.", "supervisor."),
    )
    #: What torchvision's ResNet-50 has besides the trunk.
    imagenet: ClassVar[tuple[str, ...]] = (r"^fc\.",)

    def __init__(
        self,
        classes: ClassSet,
        layers: Sequence[int] = RESNET50,
        width: int = 64,
        deep_stem: bool = True,
        bins: Sequence[int] = (1, 2, 3, 6),
        pyramid: int = 512,
        head: int = 512,
        supervised: bool = True,
    ) -> None:
        check_int("pyramid", pyramid, 1, 4096)
        check_int("head", head, 0, 4096)
        if not 1 <= len(bins) <= 8:
            raise ConfigError(f"PSPNet has 1 to 8 bins, not {len(bins)}: give the parts a side of each level.")
        for parts in bins:
            check_int("every bin", parts, 1, 64)
        super().__init__(
            classes,
            layers=tuple(layers),
            width=width,
            deep_stem=deep_stem,
            bins=tuple(bins),
            pyramid=pyramid,
            head=head,
            supervised=supervised,
        )
        self.backbone = ResNet(layers, width, deep_stem, entry=(2, 4))
        third, fourth = self.backbone.widths
        self.pyramid = PoolingPyramid(fourth, pyramid, bins)
        joined = fourth + len(bins) * pyramid
        last = nn.Conv2d(head or joined, len(classes), kernel_size=1)
        self.classifier = nn.Sequential(*(normed(joined, head, 3) if head else ()), nn.Dropout2d(0.1), last)
        self.supervisor = Supervisor(third, third // 4, len(classes)) if supervised else None
        self.to(memory_format=torch.channels_last)  # ty: ignore[no-matching-overload] - torch's own overload is missing

    @property
    def auxiliary(self) -> tuple[float, ...]:
        """The weight of the third stage's logits, in training mode; nothing in evaluation mode, which skips them."""
        return (0.4,) if self.supervisor is not None and self.training else ()

    def score(self, images: Tensor) -> tuple[Logits, ...]:
        """Logits at stride 8; in training mode those of the third stage after them."""
        third, fourth = self.backbone(images)
        answer = self.classifier(self.pyramid(fourth))
        return (answer, self.supervisor(third)) if self.supervisor is not None and self.training else (answer,)


class PoolingPyramid(nn.Module):
    """The input, and beside it the means of its parts at each level: a 1x1 convolution, then enlarged."""

    def __init__(self, width_in: int, width: int, bins: Sequence[int]) -> None:
        super().__init__()
        self.levels = nn.ModuleList(
            nn.Sequential(nn.AdaptiveAvgPool2d(parts), *normed(width_in, width, 1)) for parts in bins
        )

    def forward(self, x: Tensor) -> Tensor:
        size = list(x.shape[-2:])
        enlarged = (F.interpolate(level(x), size, mode="bilinear", align_corners=True) for level in self.levels)
        return torch.cat([x, *enlarged], dim=1)
