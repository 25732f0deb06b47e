"""CamVid as its authors publish it: 960x720, 32 classes as colours (Brostow, Fauqueur and Cipolla, 2009).

Layout: `701_StillsRaw_full/<name>.png` and `LabeledApproved_full/<name>_L.png`, from
mi.eng.cam.ac.uk/research/projects/VideoRec/CamVid. The 32 classes are grouped into the eleven of the SegNet release
(Badrinarayanan et al., 2017), as MathWorks' worked example of SegNet on CamVid writes them out; Void is not counted.

The authors' archive has no split lists. Those of the SegNet release follow a rule, which is used here, so no list is
needed: test is the drive Seq05VD and the half of 0001TP from frame 8550 on, validation the clip of 0016E5 from frame
7959 to 8159, training the rest (367, 101 and 233 pictures).
"""

import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from segnode.data.classes import CAMVID
from segnode.data.decode import read_image
from segnode.data.images import Pairs, folder_of, part_of, pictures_in, select
from segnode.errors import DataError
from segnode.types import IGNORE, LabelArray

SOURCE = "mi.eng.cam.ac.uk/research/projects/VideoRec/CamVid"

#: The authors' classes: their colour in a label file, and the class of `CAMVID` that each counts as.
COLOURS: dict[tuple[int, int, int], str | None] = {
    (128, 128, 128): "sky",
    (128, 0, 0): "building",
    (64, 192, 0): "building",  # wall
    (0, 128, 64): "building",  # bridge
    (64, 0, 64): "building",  # tunnel
    (192, 0, 128): "building",  # archway
    (192, 192, 128): "pole",  # column or pole
    (0, 0, 64): "pole",  # traffic cone
    (128, 64, 128): "road",
    (128, 0, 192): "road",  # lane markings for driving
    (192, 0, 64): "road",  # other lane markings
    (0, 0, 192): "pavement",
    (64, 192, 128): "pavement",  # parking block
    (128, 128, 192): "pavement",  # road shoulder
    (128, 128, 0): "tree",
    (192, 192, 0): "tree",  # other vegetation
    (192, 128, 128): "sign",
    (128, 128, 64): "sign",  # other text
    (0, 64, 64): "sign",  # traffic light
    (64, 64, 128): "fence",
    (64, 0, 128): "car",
    (64, 128, 192): "car",  # SUV, pick-up truck
    (192, 128, 192): "car",  # truck, bus
    (192, 64, 128): "car",  # train
    (128, 64, 64): "car",  # whatever else moves
    (64, 64, 0): "pedestrian",
    (192, 128, 64): "pedestrian",  # child
    (64, 0, 192): "pedestrian",  # cart, luggage, pram
    (64, 128, 64): "pedestrian",  # animal
    (0, 128, 192): "bicyclist",
    (192, 0, 192): "bicyclist",  # motorcycle, scooter
    (0, 0, 0): None,  # void
}

_CODES = np.array([red << 16 | green << 8 | blue for red, green, blue in COLOURS], dtype=np.int32)
_ORDER = np.argsort(_CODES)
_IDS = {i: IGNORE if name is None else CAMVID.names.index(name) for i, name in enumerate(COLOURS.values())}
_NAME = re.compile(r"(0001TP|0006R0|0016E5|Seq05VD)_f?(\d+)")


class CamVidOriginal(Pairs):
    """One split of the original CamVid, or one drive of it, with the classes of `CAMVID`.

    split: `train`, `val` or `test`. only, without: as in `segnode.data.camvid.CamVid`. Raises `DataError` when the
    folder is not in the layout, and when a label file is read that holds other colours than the 32.
    """

    def __init__(self, root: Path | str, split: str, only: str | None = None, without: str | None = None) -> None:
        if split not in ("train", "val", "test"):
            raise DataError(f"CamVid has no split {split!r}: choose train, val or test.")
        folder = folder_of(root, "CamVid", SOURCE)
        stills = part_of(folder, "701_StillsRaw_full", "The original CamVid", SOURCE)
        approved = part_of(folder, "LabeledApproved_full", "The original CamVid", SOURCE)
        pairs = [
            (image, approved / f"{image.stem}_L.png")
            for image in pictures_in(stills, ".png")
            if _split_of(image) == split
        ]
        what = f"CamVid's split {split} in {stills}"
        super().__init__(what, select(pairs, what, only, without), _IDS, CAMVID)

    def _read(self, path: Path) -> tuple[LabelArray, Mapping[int, int]]:
        """The place of each pixel's colour among `COLOURS`."""
        pixels = read_image(path).astype(np.int32)
        codes = pixels[..., 0] << 16 | pixels[..., 1] << 8 | pixels[..., 2]
        places = np.searchsorted(_CODES[_ORDER], codes).clip(max=len(_CODES) - 1)
        nearest = _ORDER[places]
        if (strange := _CODES[nearest] != codes).any():
            first = tuple(int(part) for part in pixels[strange][0])
            raise DataError(
                f"The labels {path} hold the colour {first}, none of CamVid's 32: copy the PNG again, for a resized or"
                " JPEG copy blends its colours."
            )
        return nearest.astype(np.uint8), _IDS


def _split_of(image: Path) -> str:
    """The split of the SegNet release a picture belongs to."""
    match = _NAME.match(image.stem)
    if match is None:
        raise DataError(f"{image} is of none of CamVid's drives: keep the names of the 701 stills, like 0016E5_07959.")
    drive, frame = match[1], int(match[2])
    if drive == "Seq05VD" or (drive == "0001TP" and frame >= 8550):
        return "test"
    return "val" if drive == "0016E5" and 7959 <= frame <= 8159 else "train"
