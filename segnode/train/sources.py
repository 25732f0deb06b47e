r"""Data sets named on a command line as `kind:folder,key=value,...`.

cityscapes:FOLDER,split=train+val              train, val, test, trainextra (or coarse), and several joined by +
camvid:FOLDER,split=train,without=0006R0       the SegNet release; only= and without= keep or drop a drive
camvid-original:FOLDER,split=train             960x720, 32 colours; only= and without= as above
lip:FOLDER,split=train                         train, val
pascal-context:FOLDER,split=train,background=true   60 classes; without the last word the usual 59
mapillary:FOLDER,split=train,version=v2.0      v1.2 unless told
labelme-facade:FOLDER,split=train,labels=teacher   people unless told; only= and without= keep or drop a place
clothing:FOLDER,split=train                    Clothing Co-Parsing, 59 classes
folder:FOLDER,split=train                      a person's own pictures
streets:,seeds=0-1999                          drawn, no folder
imagenet:FOLDER,split=train                    one class a picture: pretrains a classifier

Each takes `weight=2`, its share of the pictures that are drawn, however many it has: Cityscapes twice, with
`split=train+val,weight=4` and `split=coarse,weight=1`, gives 4 finely annotated pictures to 1 coarse one. And all but
ImageNet take `as=scenes` (or streets, people): labels in the classes of a vocabulary, see `segnode.data.vocabularies`.
A comma in a folder's name is written `\,`; quotes keep the shell from changing it:

    --data 'folder:pictures/Smith\, J,split=train'

What a folder must hold: the docstring in its module of `segnode.data`.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from segnode.data.camvid import CamVid
from segnode.data.camvid_original import CamVidOriginal
from segnode.data.cityscapes import Cityscapes
from segnode.data.clothing import ClothingCoParsing
from segnode.data.folder import Folder
from segnode.data.imagenet import Classified, ImageNet
from segnode.data.images import Dataset
from segnode.data.labelme_facade import SHARED, LabelMeFacade
from segnode.data.lip import LIP
from segnode.data.mapillary import Mapillary
from segnode.data.mapped import Mapped
from segnode.data.names import parts
from segnode.data.pascal_context import PascalContext
from segnode.data.vocabularies import VOCABULARIES
from segnode.errors import ConfigError, DataError
from segnode.streets import Streets


@dataclass(frozen=True)
class SourceData:
    """A data set as asked for. weight: its share of the training pictures. scored: train ids its mIoU is taken over."""

    name: str
    dataset: Dataset
    weight: float
    scored: tuple[int, ...] | None = None


@dataclass(frozen=True)
class ClassifiedData:
    """A data set of pictures of one class each. weight: as in `SourceData`."""

    name: str
    dataset: Classified
    weight: float


def open_source(text: str) -> SourceData:
    """The data set `text` names. Raises `ConfigError` for a name of no data set, `DataError` for an unusable folder."""
    kind = text.partition(":")[0]
    if kind in _CLASSIFIED:
        raise ConfigError(f"{text!r} has one class a picture, no label maps: it is for pretraining only.")
    dataset, weight = _open(text, _KINDS)
    scored = SHARED if kind == "labelme-facade" else None
    if isinstance(dataset, Mapped):
        scored = tuple(sorted({dataset.ids[i] for i in scored or dataset.ids if i in dataset.ids}))
    return SourceData(text, dataset, weight, scored)


def look_at(source: SourceData) -> None:
    """Read the first and the last picture with labels, so that a fault of all of them is found before hours of work.

    Raises `DataError` for what the data set cannot use.
    """
    for index in {0, len(source.dataset) - 1}:
        source.dataset[index]


def refuse_uncounted(source: SourceData) -> None:
    """Raise `DataError` where not one pixel of all pictures counts. Reads until it meets one that does."""
    classes = len(source.dataset.classes)
    if not any((source.dataset[index][1] < classes).any() for index in range(len(source.dataset))):
        raise DataError(
            f"Not one pixel of {source.name} has a class that counts: all are marked to be ignored. Correct its labels."
        )


def open_classified(text: str) -> ClassifiedData:
    """The data set of classified pictures `text` names. Raises as `open_source` does."""
    dataset, weight = _open(text, _CLASSIFIED)
    return ClassifiedData(text, dataset, weight)


def _open(text: str, kinds: dict[str, Callable[..., Any]]) -> tuple[Any, float]:
    """The data set and its weight."""
    kind, folder, options = parts(text)
    weight = _number(options.pop("weight", "1"), text)
    vocabulary = options.pop("as", None) if kinds is _KINDS else None
    if vocabulary is not None and vocabulary not in VOCABULARIES:
        raise ConfigError(f"There is no vocabulary {vocabulary!r} in {text!r}: choose {', '.join(VOCABULARIES)}.")
    if kind not in kinds:
        raise ConfigError(f"There is no data set kind {kind!r} in {text!r}: choose one of {', '.join(kinds)}.")
    taken = dict(list(inspect.signature(kinds[kind]).parameters.items())[1:])  # the first is the folder
    if unknown := [name for name in options if name not in taken]:
        names = ", ".join([*taken, "weight", "as"])
        comma = "; a comma in a folder's name is written \\," if "" in options.values() else ""
        raise ConfigError(f"{text!r} has an option {kind} does not know, {unknown[0]!r}: choose from {names}{comma}.")
    for name, option in taken.items():
        if option.default is option.empty and name not in options:
            raise ConfigError(
                f"{text!r} does not say its {name}: add one, like {kind}:{folder or 'FOLDER'},{name}=train."
            )
    dataset = kinds[kind](folder, **options)
    return dataset if vocabulary is None else Mapped(dataset, VOCABULARIES[vocabulary]), weight


def _streets(folder: str, seeds: str = "0-1999") -> Dataset:
    first, _, last = seeds.partition("-")
    if folder or not (first.isdigit() and last.isdigit()):
        raise ConfigError(f"Streets are named like streets:,seeds=0-1999, not with {folder or seeds!r}.")
    return Streets(range(int(first), int(last) + 1))


def _pascal_context(folder: str, split: str, background: str = "false") -> Dataset:
    if background not in ("true", "false"):
        raise ConfigError(f"background is true or false in a data set's name, not {background!r}.")
    return PascalContext(folder, split, background == "true")


def _number(text: str, where: str) -> float:
    try:
        value = float(text)
    except ValueError as error:
        raise ConfigError(f"The weight in {where!r} is not a number: give one like weight=2.") from error
    if not 0 < value < 1e6:
        raise ConfigError(f"The weight in {where!r} must be above 0: give one like weight=2.")
    return value


_KINDS: dict[str, Callable[..., Dataset]] = {
    "cityscapes": Cityscapes,
    "camvid": CamVid,
    "camvid-original": CamVidOriginal,
    "lip": LIP,
    "pascal-context": _pascal_context,
    "mapillary": Mapillary,
    "labelme-facade": LabelMeFacade,
    "clothing": ClothingCoParsing,
    "folder": Folder,
    "streets": _streets,
}
_CLASSIFIED: dict[str, Callable[..., Classified]] = {"imagenet": ImageNet}
