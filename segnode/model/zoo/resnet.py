"""The dilated ResNet that DeepLab v3 and PSPNet begin with."""

from collections.abc import Sequence

from torch import Tensor, nn

from segnode.config import check_int
from segnode.errors import ConfigError

#: Bottlenecks of the four stages, by the number of weighted layers that name the network.
RESNET50 = (3, 4, 6, 3)
RESNET101 = (3, 4, 23, 3)

#: Channels of a bottleneck's output for one inside it.
EXPANSION = 4

#: How torchvision's names, bare as in a classifier or under `backbone`, become those of `ResNet` under `backbone`.
OFFICIAL = (
    (r"^(?:backbone\.)?conv1\.", "backbone.stem.0."),
    (r"^(?:backbone\.)?bn1\.", "backbone.stem.1."),
    (r"^(?:backbone\.)?layer([1-4])\.", r"backbone.stage\1."),
    (r"^(backbone\.stage\d\.\d+)\.conv1\.", r"\1.reduce.0."),
    (r"^(backbone\.stage\d\.\d+)\.bn1\.", r"\1.reduce.1."),
    (r"^(backbone\.stage\d\.\d+)\.conv2\.", r"\1.spatial.0."),
    (r"^(backbone\.stage\d\.\d+)\.bn2\.", r"\1.spatial.1."),
    (r"^(backbone\.stage\d\.\d+)\.conv3\.", r"\1.expand.0."),
    (r"^(backbone\.stage\d\.\d+)\.bn3\.", r"\1.expand.1."),
    (r"^(backbone\.stage\d\.\d+)\.downsample\.", r"\1.shortcut."),
)


class ResNet(nn.Module):
    """The bottleneck ResNet of He et al. (2016) without its classifier, at output stride 8.

    The last two stages keep the resolution and dilate their 3x3 convolutions by 2 and 4 instead (Yu and Koltun, 2016).
    A stage's stride is on its first 3x3 convolution, as in torchvision's weights, not on the 1x1 before it.

    layers: bottlenecks of each stage. width: channels of the stem and inside the first stage; each stage doubles them.
    deep_stem: three 3x3 convolutions instead of one 7x7. entry: dilations of the first bottleneck of the last two
    stages. Raises `ConfigError` for a layout out of range.
    """

    def __init__(
        self, layers: Sequence[int], width: int, deep_stem: bool = False, entry: tuple[int, int] = (1, 2)
    ) -> None:
        super().__init__()
        if len(layers) != 4:
            raise ConfigError(f"A ResNet has 4 stages, not {len(layers)}: give the bottlenecks of each.")
        for count in layers:
            check_int("every stage's bottlenecks", count, 1, 64)
        check_int("width", width, 1, 1024)
        if deep_stem:
            convolutions = [*normed(3, width, 3, stride=2), *normed(width, width, 3), *normed(width, 2 * width, 3)]
        else:
            convolutions = [*normed(3, width, 7, stride=2)]
        self.stem = nn.Sequential(*convolutions, nn.MaxPool2d(kernel_size=3, stride=2, padding=1))
        before = 2 * width if deep_stem else width
        wide = EXPANSION * width
        self.stage1 = _stage(before, width, layers[0])
        self.stage2 = _stage(wide, 2 * width, layers[1], stride=2)
        self.stage3 = _stage(2 * wide, 4 * width, layers[2], dilations=(entry[0], 2))
        self.stage4 = _stage(4 * wide, 8 * width, layers[3], dilations=(entry[1], 4))
        #: Channels of the two outputs.
        self.widths = (4 * wide, 8 * wide)
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d):
                nn.init.kaiming_normal_(layer.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """What the third and the fourth stage answer, both at stride 8."""
        third = self.stage3(self.stage2(self.stage1(self.stem(x))))
        return third, self.stage4(third)


class Bottleneck(nn.Module):
    """A 1x1, a 3x3 and a 1x1 convolution around which the input passes; a 1x1 fits it where the shapes differ."""

    def __init__(self, width_in: int, width: int, stride: int = 1, dilation: int = 1) -> None:
        super().__init__()
        width_out = EXPANSION * width
        self.reduce = normed(width_in, width, 1)
        self.spatial = normed(width, width, 3, stride, dilation)
        self.expand = normed(width, width_out, 1, relu=False)
        self.shortcut = (
            nn.Identity()
            if stride == 1 and width_in == width_out
            else normed(width_in, width_out, 1, stride, relu=False)
        )

    def forward(self, x: Tensor) -> Tensor:
        return (self.expand(self.spatial(self.reduce(x))) + self.shortcut(x)).relu_()


class Supervisor(nn.Sequential):
    """Logits from the third stage, for a loss that helps the trunk to train (Zhao et al., 2017, section 3.3)."""

    def __init__(self, width_in: int, width: int, classes: int) -> None:
        super().__init__(*normed(width_in, width, 3), nn.Dropout2d(0.1), nn.Conv2d(width, classes, kernel_size=1))


def normed(
    width_in: int, width_out: int, kernel_size: int, stride: int = 1, dilation: int = 1, relu: bool = True
) -> nn.Sequential:
    """A convolution without bias that keeps the resolution but for its stride, batch normalization, and ReLU."""
    padding = dilation * (kernel_size // 2)
    return nn.Sequential(
        nn.Conv2d(width_in, width_out, kernel_size, stride, padding, dilation, bias=False),
        nn.BatchNorm2d(width_out),
        *([nn.ReLU(inplace=True)] if relu else []),
    )


def _stage(
    width_in: int, width: int, count: int, stride: int = 1, dilations: tuple[int, int] = (1, 1)
) -> nn.Sequential:
    """`count` bottlenecks. dilations: the first one's, and that of the others."""
    first = Bottleneck(width_in, width, stride, dilations[0])
    return nn.Sequential(
        first, *(Bottleneck(EXPANSION * width, width, dilation=dilations[1]) for _ in range(count - 1))
    )
