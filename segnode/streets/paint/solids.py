"""An upright body with its own axes on the ground, for things that may face any way: vehicles, bicycles, people."""

import math
from collections.abc import Sequence

from segnode.streets.paint.camera import Camera
from segnode.streets.paint.canvas import Canvas
from segnode.streets.paint.colours import Colour
from segnode.streets.paint.light import Light, Normal

Corner = tuple[float, float, float]  # a ahead, b to the right, y up


#: Cosines and sines around a circle.
CIRCLE = tuple((math.cos(math.tau * step / 16), math.sin(math.tau * step / 16)) for step in range(16))


class Body:
    """Paints in the body's own coordinates: `a` metres ahead of its middle, `b` to its right, `y` up."""

    def __init__(
        self, canvas: Canvas, camera: Camera, light: Light, place: tuple[float, float], turn: float, label: int
    ) -> None:
        self.canvas, self.camera, self.light, self.label = canvas, camera, light, label
        self.u, self.s = place
        self.sin, self.cos = math.sin(turn), math.cos(turn)
        self.distance = max(1.0, camera.depth(*place))
        self.scale = camera.spot(*place)[2]
        # The eye in the body's axes. Along a bend the street's axes turn, and everything on it with them.
        du, ds = camera.eye_u - self.u + 0.5 * camera.bend * self.s * self.s, -self.s
        self.eye_a, self.eye_b = du * self.sin + ds * self.cos, du * self.cos - ds * self.sin

    def point(self, a: float, b: float, y: float) -> tuple[float, float]:
        u, s = self.u + a * self.sin + b * self.cos, self.s + a * self.cos - b * self.sin
        return self.camera.point(u, y, s)

    def normal(self, na: float, nb: float, ny: float = 0.0) -> Normal:
        return (na * self.sin + nb * self.cos, ny, na * self.cos - nb * self.sin)

    def sees(self, a: float, b: float, na: float, nb: float) -> bool:
        """Tell whether an upright face at (a, b) with normal (na, nb) is turned to the eye."""
        return (self.eye_a - a) * na + (self.eye_b - b) * nb > 0

    def face(self, corners: Sequence[Corner], colour: Colour) -> None:
        """Paint a polygon in a colour that already has its light."""
        points: list[float] = []
        for a, b, y in corners:
            points += self.point(a, b, y)
        self.canvas.polygon(points, colour, self.label)

    def limb(self, start: Corner, r0: float, end: Corner, r1: float, colour: Colour) -> None:
        """Paint a round limb; radii in metres."""
        x0, y0 = self.point(*start)
        x1, y1 = self.point(*end)
        k = self.scale
        self.canvas.limb(x0, y0, max(r0 * k, 0.5), x1, y1, max(r1 * k, 0.5), colour, self.label)

    def ball(self, centre: Corner, radius: float, colour: Colour, tall: float = 1.0) -> None:
        x, y = self.point(*centre)
        self.canvas.disc(x, y, radius * self.scale, radius * tall * self.scale, colour, self.label)

    def wheel(self, a: float, b: float, radius: float, colour: Colour, y: float | None = None) -> None:
        """Paint a disc that stands upright along the body's length."""
        # Small beside its distance, so its outline is an ellipse about its middle.
        height = radius if y is None else y
        x0, y0 = self.point(a - radius, b, height)
        x1, y1 = self.point(a + radius, b, height)
        middle_x, middle_y, dx, dy = (x0 + x1) / 2, (y0 + y1) / 2, (x1 - x0) / 2, (y1 - y0) / 2
        tall = radius * self.scale
        points: list[float] = []
        for cos, sin in CIRCLE if tall > 12 * self.canvas.unit else CIRCLE[::2]:
            points += (middle_x + cos * dx, middle_y + cos * dy - sin * tall)
        self.canvas.polygon(points, colour, self.label)
