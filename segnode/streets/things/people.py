"""Pedestrians and bicyclists: jointed figures in the round, so that they may walk any way."""

import math

from segnode.streets.class_ids import BICYCLIST, PEDESTRIAN
from segnode.streets.paint.camera import Camera
from segnode.streets.paint.canvas import Canvas
from segnode.streets.paint.colours import Colour, mix, palette
from segnode.streets.paint.light import Light
from segnode.streets.paint.solids import Body, Corner
from segnode.streets.plan import Thing
from segnode.streets.random_draws import RandomDraws

SKINS = palette("f0c8a8 e2b08c c98e66 a06a48 74482e 553420 ecd0b8")
HAIRS = palette("2a2220 4a3426 7a5434 b08850 8a8680 d8d0c4 5c2e22")
TOPS = palette("c8493a 2f4f78 e6dfd0 3c3f46 d9a53c 4f7a5e 8a5a78 6f8fa8 b87a5a 24303c d98a94 7c8450 f0ece4 a83c50")
TROUSERS = palette("2c3444 45506a 6a665e 24262c 8c7a62 50443c 5a6c84 b8ac98")


class Figure:
    """One person being painted: `size` 1 is 1.75 m."""

    def __init__(self, body: Body, size: float, draws: RandomDraws) -> None:
        self.body, self.size, self.draws = body, size, draws
        self.skin = draws.pick(SKINS)
        self.hair = draws.pick(HAIRS)
        self.top = draws.pick(TOPS)
        self.legs = draws.pick(TROUSERS)
        self.shoe: Colour = draws.pick(((40, 36, 36), (226, 222, 214), (110, 72, 48), (60, 60, 70)))

    def tone(self, colour: Colour, share: float = 1.0) -> Colour:
        """Return the colour in this scene's light: 1 on the sun's side, 0 away from it."""
        light = self.body.light
        sun = light.sun
        normal = (sun[0] * (2 * share - 1) * 0.7, 0.25, sun[2] * (2 * share - 1) * 0.7)
        return light.tone(colour, normal, self.body.distance)

    def limb(self, start: Corner, r0: float, end: Corner, r1: float, colour: Colour) -> None:
        k = self.size
        self.body.limb(_times(start, k), r0 * k, _times(end, k), r1 * k, colour)

    def ball(self, centre: Corner, radius: float, colour: Colour, tall: float = 1.0) -> None:
        self.body.ball(_times(centre, self.size), radius * self.size, colour, tall)

    def head(self, at: Corner, helmet: Colour | None = None) -> None:
        """Paint neck, face and hair; at: the head's middle."""
        a, b, y = at
        style = self.draws.pick(("short", "short", "long", "bun", "hat", "bald", "hood"))
        facing = self.body.eye_a * 1.0 > abs(self.body.eye_b) * 0.3
        hair = self.tone(self.hair, 0.6)
        self.limb((a, b, y - 0.2), 0.055, (a, b, y - 0.08), 0.055, self.tone(self.skin, 0.3))
        if style == "long" and helmet is None:
            self.ball((a - 0.04, b, y - 0.06), 0.13, hair, 1.45)
        self.ball((a, b, y), 0.105, self.tone(self.skin, 0.75), 1.22)
        if helmet is not None:
            self.ball((a - 0.01, b, y + 0.06), 0.125, self.tone(helmet, 0.8), 0.8)
            return
        if style == "hat":
            self.ball((a, b, y + 0.09), 0.115, self.tone(self.top, 0.7), 0.75)
            self.limb((a - 0.1, b, y + 0.06), 0.02, (a + 0.15, b, y + 0.05), 0.02, self.tone(self.top, 0.3))
        elif style != "bald":
            if facing:
                self.ball((a - 0.05, b, y + 0.07), 0.112, hair, 0.72)
            else:
                self.ball((a - 0.035, b, y + 0.025), 0.116, hair, 1.12)
            if style == "bun":
                self.ball((a - 0.1, b, y + 0.14), 0.06, hair)

    def torso(self, hips: Corner, chest: Corner, half_hip: float, half_chest: float) -> None:
        """Paint the trunk as its widest outline from this side, with a lit flank."""
        body, k = self.body, self.size
        # Seen from the side a chest is about half as wide as from the front.
        turn = abs(body.eye_b) / max(0.1, math.hypot(body.eye_a, body.eye_b))
        m = body.scale * k
        wide = (1 - 0.42 * turn) * m
        x0, y0 = body.point(*_times(hips, k))
        x1, y1 = body.point(*_times(chest, k))
        hip, top = half_hip * wide, half_chest * wide
        shoulder = y1 + 0.06 * m
        trunk = (x0 - hip, y0, x1 - top, shoulder, x1 - top * 0.62, y1, x1 + top * 0.62, y1, x1 + top, shoulder,
                 x0 + hip, y0)  # fmt: skip
        body.canvas.polygon(trunk, self.tone(self.top, 0.8), body.label)
        away = -1.0 if body.light.sun[0] > 0 else 1.0
        flank = (x0 + away * hip, y0, x1 + away * top, shoulder, x1 + away * top * 0.62, y1, x1 + away * top * 0.4, y1,
                 x1 + away * top * 0.25, shoulder + 0.2 * m, x0 + away * hip * 0.35, y0)  # fmt: skip
        body.canvas.polygon(flank, self.tone(self.top, 0.1), body.label)

    def walk(self) -> None:
        """Paint someone walking or standing."""
        draws = self.draws
        stride = draws.pick((0.0, 0.16, 0.28, 0.34)) * draws.pick((-1, 1))
        coat, skirt = draws.chance(0.25), draws.chance(0.2)
        swing = stride * 0.9
        bag = draws.pick(("none", "none", "back", "hand", "shoulder"))
        leg, dark_leg = self.tone(self.legs, 0.7), self.tone(self.legs, 0.1)
        bare = skirt and draws.chance(0.5)
        if bare:
            leg, dark_leg = self.tone(self.skin, 0.7), self.tone(self.skin, 0.2)
        self.limb((0, 0.19, 1.42), 0.05, (-swing * 0.6, 0.24, 1.14), 0.042, self.tone(self.top, 0.0))
        self.limb((-swing * 0.6, 0.24, 1.14), 0.042, (-swing, 0.22, 0.9), 0.035, self.tone(self.top, 0.0))
        for side, reach, tone in ((1, stride, dark_leg), (-1, -stride, leg)):
            b = side * 0.09
            knee = (reach * 0.62 + 0.05, b, 0.5)
            foot = (reach, b, 0.09 + (0.05 if reach < 0 else 0.0))
            self.limb((0, b, 0.92), 0.085, knee, 0.062, tone)
            self.limb(knee, 0.062, foot, 0.045, tone)
            self.limb(
                foot, 0.05, (foot[0] + 0.14, b, 0.045 + (0.02 if reach < 0 else 0)), 0.04, self.tone(self.shoe, 0.5)
            )
        if bag == "back":
            self.limb((-0.17, 0, 1.36), 0.13, (-0.17, 0, 1.1), 0.14, self.tone(draws.pick(TOPS), 0.3))
        low = 0.62 if coat else 0.9
        if skirt and not coat:
            self.body_skirt()
        self.torso((0, 0, low), (0, 0, 1.5), 0.19 if coat else 0.155, 0.205)
        self.head((0.02, 0, 1.64))
        arm = self.tone(self.top, 0.8)
        self.limb((0, -0.2, 1.42), 0.052, (swing * 0.5, -0.25, 1.15), 0.044, arm)
        hand = (swing + 0.04, -0.23, 0.9)
        self.limb((swing * 0.5, -0.25, 1.15), 0.044, hand, 0.036, arm)
        self.ball(hand, 0.045, self.tone(self.skin, 0.7))
        if bag == "hand":
            self.limb((hand[0], -0.25, 0.72), 0.11, (hand[0], -0.25, 0.58), 0.13, self.tone(draws.pick(TOPS), 0.5))
        if bag == "shoulder":
            self.limb((-0.02, -0.25, 1.0), 0.1, (-0.04, -0.26, 0.86), 0.11, self.tone(draws.pick(TOPS), 0.4))
        if self.body.light.weather == "rain" and draws.chance(0.75):
            self.umbrella()

    def body_skirt(self) -> None:
        body, k = self.body, self.size
        tone = self.tone(self.draws.pick(TOPS), 0.6)
        x0, y0 = body.point(0, 0, 0.52 * k)
        x1, y1 = body.point(0, 0, 1.02 * k)
        m = body.scale * k
        body.canvas.polygon(
            (x0 - 0.25 * m, y0, x1 - 0.14 * m, y1, x1 + 0.14 * m, y1, x0 + 0.25 * m, y0), tone, body.label
        )

    def umbrella(self) -> None:
        body, k = self.body, self.size
        colour = self.draws.pick(TOPS)
        x, y = body.point(0.12 * k, -0.12 * k, 1.88 * k)
        m = body.scale * k
        body.canvas.line((x, y, x, y + 0.8 * m), max(1, 0.02 * m), self.tone((50, 50, 54), 0.5), body.label)
        points: list[float] = []
        for step in range(13):
            angle = math.pi * step / 12
            points += (x - 0.62 * m * math.cos(angle), y - 0.34 * m * math.sin(angle))
        body.canvas.polygon(points, self.tone(colour, 0.6), body.label)
        body.canvas.polygon((*points[12:], x, y), self.tone(colour, 0.9), body.label)

    def ride(self) -> None:
        """Paint someone on a bicycle; wheels along the body's length."""
        draws, body = self.draws, self.body
        frame = self.tone(draws.pick(TOPS), 0.8)
        black = body.light.through_air((34, 34, 40), body.distance)
        for a in (-0.52, 0.54):
            self._tyre(a, black)
        pedal, seat, bars, crank = (-0.02, 0.0, 0.3), (-0.2, 0.0, 0.92), (0.42, 0.0, 1.02), 0.16
        rear, fork, lug, post, stem = (
            (-0.52, 0, 0.34),
            (0.54, 0, 0.34),
            (0.38, 0, 0.72),
            (-0.17, 0, 0.8),
            (0.36, 0, 0.84),
        )
        for start, end in ((rear, pedal), (pedal, post), (pedal, lug), (post, stem), (fork, bars), (rear, post)):
            self.limb(start, 0.022, end, 0.022, frame)
        self.limb((bars[0], -0.24, 1.04), 0.018, (bars[0], 0.24, 1.04), 0.018, black)
        self.limb((-0.32, 0, 0.93), 0.045, (-0.08, 0, 0.93), 0.035, black)
        if draws.chance(0.3):
            self.limb((0.58, 0, 0.98), 0.13, (0.58, 0, 0.86), 0.12, self.tone((170, 126, 78), 0.6))
        phase = draws.between(0, math.tau)
        for side, share in ((1, 0.1), (-1, 0.75)):
            angle = phase + (math.pi if side > 0 else 0)
            foot = (pedal[0] + crank * math.cos(angle), side * 0.11, pedal[2] + crank * math.sin(angle))
            hip = (seat[0] + 0.02, side * 0.09, 0.98)
            knee = (max(foot[0], 0.0) * 0.5 + 0.22, side * 0.11, (hip[2] + foot[2]) / 2 + 0.12)
            tone = self.tone(self.legs, share)
            self.limb(hip, 0.085, knee, 0.065, tone)
            self.limb(knee, 0.062, foot, 0.045, tone)
            self.limb(foot, 0.045, (foot[0] + 0.13, foot[1], foot[2] - 0.03), 0.038, self.tone(self.shoe, 0.5))
        shoulders = (0.06, 0.0, 1.46)
        self.limb((0.06, 0.19, 1.42), 0.05, (0.4, 0.22, 1.06), 0.038, self.tone(self.top, 0.1))
        self.torso((-0.18, 0, 0.94), shoulders, 0.16, 0.2)
        if draws.chance(0.35):
            self.limb((-0.16, 0, 1.32), 0.12, (-0.24, 0, 1.12), 0.13, self.tone(draws.pick(TOPS), 0.4))
        self.head((0.12, 0, 1.62), draws.pick(TOPS) if draws.chance(0.5) else None)
        self.limb((0.06, -0.19, 1.42), 0.052, (0.24, -0.23, 1.2), 0.044, self.tone(self.top, 0.85))
        self.limb((0.24, -0.23, 1.2), 0.044, (0.42, -0.22, 1.06), 0.036, self.tone(self.skin, 0.7))

    def _tyre(self, a: float, black: Colour) -> None:
        body, k = self.body, self.size
        points: list[float] = []
        for step in range(19):
            angle = math.tau * step / 18
            points += body.point((a + 0.33 * math.cos(angle)) * k, 0.0, (0.34 + 0.33 * math.sin(angle)) * k)
        body.canvas.line(points, max(1.2, 0.045 * body.scale), black, body.label)
        if body.scale / body.canvas.unit > 40:
            x, y = body.point(a * k, 0, 0.34 * k)
            for step in range(0, 18, 3):
                body.canvas.line(
                    (x, y, points[2 * step], points[2 * step + 1]), 1, mix(black, (190, 190, 196), 0.5), body.label
                )


def _times(corner: Corner, k: float) -> Corner:
    return (corner[0] * k, corner[1] * k, corner[2] * k)


def paint_pedestrian(canvas: Canvas, camera: Camera, light: Light, thing: Thing) -> None:
    body = Body(canvas, camera, light, (thing.u, thing.s), thing.turn, PEDESTRIAN)
    if body.distance > 1.2:
        Figure(body, thing.size, thing.draws).walk()


def paint_bicyclist(canvas: Canvas, camera: Camera, light: Light, thing: Thing) -> None:
    body = Body(canvas, camera, light, (thing.u, thing.s), thing.turn, BICYCLIST)
    if body.distance > 1.2:
        Figure(body, thing.size, thing.draws).ride()
