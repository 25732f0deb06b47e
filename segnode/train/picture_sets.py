"""Sets of pictures without their labels: of a data set or its half, of a folder, or drawn; at most so many, spaced."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from segnode.data.images import folder_of, read_image
from segnode.errors import ConfigError, DataError
from segnode.train.sources import open_source
from segnode.types import ImageArray

#: Every second picture, by what stands behind the name of a data set.
HALVES = {"": slice(None), "1/2": slice(0, None, 2), "2/2": slice(1, None, 2)}
ENDINGS = (".jpg", ".jpeg", ".png", ".webp")


@dataclass(frozen=True)
class Pictures:
    """One set. files: where the pictures are files in a folder, their names."""

    name: str
    images: Iterable[ImageArray]
    count: int
    files: tuple[str, ...] = ()


def of_source(name: str, at_most: int | None = None) -> Pictures:
    """At most `at_most` pictures of the data set `name`, see `segnode.train.sources`, or of its half: `name#1/2`.

    Raises `ConfigError` for a name of no data set or a part that is no half, `DataError` for an unusable folder.
    """
    source, _, part = name.partition("#")
    if part not in HALVES:
        raise ConfigError(f"A part of a data set is #1/2 or #2/2, not #{part}: correct {name!r}.")
    dataset = open_source(source).dataset
    half = range(len(dataset))[HALVES[part]]
    chosen = [half[index] for index in _spaced(len(half), at_most)]
    return Pictures(name, (dataset[index][0] for index in chosen), len(chosen))


def of_folder(text: str, at_most: int) -> Pictures:
    """At most `at_most` pictures of a folder, given as `what they are=folder`. Raises `DataError` where it has none."""
    name, _, folder = text.rpartition("=")
    paths = sorted(path for path in folder_of(folder, "pictures").iterdir() if path.suffix.lower() in ENDINGS)
    if not paths:
        raise DataError(f"The folder {folder} has no pictures: put some JPEG, PNG or WebP files there.")
    chosen = [paths[index] for index in _spaced(len(paths), at_most)]
    return Pictures(name, map(read_image, chosen), len(chosen), tuple(path.name for path in chosen))


def drawn() -> Pictures:
    """What no camera took: four pictures of noise, each coarser than the last, and eight flat colours."""
    draw = np.random.default_rng(0)
    noise = [draw.integers(0, 256, (360 // size, 480 // size, 3), np.uint8) for size in (1, 4, 12, 40)]
    coarse = [square.repeat(360 // len(square), 0).repeat(360 // len(square), 1) for square in noise]
    flat = [np.full((360, 480, 3), draw.integers(0, 256, 3), np.uint8) for _ in range(8)]
    return Pictures("noise and flat colours", [*coarse, *flat], len(coarse) + len(flat))


def _spaced(count: int, at_most: int | None) -> list[int]:
    """Indices below `count`, evenly spaced, no more than `at_most`."""
    taken = count if at_most is None else min(count, at_most)
    return [index * count // taken for index in range(taken)]
