"""Cityscapes: 2048x1024 pixels, streets of 50 cities, 19 classes (Cordts et al., 2016; www.cityscapes-dataset.com).

Layout: `leftImg8bit/{train,val,test,train_extra}/<city>/<city>_<number>_<frame>_leftImg8bit.png`, labels beside it in
`gtFine` and `gtCoarse` as `..._gtFine_labelIds.png` or `..._gtFine_labelTrainIds.png` (likewise `gtCoarse`); which of
the two is found out file by file. 2,975 pictures train, 500 val, 1,525 test, 19,998 train_extra; one of the last is
black in the download and left out.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from segnode.data.classes import ClassSet
from segnode.data.decode import read_labels
from segnode.data.images import Pairs, files_in, folder_of, is_file, is_folder, part_of, pictures_in
from segnode.errors import DataError
from segnode.types import IGNORE, LabelArray

SOURCE = "www.cityscapes-dataset.com"

#: The classes of the benchmark, in the order and colours of its authors.
CITYSCAPES = ClassSet(
    names=(
        "road",
        "sidewalk",
        "building",
        "wall",
        "fence",
        "pole",
        "traffic light",
        "traffic sign",
        "vegetation",
        "terrain",
        "sky",
        "person",
        "rider",
        "car",
        "truck",
        "bus",
        "train",
        "motorcycle",
        "bicycle",
    ),
    palette=(
        (128, 64, 128),
        (244, 35, 232),
        (70, 70, 70),
        (102, 102, 156),
        (190, 153, 153),
        (153, 153, 153),
        (250, 170, 30),
        (220, 220, 0),
        (107, 142, 35),
        (152, 251, 152),
        (70, 130, 180),
        (220, 20, 60),
        (255, 0, 0),
        (0, 0, 142),
        (0, 0, 70),
        (0, 60, 100),
        (0, 80, 100),
        (0, 0, 230),
        (119, 11, 32),
    ),
)

#: The id, in labelIds files, of each train id. Ids 0 to 33 without these are not counted.
LABEL_IDS = (7, 8, 11, 12, 13, 17, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 31, 32, 33)
#: What the test server is sent for a pixel without a class: `unlabeled`.
UNLABELED = 0

_FROM_LABEL_IDS = dict.fromkeys(range(34), IGNORE) | {label: train for train, label in enumerate(LABEL_IDS)}
_FROM_TRAIN_IDS = {train: train for train in range(len(LABEL_IDS))} | {IGNORE: IGNORE}
# Folder of the pictures, and of the labels where they are public.
_PARTS = {
    "train": ("train", "gtFine"),
    "val": ("val", "gtFine"),
    "test": ("test", None),
    "trainextra": ("train_extra", "gtCoarse"),
    "coarse": ("train_extra", "gtCoarse"),
}
_PICTURE = "_leftImg8bit.png"
_BLACK = "troisdorf_000000_000073"


class Cityscapes(Pairs):
    """One split of Cityscapes, or several.

    split: `train`, `val`, `test` (no pixel is counted: its labels are the server's), `trainextra` (coarse labels; also
    called `coarse`), or several, as `train+val+coarse`. Raises `DataError` when the folder is not in the layout.
    """

    def __init__(self, root: Path | str, split: str) -> None:
        parts = split.split("+")
        if unknown := [part for part in parts if part not in _PARTS]:
            raise DataError(f"Cityscapes has no split {unknown[0]!r}: choose {', '.join(_PARTS)}, or join some by +.")
        if len({_PARTS[part] for part in parts}) < len(parts):
            raise DataError(f"The split {split!r} names pictures twice: name each part once.")
        folder = folder_of(root, "Cityscapes", SOURCE)
        pairs = [pair for part in parts for pair in _pairs(folder, *_PARTS[part])]
        super().__init__(f"Cityscapes' split {split} in {folder}", pairs, _FROM_LABEL_IDS, CITYSCAPES)

    def submission(self, labels: LabelArray) -> LabelArray:
        """Train ids as the ids the test server wants; where there is none, `UNLABELED`."""
        table = np.full(256, UNLABELED, dtype=np.uint8)
        table[: len(LABEL_IDS)] = LABEL_IDS
        return table[labels]

    def submission_name(self, index: int) -> str:
        """The file the test server looks for, of the picture `index`: its city, number and frame, as PNG."""
        return self.pairs[index][0].name.removesuffix(_PICTURE) + ".png"

    def _read(self, path: Path) -> tuple[LabelArray, Mapping[int, int]]:
        trained = path.name.endswith("_labelTrainIds.png")
        return read_labels(path), _FROM_TRAIN_IDS if trained else _FROM_LABEL_IDS


def _pairs(folder: Path, split: str, kind: str | None) -> list[tuple[Path, Path | None]]:
    """Pictures of a split by their cities, with the label files there are."""
    cities = part_of(folder, f"leftImg8bit/{split}", "Cityscapes", SOURCE)
    labels = part_of(folder, f"{kind}/{split}", "Cityscapes", SOURCE) if kind else None
    images = [
        image
        for city in files_in(cities)
        if is_folder(city)
        for image in pictures_in(city, _PICTURE.lower())
        if not image.name.startswith(_BLACK)
    ]
    return [(image, _labels(labels / image.parent.name, image, kind) if labels else None) for image in images]


def _labels(city: Path, image: Path, kind: str | None) -> Path:
    """The label file of a picture: labelIds, as the download has them, or else labelTrainIds."""
    stem = f"{image.name.removesuffix(_PICTURE)}_{kind}"
    trained = city / f"{stem}_labelTrainIds.png"
    given = city / f"{stem}_labelIds.png"
    return trained if is_file(trained) and not is_file(given) else given
