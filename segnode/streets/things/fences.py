"""Fences along the street: iron railings, pickets, boards, low walls, road barriers."""

from segnode.streets.class_ids import FENCE
from segnode.streets.paint.camera import Camera
from segnode.streets.paint.canvas import Canvas
from segnode.streets.paint.colours import Colour, mix, scale
from segnode.streets.paint.light import Light, Normal
from segnode.streets.plan import Thing
from segnode.streets.random_draws import RandomDraws


class FencePainter:
    """Paints fences between two ground points. `Thing.extra`: u and s of the far end; size: height in metres."""

    def __init__(self, canvas: Canvas, camera: Camera, light: Light) -> None:
        self.canvas, self.camera, self.light = canvas, camera, light

    def paint(self, thing: Thing) -> None:
        u0, s0 = thing.u, max(thing.s, 1.2)
        u1, s1 = thing.extra[0], thing.extra[1]
        length = ((u1 - u0) ** 2 + (s1 - s0) ** 2) ** 0.5
        if length < 0.5 or s1 < s0:
            return
        along = abs(s1 - s0) > abs(u1 - u0)
        side = 1.0 if u0 < self.camera.eye_u else -1.0
        normal: Normal = (side, 0.0, 0.0) if along else (0.0, 0.0, -1.0)
        # Painted in pieces of a few metres, far ones first, so that each has its own haze and detail.
        pieces = max(1, int(length / 2.4))
        for piece in range(pieces - 1, -1, -1):
            p0, p1 = piece / pieces, (piece + 1) / pieces
            ends = ((u0 + (u1 - u0) * p0, s0 + (s1 - s0) * p0), (u0 + (u1 - u0) * p1, s0 + (s1 - s0) * p1))
            Piece(self, ends, thing, normal, length / pieces).paint()


class Piece:
    """One stretch of a fence."""

    def __init__(
        self,
        painter: FencePainter,
        ends: tuple[tuple[float, float], tuple[float, float]],
        thing: Thing,
        normal: Normal,
        length: float,
    ) -> None:
        self.canvas, self.light, self.thing, self.normal, self.length = (
            painter.canvas,
            painter.light,
            thing,
            normal,
            length,
        )
        self.a, self.b = painter.camera.spot(*ends[0]), painter.camera.spot(*ends[1])
        self.eye = painter.camera.eye_y
        self.distance = max(1.0, (ends[0][1] + ends[1][1]) / 2)
        self.tall = thing.size
        self.along = abs(self.b[0] - self.a[0]) / length / self.canvas.unit

    def quad(self, p0: float, p1: float, y0: float, y1: float) -> tuple[float, ...]:
        (xa, ya, ka), (xb, yb, kb) = self.a, self.b

        def at(p: float) -> tuple[float, float, float]:
            # Scale is the inverse of depth, which is linear along the piece.
            k = 1.0 / ((1 - p) / ka + p / kb)
            q = p * k / kb
            return xa + (xb - xa) * q, ya + (yb - ya) * q, k

        x0, g0, k0 = at(p0)
        x1, g1, k1 = at(p1)
        return (x0, g0 - y0 * k0, x1, g1 - y0 * k1, x1, g1 - y1 * k1, x0, g0 - y1 * k0)

    def fill(self, p0: float, p1: float, y0: float, y1: float, colour: Colour) -> None:
        self.canvas.polygon(self.quad(p0, p1, y0, y1), colour, FENCE)

    def tone(self, colour: Colour) -> Colour:
        return self.light.tone(colour, self.normal, self.distance)

    def paint(self) -> None:
        getattr(self, f"_{self.thing.kind}")(self.thing.draws.child())

    def _railing(self, _: RandomDraws) -> None:
        self._bars(self.tone((50, 56, 60)), 0.14, 0.022, self.tall * 0.96, (0.16, self.tall - 0.12))

    def _picket(self, _: RandomDraws) -> None:
        self._bars(self.tone((236, 232, 222)), 0.15, 0.09, self.tall, (0.25, self.tall * 0.7))

    def _boards(self, draws: RandomDraws) -> None:
        wood = self.tone((156, 118, 84))
        self.fill(0, 1, 0, self.tall, wood)
        for index in range(int(self.length / 0.18)) if self.along > 10 else ():
            p0, p1 = (index * 0.18 / self.length, min(1.0, (index * 0.18 + 0.15) / self.length))
            self.fill(p0, p1, 0.03, self.tall - 0.03 * draws.unit(), scale(wood, draws.between(0.86, 1.1)))
        self.fill(0, 1, self.tall, self.tall + 0.06, scale(wood, 0.8))

    def _wall(self, draws: RandomDraws) -> None:
        brick = self.tone((166, 112, 88))
        self.fill(0, 1, 0, self.tall, brick)
        for _ in range(26) if self.along > 8 else ():
            p, y = draws.unit() * 0.9, draws.unit() * (self.tall - 0.1)
            self.fill(p, min(1.0, p + 0.08), y, y + 0.07, scale(brick, draws.between(0.84, 1.12)))
        self.fill(0, 1, self.tall, self.tall + 0.09, self.tone((206, 198, 184)))

    def _barrier(self, _: RandomDraws) -> None:
        for level in (0.45, 0.75, 1.0):
            self.fill(0, 1, level * self.tall - 0.1, level * self.tall, self.tone((176, 182, 186)))
        for p in (0.0, 0.5):
            self.fill(p, p + 0.05, 0, self.tall, self.tone((120, 126, 130)))

    def _works(self, _: RandomDraws) -> None:
        """Red and white boards round a place where the road is up."""
        for index in range(6):
            colour = self.tone((214, 66, 48) if index & 1 else (242, 238, 230))
            self.fill(index / 6, (index + 1) / 6, self.tall * 0.55, self.tall, colour)
            self.fill(index / 6, (index + 1) / 6, self.tall * 0.12, self.tall * 0.3, colour)
        for p in (0.02, 0.9):
            self.fill(p, p + 0.06, 0, self.tall, self.tone((90, 92, 96)))

    def _bars(self, colour: Colour, pitch: float, wide: float, tall: float, rails: tuple[float, float]) -> None:
        """Upright bars between two rails; where they run together in the distance, one even band."""
        if self.along * pitch < 3.2:
            self.fill(0, 1, 0.05, tall, mix(colour, self.light.haze, 0.12))
            return
        for rail in rails:
            self.fill(0, 1, rail, rail + 0.05, colour)
        count = int(self.length / pitch)
        # A bar is never thinner than a canvas unit, so that it can be seen and labelled.
        half = max(wide, 1.1 / max(0.01, self.along)) / self.length
        for index in range(count):
            p = (index + 0.5) / count
            self.fill(p - half / 2, p + half / 2, 0.0, tall, colour)
        self.fill(0, 0.07 / self.length, 0, tall + 0.12, colour)
