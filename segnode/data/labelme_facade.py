"""LabelMeFacade: streets and facades of many places, in CamVid's terms (Froehlich et al., 2010).

Layout: `images/<name>.jpg`, `labels/<name>.png`, `train.txt` and `val.txt` with a name a line. Ids: 0 various,
1 building, 2 car, 3 door, 4 pavement, 5 road, 6 sky, 7 vegetation, 8 window.

Doors and windows are building here. Whatever is not named (poles, signs, people) is either `various`, which counts
nowhere, or drowned in another class: so score a network on `SHARED` alone. `teacher/<name>.png`, where it is there, has
labels of the training pictures in CamVid's own ids: people's where no small thing is, a teacher network's elsewhere.
"""

from pathlib import Path

from segnode.data.camvid import CAMVID_IDS
from segnode.data.classes import CAMVID
from segnode.data.images import Pairs, folder_of, read_list, select
from segnode.errors import ConfigError
from segnode.types import IGNORE

#: Train ids it shares with CamVid: sky, building, road, pavement, tree, car.
SHARED = (0, 1, 3, 4, 5, 8)

_SKY, _BUILDING, _ROAD, _PAVEMENT, _TREE, _CAR = SHARED
_IDS = {
    0: IGNORE,
    1: _BUILDING,
    2: _CAR,
    3: _BUILDING,
    4: _PAVEMENT,
    5: _ROAD,
    6: _SKY,
    7: _TREE,
    8: _BUILDING,
}


class LabelMeFacade(Pairs):
    """One split of LabelMeFacade with CamVid's train ids, or one place of it.

    root: the folder with the lists. labels: whose, `people` or `teacher`. only, without: keep or leave out pictures
    whose names begin so (`05june05`, a walk through Boston), to hold a place out for choosing settings. Raises
    `ConfigError` for labels of nobody, `DataError` when the folder is not in the layout.
    """

    def __init__(
        self, root: Path | str, split: str, only: str | None = None, without: str | None = None, labels: str = "people"
    ) -> None:
        if labels not in ("people", "teacher"):
            raise ConfigError(f"Labels of LabelMeFacade are people or teacher, not {labels!r}.")
        truth, ids = ("labels", _IDS) if labels == "people" else ("teacher", CAMVID_IDS)
        folder = folder_of(root, "LabelMeFacade", "github.com/cvjena/labelmefacade")
        path = folder / f"{split}.txt"
        pairs = [
            (folder / "images" / f"{name}.jpg", folder / truth / f"{name}.png")
            for name in read_list(path, "LabelMeFacade")
        ]
        super().__init__(f"LabelMeFacade's {path}", select(pairs, path, only, without), ids, CAMVID)
