"""What the train ids of a data set mean: names, colours, in order."""

import colorsys
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from segnode.errors import ConfigError

_GOLDEN = 0.618034
#: Letters of a class's name at most: some data sets list synonyms.
LONGEST = 128
#: Control characters, line breaks and halves of surrogate pairs.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


@dataclass(frozen=True)
class ClassSet:
    """Class names and their colours on the page, indexed by train id.

    names: one word or two each, lower case. palette: sRGB, 0 to 255. Raises `ConfigError` for names that are empty,
    too long, not printable or there twice, and where there are more names than colours or fewer.
    """

    names: tuple[str, ...]
    palette: tuple[tuple[int, int, int], ...]

    def __post_init__(self) -> None:
        for index, name in enumerate(self.names):
            if not _is_name(name):
                raise ConfigError(
                    f"The class {index} is named {ascii(name)[:80]}: give it a name of 1 to {LONGEST} printable"
                    " letters, in quotes."
                )
        if not self.names:
            raise ConfigError("There are no classes: name at least one.")
        name, count = Counter(self.names).most_common(1)[0]
        if count > 1:
            raise ConfigError(f"Class names must be distinct, and {name!a} is there {count} times: rename one.")
        if len(self.palette) != len(self.names):
            raise ConfigError(
                f"{len(self.names)} classes need {len(self.names)} colours, not {len(self.palette)}: add or drop some."
            )

    def __len__(self) -> int:
        return len(self.names)

    def to_dict(self) -> dict[str, Any]:
        """Names and colours as plain values, fit for JSON."""
        return {"names": list(self.names), "palette": [list(colour) for colour in self.palette]}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "ClassSet":
        """The classes `values` describe. Raises `ConfigError` where names or colours are not a list."""
        names = values["names"]
        if not isinstance(names, list | tuple):  # the letters of a text would pass for names
            raise ConfigError(f"Class names must be a list of names, not {ascii(names)[:80]}.")
        try:
            palette = tuple((int(r), int(g), int(b)) for r, g, b in values["palette"])
        except (TypeError, ValueError, OverflowError) as error:
            raise ConfigError("Colours of classes must be a list of [red, green, blue], 0 to 255.") from error
        return cls(tuple(names), palette)

    @classmethod
    def numbered(cls, count: int) -> "ClassSet":
        """`count` classes named by their ids."""
        return cls(tuple(f"class {index}" for index in range(count)), tuple(colour(index) for index in range(count)))


def _is_name(value: Any) -> bool:
    """Whether `value` is text that a page and a file can show."""
    return isinstance(value, str) and bool(value.strip()) and len(value) <= LONGEST and not _UNSEEN.search(value)


def colour(index: int) -> tuple[int, int, int]:
    """For a class that brings none: hues a golden angle apart, so that neighbours in the list differ."""
    red, green, blue = colorsys.hsv_to_rgb(index * _GOLDEN % 1, 0.45 + 0.3 * (index % 2), 0.85 - 0.15 * (index % 3))
    return round(red * 255), round(green * 255), round(blue * 255)


#: The eleven classes of the SegNet release of CamVid, in its order (Badrinarayanan et al., 2017). Colours are ours,
#: chosen to stay apart over a photograph in light and dark.
CAMVID = ClassSet(
    names=(
        "sky",
        "building",
        "pole",
        "road",
        "pavement",
        "tree",
        "sign",
        "fence",
        "car",
        "pedestrian",
        "bicyclist",
    ),
    palette=(
        (112, 170, 228),
        (178, 118, 92),
        (230, 208, 96),
        (92, 88, 110),
        (160, 124, 206),
        (88, 152, 80),
        (240, 130, 62),
        (116, 146, 142),
        (52, 98, 226),
        (226, 72, 112),
        (38, 192, 178),
    ),
)
