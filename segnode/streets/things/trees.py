"""Trees of several species, bushes and hedges, built of leaf clumps lit from the sun's side."""

import math

from segnode.streets.class_ids import TREE
from segnode.streets.paint.camera import Camera
from segnode.streets.paint.canvas import Canvas
from segnode.streets.paint.colours import Colour, ink, mix, palette, scale
from segnode.streets.paint.light import Light, Normal
from segnode.streets.plan import Thing
from segnode.streets.random_draws import RandomDraws
from segnode.streets.things.foliage import outlines, paint_crown

SPECIES = ("linden", "linden", "plane", "poplar", "birch", "maple", "maple", "fir", "cherry")
GREENS = palette("6f9a4a 7fa650 5f8c4c 8aa854 6a9060 94a84e")
WARM = palette("d99a3c c9713a e0b24a b8863c")


class TreePainter:
    """Paints what grows. One season for the whole scene."""

    def __init__(self, canvas: Canvas, camera: Camera, light: Light, draws: RandomDraws) -> None:
        self.canvas, self.camera, self.light = canvas, camera, light
        autumn, spring = draws.chance(0.16), draws.chance(0.12)
        self.leaves = WARM if autumn else GREENS
        self.blossom: Colour | None = draws.pick(((236, 178, 190), (244, 224, 224))) if spring else None
        self.bare = light.weather == "snow"
        # The sun's side on the canvas: to the right when positive.
        self.sun_x = light.sun[0] * math.cos(camera.yaw) - light.sun[2] * math.sin(camera.yaw)
        self.sun_y = light.sun[1]

    def tones(self, leaf: Colour, distance: float) -> tuple[Colour, Colour, Colour, Colour]:
        """Return shade, half shade, light and glint of a leaf colour."""
        toward: Normal = self.light.sun
        away: Normal = (-toward[0], -toward[1], -toward[2])
        full = self.light.tone(leaf, toward, distance)
        dark = self.light.tone(mix(scale(leaf, 0.74), (48, 66, 80), 0.22), away, distance)
        glint = mix(full, (255, 240, 170), 0.18) if self.light.mood.sun[0] > 0.15 else mix(full, (255, 255, 255), 0.08)
        return dark, mix(dark, full, 0.45), mix(dark, full, 0.8), glint

    def crown(
        self, place: tuple[float, float], radii: tuple[float, float], leaf: Colour, thing: Thing,
        taper: float = 0.0, crowd: float = 1.0,
    ) -> None:  # fmt: skip
        tones = self.tones(leaf, thing.s)
        paint_crown(self.canvas, place, radii, tones, (self.sun_x, self.sun_y), thing.draws, taper, crowd)

    def tree(self, thing: Thing) -> None:
        draws, camera = thing.draws, self.camera
        x, ground, k = camera.spot(thing.u, thing.s)
        if abs(x - self.canvas.width / 2) > self.canvas.width / 2 + 0.6 * thing.size * k:
            return
        species = draws.pick(SPECIES)
        tall = thing.size * draws.between(0.85, 1.15)
        leaf = draws.pick(self.leaves)
        if species == "cherry" and self.blossom is not None:
            leaf = self.blossom
        bark: Colour = (
            (206, 200, 190) if species == "birch" else draws.pick(((104, 84, 70), (92, 80, 74), (120, 102, 86)))
        )
        lean = draws.between(-0.04, 0.04) * tall * k
        if self.bare and species != "fir":
            self._bare(x, ground, k * tall, bark, thing.s, draws)
            return
        if species == "fir":
            self._fir(x, ground, k * tall, thing.s, draws)
            return
        wide, stem = {"poplar": (0.15, 0.12), "birch": (0.22, 0.3), "plane": (0.36, 0.34)}.get(species, (0.31, 0.3))
        self._trunk(x, ground, x + lean, ground - tall * k * (stem + 0.3), 0.028 * tall * k, bark, thing.s, draws)
        middle = ground - tall * k * (stem + (1 - stem) / 2)
        if wide * tall * k > 14 * self.canvas.unit:
            for spread in (-0.5, 0.42):
                tip = (x + lean + spread * wide * tall * k, middle - 0.08 * tall * k)
                fork = ground - tall * k * (stem + 0.02)
                tone = self.light.tone(scale(bark, 0.8), (0, 0, -1), thing.s)
                self.canvas.limb(x + lean * 0.6, fork, 0.016 * tall * k, *tip, 0.006 * tall * k, tone, TREE)
        rx, ry = wide * tall * k, (1 - stem) / 2 * tall * k
        if species in ("plane", "maple") and rx > 16 * self.canvas.unit:
            side = -1.0 if self.sun_x > 0 else 1.0
            for dx, dy, share in ((0.55, 0.3, 0.6), (-0.5, 0.22, 0.62), (0.1, -0.4, 0.66), (-0.3, -0.1, 0.5)):
                place = (
                    x + lean + (dx * side + draws.between(-0.1, 0.1)) * rx,
                    middle + (dy + draws.between(-0.1, 0.1)) * ry,
                )
                self.crown(place, (share * rx, share * ry), leaf, thing, crowd=0.8)
            return
        taper = 0.55 if species in ("poplar", "birch") else 0.2
        self.crown((x + lean, middle), (rx, ry), leaf, thing, taper)

    def _trunk(
        self,
        x0: float,
        y0: float,
        x1: float,
        y1: float,
        radius: float,
        bark: Colour,
        distance: float,
        draws: RandomDraws,
    ) -> None:
        radius = max(radius, 0.7)
        dark = self.light.tone(scale(bark, 0.78), (0, 0, -1), distance)
        bright = self.light.tone(bark, self.light.sun, distance)
        root, sole, bole = radius * 1.9, y0 + radius * 0.2, y0 - radius * 2.2
        trunk = (x0 - root, sole, x0 + root, sole, x0 + radius * 1.1, bole,
                 x1 + radius * 0.7, y1, x1 - radius * 0.7, y1, x0 - radius * 1.1, bole)  # fmt: skip
        self.canvas.polygon(trunk, dark, TREE)
        if radius > 2.5:
            shift = radius * 0.42 * (1 if self.sun_x > 0 else -1)
            low, foot, tip = y0 - radius * 1.4, x0 + shift, x1 + shift
            flank = (
                foot - radius * 0.4,
                low,
                foot + radius * 0.55,
                low,
                tip + radius * 0.2,
                y1,
                tip - radius * 0.25,
                y1,
            )
            self.canvas.polygon(flank, bright, TREE)
            if bark[0] > 180:
                for _ in range(7):
                    part = draws.unit()
                    x, y = x0 + (x1 - x0) * part, y0 + (y1 - y0) * part
                    self.canvas.line(
                        (x - radius * 0.7, y, x + radius * 0.5 * draws.unit(), y), radius * 0.3, dark, TREE
                    )

    def _bare(self, x: float, y: float, tall: float, bark: Colour, distance: float, draws: RandomDraws) -> None:
        tone = self.light.tone(scale(bark, 0.7), (0, 0, -1), distance)

        def grow(x0: float, y0: float, angle: float, length: float, radius: float, level: int) -> None:
            x1, y1 = x0 + math.cos(angle) * length, y0 - math.sin(angle) * length
            self.canvas.limb(x0, y0, max(radius, 0.6), x1, y1, max(radius * 0.6, 0.5), tone, TREE)
            if level == 0 or length < 5 * self.canvas.unit:
                return
            for turn in (-draws.between(0.25, 0.7), draws.between(-0.1, 0.2), draws.between(0.25, 0.7)):
                grow(x1, y1, angle + turn, length * draws.between(0.55, 0.8), radius * 0.6, level - 1)

        grow(x, y, math.pi / 2, tall * 0.34, tall * 0.022, 4)

    def _fir(self, x: float, y: float, tall: float, distance: float, draws: RandomDraws) -> None:
        tones = self.tones(draws.pick(palette("4c7458 557a52 48706a")), distance)
        self._trunk(x, y, x, y - tall * 0.3, tall * 0.025, (96, 78, 66), distance, draws)
        layers = 9
        lit = 1.0 if self.sun_x > 0 else -1.0
        self.canvas.polygon(
            (x - tall * 0.17, y - tall * 0.16, x + tall * 0.17, y - tall * 0.16, x, y - tall * 0.97), tones[0], TREE
        )
        boughs = 5 if tall < 90 * self.canvas.unit else 9
        for layer in range(layers):
            part = layer / layers
            foot, half = y - tall * (0.12 + 0.78 * part), tall * 0.21 * (1 - part * 0.9)
            for bough in range(boughs):
                # Boughs from the shaded side to the lit one hang from the stem and droop at their tips.
                across = -1.0 + 2.0 * (bough + draws.between(-0.3, 0.3)) / (boughs - 1)
                shade = 0.5 + 0.5 * across * lit
                colour = mix(mix(tones[0], tones[1], min(1.0, shade * 2)), tones[2], max(0.0, shade * 2 - 1))
                tip_x, tip_y = (
                    x + across * half,
                    foot + half * 0.34 * (1 - abs(across)) - half * draws.between(-0.1, 0.16),
                )
                wide, top_y = half * 0.36, tip_y - tall * draws.between(0.1, 0.15)
                middle_x = x + across * half * 0.72
                points = (tip_x, tip_y, middle_x + wide, tip_y - wide * 0.35, x + across * half * 0.25, top_y,
                          middle_x - wide, tip_y - wide * 0.35)  # fmt: skip
                self.canvas.polygon(points, scale(colour, draws.between(0.92, 1.06)), TREE)
        if self.bare:
            for layer in range(layers):
                foot = y - tall * (0.2 + 0.74 * layer / layers)
                half = tall * 0.12 * (1 - layer / layers)
                self.canvas.limb(
                    x - half, foot, tall * 0.006, x + half, foot - tall * 0.01, tall * 0.012, (236, 240, 246), TREE
                )

    def bush(self, thing: Thing) -> None:
        x, ground, k = self.camera.spot(thing.u, thing.s)
        size = thing.size * k
        leaf = thing.draws.pick(self.leaves)
        self.crown((x, ground - size * 0.42), (size * 0.75, size * 0.5), leaf, thing)
        if thing.draws.chance(0.3) and k > 30 * self.canvas.unit and not self.bare:
            bloom = thing.draws.pick(palette("e8a0b4 f0e6e0 e8c25a c890c8"))
            tone = self.light.tone(bloom, self.light.sun, thing.s)
            for _ in range(16):
                px, py = thing.draws.between(-0.6, 0.6), thing.draws.between(0.15, 0.8)
                self.canvas.disc(x + px * size, ground - py * size, 0.05 * size, 0.05 * size, tone, TREE)

    def hedge(self, thing: Thing) -> None:
        """A clipped hedge along the street; extra: length. Its end towards us and its long side are seen."""
        draws, tall = thing.draws, thing.size
        tones = self.tones(draws.pick(self.leaves), thing.s)
        s, last = max(thing.s, 1.2), thing.s + thing.extra[0]
        side = 1.0 if thing.u > self.camera.eye_u else -1.0
        near, far = thing.u - side * 0.3, thing.u + side * 0.3
        a, b = self.camera.spot(near, s), self.camera.spot(near, last)
        c = self.camera.spot(far, s)
        d = self.camera.spot(far, last)
        self.canvas.polygon(
            (a[0], a[1], b[0], b[1], b[0], b[1] - tall * b[2], a[0], a[1] - tall * a[2]), tones[1], TREE
        )
        if tall < self.camera.eye_y:
            top = (
                a[0],
                a[1] - tall * a[2],
                b[0],
                b[1] - tall * b[2],
                d[0],
                d[1] - tall * d[2],
                c[0],
                c[1] - tall * c[2],
            )
            self.canvas.polygon(top, tones[3], TREE)
        self.canvas.polygon(
            (a[0], a[1], c[0], c[1], c[0], c[1] - tall * c[2], a[0], a[1] - tall * a[2]), tones[0], TREE
        )
        shapes, inks = [], []
        forms = outlines(7).tolist()
        for _ in range(min(90, int(thing.extra[0] * 11))):
            x, y, k = self.camera.spot(near, s + (last - s) * draws.unit() ** 1.6)
            up = draws.unit()
            y -= up * tall * k
            wide = k * draws.between(0.07, 0.13)
            shapes.append([v for px, py in draws.pick(forms) for v in (x + px * wide, y + py * wide * 0.8)])
            inks.append(ink(mix(tones[1], tones[2], draws.unit()) if up < 0.8 else tones[draws.integer(2, 3)], TREE))
        self.canvas.stamp(shapes, inks)
