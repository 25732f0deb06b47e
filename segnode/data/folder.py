"""A person's own pictures.

Layout: `images/` (JPEG, PNG or WebP), `labels/` (a PNG of train ids by the same name), `classes.json` and, if wished,
`train.txt` and `val.txt` with a name a line, with its ending or without:

    {"names": ["wall", "roof"], "palette": [[178, 118, 92], [52, 98, 226]], "ignore": 255}

`palette` and `ignore` may be left out. Endings may be in capitals, and names in any normal form of Unicode. Without
lists about every tenth picture is validation, chosen by a hash of its name: adding pictures moves none of the others.
"""

import hashlib
import json
import unicodedata
from collections.abc import Iterable
from pathlib import Path, PurePath
from typing import Any

import numpy as np

from segnode.data.classes import ClassSet, colour
from segnode.data.decode import ENDINGS, read_labels
from segnode.data.images import Pairs, files_in, folder_of, is_file, is_folder, read_list
from segnode.disk import readable
from segnode.errors import ConfigError, DataError
from segnode.types import IGNORE

_LABELS = (".png",)
#: Formats that are not read: such a file is named in a message, not skipped.
_OTHERS = (".tif", ".tiff", ".bmp", ".gif", ".heic", ".heif", ".avif", ".jp2", ".ppm", ".pgm", ".npy")
_VALIDATION_EVERY = 10


class Folder(Pairs):
    """One split of a folder of pictures, or all of it (`split=None`).

    The id `ignore` and 255 are not counted. Raises `DataError` when the folder is not in the layout, and when its
    labels hold only 0 and 255: in such masks 255 usually is the object, which would never count.
    """

    def __init__(self, root: Path | str, split: str | None = None) -> None:
        if split not in ("train", "val", None):
            raise DataError(f"A folder has no split {split!r}: choose train or val, or none for all of it.")
        folder = folder_of(root, "pictures")
        classes, ignore = _classes(folder / "classes.json")
        images = _by_name(folder_of(folder / "images", "the pictures"), ENDINGS)
        labels = _by_name(folder / "labels", _LABELS) if is_folder(folder / "labels") else {}
        names = _split(folder, images, split)
        pairs = [(_supported(images[name], ENDINGS), _labels(folder, name, labels)) for name in names]
        ids = {i: i for i in range(len(classes))} | {ignore: IGNORE, IGNORE: IGNORE}
        super().__init__(f"The folder {folder}", pairs, ids, classes)
        _refuse_masks(folder / "labels", (labels[name] for name in images if name in labels), classes.names)


def _labels(folder: Path, name: str, labels: dict[str, Path]) -> Path:
    """The label file of a picture, whether it exists or not."""
    return _supported(labels[name], _LABELS) if name in labels else folder / "labels" / f"{name}.png"


def _split(folder: Path, images: dict[str, Path], split: str | None) -> list[str]:
    names = sorted(images)
    if split is None:
        return names
    lists = {name: folder / f"{name}.txt" for name in ("train", "val")}
    if any(is_file(path) for path in lists.values()):
        return [_named(line, images, lists[split]) for line in read_list(lists[split], "A folder with one list")]
    validation = {name for name in names if _hash(name) % _VALIDATION_EVERY == 0}
    if len(names) > 1 and len(validation) in (0, len(names)):  # So few that chance left one side empty.
        validation = {min(names, key=_hash)}
    return [name for name in names if (name in validation) == (split == "val")]


def _named(line: str, images: dict[str, Path], path: Path) -> str:
    """The picture that a line of the list `path` names, as a key of `images`."""
    name = unicodedata.normalize("NFC", line)
    if name in images:
        return name
    ending = PurePath(name).suffix
    if ending.lower() in (*ENDINGS, *_OTHERS) and (bare := name.removesuffix(ending)) in images:
        return bare
    raise DataError(f"{path} lists {line[:200]}, which is not in images/: drop it or add it.")


def _hash(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode(errors="surrogatepass")).digest()[:8], "big")


def _by_name(folder: Path, endings: tuple[str, ...]) -> dict[str, Path]:
    """Files by name without ending, in Unicode's normal form C.

    Of two with one name that whose ending is among `endings`. Raises `DataError` where both are.
    """
    paths: dict[str, Path] = {}
    for path in files_in(folder):
        ending = path.suffix.lower()
        if ending not in (*ENDINGS, *_OTHERS):
            continue
        name = unicodedata.normalize("NFC", path.stem)
        known = paths.get(name)
        if known is None or known.suffix.lower() not in endings:
            paths[name] = path
        elif ending in endings:
            raise DataError(f"{folder} holds both {known.name} and {path.name}: rename one, its labels too.")
    return paths


def _supported(path: Path, endings: tuple[str, ...]) -> Path:
    """`path`. Raises `DataError` where its ending is none of `endings`."""
    if path.suffix.lower() not in endings:
        raise DataError(f"{path} is in a format that is not supported: save it as {' or '.join(endings)}.")
    return path


def _refuse_masks(folder: Path, labels: Iterable[Path], names: tuple[str, ...]) -> None:
    """Raise `DataError` where all labels of a folder together hold 0 and 255 and nothing else."""
    values: set[int] = set()
    for path in labels:
        if path.suffix.lower() not in _LABELS:
            continue
        try:
            values.update(np.unique(read_labels(path)).tolist())
        except DataError:  # raised again when this file is used
            continue
        if values - {0, IGNORE}:
            return
    if values == {0, IGNORE}:
        raise DataError(
            f"The labels in {folder} hold only 0 and 255, and 255 is never counted, so {names[0]} would be the only"
            f" class: save {names[1]} as 1."
        )


def _classes(path: Path) -> tuple[ClassSet, int]:
    """The classes and the id not counted."""
    try:
        with readable(path):
            data = path.read_bytes()
        given = json.loads(data)
    except FileNotFoundError as error:
        raise DataError(
            f'{path} is missing: write it as {{"names": ["wall", "roof"]}}, in the order of ids.'
        ) from error
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path} is not readable JSON ({error}): correct it.") from error
    if not isinstance(given, dict) or (unknown := sorted(set(given) - {"names", "palette", "ignore"})):
        what = f"has entries {', '.join(unknown)[:200]}" if isinstance(given, dict) else "is not an object"
        raise DataError(f"{path} {what}: give names, and if you like palette and ignore, nothing else.")
    names, ignore = given.get("names"), given.get("ignore", IGNORE)
    if not isinstance(names, list) or not 2 <= len(names) <= IGNORE:
        count = f", not {len(names)}" if isinstance(names, list) else ""
        raise DataError(f"{path} must give 2 to {IGNORE} names, one a class in the order of ids{count}.")
    if not _byte(ignore):
        raise DataError(f"{path} gives ignore as {ascii(ignore)[:80]}: make it one id from 0 to 255.")
    palette = given.get("palette", [colour(i) for i in range(len(names))])
    if not _is_palette(palette):
        raise DataError(
            f"{path} gives a palette that is not [red, green, blue] from 0 to 255 for each class: correct it."
        )
    try:
        return ClassSet(tuple(names), tuple((red, green, blue) for red, green, blue in palette)), ignore
    except ConfigError as error:
        raise DataError(f"{path}: {error}") from error


def _is_palette(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(
        isinstance(colour, list | tuple) and len(colour) == 3 and all(_byte(part) for part in colour)
        for colour in value
    )


def _byte(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 255
