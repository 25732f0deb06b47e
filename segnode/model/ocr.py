"""Object-contextual representations: a head that describes each pixel by the classes' regions in the same picture."""

from collections import OrderedDict

import torch
from jaxtyping import Float
from torch import Tensor, nn

from segnode.config import Norm
from segnode.model.blocks import normalization
from segnode.types import Features, Logits

#: One description a class and picture.
Regions = Float[Tensor, "b width c 1"]


class OCR(nn.Module):
    """From one feature map, all streams side by side at stride 4, to (logits, auxiliary logits) at the same resolution.

    The auxiliary logits say softly which pixels belong to which class. A region's representation is the mean of the
    pixels' features, weighted by the softmax of its class's logits over the pixels. Each pixel attends to the regions
    (the scaled dot product of query and key, softmax over the regions); what it gathers is fused with its own features.

    width_in: channels of the feature map. num_classes: regions, and channels of both outputs. width: channels of the
    pixels' features. key: channels of query, key and value. dropout: rate at which whole channels are dropped before
    the last convolution. norm: `batch` or `group` normalization.

    Source: Yuan, Chen and Wang, "Object-Contextual Representations for Semantic Segmentation", 2020; widths, biases and
    dropout are those of the authors' code for HRNet: 5,037,686 parameters for 720 channels and 11 classes.
    """

    def __init__(
        self,
        width_in: int,
        num_classes: int,
        width: int = 512,
        key: int = 256,
        dropout: float = 0.05,
        norm: Norm = "batch",
    ) -> None:
        super().__init__()
        self.regions = pixelwise(width_in, num_classes, norm)
        self.features = conv_norm(width_in, width, kernel=3, bias=True, norm=norm)
        self.query = nn.Sequential(conv_norm(width, key, norm=norm), conv_norm(key, key, norm=norm))
        self.key = nn.Sequential(conv_norm(width, key, norm=norm), conv_norm(key, key, norm=norm))
        self.value = conv_norm(width, key, norm=norm)
        self.context = conv_norm(key, width, norm=norm)
        self.fusion = conv_norm(2 * width, width, norm=norm)
        self.dropout = nn.Dropout2d(dropout)
        self.logits = nn.Conv2d(width, num_classes, kernel_size=1)

    def forward(self, features: Features) -> tuple[Logits, Logits]:
        auxiliary = self.regions(features)
        pixels = self.features(features)
        context = self.context(self._gathered(pixels, _means(pixels, auxiliary)))
        return self.logits(self.dropout(self.fusion(torch.cat([context, pixels], dim=1)))), auxiliary

    def _gathered(self, pixels: Features, regions: Regions) -> Tensor:
        """What each pixel's attention brings it: the regions' values, weighted by their likeness to the pixel."""
        query, key, value = self.query(pixels), self.key(regions).flatten(2), self.value(regions).flatten(2)
        likeness = query.flatten(2).transpose(1, 2) @ key * key.shape[1] ** -0.5
        gathered = value @ likeness.softmax(dim=2).transpose(1, 2)
        return gathered.unflatten(2, query.shape[2:]).contiguous(memory_format=torch.channels_last)


def _means(pixels: Features, scores: Logits) -> Regions:
    """The mean of `pixels` for each class, weighted by the softmax of its scores over the picture."""
    weights = scores.flatten(2).softmax(dim=2)
    return (pixels.flatten(2) @ weights.transpose(1, 2))[..., None]


def pixelwise(width: int, num_classes: int, norm: Norm = "batch") -> nn.Sequential:
    """A classifier of each pixel by itself: a hidden layer as wide as the features, then the logits."""
    return nn.Sequential(
        OrderedDict(
            hidden=conv_norm(width, width, bias=True, norm=norm), logits=nn.Conv2d(width, num_classes, kernel_size=1)
        )
    )


def conv_norm(
    width_in: int,
    width_out: int,
    kernel: int = 1,
    stride: int = 1,
    bias: bool = False,
    norm: Norm = "batch",
    relu: bool = True,
) -> nn.Sequential:
    """Convolution, normalization and, unless `relu` is off, ReLU; at stride 1 it keeps the resolution."""
    layers: OrderedDict[str, nn.Module] = OrderedDict(
        conv=nn.Conv2d(width_in, width_out, kernel, stride, padding=kernel // 2, bias=bias),
        norm=normalization(norm, width_out),
    )
    if relu:
        layers["relu"] = nn.ReLU(inplace=True)
    return nn.Sequential(layers)
