"""Weights of the classes in a loss, and how what they teach is taken back."""

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from segnode.errors import ConfigError
from segnode.model.head import Head
from segnode.model.network import Network
from segnode.train.sources import SourceData


def class_weights(sources: list[SourceData], classes: int, balance: float, sample: int = 100) -> Tensor:
    """Loss weights, mean 1 over pixels: frequency to the power -`balance`, no rarer than one pixel in a thousand."""
    total = np.zeros(classes)
    for source in sources:
        dataset = source.dataset
        picks = np.linspace(0, len(dataset) - 1, min(sample, len(dataset))).astype(int)
        counts = sum(np.bincount(dataset[int(index)][1].ravel(), minlength=256)[:classes] for index in picks)
        total += source.weight * counts / max(1, np.sum(counts))
    share = np.maximum(total / total.sum(), 1e-3)
    weights = share**-balance
    return torch.tensor(weights / (weights * share).sum(), dtype=torch.float32)


@torch.no_grad()
def subtract_prior(network: Network, weights: Float[Tensor, " classes"], tau: float) -> None:
    """Take `tau` times the logarithm of each class's loss weight from its logit, in the head's bias.

    A loss that weighs classes by w teaches log p + log w, so that rare classes are predicted too often; tau = 1 takes
    all of it back, 0 nothing. Raises `ConfigError` for a network without a linear head, or of other classes. Source:
    Menon et al., Long-tail learning via logit adjustment, 2021.
    """
    head = getattr(network, "head", None)
    if not isinstance(head, Head):
        raise ConfigError(f"A prior is subtracted in a linear head, which a {type(network).__name__} has not.")
    if len(weights) != len(network.classes):
        raise ConfigError(f"{len(weights)} class weights do not fit {len(network.classes)} classes: give one a class.")
    bias = head.convs[0].get_parameter("bias")
    bias -= tau * weights.log().to(bias)
