"""ImageNet as in ILSVRC 2012: photographs of one of 1,000 classes each (Russakovsky et al., 2015).

Layout: `train/<wnid>/*.JPEG` (1,281,167 pictures) and `val/<wnid>/*.JPEG` (50,000). The official `val` has no folders:
then its classes are read from `LOC_val_solution.csv` beside it, which comes with the download from Kaggle, or from a
list `val.txt` of a file's name and its wnid a line. A class is numbered by the place of its wnid in alphabetical order,
as everywhere but in the devkit. From www.image-net.org.
"""

import csv
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np

from segnode.data.classes import ClassSet, colour
from segnode.data.decode import read_image
from segnode.data.images import folder_of, is_file, is_folder, part_of, read_list
from segnode.disk import readable
from segnode.errors import DataError
from segnode.types import ImageArray

SOURCE = "www.image-net.org"

_ENDING = ".jpeg"
_KAGGLE = "LOC_val_solution.csv"


@runtime_checkable
class Classified(Protocol):
    """Pictures of one class each, by index, with the class's place among `classes`."""

    classes: ClassSet

    def __len__(self) -> int: ...

    def __getitem__(self, index: int) -> tuple[ImageArray, int]: ...

    def name(self, index: int) -> str:
        """What messages and pages call the picture."""
        ...


class ImageNet:
    """One split of ImageNet, `train` or `val`; a `Classified`.

    classes: named by their wnids. They are those of the folders of `train`, where it is there, so that a split that
    lacks some numbers the rest alike. Raises `DataError` when the folder is not in the layout.
    """

    def __init__(self, root: Path | str, split: str) -> None:
        if split not in ("train", "val"):
            raise DataError(f"ImageNet has no split {split!r} with classes: choose train or val.")
        root = folder_of(root, "ImageNet", SOURCE)
        self._folder = part_of(root, split, "ImageNet", SOURCE)
        wnids = _folders(self._folder)
        files = [f"{wnid}/{name}" for wnid in wnids for name in _pictures(self._folder / wnid)]
        given = [file.partition("/")[0] for file in files]
        if not files:
            if split == "train":
                raise DataError(f"{self._folder} has no pictures in folders named by wnid: unpack its archives there.")
            files = _pictures(self._folder)
            given = _official(root, files)
        known = _folders(root / "train") if is_folder(root / "train") else sorted(set(given))
        if strange := set(given) - set(known):
            raise DataError(f"{self._folder} has the class {min(strange)}, which train lacks: complete train.")
        if not files:
            raise DataError(f"{self._folder} has no pictures: unpack its archive there.")
        number = {wnid: index for index, wnid in enumerate(known)}
        self.classes = ClassSet(tuple(known), tuple(colour(index) for index in range(len(known))))
        # A million names as Python strings would take three times the room.
        self._files = np.array([os.fsencode(file) for file in files])
        self._labels = np.array([number[wnid] for wnid in given], dtype=np.int16)

    def __len__(self) -> int:
        return len(self._files)

    def name(self, index: int) -> str:
        """The picture's file name without its ending."""
        return self._path(index).stem

    def __getitem__(self, index: int) -> tuple[ImageArray, int]:
        return read_image(self._path(index)), int(self._labels[index])

    def _path(self, index: int) -> Path:
        return self._folder / os.fsdecode(bytes(self._files[index]))


def _folders(folder: Path) -> list[str]:
    with readable(folder):
        return sorted(entry.name for entry in os.scandir(folder) if entry.is_dir() and entry.name[0] != ".")


def _pictures(folder: Path) -> list[str]:
    with readable(folder):
        return sorted(entry.name for entry in os.scandir(folder) if entry.name.lower().endswith(_ENDING))


def _official(root: Path, files: Iterable[str]) -> list[str]:
    """The wnid of each file of a `val` without folders."""
    table, plain = root / _KAGGLE, root / "val.txt"
    if not is_file(table) and not is_file(plain):
        raise DataError(
            f"{root / 'val'} has no folders named by wnid: sort its pictures into some, or put {_KAGGLE} beside it."
        )
    wnids = _solution(table) if is_file(table) else dict(_listed(plain))
    if missing := [file for file in files if Path(file).stem not in wnids]:
        raise DataError(f"{missing[0]} is in no line of {table if is_file(table) else plain}: get the complete list.")
    return [wnids[Path(file).stem] for file in files]


def _solution(path: Path) -> dict[str, str]:
    """Wnids by the names of files without endings."""
    try:
        with readable(path), path.open(newline="", encoding="utf-8") as file:
            return {row["ImageId"]: row["PredictionString"].split()[0] for row in csv.DictReader(file)}
    except (csv.Error, ValueError, LookupError, AttributeError) as error:
        raise DataError(f"{path} is not the table of the download ({error!r}): copy it again.") from error


def _listed(path: Path) -> Iterator[tuple[str, str]]:
    for line in read_list(path, "ImageNet"):
        fields = line.split()
        if len(fields) != 2:
            raise DataError(f"{path} has a line {line!r}: each must read 'ILSVRC2012_val_00000001.JPEG n01751748'.")
        yield Path(fields[0]).stem, fields[1]
