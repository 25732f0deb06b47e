"""Dataset-level scores of a network."""

import torch

from segnode.config import SolverConfig
from segnode.data.images import Dataset
from segnode.metrics import Scores
from segnode.model.network import Network
from segnode.predict import batch_of


@torch.no_grad()
def evaluate(model: Network, dataset: Dataset, solver: SolverConfig | None = None) -> Scores:
    """Scores of `model` over all of `dataset`, single scale, each picture at its own size."""
    model.eval()
    device = next(model.parameters()).device
    scores = Scores(len(model.classes))
    for index in range(len(dataset)):
        image, truth = dataset[index]
        batch = batch_of(image, device)
        logits = model(batch) if solver is None else model(batch, solver)
        scores.update(logits[0].argmax(0).to(torch.uint8).cpu().numpy(), truth)
    return scores
