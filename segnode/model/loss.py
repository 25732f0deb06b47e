"""The loss a network is trained with."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from segnode.errors import ConfigError
from segnode.model.network import Network
from segnode.types import IGNORE, CoarseLogits, LabelBatch, Logits

#: A number for each output of a network.
PerOutput = Float[Tensor, " outputs"]


@dataclass(frozen=True)
class HardExamples:
    """Counts only pixels whose class has less than `threshold` probability, but at least `kept` pixels of a batch.

    Source: Shrivastava et al., 2016, for segmentation as in HRNet's code. Raises `ConfigError` for a value out of
    range.
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
    return weighed(network, *summed_losses(network, outputs, labels, weights))


def summed_losses(
    network: Network,
    outputs: tuple[CoarseLogits, ...],
    labels: LabelBatch,
    weights: Tensor | None = None,
    hard: HardExamples | None = None,
) -> tuple[PerOutput, PerOutput]:
    """For each output the cross-entropy summed over counted pixels, and the weight of these pixels together.

    Apart, so that a batch spread over processes can be divided by the weight of all of it. hard: count hard pixels
    only, chosen anew for each output.
    """
    counted = labels != IGNORE
    found = []
    for logits in outputs:
        full = network.enlarged(logits, labels.shape[-2:]).float()
        if hard:
            counted = _hard(full.detach(), labels, hard)
        found.append(_summed(full, torch.where(counted, labels, IGNORE) if hard else labels, counted, weights))
    sums, counts = zip(*found, strict=True)
    return torch.stack(sums), torch.stack(counts)


def weighed(network: Network, sums: PerOutput, counts: PerOutput) -> Tensor:
    """One loss of what `summed_losses` gave; 0 where nothing counts."""
    shares = sums.new_tensor((1.0, *network.auxiliary))
    return (shares * sums / counts.clamp(min=1e-12)).sum()


def _summed(logits: Logits, labels: LabelBatch, counted: Tensor, weights: Tensor | None) -> tuple[Tensor, Tensor]:
    total = F.cross_entropy(logits, labels, weights, ignore_index=IGNORE, reduction="sum")
    if weights is None:
        return total, counted.sum().to(total.dtype)
    return total, (weights[torch.where(counted, labels, 0)] * counted).sum()


def _hard(logits: Logits, labels: LabelBatch, hard: HardExamples) -> Tensor:
    """Which pixels count."""
    counted = labels != IGNORE
    true = logits.softmax(dim=1).gather(1, torch.where(counted, labels, 0)[:, None])[:, 0]
    ranked = true[counted].sort().values
    if not len(ranked):
        return counted
    easiest = ranked[min(hard.kept, len(ranked)) - 1]
    return counted & ((true < hard.threshold) | (true <= easiest))
