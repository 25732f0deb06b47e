"""LIP, Look Into Person: people cut out of photographs, 20 classes of body and clothing (Gong et al., 2017).

Layout, as the authors' archives unpack: `TrainVal_images/{train,val}_images/<name>.jpg` and
`TrainVal_parsing_annotations/{train,val}_segmentations/<name>.png`; or, as mmsegmentation keeps it, the four folders
`{train,val}_{images,segmentations}` by themselves. 30,462 pictures train, 10,000 val; the 10,000 of the test server
have no labels and no place here. The paper's 473x473 is a size of crop, not of the files.
"""

from pathlib import Path

from segnode.data.classes import ClassSet
from segnode.data.flips import Swaps
from segnode.data.images import Pairs, folder_of, is_folder, part_of, pictures_in
from segnode.errors import DataError

SOURCE = "sysu-hcp.net/lip"

#: The classes in the order of the label files' ids, in the colours usual for them.
LIP_CLASSES = ClassSet(
    names=(
        "background",
        "hat",
        "hair",
        "glove",
        "sunglasses",
        "upper clothes",
        "dress",
        "coat",
        "socks",
        "pants",
        "jumpsuit",
        "scarf",
        "skirt",
        "face",
        "left arm",
        "right arm",
        "left leg",
        "right leg",
        "left shoe",
        "right shoe",
    ),
    palette=(
        (0, 0, 0),
        (128, 0, 0),
        (255, 0, 0),
        (0, 85, 0),
        (170, 0, 51),
        (255, 85, 0),
        (0, 0, 85),
        (0, 119, 221),
        (85, 85, 0),
        (0, 85, 85),
        (85, 51, 0),
        (52, 86, 128),
        (0, 128, 0),
        (0, 0, 255),
        (51, 170, 221),
        (0, 255, 255),
        (85, 255, 170),
        (170, 255, 85),
        (255, 255, 0),
        (255, 170, 0),
    ),
)

#: Left and right arm, leg and shoe.
SWAPS: Swaps = ((14, 15), (16, 17), (18, 19))


class LIP(Pairs):
    """One split of LIP, `train` or `val`.

    swaps: what changes places when a picture is mirrored. Raises `DataError` when the folder is in neither layout.
    """

    swaps = SWAPS

    def __init__(self, root: Path | str, split: str) -> None:
        if split not in ("train", "val"):
            raise DataError(f"LIP has no split {split!r} with labels: choose train or val.")
        folder = folder_of(root, "LIP", SOURCE)
        flat = is_folder(folder / f"{split}_images")
        images = part_of(folder, f"{'' if flat else 'TrainVal_images/'}{split}_images", "LIP", SOURCE)
        labels = part_of(
            folder, f"{'' if flat else 'TrainVal_parsing_annotations/'}{split}_segmentations", "LIP", SOURCE
        )
        pairs = [(image, labels / f"{image.stem}.png") for image in pictures_in(images, ".jpg")]
        ids = {i: i for i in range(len(LIP_CLASSES))}
        super().__init__(f"LIP's split {split} in {images}", pairs, ids, LIP_CLASSES)
