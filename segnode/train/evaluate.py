"""Dataset-level scores of a network."""

import torch

from segnode.config import SolverConfig
from segnode.data.images import Dataset
from segnode.metrics import Scores
from segnode.model.segnode import SegNode
from segnode.predict import batch_of


@torch.no_grad()
def evaluate(model: SegNode, dataset: Dataset, solver: SolverConfig | None = None) -> Scores:
    """Scores of `model` over all of `dataset`, single scale, each picture at its own size."""
    model.eval()
    device = next(model.parameters()).device
    scores = Scores(model.config.num_classes)
    for index in range(len(dataset)):
        image, truth = dataset[index]
        scores.update(model(batch_of(image, device), solver)[0].argmax(0).to(torch.uint8).cpu().numpy(), truth)
    return scores
