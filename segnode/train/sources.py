"""Data sets named in one word on a command line: `kind:folder,key=value,...`.

camvid:FOLDER,split=train,without=0006R0,weight=2
labelme-facade:FOLDER,split=val
streets:,seeds=0-1999
folder:FOLDER,split=train
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from segnode.data.camvid import CamVid
from segnode.data.folder import Folder
from segnode.data.images import Dataset
from segnode.data.labelme_facade import SHARED, LabelMeFacade
from segnode.data.streets import Streets
from segnode.errors import ConfigError


@dataclass(frozen=True)
class SourceData:
    """A data set as asked for. weight: its share of the training pictures. scored: train ids its mIoU is taken over."""

    name: str
    dataset: Dataset
    weight: float
    scored: tuple[int, ...] | None = None


def open_source(text: str) -> SourceData:
    """The data set `text` names. Raises `ConfigError` for words that name none, `DataError` for a folder unfit."""
    kind, _, rest = text.partition(":")
    folder, *pairs = rest.split(",")
    options = dict(pair.partition("=")[::2] for pair in pairs)
    weight = _number(options.pop("weight", "1"), text)
    if kind not in _KINDS:
        raise ConfigError(f"There is no data set kind {kind!r} in {text!r}: choose one of {', '.join(_KINDS)}.")
    try:
        dataset = _KINDS[kind](folder, **options)
    except TypeError as error:
        raise ConfigError(
            f"{text!r} has an option {kind} does not know ({error}): see segnode/train/sources.py."
        ) from error
    return SourceData(text, dataset, weight, SHARED if kind == "labelme-facade" else None)


def _streets(folder: str, seeds: str = "0-1999") -> Dataset:
    first, _, last = seeds.partition("-")
    if folder or not (first.isdigit() and last.isdigit()):
        raise ConfigError(f"Streets are named like streets:,seeds=0-1999, not with {folder or seeds!r}.")
    return Streets(range(int(first), int(last) + 1))


def _number(text: str, where: str) -> float:
    try:
        value = float(text)
    except ValueError as error:
        raise ConfigError(f"The weight in {where!r} is not a number: give one like weight=2.") from error
    if not 0 < value < 1e6:
        raise ConfigError(f"The weight in {where!r} must be above 0: give one like weight=2.")
    return value


_KINDS: dict[str, Callable[..., Dataset]] = {
    "camvid": lambda folder, **options: CamVid(Path(folder), **options),
    "labelme-facade": lambda folder, **options: LabelMeFacade(Path(folder), **options),
    "streets": _streets,
    "folder": lambda folder, **options: Folder(Path(folder), **options),
}
