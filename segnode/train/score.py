"""What a validation during training measures, the pictures shared by the processes."""

from typing import cast

import torch
from accelerate import Accelerator
from torch import Tensor

from segnode.data.crops import middle
from segnode.data.imagenet import Classified
from segnode.data.images import Dataset
from segnode.inference import Inference
from segnode.metrics import Scores
from segnode.model.network import Network
from segnode.predict import batch_of
from segnode.train.evaluate import evaluate
from segnode.train.feed import Source
from segnode.train.sources import ClassifiedData
from segnode.types import ImageArray, LabelArray


class Share:
    """Every `ranks`-th picture of a data set, from number `rank`."""

    def __init__(self, dataset: Dataset, rank: int, ranks: int) -> None:
        self.dataset = dataset
        self.classes = dataset.classes
        self.indices = range(rank, len(dataset), ranks)

    def __len__(self) -> int:
        return len(self.indices)

    def __getitem__(self, index: int) -> tuple[ImageArray, LabelArray]:
        return self.dataset[self.indices[index]]

    def name(self, index: int) -> str:
        """The name in the data set underneath."""
        return self.dataset.name(self.indices[index])


#: Pictures are padded for every network alike, so that none is told from another by streams beside each other.
ALIKE = Inference(multiple=32)


def score(network: Network, source: Source, group: Accelerator) -> float:
    """In percent, over all of `source`: the mIoU, or for pictures of one class each how many are right (top 1)."""
    rank, ranks = group.process_index, group.num_processes
    if isinstance(source, ClassifiedData):
        indices = range(rank, len(source.dataset), ranks)
        right = sum(_is_right(network, source.dataset, index) for index in indices)
        return 100 * float(_summed(torch.tensor(right), group)) / len(source.dataset)
    local = evaluate(network, Share(source.dataset, rank, ranks), inference=ALIKE)
    scores = Scores(len(network.classes))
    scores.confusion = _summed(local.confusion, group)
    return scores.mean_iou(source.scored)


@torch.no_grad()
def _is_right(network: Network, dataset: Classified, index: int) -> bool:
    """Whether the class of a picture's `middle` is its own."""
    network.eval()
    image, truth = dataset[index]
    return int(network(batch_of(middle(image), next(network.parameters()).device)).argmax()) == truth


def _summed(counts: Tensor, group: Accelerator) -> Tensor:
    """Over all processes."""
    return cast(Tensor, group.reduce(counts.to(group.device), "sum")).cpu()
