"""Draw the thumbnail that the page shows for a checkpoint, and save it beside the weights.

    python scripts/chooser_picture.py checkpoints/segnode-streets

Of a network that knows the classes of generated streets: half a generated street, half its segmentation. Of any other:
its classes as tiles in their colours, as no photograph of a data set is ours to publish.
"""

import math
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Annotated

import segnode.threads  # noqa: F401 - before torch

import numpy as np
import tyro
from PIL import Image

from segnode import Predictor, SegNode
from segnode.command import launch
from segnode.data.classes import CAMVID, ClassSet
from segnode.disk import atomic_write, refuse_unwritable
from segnode.results.checkpoint import PICTURE
from segnode.streets import render_street
from segnode.types import ImageArray

#: Columns and rows, for screens that draw two pixels a point.
SIZE = 192, 144


@dataclass(frozen=True)
class Settings:
    """Command-line settings; the comments are the help texts."""

    # Folder of the weights.
    checkpoint: Annotated[Path, tyro.conf.Positional]
    # Seed of the generated street.
    seed: int = 100_003


def main(settings: Settings) -> None:
    """Draw, write."""
    model = SegNode.from_pretrained(settings.checkpoint)
    path = settings.checkpoint / PICTURE
    refuse_unwritable(path)
    drawn = _street(model, settings.seed) if model.classes.names == CAMVID.names else _tiles(model.classes)
    file = BytesIO()
    Image.fromarray(drawn).resize(SIZE, Image.Resampling.LANCZOS).save(file, "WEBP", quality=82)
    atomic_write(path, file.getvalue())
    print(f"Wrote {path}, {len(file.getvalue())} bytes.")


def _street(model: SegNode, seed: int) -> ImageArray:
    """A generated street, from its middle on as the network segments it."""
    image = render_street(seed).image
    labels = Predictor(model).trajectory(image, [model.until]).labels[-1]
    coloured = np.array(model.classes.palette, dtype=np.uint8)[labels]
    middle = image.shape[1] // 2
    return np.concatenate([image[:, :middle], coloured[:, middle:]], axis=1)


def _tiles(classes: ClassSet) -> ImageArray:
    """A tile a class, row by row; the last row's tiles are as wide as they must be."""
    columns = math.ceil(math.sqrt(len(classes) * SIZE[0] / SIZE[1]))
    rows = math.ceil(len(classes) / columns)
    drawn = np.empty((SIZE[1], SIZE[0], 3), dtype=np.uint8)
    for row, band in enumerate(np.array_split(drawn, rows)):
        colours = classes.palette[row * columns : (row + 1) * columns]
        for colour, tile in zip(colours, np.array_split(band, len(colours), axis=1), strict=True):
            tile[:] = colour
    return drawn


if __name__ == "__main__":
    launch(lambda: main(tyro.cli(Settings, description=__doc__)))
