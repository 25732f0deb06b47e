"""What the network makes of the gallery's pictures: what `scripts/gallery.py` writes. Shares are percentages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from segnode.config import SolverConfig
from segnode.results.schema import Finite, Percent, PositiveInt, Provenance, Result

#: Of each class that is there.
Shares = Mapping[str, Percent]


@dataclass(frozen=True)
class Segmented:
    """A picture. changed: pixels whose label differs between t = 0 and T. start, end: shares of the classes then.
    classes: how many are there at T."""

    title: str
    changed: Percent
    start: Shares
    end: Shares
    classes: PositiveInt


@dataclass(frozen=True)
class Scored(Segmented):
    """A picture with a ground truth.

    mean_iou: at each frame. pixel_accuracy: at T. score: mIoU at T times the share that changed. taken_for: by true
    class, the labels its pixels have at T, its own included.
    """

    truth: Shares
    mean_iou: Annotated[tuple[Percent, ...], Field(alias="mIoU")]
    pixel_accuracy: Percent
    score: Finite
    taken_for: Mapping[str, Shares]


@dataclass(frozen=True)
class Gallery(Result):
    """All of it, by the name of the picture. opening: of the one the page opens on."""

    CONTENT = "measurements of the gallery"
    COMMAND = "python scripts/gallery.py"

    provenance: Provenance
    weights_sha256: str
    solver: SolverConfig
    opening: str
    pictures: Mapping[str, Scored | Segmented]

    @property
    def scored(self) -> dict[str, Scored]:
        """The pictures with a ground truth."""
        return {name: picture for name, picture in self.pictures.items() if isinstance(picture, Scored)}
