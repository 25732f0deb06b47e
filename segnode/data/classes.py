"""What the train ids of a data set mean: names, colours, in order."""

import colorsys
from dataclasses import dataclass
from typing import Any

from segnode.errors import ConfigError

_GOLDEN = 0.618034


@dataclass(frozen=True)
class ClassSet:
    """Class names and their colours on the page, indexed by train id.

    names: one word or two each, lower case. palette: sRGB, 0 to 255.
    """

    names: tuple[str, ...]
    palette: tuple[tuple[int, int, int], ...]

    def __post_init__(self) -> None:
        if not self.names or len(set(self.names)) != len(self.names):
            raise ConfigError(f"Class names must be present and distinct, not {self.names!r}: rename the doubles.")
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
        """The classes `values` describe."""
        return cls(tuple(values["names"]), tuple((int(r), int(g), int(b)) for r, g, b in values["palette"]))

    @classmethod
    def numbered(cls, count: int) -> "ClassSet":
        """`count` classes named by their ids."""
        return cls(tuple(f"class {index}" for index in range(count)), tuple(colour(index) for index in range(count)))


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
