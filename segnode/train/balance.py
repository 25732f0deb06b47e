"""Weights of the classes in a loss."""

import numpy as np
import torch
from torch import Tensor

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
