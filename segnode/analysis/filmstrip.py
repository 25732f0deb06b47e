"""Segmentations along solve time beside their picture and its ground truth (paper, Fig. 3)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from segnode.data.classes import ClassSet
from segnode.types import IGNORE, FrameLabels, ImageArray, LabelArray

#: Pixels: the width of a picture, and what is left free around it.
_WIDTH, _GAP = 280, 8
_CAPTION, _LEGEND = 34, 44
_PAPER, _INK, _UNCOUNTED = (251, 250, 248), (28, 27, 26), (214, 210, 204)


@dataclass(frozen=True)
class Row:
    """One picture. frames: its train ids at the times of the strip. truth: its ground truth."""

    image: ImageArray
    frames: FrameLabels
    truth: LabelArray


def filmstrip(rows: Sequence[Row], times: Sequence[float], classes: ClassSet) -> Image.Image:
    """The picture: `rows` below each other, their columns named by `times` (the last is T), the classes named below.

    Pixels that no score counts are grey in the ground truth.
    """
    paint = np.full((256, 3), _UNCOUNTED, dtype=np.uint8)
    paint[: len(classes)] = classes.palette[:IGNORE]
    heights = [round(_WIDTH * row.truth.shape[0] / row.truth.shape[1]) for row in rows]
    names = ["picture", *(f"t = {time:g}" for time in times[:-1]), f"t = T = {times[-1]:g}", "ground truth"]
    size = (_GAP + len(names) * (_WIDTH + _GAP), _CAPTION + sum(heights) + _GAP * len(rows) + _LEGEND)
    strip = Image.new("RGB", size, _PAPER)
    pen = ImageDraw.Draw(strip)
    font = ImageFont.load_default(18)
    for column, name in enumerate(names):
        pen.text((_place(column) + _WIDTH / 2, _CAPTION / 2), name, _INK, font, anchor="mm")
    top = _CAPTION
    for row, height in zip(rows, heights, strict=True):
        for column, pixels in enumerate((row.image, *paint[row.frames], paint[row.truth])):
            smooth = Image.Resampling.LANCZOS if column == 0 else Image.Resampling.BOX
            strip.paste(Image.fromarray(pixels).resize((_WIDTH, height), smooth), (_place(column), top))
        top += height + _GAP
    left, middle = _GAP, top + (_LEGEND - _GAP) // 2
    for name, colour in zip(classes.names, classes.palette, strict=True):
        pen.rounded_rectangle((left, middle - 8, left + 16, middle + 8), 4, colour)
        pen.text((left + 24, middle), name, _INK, font, anchor="lm")
        left += 48 + round(pen.textlength(name, font))
    return strip


def _place(column: int) -> int:
    return _GAP + column * (_WIDTH + _GAP)
