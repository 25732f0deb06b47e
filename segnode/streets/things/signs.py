"""Traffic signs and other plates, flat to the viewer."""

import math
from collections.abc import Callable

from segnode.streets.class_ids import SIGN
from segnode.streets.paint.canvas import Canvas
from segnode.streets.paint.colours import Colour
from segnode.streets.random_draws import RandomDraws

#: How often each plate is met, by repetition.
PLATES = (
    "ban",
    "ban",
    "limit",
    "limit",
    "warn",
    "warn",
    "stop",
    "blue",
    "park",
    "park",
    "name",
    "direction",
    "chevron",
)
SECOND_PLATES = ("park", "name", "blue", "oneway")


class Plate:
    """One plate being painted around (x, y), canvas pixels; `r`: half the size of a round one."""

    def __init__(
        self, canvas: Canvas, tone: Callable[[Colour], Colour], place: tuple[float, float], r: float, draws: RandomDraws
    ) -> None:
        self.canvas, self.tone, self.draws = canvas, tone, draws
        (self.x, self.y), self.r = place, r
        self.red, self.white = tone((206, 46, 42)), tone((246, 244, 238))
        self.blue, self.dark = tone((38, 92, 168)), tone((36, 38, 44))

    def paint(self, kind: str) -> None:
        getattr(self, f"_{kind}")()

    def _bar(self, x: float, y: float, half: float, tall: float, colour: Colour) -> None:
        """Paint a rectangle; every measure in radii, from the plate's middle."""
        self._shape(((x - half, y - tall), (x + half, y - tall), (x + half, y + tall), (x - half, y + tall)), colour)

    def _shape(self, corners: tuple[tuple[float, float], ...], colour: Colour) -> None:
        points = [v for cx, cy in corners for v in (self.x + cx * self.r, self.y + cy * self.r)]
        self.canvas.polygon(points, colour, SIGN)

    def _disc(self, radius: float, colour: Colour) -> None:
        self.canvas.disc(self.x, self.y, self.r * radius, self.r * radius, colour, SIGN)

    def _stroke(self, corners: tuple[tuple[float, float], ...], width: float, colour: Colour) -> None:
        points = [v for cx, cy in corners for v in (self.x + cx * self.r, self.y + cy * self.r)]
        self.canvas.line(points, width * self.r, colour, SIGN)

    def _ring(self, x: float, y: float, rx: float, ry: float, width: float, colour: Colour) -> None:
        r = self.r
        self.canvas.ring(self.x + x * r, self.y + y * r, rx * r, ry * r, width * r, colour, SIGN)

    def _ban(self) -> None:
        self._disc(1.0, self.red)
        self._disc(0.74, self.white if self.draws.chance(0.5) else self.blue)
        self._stroke(((-0.5, -0.5), (0.5, 0.5)), 0.22, self.red)

    def _limit(self) -> None:
        self._disc(1.0, self.red)
        self._disc(0.76, self.white)
        self._ring(0.26, 0.0, 0.22, 0.36, 0.11, self.dark)
        three = ((-0.5, -0.34), (-0.12, -0.34), (-0.3, -0.06), (-0.12, 0.14), (-0.24, 0.34), (-0.5, 0.28))
        five = (
            (-0.12, -0.34),
            (-0.46, -0.34),
            (-0.46, -0.04),
            (-0.2, -0.04),
            (-0.12, 0.16),
            (-0.26, 0.34),
            (-0.5, 0.3),
        )
        self._stroke(self.draws.pick((three, five)), 0.11, self.dark)

    def _warn(self) -> None:
        self._shape(((-1.15, 0.85), (1.15, 0.85), (0.0, -1.15)), self.red)
        self._shape(((-0.72, 0.6), (0.72, 0.6), (0.0, -0.68)), self.white)
        self._stroke(((0.0, -0.25), (0.0, 0.2)), 0.17, self.dark)
        self._bar(0.0, 0.42, 0.09, 0.09, self.dark)

    def _stop(self) -> None:
        eighths = [math.tau * (step + 0.5) / 8 for step in range(8)]
        self._shape(tuple((math.cos(angle), math.sin(angle)) for angle in eighths), self.red)
        self._bar(0.0, 0.0, 0.7, 0.16, self.white)

    def _blue(self) -> None:
        self._disc(1.0, self.blue)
        self._shape(((0.0, -0.7), (0.5, 0.0), (-0.5, 0.0)), self.white)
        self._bar(0.0, 0.25, 0.17, 0.35, self.white)

    def _park(self) -> None:
        self._bar(0.0, 0.0, 0.85, 1.05, self.blue)
        self._ring(0.08, -0.25, 0.34, 0.34, 0.18, self.white)
        self._bar(-0.26, 0.0, 0.1, 0.6, self.white)

    def _name(self) -> None:
        self._bar(0.0, 0.0, 1.9, 0.55, self.white)
        self._bar(0.0, 0.0, 1.78, 0.45, self.blue if self.draws.chance(0.6) else self.tone((52, 110, 82)))
        self._bar(-0.3, 0.0, 1.1, 0.12, self.white)

    def _direction(self) -> None:
        ground = self.draws.pick((self.tone((46, 118, 84)), self.blue, self.tone((238, 200, 70))))
        text = self.dark if sum(ground) > 480 else self.white
        self._bar(0.0, -0.5, 2.7, 1.5, self.white)
        self._bar(0.0, -0.5, 2.58, 1.38, ground)
        for row in (-1.3, -0.55, 0.2):
            wide = self.draws.between(0.8, 1.5)
            self._bar(wide - 2.1, row, wide, 0.16, text)
            self._shape(((2.2, row), (1.8, row - 0.25), (1.8, row + 0.25)), text)

    def _chevron(self) -> None:
        self._bar(0.0, 0.0, 1.2, 0.6, self.red)
        for x in (-0.6, 0.0, 0.6):
            self._shape(((x - 0.25, -0.6), (x, -0.6), (x + 0.25, 0.0), (x, 0.6), (x - 0.25, 0.6), (x, 0.0)), self.white)

    def _oneway(self) -> None:
        self._bar(0.0, 0.0, 1.3, 0.45, self.blue)
        self._shape(((1.0, 0.0), (0.4, -0.32), (0.4, 0.32)), self.white)
        self._bar(-0.3, 0.0, 0.7, 0.1, self.white)
