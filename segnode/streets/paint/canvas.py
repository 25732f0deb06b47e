"""One surface for colour and class: every stroke paints both, so that they cannot disagree."""

from collections.abc import Iterable, Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from segnode.streets.paint.colours import Colour, ink

#: Canvas pixels a side for each pixel of the picture.
SUPERSAMPLING = 2

Points = Sequence[float]


class Canvas:
    """A picture at twice its size whose fourth channel is the class.

    Points are flat: `x0, y0, x1, y1, ...` in canvas pixels. `unit` is the canvas height over 720: sizes below which
    details are left out are given in units, so that a scene has the same details at every size.
    """

    def __init__(self, width: int, height: int) -> None:
        self.width = width * SUPERSAMPLING
        self.height = height * SUPERSAMPLING
        self.unit = min(self.height / 720, self.width / 960)
        self.surface = Image.new("RGBA", (self.width, self.height))
        self._draw = ImageDraw.Draw(self.surface)
        self._glows: list[tuple[float, float, float, Colour, float, tuple[int, int], object]] = []

    def polygon(self, points: Points, colour: Colour, label: int) -> None:
        self._draw.polygon(points, ink(colour, label))

    def stamp(self, shapes: Iterable[Points], inks: Iterable[tuple[int, ...]]) -> None:
        """Paint many polygons, each with a colour and class that Pillow takes as they are."""
        polygon = self._draw.polygon
        for points, fill in zip(shapes, inks, strict=True):
            polygon(points, fill)

    def disc(self, x: float, y: float, rx: float, ry: float, colour: Colour, label: int) -> None:
        if rx >= 0.3 and ry >= 0.3:
            self._draw.ellipse((x - rx, y - ry, x + rx, y + ry), ink(colour, label))

    def ring(self, x: float, y: float, rx: float, ry: float, width: float, colour: Colour, label: int) -> None:
        if rx >= 0.6 and ry >= 0.6:
            box = (x - rx, y - ry, x + rx, y + ry)
            self._draw.ellipse(box, None, ink(colour, label), max(1, round(width)))

    def line(self, points: Points, width: float, colour: Colour, label: int) -> None:
        self._draw.line(points, ink(colour, label), max(1, round(width)))

    def limb(
        self, x0: float, y0: float, r0: float, x1: float, y1: float, r1: float, colour: Colour, label: int
    ) -> None:
        """Paint a tapered stroke with round ends: radius `r0` at the first point, `r1` at the second."""
        dx, dy = x1 - x0, y1 - y0
        length = (dx * dx + dy * dy) ** 0.5
        fill = ink(colour, label)
        if length > 0.3:
            nx, ny = -dy / length, dx / length
            corners = (
                x0 + nx * r0, y0 + ny * r0, x1 + nx * r1, y1 + ny * r1,
                x1 - nx * r1, y1 - ny * r1, x0 - nx * r0, y0 - ny * r0,
            )  # fmt: skip
            self._draw.polygon(corners, fill)
        if r0 > 1.2:
            self._draw.ellipse((x0 - r0, y0 - r0, x0 + r0, y0 + r0), fill)
        if r1 > 1.2:
            self._draw.ellipse((x1 - r1, y1 - r1, x1 + r1, y1 + r1), fill)

    def tint(self, shapes: Sequence[Points], colour: Colour, strength: float, soft: float = 0.0) -> None:
        """Mix `colour` into what is painted under the shapes, which keeps its class. `soft`: blur in canvas pixels."""
        margin = int(soft * 2) + 1
        x0 = max(0, int(min(min(points[0::2]) for points in shapes)) - margin)
        y0 = max(0, int(min(min(points[1::2]) for points in shapes)) - margin)
        x1 = min(self.width, int(max(max(points[0::2]) for points in shapes)) + margin + 1)
        y1 = min(self.height, int(max(max(points[1::2]) for points in shapes)) + margin + 1)
        if x1 <= x0 or y1 <= y0:
            return
        mask = Image.new("L", (x1 - x0, y1 - y0))
        draw = ImageDraw.Draw(mask)
        full = max(0, min(255, round(255 * strength)))
        for points in shapes:
            draw.polygon([p - (y0 if i & 1 else x0) for i, p in enumerate(points)], full)
        if soft >= 0.7:
            mask = mask.filter(ImageFilter.BoxBlur(soft))
        self.tint_through(mask, (x0, y0), colour)

    def tint_through(self, mask: Image.Image, corner: tuple[int, int], colour: Colour) -> None:
        """Mix `colour` in by a mask whose top left is at `corner`; classes stay."""
        box = (*corner, corner[0] + mask.width, corner[1] + mask.height)
        # The class must survive the blend, so the pasted patch carries the class that is there already.
        patch = self.surface.crop(box)
        flat = Image.new("RGBA", patch.size, ink(colour, 0))
        flat.putalpha(patch.getchannel("A"))
        self.surface.paste(flat, box, mask)

    def glow(self, x: float, y: float, radius: float, colour: Colour, strength: float) -> None:
        """Remember a light that is added at the end, unless something is painted over its middle by then."""
        at = (int(x), int(y))
        if 0 <= at[0] < self.width and 0 <= at[1] < self.height:
            here = self.surface.getpixel(at)
            self._glows.append((x / self.width, y / self.height, radius / self.height, colour, strength, at, here))

    def glows(self) -> list[tuple[float, float, float, Colour, float]]:
        """Return the lights that can be seen: place and radius as shares of the picture, colour, strength."""
        return [entry[:5] for entry in self._glows if self.surface.getpixel(entry[5]) == entry[6]]

    def colours(self) -> np.ndarray:
        """Return the picture at its own size, float32 h w 3, 0 to 255."""
        return np.asarray(self.surface.convert("RGB").reduce(SUPERSAMPLING), dtype=np.float32)

    def labels(self) -> np.ndarray:
        """Return the class at each pixel's centre, uint8 h w."""
        classes = np.asarray(self.surface.getchannel("A"))
        return np.ascontiguousarray(classes[1::SUPERSAMPLING, 1::SUPERSAMPLING])
