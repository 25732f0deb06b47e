"""Mapillary Vistas: streets of the whole world, up to 22 million pixels a picture (Neuhold et al., 2017).

Layout of version 1.2: `config.json`, `{training,validation,testing}/images/<name>.jpg` and
`{training,validation}/labels/<name>.png`, whose ids are places in the list of labels of `config.json` (66, of which 65
are evaluated). In the later package both versions stand side by side: `{training,validation}/v1.2/labels` with
`config_v1.2.json`, and `.../v2.0/labels` (124 labels) with `config_v2.0.json`. 18,000 pictures train, 2,000 val,
5,000 test. From www.mapillary.com/dataset/vistas.
"""

import json
from pathlib import Path
from typing import Any

from segnode.data.classes import ClassSet
from segnode.data.images import Pairs, folder_of, is_file, part_of, pictures_in
from segnode.disk import readable
from segnode.errors import ConfigError, DataError
from segnode.types import IGNORE

SOURCE = "www.mapillary.com/dataset/vistas"

_SPLITS = {"train": "training", "val": "validation", "test": "testing"}


class Mapillary(Pairs):
    """One split of Mapillary Vistas: `train`, `val` or `test` (no pixel is counted: its labels are the server's).

    version: `v1.2` or `v2.0`. The classes are those that the folder's own config evaluates, in its order; the others
    are not counted. Raises `DataError` when the folder is not in the layout.
    """

    def __init__(self, root: Path | str, split: str, version: str = "v1.2") -> None:
        if split not in _SPLITS:
            raise DataError(f"Mapillary Vistas has no split {split!r}: choose train, val or test.")
        if version not in ("v1.2", "v2.0"):
            raise DataError(f"Mapillary Vistas has no version {version!r} here: choose v1.2 or v2.0.")
        folder = folder_of(root, "Mapillary Vistas", SOURCE)
        part = part_of(folder, _SPLITS[split], "Mapillary Vistas", SOURCE)
        images = pictures_in(part_of(part, "images", "Mapillary Vistas", SOURCE), ".jpg")
        config = folder / f"config_{version}.json"
        alone = not is_file(config) and version == "v1.2"
        classes, ids = _labels(folder / "config.json" if alone else config)
        pairs: list[tuple[Path, Path | None]] = [(image, None) for image in images]
        if split != "test":
            inside = "labels" if alone else f"{version}/labels"
            labels = part_of(part, inside, "Mapillary Vistas", SOURCE)
            pairs = [(image, labels / f"{image.stem}.png") for image in images]
        super().__init__(f"Mapillary Vistas in {part}", pairs, ids, classes)


def _labels(path: Path) -> tuple[ClassSet, dict[int, int]]:
    """The evaluated classes of a config, and the train id of each of its ids."""
    try:
        with readable(path):
            data = path.read_bytes()
        labels = json.loads(data)["labels"]
        evaluated = [number for number, label in enumerate(labels) if label["evaluate"]]
        classes = ClassSet(_names([labels[number] for number in evaluated]), _palette(labels, evaluated))
    except FileNotFoundError as error:
        raise DataError(
            f"Mapillary Vistas needs {path}, which says what its ids mean: copy it from the archive, or get it from"
            f" {SOURCE}."
        ) from error
    except (ValueError, KeyError, TypeError, RecursionError, ConfigError) as error:
        raise DataError(
            f"{path} does not list Mapillary's labels ({error}): copy it from the archive again."
        ) from error
    if len(labels) > IGNORE:
        raise DataError(f"{path} lists {len(labels)} labels, more than a byte can tell apart: copy it again.")
    ids = dict.fromkeys(range(len(labels)), IGNORE) | {label: train for train, label in enumerate(evaluated)}
    return classes, ids


def _names(labels: list[dict[str, Any]]) -> tuple[str, ...]:
    """Readable names, or the full ones where two read alike."""
    readable = tuple(str(label["readable"]).lower() for label in labels)
    return readable if len(set(readable)) == len(readable) else tuple(str(label["name"]) for label in labels)


def _palette(labels: list[dict[str, Any]], evaluated: list[int]) -> tuple[tuple[int, int, int], ...]:
    colours = (labels[number]["color"] for number in evaluated)
    return tuple((int(red), int(green), int(blue)) for red, green, blue in colours)
