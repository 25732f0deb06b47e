"""A segmentation network as a classifier of whole pictures: how it is pretrained on ImageNet."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, cast

import torch
from torch import nn

from segnode.config import SolverConfig
from segnode.data.classes import ClassSet
from segnode.errors import ConfigError
from segnode.model.baseline import Baseline
from segnode.model.build import build_model
from segnode.model.network import Network
from segnode.model.segnode import SegNode
from segnode.types import CoarseLogits, ImageBatch, Logits, State

#: What the weights of the network under the classifier are called, before their own name.
TRUNK = "trunk."


class Classifier(Network, tags=["image-classification"]):
    """Gives a whole picture a class: the trunk's streams, each averaged over the picture, side by side, then linear.

    trunk: a SegNode or a Baseline as `build_model` names it, of which all but the head is used. layout: what is to
    differ in it. Its logits are maps of one pixel, so a loss and a training loop for label maps serve it as they are.

    Raises `ConfigError` for a network that has no streams. Source: the paper pretrains both on ImageNet (section 4.1)
    and does not say with which head; this is chosen, as HRNet's own, with 2,048 channels, would weigh more than
    SegNode.
    """

    #: One class a picture, which no map of labels has to hold.
    most: ClassVar[int] = 100_000

    def __init__(self, classes: ClassSet, trunk: str, layout: Mapping[str, Any] | None = None) -> None:
        super().__init__(classes, trunk=trunk, layout=dict(layout or {}))
        network = build_model(trunk, num_classes=2, **(layout or {}))
        if not isinstance(network, SegNode | Baseline):
            raise ConfigError(f"{trunk} cannot be pretrained here: choose a SegNode or a baseline.")
        del network.head  # a classifier's stands in its place
        self.trunk = network
        self.head = nn.Linear(sum(network.widths), len(classes))

    def forward(self, images: ImageBatch) -> CoarseLogits:
        """One logit a class, as a map of one pixel. images: sRGB, 0 to 1."""
        return self.outputs(images)[0]

    def upsample(self, logits: CoarseLogits, size: tuple[int, ...]) -> Logits:  # noqa: ARG002 - one class a picture
        """`logits`, whatever the size: there is one for each class."""
        return logits

    def outputs(self, images: ImageBatch, solver: SolverConfig | None = None) -> tuple[CoarseLogits, ...]:
        """One logit a class, as a map of one pixel. solver: of a SegNode, where it is not its own."""
        trunk = cast(Callable[..., State], self.trunk.streams)
        streams = trunk(images) if solver is None else trunk(images, solver)
        pooled = torch.cat([stream.mean(dim=(-2, -1)) for stream in streams], dim=1)
        return (self.head(pooled)[..., None, None],)
