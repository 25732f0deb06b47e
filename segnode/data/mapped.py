"""A data set in the classes of a vocabulary."""

import numpy as np

from segnode.data.flips import Swaps
from segnode.data.images import Dataset
from segnode.data.vocabularies import Vocabulary
from segnode.errors import ConfigError
from segnode.types import IGNORE, ImageArray, LabelArray


class Mapped:
    """`dataset` with the train ids of `vocabulary`; what that does not know is not counted.

    Raises `ConfigError` where it knows none of the classes.
    """

    #: Left and right are not told apart in any vocabulary.
    swaps: Swaps = ()

    def __init__(self, dataset: Dataset, vocabulary: Vocabulary) -> None:
        self.dataset = dataset
        self.classes = vocabulary.classes
        #: Train id here of each train id of the data set that has one.
        self.ids = vocabulary.ids_of(dataset.classes)
        if not self.ids:
            names = ", ".join(dataset.classes.names[:4])
            raise ConfigError(f"None of the classes {names}, ... is known in {', '.join(self.classes.names[:4])}, ...")
        self._table = np.full(256, IGNORE, dtype=np.uint8)
        self._table[list(self.ids)] = list(self.ids.values())

    def __len__(self) -> int:
        return len(self.dataset)

    def __getitem__(self, index: int) -> tuple[ImageArray, LabelArray]:
        image, labels = self.dataset[index]
        return image, self._table[labels]

    def name(self, index: int) -> str:
        """The name in the data set underneath."""
        return self.dataset.name(index)
