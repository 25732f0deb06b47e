"""What a validation during training measures, shared by the processes."""

from typing import cast

from accelerate import Accelerator
from torch import Tensor

from segnode.data.images import Dataset
from segnode.metrics import Scores
from segnode.model.network import Network
from segnode.train.evaluate import evaluate
from segnode.train.sources import SourceData
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


def score(network: Network, source: SourceData, group: Accelerator) -> float:
    """mIoU in percent over all of `source`, each process having counted its share."""
    share = Share(source.dataset, group.process_index, group.num_processes)
    found = evaluate(network, share)
    if group.num_processes == 1:
        return found.mean_iou(source.scored)
    scores = Scores(len(network.classes))
    scores.confusion = cast(Tensor, group.reduce(found.confusion.to(group.device), "sum")).cpu()
    return scores.mean_iou(source.scored)
