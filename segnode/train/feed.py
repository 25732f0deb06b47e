"""What a run is fed with: its data sets, mixed, changed at random and in batches."""

from collections.abc import Iterator
from dataclasses import replace

import torch
from torch import Tensor

from segnode.data.augment import Augment
from segnode.data.batches import Cached, Mix, batches
from segnode.data.crops import ClassificationAugment
from segnode.data.paste import Paste
from segnode.errors import ConfigError
from segnode.train.balance import class_weights
from segnode.train.config import TrainConfig
from segnode.train.sources import ClassifiedData, SourceData, look_at, open_classified, open_source, refuse_uncounted

Source = SourceData | ClassifiedData


class Feed:
    """The data sets of a run: `sources` to train on, `scored` to validate on, all of the same `classes`.

    classified: whether each picture has one class as a whole, as ImageNet's have, and not one for each pixel.

    Raises `ConfigError` for data sets that do not go together, `DataError` for a folder unfit.
    """

    def __init__(self, config: TrainConfig) -> None:
        self.sources = [_cached(_open(text)) for text in config.data]
        self.scored = [_open(text) for text in config.validate]
        first = self.sources[0]
        self.classes = first.dataset.classes
        self.classified = isinstance(first, ClassifiedData)
        for source in (*self.sources, *self.scored):
            if source.dataset.classes.names != self.classes.names:
                raise ConfigError(f"{source.name} has other classes than {first.name}: train them apart.")
        for source in (*self.sources, *self.scored):
            if isinstance(source, SourceData):
                look_at(source)
                refuse_uncounted(source)
        if config.class_weights and len(config.class_weights) != len(self.classes):
            raise ConfigError(
                f"{len(config.class_weights)} class_weights do not fit the {len(self.classes)} classes of {first.name}:"
                " give one a class, in their order, or none."
            )
        self._config = config
        self._paste = self._pasted()
        classified = [source.dataset for source in self.sources if isinstance(source, ClassifiedData)]
        labelled = [source.dataset for source in self.sources if isinstance(source, SourceData)]
        self.mix = Mix(classified or labelled, [source.weight for source in self.sources], config.seed)
        if self.classified:
            self.augment: ClassificationAugment | Augment = ClassificationAugment(config.crop)
        else:
            self.augment = Augment(
                config.crop,
                config.scale,
                config.jitter,
                aspect=config.aspect,
                resize=config.resize,
                scale_draw=config.scale_draw,
            )

    def _pasted(self) -> Paste | None:
        names, known = self._config.paste_classes, self.classes.names
        if not names:
            return None
        if unknown := [name for name in names if name not in known]:
            raise ConfigError(
                f"paste_classes names {unknown[0]!r}, which is no class here: choose of {', '.join(known)}."
            )
        return Paste(self._config.paste, tuple(known.index(name) for name in names))

    def weights(self) -> Tensor:
        """Of the classes, in the loss."""
        if weights := self._config.class_weights:
            return torch.tensor(weights)
        labelled = [source for source in self.sources if isinstance(source, SourceData)]
        if not labelled:
            return torch.ones(len(self.classes))
        return class_weights(labelled, len(self.classes), self._config.balance)

    def batches(self, position: int, rank: int, ranks: int) -> Iterator[tuple[Tensor, Tensor]]:
        """The share of process `rank` of `ranks` of each batch, from number `position` on."""
        config = self._config
        return batches(
            self.mix,
            self.augment,
            config.batch_size,
            position,
            rank=rank,
            ranks=ranks,
            workers=config.workers,
            paste=self._paste,
        )


def _open(text: str) -> Source:
    return open_classified(text) if text.startswith("imagenet:") else open_source(text)


def _cached(source: Source) -> Source:
    """`source`, reading each labelled picture once: what is looked at first is trained on later."""
    return replace(source, dataset=Cached(source.dataset)) if isinstance(source, SourceData) else source
