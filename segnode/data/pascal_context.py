"""PASCAL-Context: the photographs of PASCAL VOC 2010, every pixel labelled (Mottaghi et al., 2014).

Layout: `VOCdevkit/VOC2010/` with `JPEGImages/<name>.jpg`, `SegmentationClassContext/<name>.png` and
`ImageSets/SegmentationContext/{train,val}.txt`, a name a line; 4,998 pictures train, 5,105 val. The PNGs are made from
the authors' annotations (cs.stanford.edu/~roozbeh/pascal-context) by mmsegmentation's `pascal_context.py`: 0 is
background, 1 to 59 the classes in the order of their ids among the authors' 459.
"""

from pathlib import Path

from segnode.data.classes import ClassSet, colour
from segnode.data.images import Pairs, folder_of, is_folder, part_of, read_list
from segnode.errors import DataError
from segnode.types import IGNORE

SOURCE = "host.robots.ox.ac.uk/pascal/VOC/voc2010 and cs.stanford.edu/~roozbeh/pascal-context"

_LISTED = (
    "aeroplane, bag, bed, bedclothes, bench, bicycle, bird, boat, book, bottle, building, bus, cabinet, car, cat,"
    " ceiling, chair, cloth, computer, cow, cup, curtain, dog, door, fence, floor, flower, food, grass, ground, horse,"
    " keyboard, light, motorbike, mountain, mouse, person, plate, platform, potted plant, road, rock, sheep, shelves,"
    " sidewalk, sign, sky, snow, sofa, table, track, train, tree, truck, tv monitor, wall, water, window, wood"
)
_NAMES = tuple(_LISTED.split(", "))
_PALETTE = tuple(colour(index) for index in range(len(_NAMES)))

#: The 59 classes papers score. Colours are ours.
PASCAL_CONTEXT = ClassSet(_NAMES, _PALETTE)
#: The same, and whatever is none of them.
PASCAL_CONTEXT_60 = ClassSet(("background", *_NAMES), ((0, 0, 0), *_PALETTE))


class PascalContext(Pairs):
    """One split of PASCAL-Context, `train` or `val`.

    root: the folder with `VOCdevkit`, or one of the two below it. background: give background a class, the first of 60,
    rather than not count it. Raises `DataError` when the folder is not in the layout.
    """

    def __init__(self, root: Path | str, split: str, background: bool = False) -> None:
        if split not in ("train", "val"):
            raise DataError(f"PASCAL-Context has no split {split!r}: choose train or val.")
        folder = folder_of(root, "PASCAL-Context", SOURCE)
        below = (folder / "VOCdevkit" / "VOC2010", folder / "VOC2010")
        folder = next((deeper for deeper in below if is_folder(deeper)), folder)
        images = part_of(folder, "JPEGImages", "PASCAL-Context", SOURCE)
        labels = part_of(folder, "SegmentationClassContext", "PASCAL-Context", SOURCE)
        path = folder / "ImageSets" / "SegmentationContext" / f"{split}.txt"
        pairs = [(images / f"{name}.jpg", labels / f"{name}.png") for name in read_list(path, "PASCAL-Context")]
        first = 0 if background else -1
        ids = {stored: IGNORE if stored + first < 0 else stored + first for stored in range(len(_NAMES) + 1)}
        super().__init__(f"PASCAL-Context's {path}", pairs, ids, PASCAL_CONTEXT_60 if background else PASCAL_CONTEXT)
