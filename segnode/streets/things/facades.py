"""The street side of a building: courses, windows, doors, shops, balconies, cornices."""

from segnode.streets.class_ids import BUILDING, TREE
from segnode.streets.paint.camera import Wall
from segnode.streets.paint.canvas import Canvas
from segnode.streets.paint.colours import Colour, mix, scale
from segnode.streets.paint.light import Light, Normal
from segnode.streets.random_draws import RandomDraws
from segnode.streets.things.architecture import Building
from segnode.streets.things.shops import paint_shop

DOWN: Normal = (0.0, -1.0, 0.0)
TOP: Normal = (0.0, 1.0, 0.0)
#: A pane narrower than this many canvas units is painted without its frame.
FINE = 7.0
#: Metres of a window's side wall that are seen.
REVEAL = 0.07
#: Where bars cross a window, as shares of its height.
BARS = {"cross": (0.68,), "sash": (0.5,), "grid": (0.33, 0.66), "french": (0.3, 0.75), "tall": (0.72,)}


class Facade:
    """Paints one front. `wall` is its plane; `normal` where it faces; `distance` how far it is, in metres."""

    def __init__(
        self, canvas: Canvas, light: Light, wall: Wall, normal: Normal, house: Building, distance: float
    ) -> None:
        self.canvas, self.light, self.wall, self.normal = canvas, light, wall, normal
        self.house, self.distance = house, distance
        self.draws = house.draws.child()
        self.flowers = self.draws.chance(0.2) and light.weather != "snow"
        self.face = light.tone(house.wall, normal, distance)
        self.trim = light.tone(house.trim, normal, distance)
        self.reveal = light.tone(scale(house.wall, 0.62), normal, distance)
        self.under = light.tone(scale(house.trim, 0.7), DOWN, distance)
        self.above = light.tone(house.trim, TOP, distance)
        sky = mix(light.mood.sky[1], light.mood.sky[2], 0.5)
        self.glass = light.through_air(mix((46, 58, 74), sky, 0.24), distance)
        self.glint = light.through_air(mix((70, 86, 104), sky, 0.55), distance)
        self.dark = light.through_air(scale(mix((40, 44, 56), sky, 0.08), 0.9), distance)
        self.lit = light.through_air((255, 214, 140), distance * 0.5)
        # Canvas units a metre in the wall's middle, along it: decides which details can be seen.
        xa, _, _ = wall.spot(wall.length * 0.4)
        xb, _, self.scale = wall.spot(wall.length * 0.6)
        self.along = abs(xb - xa) / (wall.length * 0.2) / canvas.unit
        self.upward = self.scale / canvas.unit

    def rect(self, a0: float, a1: float, y0: float, y1: float, colour: Colour, out: float = 0.0) -> None:
        self.canvas.polygon(self.wall.rect(a0, a1, y0, y1, out), colour, BUILDING)

    def ledge(self, a0: float, a1: float, y0: float, y1: float, out: float, colour: Colour | None = None) -> None:
        """Paint a bar that stands `out` metres before the wall: front, the end towards us, top or underside."""
        wall, canvas = self.wall, self.canvas
        front, under = self.trim, self.under
        if colour is not None:
            front = self.light.tone(colour, self.normal, self.distance)
            under = self.light.tone(scale(colour, 0.7), DOWN, self.distance)
        eye = wall.camera.eye_y
        if y0 > eye:
            canvas.polygon(wall.shelf(a0, a1, y0, 0.0, out), under, BUILDING)
        elif y1 < eye:
            canvas.polygon(wall.shelf(a0, a1, y1, 0.0, out), self.above, BUILDING)
        end = a0 if wall.spot(a0)[2] >= wall.spot(a1)[2] else a1
        canvas.polygon(wall.end(end, y0, y1, 0.0, out), scale(front, 0.84), BUILDING)
        self.rect(a0, a1, y0, y1, front, out)

    def paint(self) -> None:
        house, length = self.house, self.wall.length
        self.rect(0, length, -0.04, house.height, self.face)
        self._courses()
        draws = self.draws
        if house.base and not house.shop:
            self.rect(0, length, -0.04, house.base, self.light.tone(mix(scale(house.wall, 0.72), (110, 104, 100), 0.4),
                                                                   self.normal, self.distance))  # fmt: skip
        bays = max(1, round(length / draws.between(2.3, 3.1)))
        pitch = length / bays
        wide = {"wide": 0.72, "band": 0.94, "grid": 0.62, "french": 0.42, "sash": 0.46, "bay": 0.6}.get(
            house.window, 0.44
        )
        self._ground_floor(bays, pitch, wide)
        for floor in range(1, house.floors):
            foot = house.ground_floor + (floor - 1) * house.storey
            self._storey(foot, bays, pitch, wide, floor)
        if self.upward > 9:
            if house.floors > 1 and draws.chance(0.7):
                self.ledge(0, length, house.ground_floor - 0.22, house.ground_floor, 0.12)
            if house.top not in ("street gable", "stepped"):
                deep = draws.between(0.2, 0.5)
                self.ledge(-0.1, length + 0.1, house.height - 0.12, house.height + 0.22, deep)
                self._dentils(deep)

    def _dentils(self, deep: float) -> None:
        if self.along < 26 or self.house.material == "panel":
            return
        a = 0.2
        while a < self.wall.length - 0.2:
            self.rect(a, a + 0.16, self.house.height - 0.36, self.house.height - 0.12, self.under, deep * 0.5)
            a += 0.55

    def _courses(self) -> None:
        house, wall = self.house, self.wall
        line = scale(self.face, 0.93)
        if house.material == "brick" and self.along > 9:
            for _ in range(int(wall.length * house.height * 0.6)):
                a, y = self.draws.unit() * (wall.length - 0.6), self.draws.unit() * house.height
                tone = scale(self.face, 0.86 + 0.26 * self.draws.unit())
                self.rect(a, a + 0.22 + 0.4 * self.draws.unit(), y, y + 0.09, tone)
        elif house.material in ("wood", "stone", "panel") and self.upward > 14:
            step = {"wood": 0.24, "stone": 0.56, "panel": 1.5}[house.material]
            y = step
            thick = 0.02 if house.material == "wood" else 0.03
            top = house.height if house.material != "stone" else house.ground_floor * 1.0
            while y < top:
                self.rect(0, wall.length, y, y + thick, line)
                y += step
            if house.material == "panel" and self.along > 8:
                a = 1.5
                while a < wall.length:
                    self.rect(a, a + thick, 0, house.height, line)
                    a += 1.5
        if house.material in ("stone", "plaster") and self.along > 14 and house.window in ("french", "shutters"):
            for end in (0.0, wall.length - 0.5):
                y = 0.3
                while y < house.height - 0.5:
                    self.rect(end, end + 0.5, y, y + 0.34, scale(self.face, 1.05))
                    y += 0.68

    def _storey(self, foot: float, bays: int, pitch: float, wide: float, floor: int) -> None:
        house, draws = self.house, self.draws
        sill = 0.15 if house.window == "french" else 0.9 if house.window != "band" else 1.0
        head = house.storey - 0.45
        balcony = house.balconies and floor % 2 == 1
        for bay in range(bays):
            middle = (bay + 0.5) * pitch
            half = pitch * wide / 2
            lit = draws.chance(self.light.mood.lamps)
            self.window(middle - half, middle + half, foot + sill, foot + head, lit, draws)
            if balcony and house.window != "french":
                self._balcony(middle - half - 0.25, middle + half + 0.25, foot, 0.7)
        if house.window == "french" and floor in (1, house.floors - 1):
            self._balcony(0.3, self.wall.length - 0.3, foot, 0.5)

    def window(self, a0: float, a1: float, y0: float, y1: float, lit: bool, draws: RandomDraws) -> None:
        """Paint one window: surround, pane with a reflection, frame, sill, shutters or curtains."""
        width = (a1 - a0) * self.along
        shade = draws.unit()
        pane = mix(self.lit, self.dark, 0.25 * shade) if lit else mix(self.glass, self.glint, shade * 0.8)
        if width > FINE:
            border = 0.13
            self.rect(a0 - border, a1 + border, y0 - 0.08, y1 + border, self.trim)
        elif width < FINE * 0.8:
            self.rect(a0, a1, y0, y1, scale(pane, 0.94))
            return
        self.rect(a0, a1, y0, y1, scale(pane, 0.82) if lit else self.dark)
        # The glass lies deeper than the wall: a strip of reveal shows at the top and at the far side.
        self.rect(a0 + REVEAL, a1, y0, y1 - 0.12, pane)
        if width > FINE:
            self._glazing(a0, a1, y0, y1, pane, lit, draws)
            self._dressing(a0, a1, y0, y1, width)

    def _glazing(self, a0: float, a1: float, y0: float, y1: float, pane: Colour, lit: bool, draws: RandomDraws) -> None:
        """Paint what is seen in and before the glass: a reflection, curtains, bars."""
        kind, tall = self.house.window, y1 - y0
        width = (a1 - a0) * self.along
        if not lit and width > 12:
            points = self.wall.shape(((a0 + REVEAL, y0 + tall * 0.35), (a1, y1 - tall * 0.18), (a1, y1 - 0.12),
                                      (a0 + REVEAL, y1 - 0.12)))  # fmt: skip
            self.canvas.polygon(points, mix(pane, self.glint, 0.65), BUILDING)
        if draws.chance(0.4) and width > 10:
            cloth = self.light.through_air((255, 226, 170) if lit else (214, 206, 194), self.distance)
            drop = (a1 - a0) * draws.between(0.14, 0.3)
            self.rect(a0 + REVEAL, a0 + drop, y0, y1 - 0.12, mix(pane, cloth, 0.55))
            self.rect(a1 - drop, a1, y0, y1 - 0.12, mix(pane, cloth, 0.5))
        frame = mix(self.dark, self.trim, 0.25) if kind in ("wide", "band", "grid") else self.trim
        middle, bar = (a0 + a1) / 2, 0.025
        self.rect(middle - bar, middle + bar, y0, y1, frame)
        for level in BARS.get(kind, ()) if width > 11 else ():
            y = y0 + tall * level
            self.rect(a0, a1, y - bar, y + bar, frame)

    def _dressing(self, a0: float, a1: float, y0: float, y1: float, width: float) -> None:
        """Paint what is round a window: shutters, sill, flowers, lintel."""
        house = self.house
        if house.window == "shutters":
            leaf = min(0.55, (a1 - a0) * 0.5)
            tone = self.light.tone(house.accent, self.normal, self.distance)
            for x0, x1 in ((a0 - leaf - 0.08, a0 - 0.08), (a1 + 0.08, a1 + leaf + 0.08)):
                self.rect(x0, x1, y0, y1, tone)
                for level in range(1, 7) if width > 16 else ():
                    y = y0 + (y1 - y0) * level / 7
                    self.rect(x0 + 0.05, x1 - 0.05, y, y + 0.05, scale(tone, 0.82))
        if width <= 11:
            return
        self.ledge(a0 - 0.18, a1 + 0.18, y0 - 0.14, y0 - 0.03, 0.12)
        if self.flowers and width > 14:
            self.flower_box(a0, a1, y0)
        if house.floors > 1 and house.window in ("tall", "french", "sash"):
            self.ledge(a0 - 0.2, a1 + 0.2, y1 + 0.13, y1 + 0.24, 0.14)

    def flower_box(self, a0: float, a1: float, y: float) -> None:
        """A box of green before a window; what grows in it counts as vegetation."""
        draws, wall = self.draws, self.wall
        self.ledge(a0, a1, y - 0.22, y - 0.04, 0.2, (122, 84, 62))
        bloom = draws.pick(((214, 74, 92), (240, 200, 90), (238, 232, 226), (196, 104, 178)))
        for _ in range(int((a1 - a0) * 11)):
            x, ground, k = wall.spot(draws.between(a0, a1), 0.2)
            leaf = (92, 136, 66) if draws.chance(0.62) else bloom
            size = k * draws.between(0.06, 0.12)
            self.canvas.disc(x, ground - (y + draws.between(-0.06, 0.16)) * k, size, size,
                             self.light.tone(leaf, self.normal, self.distance), TREE)  # fmt: skip

    def _balcony(self, a0: float, a1: float, foot: float, out: float) -> None:
        if self.along * (a1 - a0) < 9:
            return
        self.ledge(a0, a1, foot - 0.14, foot, out)
        iron = self.light.tone((48, 50, 56), self.normal, self.distance)
        wall, canvas = self.wall, self.canvas
        end = a0 if wall.spot(a0)[2] >= wall.spot(a1)[2] else a1
        width = max(1.0, 0.03 * self.scale)
        for y in (0.95, 0.12):
            for points in (wall.rect(a0, a1, foot + y, foot + y, out), wall.end(end, foot + y, foot + y, 0, out)):
                canvas.line(points[:4], width, iron, BUILDING)
        if self.along > 12:
            count = int((a1 - a0) / 0.16)
            for index in range(count + 1):
                a = a0 + (a1 - a0) * index / max(1, count)
                canvas.line(wall.end(a, foot, foot + 0.95, out, out)[2:6], width * 0.7, iron, BUILDING)

    def _ground_floor(self, bays: int, pitch: float, wide: float) -> None:
        house, draws = self.house, self.draws
        if house.shop:
            paint_shop(self)
            return
        door = draws.integer(0, bays - 1)
        for bay in range(bays):
            middle = (bay + 0.5) * pitch
            if bay == door:
                self._door(middle, draws)
                continue
            half = min(pitch * wide / 2, 1.1)
            self.window(
                middle - half, middle + half, 0.95, house.ground_floor - 0.7, draws.chance(self.light.mood.lamps), draws
            )

    def _door(self, middle: float, draws: RandomDraws) -> None:
        house = self.house
        tone = self.light.tone(house.accent, self.normal, self.distance)
        top = min(2.3, house.ground_floor - 0.6)
        self.rect(middle - 0.68, middle + 0.68, 0, top + 0.5, self.trim)
        self.rect(middle - 0.5, middle + 0.5, 0.1, top, tone)
        fanlight = self.lit if draws.chance(self.light.mood.lamps) else self.glass
        self.rect(middle - 0.5, middle + 0.5, top + 0.06, top + 0.38, fanlight)
        if self.along > 14:
            for y0, y1 in ((0.3, 0.95), (1.15, top - 0.2)):
                self.rect(middle - 0.36, middle - 0.06, y0, y1, scale(tone, 0.84))
                self.rect(middle + 0.06, middle + 0.36, y0, y1, scale(tone, 0.84))
            self.ledge(middle - 0.8, middle + 0.8, 0.0, 0.14, 0.35)
        if draws.chance(0.4) and self.upward > 10:
            self.ledge(middle - 0.95, middle + 0.95, top + 0.55, top + 0.7, 0.7)
