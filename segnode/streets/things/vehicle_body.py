"""How a vehicle is painted: body, cabin and panes as faces turned to the eye, then wheels, lamps and trim."""

from collections.abc import Sequence
from dataclasses import dataclass

from segnode.streets.paint.colours import Colour, mix, scale
from segnode.streets.paint.solids import Body, Corner
from segnode.streets.random_draws import RandomDraws


@dataclass(frozen=True)
class Shape:
    """A vehicle's outline. Metres; foot and crown: ends of the cabin's foot and roof, rear then front, as shares of
    the half length.
    """

    length: float
    half: float
    tail: float  # height of the body at the rear
    belt: float
    nose: float
    roof: float
    foot: tuple[float, float]
    crown: tuple[float, float]
    lean: float  # how far the cabin leans in at the roof
    wheel: float


class VehicleBody:
    """One vehicle being painted. Its own axes: a ahead, b right, y up."""

    def __init__(self, body: Body, shape: Shape, paint: Colour, kind: str, driving: bool, draws: RandomDraws) -> None:
        self.body, self.shape, self.base, self.kind, self.driving, self.draws = body, shape, paint, kind, driving, draws
        light = body.light
        sky = mix(light.mood.sky[1], light.mood.sky[3], 0.4)
        self.glass = light.through_air(mix((30, 38, 48), sky, 0.2), body.distance)
        self.shine = light.through_air(mix((66, 80, 94), sky, 0.65), body.distance)
        self.black = light.through_air((30, 31, 36), body.distance)
        self.fine = body.scale / body.canvas.unit
        self.long = shape.length / 2
        self.boxy = kind in ("bus", "van")
        self.lamps_on = driving and (light.mood.lamps > 0.1 or light.wet > 0.3)

    def tone(self, na: float, nb: float, ny: float = 0.0, paint: Colour | None = None) -> Colour:
        return self.body.light.tone(paint or self.base, self.body.normal(na, nb, ny), self.body.distance)

    def height(self, a: float) -> float:
        """Return the body's upper edge at `a`, rounded off at both ends."""
        shape, long = self.shape, self.long
        front = shape.foot[1] * long
        if a > front:
            level = shape.belt + (shape.nose - shape.belt) * (a - front) / max(0.01, long - front)
        else:
            level = shape.tail + (shape.belt - shape.tail) * (a + long) / (front + long)
        over = max(0.0, (abs(a) / long - 0.86) / 0.14)
        return level - (0.0 if self.boxy else 0.13) * over * over

    def face(self, corners: Sequence[Corner], colour: Colour) -> None:
        self.body.face(corners, colour)

    def plan(self) -> list[tuple[float, float]]:
        """Return the outline from above, clockwise: a rectangle with rounded corners."""
        long, half = self.long, self.shape.half
        if self.fine < 9:
            return [(-long, half), (long, half), (long, -half), (-long, -half)]
        cut_a, cut_b = (0.14, 0.1) if self.boxy else (0.62, 0.3)
        quarter = ((long - cut_a, half), (long - cut_a * 0.38, half - cut_b * 0.28), (long, half - cut_b))
        right = [*((-a, b) for a, b in reversed(quarter)), *quarter]
        return right + [(a, -b) for a, b in reversed(right)]

    def paint(self) -> None:
        body, shape = self.body, self.shape
        plan = self.plan()
        axle = self.long * 0.63
        for a in (-axle, axle):
            for b in (-shape.half + 0.14, shape.half - 0.14):
                body.wheel(a, b, shape.wheel, self.black)
                if self.fine > 9:
                    body.wheel(a, b * 0.72, shape.wheel, self.black)
        self.face([(a * 0.97, b * 0.92, 0.17) for a, b in plan], self.black)
        if body.camera.eye_y > shape.nose:
            self.face([(a, b, self.height(a)) for a, b in plan], self.tone(0, 0, 1))
        for (a0, b0), (a1, b1) in zip(plan, [*plan[1:], plan[0]], strict=True):
            na, nb = b1 - b0, a0 - a1
            if na * (a0 + a1) + nb * (b0 + b1) < 0:
                na, nb = -na, -nb
            size = (na * na + nb * nb) ** 0.5 or 1.0
            if body.sees((a0 + a1) / 2, (b0 + b1) / 2, na, nb):
                self._panel((a0, b0), (a1, b1), na / size, nb / size)
        self._mirrors()
        self._cabin()
        for side in (-1.0, 1.0):
            if body.sees(0.0, side * shape.half, 0.0, side):
                self._side(side)
        for end in (-1.0, 1.0):
            if body.sees(end * self.long, 0.0, end, 0.0):
                self._end(end)

    def _panel(self, p: tuple[float, float], q: tuple[float, float], na: float, nb: float) -> None:
        """One upright strip of the body: sill, lower and upper flank, shoulder."""
        (a0, b0), (a1, b1) = p, q
        h0, h1 = self.height(a0), self.height(a1)
        low, middle = 0.2, 0.62 if self.kind != "bus" else 0.7
        upper, lower = self.tone(na, nb, 0.3), scale(self.tone(na, nb, -0.05), 0.92)
        self.face(((a0, b0, low), (a1, b1, low), (a1, b1, middle), (a0, b0, middle)), lower)
        self.face(((a0, b0, middle), (a1, b1, middle), (a1, b1, h1), (a0, b0, h0)), upper)
        if self.fine > 7:
            sill = mix(lower, self.black, 0.75)
            self.face(((a0, b0, low), (a1, b1, low), (a1, b1, low + 0.13), (a0, b0, low + 0.13)), sill)
            edge = self.tone(na * 0.5, nb * 0.5, 0.9)
            self.face(((a0, b0, h0 - 0.07), (a1, b1, h1 - 0.07), (a1, b1, h1), (a0, b0, h0)), edge)

    def _cabin(self) -> None:
        body, shape, long = self.body, self.shape, self.long
        rear, front = shape.foot[0] * long, shape.foot[1] * long
        back, fore = shape.crown[0] * long, shape.crown[1] * long
        inner, top, roof = shape.half - 0.05, shape.half - shape.lean, shape.roof
        hr, hf = self.height(rear) - 0.03, self.height(front) - 0.02
        # At the rear the body draws in, and the cabin with it.
        tuck = inner - (0.0 if self.boxy else 0.3 * max(0.0, (-rear / self.long - 0.84) / 0.16) ** 1.5)
        # The roof is bowed: highest a little behind its front edge.
        edge = roof - (0.0 if self.boxy else 0.07)
        middle = (back * 0.4 + fore * 0.6, roof)
        for na in (-1.0, 1.0):
            foot, crown, low = (front, fore, hf) if na > 0 else (rear, back, hr)
            # A slanted pane can be seen from above it, even from behind its foot.
            run, climb = abs(foot - crown), edge - low
            if (body.eye_a - foot) * na * climb + (body.camera.eye_y - low) * run > 0:
                side = inner if na > 0 else tuck
                quad = ((foot, -side, low), (foot, side, low), (crown, top, edge), (crown, -top, edge))
                self.face(quad, self.tone(na * 0.85, 0.0, 0.5))
                self._pane(quad, na, 0.0)
        for nb in (-1.0, 1.0):
            if not body.sees(0.0, nb * inner, 0.0, nb):
                continue
            b, t, c = nb * inner, nb * top, nb * tuck
            outline = ((rear, c, hr), (front, b, hf), (fore, t, edge), (middle[0], t, edge + 0.03), (back, t, edge))
            self.face(outline, self.tone(0.0, nb * 0.9, 0.35))
            self._pane(((rear, c, hr), (front, b, hf), (fore, t, edge), (back, t, edge)), 0.0, nb)
        narrow = top * 0.86
        roof_tone = self.tone(0.0, 0.0, 1.0)
        if body.camera.eye_y > edge:
            self.face(((back, -top, edge), (back, top, edge), (middle[0], top, edge), (fore, top, edge),
                       (fore, -top, edge), (middle[0], -top, edge)), roof_tone)  # fmt: skip
        for end in (back, fore):
            self.face(((end, -top, edge - 0.01), (end, top, edge - 0.01), (middle[0], narrow, roof),
                       (middle[0], -narrow, roof)), scale(roof_tone, 0.94))  # fmt: skip

    def _pane(self, quad: Sequence[Corner], na: float, nb: float) -> None:
        """Glass in a face of the cabin: one pane across, or several along its side."""
        c0, c1, c2, c3 = quad

        def at(x: float, y: float) -> Corner:
            low = [p + (q - p) * x for p, q in zip(c0, c1, strict=True)]
            high = [p + (q - p) * x for p, q in zip(c3, c2, strict=True)]
            return (low[0] + (high[0] - low[0]) * y, low[1] + (high[1] - low[1]) * y, low[2] + (high[2] - low[2]) * y)

        spans: tuple[tuple[float, float], ...] = ((0.06, 0.94),)
        foot, head = 0.05, 0.88
        if nb and self.kind == "van":
            spans = ((0.76, 0.97),)
        elif nb and self.kind == "bus":
            spans, foot = tuple((0.02 + 0.12 * i, 0.128 + 0.12 * i) for i in range(8)), 0.12
        elif nb:
            spans = ((0.06, 0.48), (0.51, 0.95)) if self.kind != "estate" else ((0.04, 0.26), (0.29, 0.6), (0.63, 0.95))
        elif na < 0 and self.kind == "van":
            spans, foot, head = ((0.08, 0.47), (0.53, 0.92)), 0.35, 0.85
        for x0, x1 in spans:
            cut = (x1 - x0) * 0.06
            self.face((at(x0, foot), at(x1, foot), at(x1, head - 0.1), at(x1 - cut, head), at(x0 + cut, head),
                       at(x0, head - 0.1)), self.glass)  # fmt: skip
            if self.fine > 9:
                wide = x1 - x0
                self.face((at(x0, 0.62), at(x0 + wide * 0.42, head), at(x0 + cut, head), at(x0, head - 0.1)),
                          mix(self.glass, self.shine, 0.5))  # fmt: skip
                self.face((at(x0 + wide * 0.56, head), at(x0 + wide * 0.8, head), at(x0 + wide * 0.42, foot),
                           at(x0 + wide * 0.18, foot)), mix(self.glass, self.shine, 0.22))  # fmt: skip
        if na and self.fine > 20 and not self.boxy:
            # The seats' backs and the bonnet's reflection, low in the pane.
            dark = mix(self.glass, (8, 10, 14), 0.4)
            for x in (0.2, 0.62):
                self.face((at(x, 0.05), at(x + 0.18, 0.05), at(x + 0.16, 0.4), at(x + 0.02, 0.4)), dark)

    def _side(self, side: float) -> None:
        body, shape, long = self.body, self.shape, self.long
        out = side * (shape.half + 0.005)
        for a in (-long * 0.63, long * 0.63):
            body.wheel(a, out, shape.wheel + 0.07, mix(self.black, (0, 0, 0), 0.35), shape.wheel)
            body.wheel(a, out, shape.wheel, self.black)
            if self.fine > 7:
                body.wheel(a, out, shape.wheel * 0.66, self.tone(0, side, 0.2, (186, 190, 196)), shape.wheel)
                body.wheel(a, out, shape.wheel * 0.5, self.tone(0, side, -0.2, (120, 124, 132)), shape.wheel)
                body.wheel(a, out, shape.wheel * 0.2, self.tone(0, side, 0.2, (186, 190, 196)), shape.wheel)
        if self.kind == "bus":
            self._band(-long + 0.1, long - 0.1, 0.92, 1.1, out, self.tone(0, side, 0, (240, 236, 226)))
        elif self.fine > 14:
            line = scale(self.tone(0, side), 0.72)
            front = shape.foot[1] * long
            for a in (front * 0.95, (shape.foot[0] + shape.foot[1]) * long * 0.5):
                body.canvas.line((*body.point(a, out, 0.36), *body.point(a, out, self.height(a))),
                                 1.2 * body.canvas.unit, line, body.label)  # fmt: skip
            for a in (front * 0.7, front * 0.7 - 1.05):
                self._band(a - 0.1, a + 0.1, 0.8, 0.84, out, line)

    def _band(self, a0: float, a1: float, y0: float, y1: float, b: float, colour: Colour) -> None:
        self.face(((a0, b, y0), (a1, b, y0), (a1, b, y1), (a0, b, y1)), colour)

    def _cross(self, a: float, b0: float, b1: float, y0: float, y1: float, colour: Colour) -> None:
        """Paint a rectangle on the front or rear."""
        self.face(((a, b0, y0), (a, b1, y0), (a, b1, y1), (a, b0, y1)), colour)

    def _mirrors(self) -> None:
        if self.fine < 10 or self.kind == "bus":
            return
        a = self.shape.foot[1] * self.long * 0.86
        for side in (-1.0, 1.0):
            b = side * (self.shape.half + 0.02)
            y = self.shape.belt + 0.02
            tone = scale(self.tone(1.0 if self.body.eye_a > 0 else -1.0, 0.0), 0.85)
            self._cross(a, b, b + side * 0.17, y, y + 0.14, tone)

    def _end(self, end: float) -> None:
        """Front or rear: lamps that reach round the corners, grille or boot lid, plate, bumper."""
        shape = self.shape
        a = end * (self.long + 0.012)
        high = self.height(end * self.long)
        inner = shape.half - (0.3 if not self.boxy else 0.1)
        if self.fine > 5:
            self._cross(a, -inner, inner, 0.2, 0.34, mix(self.black, self.tone(end, 0), 0.15))
            plate = self.tone(end, 0, 0, (240, 238, 228) if end > 0 else (238, 218, 140))
            self._cross(a, -0.26, 0.26, 0.42, 0.53, plate)
        if end > 0:
            grille = 0.14 if self.fine > 5 else 0.1
            self._cross(a, -inner * 0.62, inner * 0.62, high - 0.06 - grille, high - 0.07, self.black)
            if self.fine > 9:
                self._cross(
                    a, -inner * 0.62, inner * 0.62, high - 0.14, high - 0.125, self.tone(1, 0, 0, (190, 194, 198))
                )
                self._cross(a, -inner * 0.8, inner * 0.8, 0.3, 0.39, self.black)
        elif self.fine > 9 and self.kind != "bus":
            self._cross(a, -inner * 0.9, inner * 0.9, 0.6, 0.615, scale(self.tone(-1, 0), 0.7))
        self._lamps(a, end, high, inner)

    def _lamps(self, a: float, end: float, high: float, inner: float) -> None:
        body, shape = self.body, self.shape
        if end > 0:
            lamp: Colour = (255, 250, 226) if self.lamps_on else self.tone(1, 0, 0.3, (236, 240, 240))
        else:
            lamp = (255, 74, 52) if self.lamps_on else self.tone(-1, 0, 0.1, (198, 42, 38))
        lamp = body.light.through_air(lamp, body.distance * 0.4)
        upright = end < 0 and (self.boxy or self.shape.foot[0] < -0.9)
        foot, top = (high - 0.36, high + 0.02) if upright else (high - 0.19, high - 0.05)
        back = a - end * (0.08 if self.boxy else 0.24 if upright else 0.4)
        corner = shape.half - (0.13 if upright and not self.boxy else 0.03)
        start = inner - 0.02 if upright else inner - 0.24
        for side in (-1.0, 1.0):
            b = side * inner
            self._cross(a, side * start, b, foot + 0.01, top, lamp)
            if body.sees(a, b, end * (corner - inner), side * abs(a - back)):
                far = side * corner
                wrap = ((a, b, foot), (back, far, foot + 0.05), (back, far, top + 0.02), (a, b, top))
                self.face(wrap, scale(lamp, 0.93))
            if self.lamps_on:
                x, y = body.point(a, side * inner, (foot + top) / 2)
                glow: Colour = (255, 236, 190) if end > 0 else (255, 60, 40)
                body.canvas.glow(x, y, (0.7 if end > 0 else 0.4) * body.scale, glow, 0.5)
