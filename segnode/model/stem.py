"""From the image to the state at t = 0: the stem, and the four input convolutions."""

from torch import nn
from torch.nn import functional as F

from segnode.config import Norm
from segnode.model.blocks import conv3x3, normalization
from segnode.types import Features, ImageBatch, State


class Stem(nn.Sequential):
    """Two stride-2 3x3 convolutions, to a quarter of the resolution (paper, section 4.1)."""

    def __init__(self, width: int, norm: Norm) -> None:
        super().__init__(
            conv3x3(3, width, stride=2),
            normalization(norm, width),
            nn.ReLU(),
            conv3x3(width, width, stride=2),
            normalization(norm, width),
            nn.ReLU(),
        )


class Inputs(nn.Module):
    """The state at t = 0: a chain of 3x3 convolutions, stride 1 into the first stream, 2 into each next.

    The paper asks for 'convolutional layers to create the input feature-maps'; the chain is what its count allows.
    """

    def __init__(self, stem_width: int, widths: tuple[int, ...], norm: Norm) -> None:
        super().__init__()
        sources = (stem_width, *widths[:-1])
        self.convs = nn.ModuleList(
            conv3x3(source, width, stride=1 if index == 0 else 2)
            for index, (source, width) in enumerate(zip(sources, widths, strict=True))
        )
        self.norms = nn.ModuleList(normalization(norm, width) for width in widths)

    def forward(self, features: Features) -> State:
        streams = []
        for conv, norm in zip(self.convs, self.norms, strict=True):
            features = F.relu(norm(conv(features)))
            streams.append(features)
        return tuple(streams)


class Encoder(nn.Module):
    """Stem and inputs: image to state at t = 0."""

    def __init__(self, stem_width: int, widths: tuple[int, ...], norm: Norm) -> None:
        super().__init__()
        self.stem = Stem(stem_width, norm)
        self.inputs = Inputs(stem_width, widths, norm)

    def forward(self, images: ImageBatch) -> State:
        return self.inputs(self.stem(images))
