"""The pictures that the page offers by name: generated streets that show something, and photographs.

The tests check the captions against `scripts/results/gallery.json`, the measurements of `scripts/gallery.py`.
"""

from dataclasses import dataclass
from pathlib import Path

APP = Path(__file__).parents[1]
PHOTOGRAPHS = APP / "photographs"
#: Served by Streamlit under `app/static/`; drawn by `scripts/gallery.py`.
THUMBNAILS = APP / "static" / "gallery"


@dataclass(frozen=True)
class Street:
    """A generated street of the gallery. seed: 100000 or more, which no training used."""

    seed: int
    title: str
    caption: str

    @property
    def name(self) -> str:
        """What its files are called."""
        return str(self.seed)


@dataclass(frozen=True)
class Photograph:
    """A photograph of the gallery. name: in the page's address and of its file in `app/photographs/`."""

    name: str
    title: str
    caption: str

    @property
    def file(self) -> Path:
        """Where its pixels are."""
        return PHOTOGRAPHS / f"{self.name}.webp"


STREETS = (
    Street(100210, "A yellow van after rain", "At t = 0 the sky is called building; at T it is sky."),
    Street(100078, "Autumn avenue", "The best score of the gallery."),
    Street(100148, "All eleven classes", "Nothing that the network knows is missing here."),
    Street(100104, "A van hides the road", "The road behind the van has to be guessed."),
    Street(100171, "A cyclist in the mist", "Nearly every pixel of the cyclist is found."),
    Street(100157, "A missed cyclist", "The cyclists on the crossing are labelled pedestrian."),
    Street(100091, "Dusk, rain, no cyclist", "The network sees a bicyclist where none is."),
    Street(100153, "Umbrellas", "Rain hides people: many of their pixels get another label."),
    Street(100188, "Snow at dusk", "Fewer pixels are right than in any other street here."),
)
PHOTOGRAPHED = (
    Photograph("houses", "Photograph: road and houses", "A real street without ground truth: judge it by eye."),
    Photograph("pavement", "Photograph: pavement", "Cut from a panorama: hedge, handrail and an empty road."),
    Photograph("station", "Photograph: by the station", "The other way from the same place, half in the shade."),
)
#: What a visitor sees first: of the gallery, the street that does best and shows most; see `scripts/gallery.py`.
OPENING = STREETS[0]


def photograph(name: str) -> Photograph | None:
    """The photograph of a name in the address; None where there is none."""
    return next((picture for picture in PHOTOGRAPHED if picture.name == name), None)


def street(seed: int) -> Street | None:
    """The street of the gallery with this seed; None where it holds none."""
    return next((street for street in STREETS if street.seed == seed), None)
