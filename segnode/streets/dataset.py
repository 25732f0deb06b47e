"""Street scenes without end, one a seed: the app's own pictures, extra training data, and what the tests look at."""

from dataclasses import dataclass

from segnode.data.classes import CAMVID
from segnode.errors import ConfigError
from segnode.streets.scene import compose
from segnode.types import ImageArray, LabelArray

#: Pixels; below this a street is not to be recognised.
SMALLEST = 64


@dataclass(frozen=True)
class Scene:
    """A picture and its labels.

    image: sRGB. labels: train ids of `segnode.data.classes.CAMVID`; every pixel has one.
    """

    image: ImageArray
    labels: LabelArray
    seed: int


def render_street(seed: int, width: int = 480, height: int = 360) -> Scene:
    """Return the street scene of a seed; the same seed and size give the same bytes, another size the same scene.

    `seed`: 0 or more. `width`, `height`: pixels, 64 or more. Raises `ConfigError` when one of them is not.
    """
    if seed < 0:
        raise ConfigError(f"A scene's seed is 0 or more, not {seed}: pass another seed.")
    if width < SMALLEST or height < SMALLEST:
        raise ConfigError(
            f"A street of {width} x {height} pixels is too small to draw: pass at least {SMALLEST} x {SMALLEST}."
        )
    image, labels = compose(int(seed), int(width), int(height))
    return Scene(image, labels, seed)


class Streets:
    """A map-style data set of street scenes, one a seed; needs no torch.

    `seeds`: one scene each, in order. `width`, `height`: pixels, as for `render_street`.
    """

    def __init__(self, seeds: range, width: int = 480, height: int = 360) -> None:
        if len(seeds) and min(seeds[0], seeds[-1]) < 0:
            raise ConfigError(f"Seeds of scenes are 0 or more, not {seeds!r}: pass a range that starts at 0 or above.")
        if width < SMALLEST or height < SMALLEST:
            raise ConfigError(
                f"Streets of {width} x {height} pixels are too small to draw: pass at least {SMALLEST} x {SMALLEST}."
            )
        self.classes = CAMVID
        self.seeds, self.width, self.height = seeds, width, height

    def __len__(self) -> int:
        return len(self.seeds)

    def name(self, index: int) -> str:
        """What messages and pages call the scene."""
        return f"street {self.seeds[index]}"

    def __getitem__(self, index: int) -> tuple[ImageArray, LabelArray]:
        scene = render_street(self.seeds[index], self.width, self.height)
        return scene.image, scene.labels
