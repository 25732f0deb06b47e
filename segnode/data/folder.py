"""A person's own pictures.

Layout: `images/` (jpg, png, webp), `labels/` (a PNG of train ids by the same name), `classes.json` and, if wished,
`train.txt` and `val.txt` with a name a line, endings left out:

    {"names": ["wall", "roof"], "palette": [[178, 118, 92], [52, 98, 226]], "ignore": 255}

`palette` and `ignore` may be left out. Without lists about every tenth picture is validation, chosen by a hash of its
name: adding pictures moves none of the others.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

from segnode.data.classes import ClassSet, colour
from segnode.data.images import Pairs, folder_of, listed
from segnode.errors import ConfigError, DataError
from segnode.types import IGNORE

_ENDINGS = (".jpg", ".jpeg", ".png", ".webp")
_VALIDATION_EVERY = 10


class Folder(Pairs):
    """One split of a folder of pictures, or all of it (`split=None`).

    The id `ignore` and 255 are not counted. Raises `DataError` when the folder is not in the layout.
    """

    def __init__(self, root: Path | str, split: str | None = None) -> None:
        if split not in ("train", "val", None):
            raise DataError(f"A folder has no split {split!r}: choose train or val, or none for all of it.")
        folder = folder_of(root, "pictures")
        classes, ignore = _classes(folder / "classes.json")
        images = _images(folder / "images")
        names = _split(folder, sorted(images), split)
        if missing := [name for name in names if name not in images]:
            raise DataError(
                f"{folder / f'{split}.txt'} lists {missing[0]}, which is not in images/: drop it or add it."
            )
        pairs = [(images[name], folder / "labels" / f"{name}.png") for name in names]
        ids = {i: i for i in range(len(classes))} | {ignore: IGNORE, IGNORE: IGNORE}
        super().__init__(f"The folder {folder}", pairs, ids, classes)


def _split(folder: Path, names: list[str], split: str | None) -> list[str]:
    if split is None:
        return names
    lists = {name: folder / f"{name}.txt" for name in ("train", "val")}
    if any(path.exists() for path in lists.values()):
        return listed(lists[split], "A folder with one list")
    validation = {name for name in names if _hash(name) % _VALIDATION_EVERY == 0}
    if len(names) > 1 and len(validation) in (0, len(names)):  # So few that chance left one side empty.
        validation = {min(names, key=_hash)}
    return [name for name in names if (name in validation) == (split == "val")]


def _hash(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")


def _images(folder: Path) -> dict[str, Path]:
    """Paths by name without ending. Raises `DataError` when two pictures share it."""
    found: dict[str, Path] = {}
    for path in sorted(folder_of(folder, "the pictures").iterdir()):
        if path.suffix.lower() not in _ENDINGS or path.name.startswith("."):
            continue
        if path.stem in found:
            raise DataError(f"{folder} holds both {found[path.stem].name} and {path.name}: rename one, labels too.")
        found[path.stem] = path
    return found


def _classes(path: Path) -> tuple[ClassSet, int]:
    """The classes and the id not counted."""
    try:
        given = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise DataError(
            f'{path} is missing: write it as {{"names": ["wall", "roof"]}}, in the order of ids.'
        ) from error
    except (OSError, ValueError) as error:
        raise DataError(f"{path} is not readable JSON ({error}): mend it.") from error
    if not isinstance(given, dict) or (unknown := sorted(set(given) - {"names", "palette", "ignore"})):
        what = f"has entries {', '.join(unknown)}" if isinstance(given, dict) else "is not an object"
        raise DataError(f"{path} {what}: give names, and if you like palette and ignore, nothing else.")
    names, ignore = given.get("names"), given.get("ignore", IGNORE)
    if not isinstance(names, list) or not all(isinstance(n, str) and n for n in names) or not 2 <= len(names) < IGNORE:
        raise DataError(f"{path} must give 2 to 254 names, one a class in the order of ids, not {names!r}.")
    if not _byte(ignore):
        raise DataError(f"{path} gives ignore as {ignore!r}: make it one id from 0 to 255.")
    palette = given.get("palette", [colour(i) for i in range(len(names))])
    if not _is_palette(palette):
        raise DataError(f"{path} gives a palette that is not [red, green, blue] from 0 to 255 for each class: mend it.")
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
