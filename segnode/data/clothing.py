"""Clothing Co-Parsing: street-style photographs of people, 58 kinds of clothing, skin and hair (Yang et al., 2014).

Layout: `images/<name>.jpg`, `labels/<name>.png` of ids, `classes.txt` with a name a line in the order of ids, `null`
(the background) first, `train.txt` and `val.txt` with a name a line. Bring it to fewer classes with `as=people` or
`as=scenes`.
"""

from pathlib import Path

from segnode.data.classes import ClassSet, colour
from segnode.data.images import Pairs, folder_of, read_list
from segnode.errors import ConfigError, DataError
from segnode.types import IGNORE


class ClothingCoParsing(Pairs):
    """One split of Clothing Co-Parsing with its own classes.

    Raises `DataError` when the folder is not in the layout.
    """

    def __init__(self, root: Path | str, split: str) -> None:
        what, source = "Clothing Co-Parsing", "github.com/bearpaw/clothing-co-parsing"
        folder = folder_of(root, what, source)
        classes = _classes(folder / "classes.txt", what)
        pairs = [
            (folder / "images" / f"{name}.jpg", folder / "labels" / f"{name}.png")
            for name in read_list(folder / f"{split}.txt", what)
        ]
        super().__init__(f"{what}'s {split} split", pairs, {i: i for i in range(len(classes))}, classes)


def _classes(path: Path, what: str) -> ClassSet:
    names = read_list(path, what)
    if len(names) > IGNORE:
        raise DataError(f"{path} lists {len(names)} classes, and 8-bit labels have at most {IGNORE}: drop some.")
    try:
        return ClassSet(tuple(names), tuple(colour(index) for index in range(len(names))))
    except ConfigError as error:
        raise DataError(f"{path}: {error}") from error
