"""Cut the gallery's photographs out of the source distributions that contain them, at the size the page shows.

    python scripts/photographs.py panoramax_cli-1.4.1.tar.gz geovisio-2.15.1.tar.gz

Both archives are on PyPI; `app/photographs/README.md` has their addresses and licences. From the first comes one
photograph, from the second a panorama, out of which perspective views are cut as a camera would see them. Nothing of
what the camera wrote into the files (place, hour, device) is kept.
"""

import math
import tarfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Annotated

import numpy as np
import tyro
from jaxtyping import Float
from PIL import Image

from segnode.command import launch
from segnode.disk import atomic_write, refuse_unwritable
from segnode.errors import DataError
from segnode.types import ImageArray

PHOTOGRAPH, PANORAMA = "tests/fixtures/e1.jpg", "tests/data/1.jpg"
#: Columns and rows of what is written.
WIDE, VIEW = (1280, 720), (1024, 768)
#: Of the panorama's views, by file name: degrees to the right of its middle and above the horizon, and across.
VIEWS = {"station": (58.0, 1.0, 76.0), "pavement": (-112.0, 0.0, 76.0)}
QUALITY = 82


@dataclass(frozen=True)
class Settings:
    """Command-line settings; the comments are the help texts."""

    # Source distribution of panoramax-cli 1.4.1.
    panoramax: Annotated[Path, tyro.conf.Positional]
    # Source distribution of geovisio 2.15.1.
    geovisio: Annotated[Path, tyro.conf.Positional]
    # Folder that the pictures are written to.
    out: Path = Path("app/photographs")


def main(settings: Settings) -> None:
    """Cut, scale, write."""
    road = Image.fromarray(_picture(settings.panoramax, PHOTOGRAPH)).resize(WIDE, Image.Resampling.LANCZOS)
    panorama = _picture(settings.geovisio, PANORAMA)
    pictures = {"houses": np.asarray(road)}
    pictures |= {name: perspective(panorama, *angles, *VIEW) for name, angles in VIEWS.items()}
    for name, picture in pictures.items():
        path = settings.out / f"{name}.webp"
        refuse_unwritable(path)
        file = BytesIO()
        Image.fromarray(picture).save(file, "WEBP", quality=QUALITY, method=6)
        atomic_write(path, file.getvalue())
        print(f"Wrote {path}, {len(file.getvalue())} bytes.")


def perspective(panorama: ImageArray, yaw: float, pitch: float, across: float, width: int, height: int) -> ImageArray:
    """A view out of an equirectangular panorama, as a camera without distortion sees it.

    yaw: degrees to the right of the panorama's middle. pitch: degrees above the horizon. across: horizontal field of
    view, degrees. width, height: pixels. Each pixel is interpolated bilinearly.
    """
    focal = width / 2 / math.tan(math.radians(across) / 2)
    x = (np.arange(width) + 0.5 - width / 2) / focal
    y = (height / 2 - np.arange(height) - 0.5)[:, None] / focal
    up, turn = math.radians(pitch), math.radians(yaw)
    ahead, above = math.cos(up) - y * math.sin(up), math.sin(up) + y * math.cos(up)
    longitude = turn + np.arctan2(x, ahead)
    latitude = np.arctan2(above, np.hypot(x, ahead))
    rows, columns = panorama.shape[:2]
    return _bilinear(
        panorama, (longitude / (2 * math.pi) + 0.5) * columns - 0.5, (0.5 - latitude / math.pi) * rows - 0.5
    )


def _bilinear(image: ImageArray, x: Float[np.ndarray, "h w"], y: Float[np.ndarray, "h w"]) -> ImageArray:
    """`image` at places between its pixels; its left and right edges meet."""
    rows, columns = image.shape[:2]
    left, top = np.floor(x).astype(int), np.clip(np.floor(y).astype(int), 0, rows - 2)
    right_share, lower_share = (x - left)[..., None], np.clip(y - top, 0, 1)[..., None]
    upper, lower = (
        image[row, left % columns] * (1 - right_share) + image[row, (left + 1) % columns] * right_share
        for row in (top, top + 1)
    )
    return np.round(upper * (1 - lower_share) + lower * lower_share).astype(np.uint8)


def _picture(archive: Path, member: str) -> ImageArray:
    """A picture inside of a source distribution. Raises `DataError` where it is not there."""
    try:
        with tarfile.open(archive) as files:
            folder = files.getnames()[0].partition("/")[0]
            file = files.extractfile(f"{folder}/{member}")
            assert file is not None  # a plain file
            return np.asarray(Image.open(BytesIO(file.read())).convert("RGB"))
    except (tarfile.TarError, KeyError) as error:
        raise DataError(
            f"{archive} is no archive with {member} in it: pass the source distribution that the help names."
        ) from error


if __name__ == "__main__":
    launch(lambda: main(tyro.cli(Settings, description=__doc__)))
