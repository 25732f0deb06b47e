"""A pinhole camera over the street, upright, so that every vertical stays vertical."""

import math
from dataclasses import dataclass, field

#: Metres; nothing nearer than this is painted.
NEAR = 0.6


@dataclass(frozen=True)
class Camera:
    """Where the eye is and how the street bends before it.

    eye_u, eye_y: metres. focal, centre_x, horizon: canvas pixels. yaw: radians to the right. bend: 1/metres, the
    street's curvature. rise: slope of the street; swell: 1/metres, how the slope grows (negative: a crest ahead).
    """

    eye_u: float
    eye_y: float
    yaw: float
    focal: float
    centre_x: float
    horizon: float
    bend: float
    rise: float
    swell: float

    cos: float = field(init=False)
    sin: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "cos", math.cos(self.yaw))
        object.__setattr__(self, "sin", math.sin(self.yaw))

    def crest(self) -> float:
        """Return how far the ground can be seen, in metres; infinite unless the street falls away."""
        return math.sqrt(self.eye_y / -self.swell) if self.swell < 0 else math.inf

    def depth(self, u: float, s: float) -> float:
        """Return metres along the line of sight."""
        cos, sin = self.cos, self.sin
        return s * cos + (u + 0.5 * self.bend * s * s - self.eye_u) * sin

    def spot(self, u: float, s: float) -> tuple[float, float, float]:
        """Return x, y of the ground at (u, s) and canvas pixels a metre there."""
        cos, sin = self.cos, self.sin
        x = u + 0.5 * self.bend * s * s - self.eye_u
        ahead = s * cos + x * sin
        scale = self.focal / (ahead if ahead > NEAR else NEAR)
        return (
            self.centre_x + (x * cos - s * sin) * scale,
            self.horizon + (self.eye_y - s * (self.rise + self.swell * s)) * scale,
            scale,
        )

    def point(self, u: float, y: float, s: float) -> tuple[float, float]:
        """Return x, y on the canvas of a point `y` metres above the ground at (u, s)."""
        px, py, scale = self.spot(u, s)
        return px, py - y * scale


class Wall:
    """An upright plane along or across the street, with its own coordinates: `a` metres along it, `y` metres up.

    It starts at (u, s), runs along (du, ds) for `length` metres and faces (nu, ns); `out` is metres before it.
    """

    def __init__(
        self, camera: Camera, start: tuple[float, float], along: tuple[float, float], faces: tuple[float, float],
        length: float,
    ) -> None:  # fmt: skip
        self.camera = camera
        self.start, self.along, self.faces, self.length = start, along, faces, length
        self.first = self._first_visible()
        # A wall on one level: its ground line is straight between its ends, and its lowest end meets the street.
        self._spots: dict[tuple[float, float], tuple[float, float, float]] = {}

    def _first_visible(self) -> float:
        for step in range(41):
            a = self.length * step / 40
            u, s = self._place(a, 0.0)
            if self.camera.depth(u, s) > NEAR * 1.5:
                return a
        return self.length

    def _place(self, a: float, out: float) -> tuple[float, float]:
        return (
            self.start[0] + self.along[0] * a + self.faces[0] * out,
            self.start[1] + self.along[1] * a + self.faces[1] * out,
        )

    def spot(self, a: float, out: float = 0.0) -> tuple[float, float, float]:
        """Return x, y of the wall's foot and pixels a metre, `a` metres along and `out` metres before the wall."""
        key = (a, out)
        spot = self._spots.get(key)
        if spot is None:
            spot = self.camera.spot(*self._place(max(a, self.first), out))
            self._spots[key] = spot
        return spot

    def rect(self, a0: float, a1: float, y0: float, y1: float, out: float = 0.0) -> tuple[float, ...]:
        """Return the polygon of a rectangle on the wall."""
        xa, ya, ka = self.spot(a0, out)
        xb, yb, kb = self.spot(a1, out)
        return (xa, ya - y0 * ka, xb, yb - y0 * kb, xb, yb - y1 * kb, xa, ya - y1 * ka)

    def shape(self, corners: tuple[tuple[float, float], ...], out: float = 0.0) -> list[float]:
        """Return the polygon through (a, y) corners."""
        points: list[float] = []
        for a, y in corners:
            px, py, scale = self.spot(a, out)
            points += (px, py - y * scale)
        return points

    def end(self, a: float, y0: float, y1: float, out0: float, out1: float) -> tuple[float, ...]:
        """Return the polygon of a face at right angles to the wall, from `out0` to `out1` before it."""
        xa, ya, ka = self.spot(a, out0)
        xb, yb, kb = self.spot(a, out1)
        return (xa, ya - y0 * ka, xb, yb - y0 * kb, xb, yb - y1 * kb, xa, ya - y1 * ka)

    def shelf(self, a0: float, a1: float, y: float, out0: float, out1: float) -> tuple[float, ...]:
        """Return the polygon of a level face at height `y`."""
        xa, ya, ka = self.spot(a0, out0)
        xb, yb, kb = self.spot(a1, out0)
        xc, yc, kc = self.spot(a1, out1)
        xd, yd, kd = self.spot(a0, out1)
        return (xa, ya - y * ka, xb, yb - y * kb, xc, yc - y * kc, xd, yd - y * kd)
