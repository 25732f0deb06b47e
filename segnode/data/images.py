"""Data sets of pictures and labels in folders: what they share."""

import codecs
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np

from segnode.data.classes import ClassSet
from segnode.data.decode import read_image, read_labels, size_of
from segnode.disk import expand_home, readable
from segnode.errors import DataError
from segnode.types import IGNORE, ImageArray, LabelArray


@runtime_checkable
class Dataset(Protocol):
    """Pictures with their labels, by index: uint8 arrays of rows x columns x 3 and of rows x columns.

    A label is a train id: the index of a class in `classes`, or `IGNORE` where a pixel is not counted. A data set with
    left and right classes, such as arms, also has `swaps`; see `segnode.data.flips`.
    """

    classes: ClassSet

    def __len__(self) -> int: ...

    def __getitem__(self, index: int) -> tuple[ImageArray, LabelArray]: ...

    def name(self, index: int) -> str:
        """What messages and pages call the picture."""
        ...


class Pairs:
    """Pairs of a picture and a label file on disk, as a map-style dataset: the base of all data sets in folders.

    what: the data set's name in messages. pairs: image path and label path, None where labels are not public (no pixel
    is counted then). ids: train id of each id that label files may hold. Raises `DataError` when nothing is listed
    or a file is missing; when a file is read, if it is damaged, the sizes differ or an id is not in `ids`.
    """

    def __init__(
        self, what: str, pairs: Sequence[tuple[Path, Path | None]], ids: Mapping[int, int], classes: ClassSet
    ) -> None:
        if not pairs:
            raise DataError(f"{what} lists no pictures: check its list files and choose another split.")
        for image, labels in pairs:
            if not is_file(image):
                raise DataError(
                    f"{what} lists {image}, which is not there: copy the picture, or drop it from the list."
                )
            if labels is not None and not is_file(labels):
                raise DataError(f"{what} has no labels {labels} for {image.name}: add them, or drop the picture.")
        self.classes = classes
        self.pairs = tuple(pairs)
        self._ids = ids

    def __len__(self) -> int:
        return len(self.pairs)

    def name(self, index: int) -> str:
        """The picture's file name without its ending."""
        return self.pairs[index][0].stem

    def __getitem__(self, index: int) -> tuple[ImageArray, LabelArray]:
        image_path, labels_path = self.pairs[index]
        image = read_image(image_path)
        if labels_path is None:
            return image, np.full(image.shape[:2], IGNORE, dtype=np.uint8)
        stored, ids = self._read(labels_path)
        if image.shape[:2] != stored.shape:
            raise DataError(
                f"{image_path.name} is {size_of(image)} but its labels {labels_path.name} are {size_of(stored)}: "
                "save both at one size."
            )
        return image, _train_ids(stored, ids, labels_path)

    def _read(self, path: Path) -> tuple[LabelArray, Mapping[int, int]]:
        """The ids in a label file, and the train id of each: overridden where label files have another format."""
        return read_labels(path), self._ids


def _train_ids(stored: LabelArray, ids: Mapping[int, int], path: Path) -> LabelArray:
    table = np.full(256, -1, dtype=np.int16)
    table[list(ids)] = list(ids.values())
    mapped = table[stored]
    if mapped.min() < 0:
        unknown = ", ".join(str(i) for i in np.unique(stored[mapped < 0]))
        known = ", ".join(str(i) for i in sorted(ids))
        raise DataError(f"The labels {path} hold unknown ids {unknown}: only {known} are known, so correct the file.")
    return mapped.astype(np.uint8)


def select(
    pairs: Sequence[tuple[Path, Path]], listing: Path | str, only: str | None, without: str | None
) -> list[tuple[Path, Path]]:
    """The pairs whose image name begins with `only` and not with `without`. Raises `DataError` when none is left."""
    selected = [
        pair
        for pair in pairs
        if (only is None or pair[0].name.startswith(only)) and (without is None or not pair[0].name.startswith(without))
    ]
    if pairs and not selected:
        beginnings = ", ".join(sorted({image.name.split("_")[0] for image, _ in pairs}))
        raise DataError(
            f"No picture of {listing} is left with only={only!r} and without={without!r}: names begin {beginnings}."
        )
    return selected


def read_list(path: Path, what: str) -> list[str]:
    """The lines of a list file that are not blank. Raises `DataError` when it is missing or not text.

    UTF-8, or UTF-16 with a byte order mark, as PowerShell writes it.
    """
    try:
        with readable(path):
            data = path.read_bytes()
    except FileNotFoundError as error:
        raise DataError(f"{what} needs the list {path}, which is not there: check the folder and the split.") from error
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = data.decode("utf-16" if wide else "utf-8-sig")
        if "\0" in text:  # UTF-16 without its byte order mark, or not text
            raise ValueError("it holds zero bytes")
    except ValueError as error:
        raise DataError(f"{what}'s list {path} cannot be read: save it as plain text in UTF-8.") from error
    return [line.strip() for line in text.splitlines() if line.strip()]


def pictures_in(folder: Path, ending: str) -> list[Path]:
    """The files of a folder whose names end with `ending`, in small or capital letters, sorted by name."""
    return [path for path in files_in(folder) if path.name.lower().endswith(ending)]


def files_in(folder: Path) -> list[Path]:
    """The content of a folder except hidden files, sorted by name. Raises `DataError` where it cannot be listed."""
    with readable(folder):
        return sorted(path for path in folder.iterdir() if not path.name.startswith("."))


def is_file(path: Path) -> bool:
    """Whether `path` is a file. Raises `DataError` where that cannot be known."""
    with readable(path):
        return path.is_file()


def is_folder(path: Path) -> bool:
    """Whether `path` is a folder. Raises `DataError` where that cannot be known."""
    with readable(path):
        return path.is_dir()


def folder_of(root: Path | str, what: str, source: str = "") -> Path:
    """`root`, a leading `~` expanded, where it is a folder. source: where to get the data set.

    Raises `DataError` otherwise.
    """
    folder = expand_home(root)
    if not is_folder(folder):
        raise DataError(f"There is no folder {folder} with {what}: give the folder that holds it{_from(source)}.")
    return folder


def part_of(folder: Path, inside: str, what: str, source: str = "") -> Path:
    """The folder `inside` another. Raises `DataError` when it is missing."""
    part = folder / inside
    if not is_folder(part):
        raise DataError(f"{what} needs the folder {part}, which is not there: unpack it there{_from(source)}.")
    return part


def _from(source: str) -> str:
    return f", or get it from {source}" if source else ""
