"""Buildings as solids: fronts, the ends that face us, roofs, chimneys."""

import math

from segnode.streets.class_ids import BUILDING
from segnode.streets.paint.camera import Camera, Wall
from segnode.streets.paint.canvas import Canvas
from segnode.streets.paint.colours import Colour, mix, palette, scale
from segnode.streets.paint.light import Light, Normal
from segnode.streets.things.architecture import Building
from segnode.streets.things.facades import Facade

MURALS = palette("e0664a f0b84a 2f7f86 e8dcc4 34507a d98aa0 5a8f5e 2c3444")
Corner = tuple[float, float, float]  # u, y, s


class BuildingPainter:
    """Paints buildings, each as one object from its far parts to its near ones."""

    def __init__(self, canvas: Canvas, camera: Camera, light: Light) -> None:
        self.canvas, self.camera, self.light = canvas, camera, light

    def face(self, corners: tuple[Corner, ...], colour: Colour, normal: Normal, distance: float) -> None:
        points: list[float] = []
        for u, y, s in corners:
            points += self.camera.point(u, y, max(s, 0.9))
        self.canvas.polygon(points, self.light.tone(colour, normal, distance), BUILDING)

    def paint(self, house: Building, shadow_line: float | None) -> None:
        """Paint a house; `shadow_line`: height up to which its front lies in the shadow of the other side."""
        side, u = house.side, house.side * house.line
        if house.s1 < 1.2:
            return
        distance = max(4.0, (house.s0 + house.s1) / 2)
        near, far = self.camera.spot(u, max(house.s0, 0.9))[0], self.camera.spot(u, house.s1)[0]
        back = self.camera.spot(house.side * (house.line + house.depth), max(house.s0, 0.9))[0]
        if max(near, far, back) < -40 or min(near, far, back) > self.canvas.width + 40:
            return
        self._roof(house, distance)
        self._end(house, distance)
        front: Normal = (-float(side), 0.0, 0.0)
        wall = Wall(self.camera, (u, house.s0), (0.0, 1.0), (-float(side), 0.0), house.s1 - house.s0)
        if (self.camera.eye_u - u) * side > 0 and not self.camera.bend:
            return
        facade = Facade(self.canvas, self.light, wall, front, house, distance)
        facade.paint()
        self._gable(house, wall, facade)
        if shadow_line is not None and shadow_line > 0 and self.light.mood.sun[0] > 0.15:
            low = min(shadow_line, house.height)
            self.canvas.tint([wall.rect(0, wall.length, -0.04, low)], self.light.mood.shadow,
                             self.light.mood.shadow_strength * 0.75, 1.5)  # fmt: skip
        self._weight(wall, house)

    def _weight(self, wall: Wall, house: Building) -> None:
        """Darken the foot of a front a little, where less light comes."""
        if wall.spot(wall.length / 2)[2] / self.canvas.unit > 16:
            for top, strength in ((0.3, 0.18), (1.2, 0.1)):
                self.canvas.tint([wall.rect(0, wall.length, -0.04, min(top, house.height))], (30, 26, 40), strength)

    def _end(self, house: Building, distance: float) -> None:
        """The end towards us: a blank wall, perhaps with a few windows."""
        u0 = house.side * house.line
        if house.s0 < 1.0 or house.hidden_end:
            return
        wall = Wall(self.camera, (u0, house.s0), (float(house.side), 0.0), (0.0, -1.0), house.depth)
        if house.corner:
            Facade(self.canvas, self.light, wall, (0.0, 0.0, -1.0), house, distance).paint()
            return
        colour = self.light.tone(mix(house.wall, (170, 160, 150), 0.1), (0.0, 0.0, -1.0), distance)
        self.canvas.polygon(wall.rect(0, house.depth, -0.04, house.height), colour, BUILDING)
        if house.top == "gable":
            peak = house.height + self._rise(house)
            points = wall.shape(((0, house.height), (house.depth, house.height), (house.depth / 2, peak)))
            self.canvas.polygon(points, colour, BUILDING)
        draws = house.draws.child()
        if draws.chance(0.22) and house.floors > 1:
            self._mural(house, wall, distance)
        elif house.line > 8 or draws.chance(0.6):
            facade = Facade(self.canvas, self.light, wall, (0.0, 0.0, -1.0), house, distance)
            for floor in range(house.floors):
                foot = floor * house.storey + 0.9
                for a in (house.depth * 0.25, house.depth * 0.65):
                    if draws.chance(0.6):
                        facade.window(a, a + 1.0, foot, foot + 1.5, draws.chance(self.light.mood.lamps), draws)

    def _mural(self, house: Building, wall: Wall, distance: float) -> None:
        """Large painted shapes on a blank end."""
        draws, deep, tall = house.draws.child(), house.depth, house.height
        for _ in range(6):
            tint = self.light.tone(mix(draws.pick(MURALS), house.wall, 0.15), (0.0, 0.0, -1.0), distance)
            a, y = draws.between(0.3, deep - 2.5), draws.between(0.6, tall - 3.0)
            wide, high = draws.between(1.2, deep - a), draws.between(1.2, tall - y - 0.3)
            kind = draws.pick(("bow", "leaf", "band"))
            if kind == "band":
                corners = ((a, y), (a + wide, y + high * 0.4), (a + wide, y + high), (a, y + high * 0.6))
            elif kind == "leaf":
                corners = ((a, y), (a + wide, y + high * 0.3), (a + wide, y + high), (a + wide * 0.35, y + high * 0.75))
            else:
                corners = tuple(
                    (a + wide * (0.5 + 0.5 * math.cos(t * 0.4)), y + high * (0.5 + 0.5 * math.sin(t * 0.4)))
                    for t in range(16)
                )
            self.canvas.polygon(wall.shape(corners), tint, BUILDING)

    @staticmethod
    def _rise(house: Building) -> float:
        span = house.depth if house.top == "gable" else house.s1 - house.s0
        return span * (0.36 + 0.03 * (house.floors % 4))

    def _roof(self, house: Building, distance: float) -> None:
        side, h, s0, s1 = float(house.side), house.height, house.s0, house.s1
        u, back = side * house.line, side * (house.line + house.depth)
        eave = u - side * 0.35
        if house.top == "gable":
            middle, peak = (u + back) / 2, h + self._rise(house)
            foot, near, far = h - 0.1, s0 - 0.2, s1 + 0.2
            self.face(((eave, foot, near), (eave, foot, far), (middle, peak, far), (middle, peak, near)),
                      house.roof, (-side * 0.6, 0.8, 0.0), distance)  # fmt: skip
            self._tiles(house, eave, h, middle, peak, distance)
            self._skylights(house, eave, h, middle, peak, distance)
            self._chimneys(house, middle, peak - 0.5, distance)
        elif house.top in ("street gable", "stepped"):
            mid, peak = (s0 + s1) / 2, h + self._rise(house)
            self.face(
                ((u, h, s0), (back, h, s0), (back, peak, mid), (u, peak, mid)), house.roof, (0.0, 0.8, -0.6), distance
            )
            self._chimneys(house, (u + back) / 2, peak - 0.6, distance)
        elif house.top == "mansard":
            deep, top = u + side * 1.1, h + 2.7
            self.face(
                ((u, h, s0), (u, h, s1), (deep, top, s1), (deep, top, s0)),
                house.roof,
                (-side * 0.93, 0.37, 0.0),
                distance,
            )
            self.face(
                ((u, h, s0), (deep, top, s0), (back, top, s0), (back, h, s0)), house.wall, (0.0, 0.0, -1.0), distance
            )
            self._dormers(house, distance)
            self._chimneys(house, u + side * 3.5, top - 0.2, distance)
        elif house.top in ("flat", "terrace", "parapet"):
            wall = Wall(self.camera, (u, s0), (0.0, 1.0), (-side, 0.0), s1 - s0)
            if house.top == "terrace":
                back_line = u + side * 2.5
                near, far, roof = s0 + 1, s1 - 1, h + 2.8
                self.face(((back_line, h, near), (back_line, h, far), (back_line, roof, far), (back_line, roof, near)),
                          mix(house.wall, (90, 96, 104), 0.5), (-side, 0.0, 0.0), distance)  # fmt: skip
            tall = 0.9 if house.top == "parapet" else 0.5
            parapet = self.light.tone(scale(house.wall, 0.96), (-side, 0.0, 0.0), distance)
            self.canvas.polygon(wall.rect(0, wall.length, h - 0.2, h + tall), parapet, BUILDING)
            self._plant(house, distance)
            if s0 > 1:
                self.face(((u, h - 0.2, s0), (back, h - 0.2, s0), (back, h + tall, s0), (u, h + tall, s0)),
                          mix(house.wall, (170, 160, 150), 0.1), (0.0, 0.0, -1.0), distance)  # fmt: skip

    def _tiles(self, house: Building, eave: float, low: float, ridge: float, peak: float, distance: float) -> None:
        if distance > 26:
            return
        for row in range(1, 9):
            part = row / 9
            u, y = eave + (ridge - eave) * part, low + (peak - low) * part
            a, b = self.camera.point(u, y, max(house.s0, 0.9)), self.camera.point(u, y, house.s1)
            tone = self.light.tone(scale(house.roof, 0.86), (-house.side * 0.6, 0.8, 0.0), distance)
            self.canvas.line((*a, *b), self.canvas.unit, tone, BUILDING)

    def _skylights(self, house: Building, eave: float, low: float, ridge: float, peak: float, distance: float) -> None:
        draws = house.draws.child()
        pane = self.light.through_air(mix((60, 74, 92), self.light.mood.sky[1], 0.55), distance)
        for _ in range(draws.integer(0, 3)):
            s, part = draws.between(house.s0 + 0.6, house.s1 - 1.6), draws.between(0.25, 0.55)
            points: list[float] = []
            for step, at in ((0.0, s), (0.0, s + 0.9), (0.22, s + 0.9), (0.22, s)):
                share = part + step
                points += self.camera.point(eave + (ridge - eave) * share, low + (peak - low) * share, max(at, 0.9))
            self.canvas.polygon(points, pane, BUILDING)

    def _box(
        self, u0: float, u1: float, s0: float, s1: float, y0: float, y1: float, colour: Colour, distance: float
    ) -> None:
        """A small block: the face towards the road and the face towards us."""
        near = u0 if abs(u0 - self.camera.eye_u) < abs(u1 - self.camera.eye_u) else u1
        normal: Normal = (-1.0 if near > self.camera.eye_u else 1.0, 0.0, 0.0)
        self.face(((near, y0, s0), (near, y0, s1), (near, y1, s1), (near, y1, s0)), colour, normal, distance)
        self.face(((u0, y0, s0), (u1, y0, s0), (u1, y1, s0), (u0, y1, s0)), colour, (0.0, 0.0, -1.0), distance)

    def _chimneys(self, house: Building, u: float, y: float, distance: float) -> None:
        draws = house.draws.child()
        brick = mix(house.roof, (150, 96, 78), 0.6)
        for _ in range(draws.integer(0, 2)):
            s = draws.between(house.s0 + 0.5, house.s1 - 1.2)
            tall = draws.between(1.2, 2.0)
            if s < 1.5:
                continue
            self._box(u - 0.4, u + 0.4, s, s + 0.9, y - 0.5, y + tall, brick, distance)
            self._box(u - 0.5, u + 0.5, s - 0.08, s + 0.98, y + tall, y + tall + 0.14, scale(brick, 0.8), distance)
            for pot in (0.2, 0.6):
                self._box(
                    u - 0.1, u + 0.1, s + pot, s + pot + 0.18, y + tall + 0.14, y + tall + 0.5, (186, 112, 84), distance
                )

    def _plant(self, house: Building, distance: float) -> None:
        """Lift housings and tanks that look over a flat roof's edge."""
        draws, side = house.draws.child(), float(house.side)
        for _ in range(draws.integer(0, 2)):
            s, u = draws.between(house.s0 + 1, house.s1 - 3.5), side * (house.line + draws.between(1.5, 4))
            if s > 1.5:
                colour = mix(house.wall, draws.pick(((110, 116, 124), (150, 110, 90))), 0.6)
                self._box(
                    u,
                    u + side * 2.2,
                    s,
                    s + draws.between(1.5, 3),
                    house.height,
                    house.height + draws.between(1.4, 2.8),
                    colour,
                    distance,
                )

    def _dormers(self, house: Building, distance: float) -> None:
        side = float(house.side)
        u = side * house.line
        count = max(1, round((house.s1 - house.s0) / 2.9))
        for index in range(count - 1, -1, -1):
            s = house.s0 + (house.s1 - house.s0) * (index + 0.5) / count
            if s < 2.0:
                continue
            self._box(
                u + side * 0.25,
                u + side * 1.3,
                s - 0.62,
                s + 0.62,
                house.height + 0.3,
                house.height + 2.0,
                house.trim,
                distance,
            )
            glass = mix((52, 64, 80), self.light.mood.sky[1], 0.35)
            pane = u + side * 0.24
            points: list[float] = []
            for y, at in ((0.5, s - 0.42), (0.5, s + 0.42), (1.75, s + 0.42), (1.75, s - 0.42)):
                points += self.camera.point(pane, house.height + y, at)
            self.canvas.polygon(points, self.light.through_air(glass, distance), BUILDING)

    def _gable(self, house: Building, wall: Wall, facade: Facade) -> None:
        """The triangle or steps of a front whose gable faces the street."""
        length, h = wall.length, house.height
        peak = h + self._rise(house)
        if house.top == "street gable":
            self.canvas.polygon(wall.shape(((0, h), (length, h), (length / 2, peak))), facade.face, BUILDING)
            for a in (0.0, length):
                xa, ya, ka = wall.spot(a, 0.12)
                xb, yb, kb = wall.spot(length / 2, 0.12)
                quad = (
                    xa,
                    ya - (h - 0.25) * ka,
                    xb,
                    yb - (peak - 0.25) * kb,
                    xb,
                    yb - (peak + 0.1) * kb,
                    xa,
                    ya - (h + 0.1) * ka,
                )
                self.canvas.polygon(quad, facade.trim, BUILDING)
        elif house.top == "stepped":
            steps = 4
            for step in range(steps):
                inset = length / 2 * step / (steps + 0.6)
                low, high = h + (peak - h) * step / steps, h + (peak - h) * (step + 1) / steps
                facade.rect(inset, length - inset, low, high, facade.face)
                facade.rect(inset - 0.05, length - inset + 0.05, high - 0.12, high + 0.02, facade.trim, 0.05)
        else:
            return
        if facade.upward > 8:
            middle = length / 2
            facade.window(
                middle - 0.5, middle + 0.5, h + 0.4, h + 1.8, facade.draws.chance(self.light.mood.lamps), facade.draws
            )
