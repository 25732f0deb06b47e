"""Shadows on the ground: cast ones from the sun, and soft ones where things touch it."""

import math

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from segnode.streets.paint.camera import Camera
from segnode.streets.paint.canvas import Canvas
from segnode.streets.paint.light import Light
from segnode.streets.paint.solids import CIRCLE
from segnode.streets.plan import Thing
from segnode.streets.things.architecture import Building
from segnode.streets.things.vehicles import SHAPES, reach

#: Shadow masks are drawn this many times coarser than the canvas; their edges are soft anyway.
COARSE = 2


class Shadows:
    """Collects shadows in one mask a kind, then darkens the ground once."""

    def __init__(self, canvas: Canvas, camera: Camera, light: Light) -> None:
        self.canvas, self.camera, self.light = canvas, camera, light
        self.top = max(0, int(camera.horizon - canvas.height * 0.06))
        size = (math.ceil(canvas.width / COARSE), math.ceil((canvas.height - self.top) / COARSE))
        self.cast, self.touch = Image.new("L", size), Image.new("L", size)
        self._cast, self._touch = ImageDraw.Draw(self.cast), ImageDraw.Draw(self.touch)
        self.reach_u, self.reach_s = light.length_of_shadow()

    def _polygon(self, draw: ImageDraw.ImageDraw, corners: list[tuple[float, float]], depth: int = 255) -> None:
        points: list[float] = []
        for u, s in corners:
            x, y, _ = self.camera.spot(u, max(s, 0.9))
            points += (x / COARSE, (y - self.top) / COARSE)
        draw.polygon(points, depth)

    def building(self, house: Building) -> None:
        u, tall = house.side * house.line, house.height + 1.0
        if self.reach_u * house.side >= 0:
            du, ds = 0.0, 0.0
            if self.reach_s >= 0:
                return
        du, ds = self.reach_u * tall, self.reach_s * tall
        back = house.side * (house.line + house.depth)
        self._polygon(self._cast, [(u, house.s0), (u, house.s1), (u + du, house.s1 + ds), (u + du, house.s0 + ds)])
        self._polygon(
            self._cast, [(u, house.s0), (back, house.s0), (back + du, house.s0 + ds), (u + du, house.s0 + ds)]
        )
        self._polygon(
            self._cast, [(u, house.s1), (back, house.s1), (back + du, house.s1 + ds), (u + du, house.s1 + ds)]
        )

    def upright(self, u: float, s: float, tall: float, half: float) -> None:
        """The shadow of a post, a trunk or a person, and the spot under it."""
        du, ds = self.reach_u * tall, self.reach_s * tall
        size = math.hypot(du, ds) or 1.0
        nu, ns = -ds / size * half, du / size * half
        self._polygon(
            self._cast, [(u - nu, s - ns), (u + nu, s + ns), (u + du + nu, s + ds + ns), (u + du - nu, s + ds - ns)]
        )
        self.patch(u, s, half * 2.2, half * 2.2)

    def patch(self, u: float, s: float, half_u: float, half_s: float, draw: ImageDraw.ImageDraw | None = None) -> None:
        x, y, _ = self.camera.spot(u, max(s, 0.9))
        xu, yu, _ = self.camera.spot(u + half_u, max(s, 0.9))
        xs, ys, _ = self.camera.spot(u, max(s + half_s, 0.9))
        points: list[float] = []
        for cos, sin in CIRCLE[::2]:
            points += (
                (x + (xu - x) * cos + (xs - x) * sin) / COARSE,
                (y + (yu - y) * cos + (ys - y) * sin - self.top) / COARSE,
            )
        (draw or self._touch).polygon(points, 255)

    def crown(self, thing: Thing) -> None:
        """The dappled shadow of a tree."""
        draws = thing.draws.child()
        tall = thing.size
        self.upright(thing.u, thing.s, tall * 0.6, 0.16)
        for _ in range(16):
            y = tall * draws.between(0.4, 0.95)
            u = thing.u + self.reach_u * y + draws.between(-0.25, 0.25) * tall
            s = thing.s + self.reach_s * y + draws.between(-0.25, 0.25) * tall
            size = tall * draws.between(0.05, 0.13)
            if self.camera.depth(u, s) > 1.5:
                self.patch(u, s, size, size, self._cast)

    def vehicle(self, thing: Thing) -> None:
        room = reach(thing.kind)
        half_a, half_b, tall = room.half_length, room.half_width, room.height
        sin, cos = math.sin(thing.turn), math.cos(thing.turn)
        foot = [(thing.u + a * half_a * sin + b * half_b * cos, thing.s + a * half_a * cos - b * half_b * sin)
                for a, b in ((1, 1), (1, -1), (-1, -1), (-1, 1))]  # fmt: skip
        grown = [(thing.u + (u - thing.u) * 1.06, thing.s + (s - thing.s) * 1.06) for u, s in foot]
        self._polygon(self._touch, grown)
        height = tall * 0.8 if SHAPES[thing.kind].length < 8 else tall
        du, ds = self.reach_u * height, self.reach_s * height
        moved = [(u + du, s + ds) for u, s in foot]
        for index in range(4):
            other = (index + 1) % 4
            self._polygon(self._cast, [foot[index], foot[other], moved[other], moved[index]])
        self._polygon(self._cast, moved)

    def line(self, ends: tuple[float, float, float, float], tall: float) -> None:
        """The shadow of a fence or hedge."""
        u0, s0, u1, s1 = ends
        du, ds = self.reach_u * tall, self.reach_s * tall
        self._polygon(self._cast, [(u0, s0), (u1, s1), (u1 + du, s1 + ds), (u0 + du, s0 + ds)])
        self._polygon(self._touch, [(u0 - 0.2, s0), (u1 - 0.2, s1), (u1 + 0.2, s1), (u0 + 0.2, s0)], 120)

    def paint(self) -> None:
        """Darken what is painted so far."""
        mood = self.light.mood
        unit = self.canvas.unit / COARSE
        soft = []
        for mask, blur, strength in ((self.cast, 1.6, mood.shadow_strength), (self.touch, 4.5, 0.5)):
            soft.append(mask.filter(ImageFilter.BoxBlur(blur * unit)).point([round(v * strength) for v in range(256)]))
        both = ImageChops.screen(*soft)
        size = (self.canvas.width, self.canvas.height - self.top)
        self.canvas.tint_through(both.resize(size, Image.Resampling.BILINEAR), (0, self.top), mood.shadow)
