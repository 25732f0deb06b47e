"""The loss a network is trained with."""

import math
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from segnode.errors import ConfigError
from segnode.model.blocks import constants, resize
from segnode.model.network import Network
from segnode.types import IGNORE, CoarseLogits, LabelBatch, Logits

#: A number for each output of a network.
PerOutput = Float[Tensor, " outputs"]


@dataclass(frozen=True)
class HardExamples:
    """Counts only pixels whose class has less than `threshold` probability, but at least `kept` pixels of a batch.

    Source: Shrivastava et al., 2016, for segmentation as in HRNet's code, but for auxiliary outputs too, and divided by
    the weights of the classes as any loss here. Raises `ConfigError` for a value out of range.
    """

    threshold: float = 0.9
    kept: int = 131_072

    def __post_init__(self) -> None:
        if not 0 < self.threshold <= 1:
            raise ConfigError(f"The threshold of hard examples must lie above 0 and up to 1, not {self.threshold}.")
        if self.kept < 1:
            raise ConfigError(f"At least 1 hard example must be kept, not {self.kept}.")


def segmentation_loss(
    network: Network, outputs: tuple[CoarseLogits, ...], labels: LabelBatch, weights: Tensor | None = None
) -> Tensor:
    """Cross-entropy of `network`'s `outputs` at the labels' size, the mean over counted pixels.

    labels: train ids, 255 where not counted. weights: of the classes. Outputs after the first count as much as
    `Network.auxiliary` says.
    """
    return weighted_loss(network, *summed_losses(network, outputs, labels, weights))


def summed_losses(
    network: Network,
    outputs: tuple[CoarseLogits, ...],
    labels: LabelBatch,
    weights: Tensor | None = None,
    hard: HardExamples | None = None,
    stride: int = 1,
) -> tuple[PerOutput, PerOutput]:
    """For each output the cross-entropy summed over counted pixels, and the weight of these pixels together.

    Apart, so that a batch spread over processes can be divided by the weight of all of it. hard: count hard pixels
    only, chosen again for each output. stride: `labels` are every so many rows and columns of the images', whose sides
    are multiples of the network's stride.
    """
    terms = []
    for logits in outputs:
        size = labels.shape[-2:]
        full = (network.upsample(logits, size) if stride == 1 else resize(logits, size)).float()
        truth = _hard_only(full.detach(), labels, hard) if hard else labels
        total = F.cross_entropy(full, truth, weights, ignore_index=IGNORE, reduction="sum")
        terms.append((total, counted_weight(truth, weights)))
    sums, counts = zip(*terms, strict=True)
    return torch.stack(sums), torch.stack(counts)


def counted_weight(labels: LabelBatch, weights: Tensor | None = None) -> Tensor:
    """The weight of the pixels of `labels` that count, together; without class weights their number."""
    counts = labels != IGNORE
    if weights is None:
        return counts.sum().float()
    return (weights[torch.where(counts, labels, 0)] * counts).sum()


def weighted_loss(network: Network, sums: PerOutput, counts: Tensor) -> Tensor:
    """One loss of what `summed_losses` gave; 0 where nothing counts. counts: one an output, or one for all."""
    shares = constants((1.0, *network.auxiliary), sums)
    return (shares * sums / counts.clamp(min=1e-12)).sum()


def _hard_only(logits: Logits, labels: LabelBatch, hard: HardExamples) -> LabelBatch:
    """`labels` where easy pixels do not count."""
    counts = labels != IGNORE
    true = logits.softmax(dim=1).gather(1, torch.where(counts, labels, 0)[:, None])[:, 0]
    ranked = torch.where(counts, true, math.inf).flatten().sort().values
    easiest = ranked.gather(0, counts.sum().clamp(1, hard.kept)[None] - 1)
    return torch.where((true < hard.threshold) | (true <= easiest), labels, IGNORE)
