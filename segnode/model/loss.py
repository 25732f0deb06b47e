"""The loss a network is trained with."""

from torch import Tensor
from torch.nn import functional as F

from segnode.model.network import Network
from segnode.types import IGNORE, CoarseLogits, LabelBatch


def segmentation_loss(
    network: Network, outputs: tuple[CoarseLogits, ...], labels: LabelBatch, weights: Tensor | None = None
) -> Tensor:
    """Cross-entropy of `network`'s `outputs` at the labels' size, the mean over counted pixels.

    labels: train ids, 255 where not counted. weights: of the classes. Outputs after the first count as much as
    `Network.auxiliary` says.
    """
    size = labels.shape[-2:]
    losses = [
        F.cross_entropy(network.enlarged(logits, size).float(), labels, weights, ignore_index=IGNORE)
        for logits in outputs
    ]
    return losses[0] + sum(weight * loss for weight, loss in zip(network.auxiliary, losses[1:], strict=True))
