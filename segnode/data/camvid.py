"""CamVid as the SegNet release ships it: 480x360, twelve ids, three lists.

Layout: `{train,val,test}.txt` with an image path and a label path a line, `{train,val,test}/*.png` and
`{train,val,test}annot/*.png`. Ids 0 to 10 are the classes of `CAMVID`, 11 is not counted (Badrinarayanan et al., 2017).
367 pictures train, 101 val, 233 test. `scripts/download_camvid.py` fetches it.
"""

from pathlib import Path

from segnode.data.classes import CAMVID
from segnode.data.images import Pairs, folder_of, read_list, select
from segnode.errors import DataError
from segnode.types import IGNORE

#: Train ids by the ids of the label files: 11 is not counted.
CAMVID_IDS = {**{i: i for i in range(11)}, 11: IGNORE}


class CamVid(Pairs):
    """One split of CamVid, or one drive of it.

    root: the folder with the lists. only, without: keep or leave out the drives whose file names begin so (`0006R0`),
    to hold a drive out for choosing settings. Raises `DataError` when the folder is not in the layout.
    """

    def __init__(
        self,
        root: Path | str,
        split: str,
        only: str | None = None,
        without: str | None = None,
    ) -> None:
        folder = folder_of(root, "CamVid", "scripts/download_camvid.py")
        path = folder / f"{split}.txt"
        pairs = [_pair(folder, line, path) for line in read_list(path, "CamVid")]
        super().__init__(f"CamVid's {path}", select(pairs, path, only, without), CAMVID_IDS, CAMVID)


def _pair(folder: Path, line: str, path: Path) -> tuple[Path, Path]:
    """Both paths of a line under `folder`: real lists carry prefixes of somebody else's machine."""
    fields = line.replace("\\", "/").split()
    if len(fields) != 2 or any("/" not in field for field in fields):
        raise DataError(f"{path} has a line {line!r}: each must read 'train/x.png trainannot/x.png'.")
    image, labels = (folder.joinpath(*field.split("/")[-2:]) for field in fields)
    return image, labels
