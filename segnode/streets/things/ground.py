"""The road with its markings, kerbs, pavements, grass, and the shadows that fall on them."""

import math
from itertools import pairwise

from segnode.streets.class_ids import PAVEMENT, ROAD, TREE
from segnode.streets.paint.camera import Camera
from segnode.streets.paint.canvas import Canvas
from segnode.streets.paint.colours import Colour, mix, scale
from segnode.streets.paint.light import UP, Light
from segnode.streets.plan import Section
from segnode.streets.random_draws import RandomDraws

KERB = 0.13
#: Metres ahead where strips of ground begin and end: fine near the eye, coarse far away.
STATIONS = (0.9, 1.6, 2.4, 3.4, 4.6, 6, 7.7, 9.8, 12.4, 15.5, 19, 23.5, 29, 36, 45, 57, 72, 92, 120, 165, 240)


class Ground:
    """Paints the ground of one scene. Everything on it that is flat belongs here."""

    def __init__(self, canvas: Canvas, camera: Camera, light: Light, section: Section, draws: RandomDraws) -> None:
        self.canvas, self.camera, self.light, self.section, self.draws = canvas, camera, light, section, draws
        self.asphalt: Colour = draws.pick(((112, 114, 120), (124, 122, 122), (104, 108, 116), (134, 130, 126)))
        if section.kind == "narrow" and draws.chance(0.4):
            self.asphalt = draws.pick(((138, 128, 118), (128, 124, 124)))
        self.paving: Colour = draws.pick(
            ((186, 178, 166), (172, 168, 164), (192, 180, 162), (176, 166, 160), (164, 164, 166))
        )
        self.grass: Colour = draws.pick(((122, 152, 74), (108, 144, 78), (138, 152, 80)))
        self.paint: Colour = (236, 234, 226)
        if light.weather == "snow":
            self.paving, self.grass = mix(self.paving, (238, 242, 248), 0.65), mix(self.grass, (238, 242, 248), 0.75)
        if light.wet:
            self.asphalt = scale(self.asphalt, 0.72)
            self.paving = scale(self.paving, 0.82)

    def strip(self, u0: float, u1: float, s0: float, s1: float, colour: Colour, label: int, y: float = 0.0) -> None:
        """Paint the ground between two lines along the street; `y`: metres above it."""
        stations = [s0, *(s for s in STATIONS if s0 < s < s1), s1]
        left: list[float] = []
        right: list[float] = []
        for s in stations:
            px, py, k = self.camera.spot(u0, s)
            left += (px, py - y * k)
            px, py, k = self.camera.spot(u1, s)
            right = [px, py - y * k, *right]
        self.canvas.polygon(left + right, colour, label)

    def graded(self, u0: float, u1: float, s0: float, s1: float, colour: Colour, label: int, y: float = 0.0) -> None:
        """Paint a strip whose colour follows light and haze with distance."""
        stations = [s for s in STATIONS if s0 <= s <= s1]
        for near, far in zip(stations[-2::-1], stations[:0:-1], strict=True):
            tone = self.light.tone(colour, UP, (near + far) / 2)
            a, b = self.camera.spot(u0, near), self.camera.spot(u1, near)
            c, d = self.camera.spot(u1, far), self.camera.spot(u0, far)
            quad = (a[0], a[1] - y * a[2], b[0], b[1] - y * b[2], c[0], c[1] - y * c[2], d[0], d[1] - y * d[2])
            self.canvas.polygon(quad, tone, label)

    def paint_all(self) -> None:
        section, limit = self.section, min(STATIONS[-1], self.camera.crest() * 1.02)
        half = section.half_road
        for side in (-1, 1):
            edge, line = section.pavement_edge(side), section.building_line(side)
            beyond = line + (90 if section.park[side > 0] else 14)
            green = section.kind == "suburb" or section.park[side > 0]
            self.graded(side * edge, side * beyond, 0, limit, self.grass if green else self.paving,
                        TREE if green else PAVEMENT, KERB)  # fmt: skip
            self.graded(side * half, side * edge, 0, limit, self.paving, PAVEMENT, KERB)
            if section.verge:
                self.graded(side * (half + 0.15), side * (half + section.verge), 0, limit, self.grass, TREE, KERB)
        self.graded(-half, half, 0, limit, self.asphalt, ROAD)
        self._paint_slabs(limit)
        self._paint_joints(limit)
        self._paint_wear(limit)
        self._paint_kerbs(limit)
        self._paint_cross_street()
        self._paint_markings(limit)

    def _paint_joints(self, limit: float) -> None:
        section = self.section
        colour = self.light.tone(scale(self.paving, 0.88), UP, 8)
        width = 1.6 * self.canvas.unit
        for side in (-1, 1):
            start = section.half_road + section.verge + 0.3
            edge = section.pavement_edge(side)
            s = 1.8
            while s < min(24, limit):
                x0, y0, k0 = self.camera.spot(side * start, s)
                x1, y1, k1 = self.camera.spot(side * edge, s)
                self.canvas.line((x0, y0 - KERB * k0, x1, y1 - KERB * k1), width if s < 12 else 1, colour, PAVEMENT)
                s += 0.9 + s * 0.02
            lines = max(1, round((edge - start) / 0.9))
            for index in range(1, lines):
                u = side * (start + (edge - start) * index / lines)
                self.strip(u - 0.012, u + 0.012, 1.2, min(20, limit), colour, PAVEMENT, KERB)

    def _paint_kerbs(self, limit: float) -> None:
        half = self.section.half_road
        for side in (-1, 1):
            top = self.light.tone(scale(self.paving, 1.08), UP, 12)
            face = self.light.tone(scale(self.paving, 0.74), (-side, 0.0, 0.0), 12)
            u = side * half
            stations = [s for s in STATIONS if s <= limit]
            for near, far in pairwise(stations):
                x0, y0, k0 = self.camera.spot(u, near)
                x1, y1, k1 = self.camera.spot(u, far)
                if (self.camera.eye_u - u) * side < 0:
                    quad = (x0, y0, x1, y1, x1, y1 - KERB * k1, x0, y0 - KERB * k0)
                    self.canvas.polygon(quad, face, PAVEMENT)
            self.strip(u, u + side * 0.16, 1.2, min(limit, 90), top, PAVEMENT, KERB)
            gutter = self.light.tone(scale(self.asphalt, 0.82), UP, 12)
            self.strip(u - side * 0.32, u, 1.2, min(limit, 60), gutter, ROAD)

    def _paint_cross_street(self) -> None:
        cross = self.section.crossing_street
        if cross is None:
            return
        for side in (-1, 1):
            u0 = side * self.section.half_road * 0.98
            points: list[float] = []
            steps = [abs(u0), *(abs(u0) + d for d in (4, 9, 16, 26, 40, 70))]
            for u in steps:
                points += self.camera.spot(side * u, cross[0])[:2]
            for u in reversed(steps):
                points += self.camera.spot(side * u, cross[1])[:2]
            self.canvas.polygon(points, self.light.tone(self.asphalt, UP, (cross[0] + cross[1]) / 2), ROAD)

    def _paint_markings(self, limit: float) -> None:
        section, half = self.section, self.section.half_road
        cross = section.crossing_street
        worn = mix(self.paint, self.asphalt, self.draws.between(0.05, 0.35))

        def mark(u0: float, u1: float, s0: float, s1: float) -> None:
            if s0 < limit and not section.in_crossing((s0 + s1) / 2, 1.0):
                self.strip(u0, u1, max(s0, 1.0), min(s1, limit), self.light.tone(worn, UP, (s0 + s1) / 2), ROAD)

        if section.zebra is not None and section.zebra < limit - 4:
            u, stop = -half + 0.35, section.zebra + 3.2
            while u < half - 0.5:
                mark(u, u + 0.5, section.zebra, stop)
                u += 1.02
            mark(-half + 0.4, half - 0.4, section.zebra - 1.6, section.zebra - 1.2)
        style = self.draws.pick(("dashes", "dashes", "solid", "double", "none"))
        if half < 3.0 and style != "dashes":
            style = "none"
        lines = {"dashes": ((0.0, True),), "solid": ((0.0, False),), "double": ((-0.14, False), (0.14, False))}.get(
            style, ()
        )
        if section.lanes == 4:
            lines = (*lines, (-half / 2, True), (half / 2, True))
        start = self.draws.between(0, 6)
        for offset, dashed in lines:
            s = -start if dashed else 1.0
            while s < min(limit, 110):
                length = 2.6 if dashed else 6.0
                clear = section.zebra is None or s > section.zebra + 3.4 or s + length < section.zebra - 1.4
                if s + length > 1.2 and clear:
                    mark(offset - 0.07, offset + 0.07, s, s + length)
                s += 6.0
        for side in (-1, 1):
            if section.parking[side > 0] and half > 4.0:
                s = 3.0 + start
                while s < 60:
                    u = side * (half - 2.15)
                    mark(min(u, side * half), max(u, side * half), s, s + 0.1)
                    mark(u - 0.05, u + 0.05, s - 1.0, s + 1.0)
                    s += 5.6
            elif self.draws.chance(0.4) and cross is None:
                mark(side * (half - 0.55), side * (half - 0.43), 1.2, 90)
        self._paint_covers(limit)

    def _paint_covers(self, limit: float) -> None:
        """Manhole covers, drains and patches of newer asphalt."""
        for _ in range(4):
            u, s = self.draws.between(-0.7, 0.7) * self.section.half_road, self.draws.between(4, 22)
            patch = self.draws.chance(0.5)
            wide, long = self.draws.between(0.6, 1.8), self.draws.between(1.5, 5)
            shade = scale(self.asphalt, self.draws.between(0.86, 0.95))
            if s + 5 > limit or self.section.in_crossing(s, 4):
                continue
            if patch:
                self.strip(u, u + wide, s, s + long, self.light.tone(shade, UP, s), ROAD)
                continue
            points: list[float] = []
            for step in range(14):
                angle = step / 14 * math.tau
                points += self.camera.spot(u + 0.32 * math.cos(angle), s + 0.32 * math.sin(angle))[:2]
            self.canvas.polygon(points, self.light.tone(scale(self.asphalt, 0.7), UP, s), ROAD)

    def _paint_wear(self, limit: float) -> None:
        """Darker tracks of tyres, cracks, single slabs of another tone, fallen leaves."""
        section, draws, unit = self.section, self.draws, self.canvas.unit
        far = min(46.0, limit)
        if not section.in_crossing(10, 30) or section.kind == "junction":
            lane = section.half_road * (0.5 if section.lanes == 2 else 0.25)
            tracks = []
            for middle in (-lane, lane):
                for track in (-0.78, 0.78):
                    edge = [self.camera.spot(middle + track - 0.22, s)[:2] for s in STATIONS if s <= far]
                    back = [self.camera.spot(middle + track + 0.22, s)[:2] for s in STATIONS if s <= far]
                    points = [value for point in edge + back[::-1] for value in point]
                    tracks.append(points)
            self.canvas.tint(tracks, (28, 28, 36), 0.05, 2.0 * unit)
        for _ in range(draws.integer(1, 4)):
            u, s = draws.between(-0.9, 0.9) * section.half_road, draws.between(2.5, 9)
            points = []
            for _ in range(9):
                points += self.camera.spot(u, s)[:2]
                u, s = u + draws.between(-0.3, 0.3), s + draws.between(0.05, 0.5)
            self.canvas.line(points, 1.3 * unit, self.light.tone(scale(self.asphalt, 0.8), UP, s), ROAD)

    def _paint_slabs(self, limit: float) -> None:
        section, draws = self.section, self.draws
        for side in (-1, 1):
            start, edge = section.half_road + section.verge + 0.3, section.pavement_edge(side)
            lines = max(1, round((edge - start) / 0.9))
            for _ in range(26):
                index, s = draws.integer(0, lines - 1), draws.between(1.5, 20)
                shade = scale(self.paving, draws.between(0.93, 1.05))
                u0, u1 = (side * (start + (edge - start) * (index + step) / lines) for step in (0, 1))
                if s < limit - 2:
                    self.strip(u0, u1, s, s + 0.9 + s * 0.02, self.light.tone(shade, UP, s), PAVEMENT, KERB)
