"""What stands on pavements: lamp posts, traffic lights, signs on posts, bollards, bus stops, hoardings."""

from segnode.streets.class_ids import POLE, SIGN
from segnode.streets.paint.camera import Camera
from segnode.streets.paint.canvas import Canvas
from segnode.streets.paint.colours import Colour, mix, palette, scale
from segnode.streets.paint.light import Light, Normal
from segnode.streets.plan import Thing
from segnode.streets.random_draws import RandomDraws
from segnode.streets.things.signs import PLATES, SECOND_PLATES, Plate

NEAR_FACE: Normal = (0.0, 0.2, -1.0)
POSTERS = palette("d9573f 2f6f8c e7b84a 3f7a62 f1e6d4 8a4a78 28313c")


class FurniturePainter:
    """Paints street furniture. One style of lamp and one colour of iron for the whole scene."""

    def __init__(self, canvas: Canvas, camera: Camera, light: Light, draws: RandomDraws) -> None:
        self.canvas, self.camera, self.light = canvas, camera, light
        self.iron: Colour = draws.pick(((52, 58, 62), (88, 94, 98), (46, 66, 60), (128, 132, 134), (70, 66, 66)))
        self.lamp_style = draws.pick(("arm", "arm", "lantern", "globe", "modern"))
        self.lamp_height = draws.between(6.5, 8.5) if self.lamp_style in ("arm", "modern") else draws.between(3.6, 4.6)

    def post(
        self, thing: Thing, tall: float, radius: float, colour: Colour | None = None
    ) -> tuple[float, float, float]:
        """Paint an upright post with a lit edge; return x, y of its foot and pixels a metre."""
        x, y, k = self.camera.spot(thing.u, thing.s)
        base = colour or self.iron
        # A post stays wide enough to be seen and labelled until it is far away.
        half = max(radius * k, 0.9 * self.canvas.unit)
        top = y - tall * k
        tone = self.light.tone(base, NEAR_FACE, thing.s)
        self.canvas.polygon(
            (x - half * 1.15, y, x + half * 1.15, y, x + half * 0.8, top, x - half * 0.8, top), tone, POLE
        )
        if half > 2.2:
            edge = half * (0.35 if self.light.sun[0] > 0 else -0.75)
            bright = self.light.tone(mix(base, (255, 255, 255), 0.18), self.light.sun, thing.s)
            self.canvas.polygon(
                (x + edge, y, x + edge + half * 0.45, y, x + edge + half * 0.4, top, x + edge, top), bright, POLE
            )
            if tall > 3:
                foot = (
                    x - half * 1.5,
                    y,
                    x + half * 1.5,
                    y,
                    x + half * 1.35,
                    y - 0.55 * k,
                    x - half * 1.35,
                    y - 0.55 * k,
                )
                self.canvas.polygon(foot, scale(tone, 0.9), POLE)
        return x, y, k

    def lamp(self, thing: Thing) -> None:
        tall = self.lamp_height
        x, y, k = self.post(thing, tall, 0.075)
        tone = self.light.tone(self.iron, NEAR_FACE, thing.s)
        glass = self.light.through_air(
            (255, 226, 160) if self.light.mood.lamps > 0.1 else (226, 228, 222), thing.s * 0.4
        )
        head_x, head_y = x, y - tall * k
        inward = -1.0 if thing.u > 0 else 1.0
        if self.lamp_style in ("arm", "modern"):
            tip_x, tip_y, tip_k = self.camera.spot(thing.u + inward * 1.5, thing.s)
            head_x, head_y = tip_x, tip_y - (tall + (0.3 if self.lamp_style == "arm" else 0.0)) * tip_k
            width = max(0.05 * k, 0.8 * self.canvas.unit)
            self.canvas.limb(x, y - (tall - 0.1) * k, width, head_x, head_y, width * 0.7, tone, POLE)
            half = 0.36 * k
            hood = (head_x - half, head_y - 0.05 * k, head_x + half, head_y - 0.05 * k,
                    head_x + half * 0.8, head_y - 0.16 * k, head_x - half * 0.8, head_y - 0.16 * k)  # fmt: skip
            self.canvas.polygon(hood, tone, POLE)
            pane = (head_x - half * 0.8, head_y - 0.05 * k, head_x + half * 0.8, head_y - 0.05 * k,
                    head_x + half * 0.6, head_y + 0.03 * k, head_x - half * 0.6, head_y + 0.03 * k)  # fmt: skip
            self.canvas.polygon(pane, glass, POLE)
        elif self.lamp_style == "lantern":
            w = 0.2 * k
            pane = (x - w * 0.6, head_y, x + w * 0.6, head_y, x + w, head_y - 0.5 * k, x - w, head_y - 0.5 * k)
            self.canvas.polygon(pane, glass, POLE)
            self.canvas.polygon(
                (x - w * 1.2, head_y - 0.48 * k, x + w * 1.2, head_y - 0.48 * k, x, head_y - 0.78 * k), tone, POLE
            )
            self.canvas.line((x, head_y, x, head_y - 0.5 * k), max(1, 0.03 * k), tone, POLE)
            head_y -= 0.25 * k
        else:
            head_y -= 0.2 * k
            self.canvas.disc(x, head_y, 0.24 * k, 0.24 * k, glass, POLE)
        if self.light.mood.lamps > 0.3:
            self.canvas.glow(head_x, head_y, 1.6 * k, (255, 206, 130), 0.75)

    def traffic_light(self, thing: Thing) -> None:
        draws = thing.draws
        x, y, k = self.post(thing, 3.5, 0.06)
        inward = -1.0 if thing.u > 0 else 1.0
        heads = [(x, y - 2.4 * k, k)]
        if draws.chance(0.45):
            tip_x, tip_y, tip_k = self.camera.spot(thing.u + inward * 3.4, thing.s)
            tone = self.light.tone(self.iron, NEAR_FACE, thing.s)
            width = max(0.045 * k, 0.8 * self.canvas.unit)
            self.post(thing, 5.4, 0.08)
            self.canvas.limb(x, y - 5.2 * k, width, tip_x, tip_y - 5.5 * tip_k, width, tone, POLE)
            heads.append((tip_x, tip_y - 4.9 * tip_k, tip_k))
        lit = draws.integer(0, 2)
        for head_x, head_y, m in heads:
            self._bar(head_x, head_y, 0.28 * m, 0.6 * m, self.light.tone((40, 44, 46), NEAR_FACE, thing.s))
            for index, colour in enumerate(((238, 62, 46), (250, 182, 50), (70, 214, 128))):
                cy = head_y + (index - 1) * 0.33 * m
                shown = colour if index == lit else scale(colour, 0.28)
                self.canvas.disc(head_x, cy, 0.125 * m, 0.125 * m, shown, SIGN)
                if index == lit:
                    self.canvas.glow(head_x, cy, 0.7 * m, colour, 0.4)

    def sign(self, thing: Thing) -> None:
        """A traffic sign on its post, sometimes with a second below."""
        draws = thing.draws
        kind, tall = draws.pick(PLATES), draws.between(2.3, 2.9)
        x, y, k = self.post(thing, tall + 0.25, 0.035, (140, 144, 146))

        def tone(colour: Colour) -> Colour:
            return self.light.tone(colour, NEAR_FACE, thing.s)

        r = 0.36 * k * thing.size
        Plate(self.canvas, tone, (x, y - tall * k), r, draws).paint(kind)
        if draws.chance(0.3):
            below = (x, y - (tall - 0.85 * thing.size) * k)
            Plate(self.canvas, tone, below, 0.8 * r, draws).paint(draws.pick(SECOND_PLATES))

    def _bar(self, x: float, y: float, half: float, tall: float, colour: Colour) -> None:
        self.canvas.polygon(
            (x - half, y - tall, x + half, y - tall, x + half, y + tall, x - half, y + tall), colour, SIGN
        )

    def bollard(self, thing: Thing) -> None:
        x, y, k = self.post(thing, 0.95, 0.07)
        half = max(0.07 * k, 0.9 * self.canvas.unit)
        tone = self.light.tone((236, 232, 222), NEAR_FACE, thing.s)
        self.canvas.polygon(
            (x - half, y - 0.72 * k, x + half, y - 0.72 * k, x + half, y - 0.84 * k, x - half, y - 0.84 * k), tone, POLE
        )

    def hoarding(self, thing: Thing) -> None:
        """A lit poster in a frame, on a foot: as found at bus stops."""
        draws = thing.draws
        x, y, k = self.post(thing, 0.8, 0.1)
        first, second, third = draws.pick(POSTERS), draws.pick(POSTERS), draws.pick(POSTERS)
        frame = self.light.tone((54, 58, 62), NEAR_FACE, thing.s)
        paper, shape, other = (self.light.tone(c, NEAR_FACE, thing.s) for c in (first, second, third))
        w, low, high = 0.66 * k, 0.7 * k, 2.6 * k
        self.canvas.polygon((x - w, y - low, x + w, y - low, x + w, y - high, x - w, y - high), frame, SIGN)
        w -= 0.07 * k
        low, high = low + 0.07 * k, high - 0.07 * k
        self.canvas.polygon((x - w, y - low, x + w, y - low, x + w, y - high, x - w, y - high), paper, SIGN)
        self.canvas.disc(x + w * 0.2, y - (low + high) * 0.55, w * 0.55, w * 0.55, shape, SIGN)
        self.canvas.polygon(
            (x - w, y - low, x + w, y - low, x + w, y - low - 0.5 * k, x - w, y - low - 0.3 * k), other, SIGN
        )
        if self.light.mood.lamps > 0.3:
            self.canvas.glow(x, y - (low + high) / 2, 1.3 * k, first, 0.35)

    def blade(self, thing: Thing) -> None:
        """A shop's sign that stands out from a front, seen along the street; extra: height."""
        draws, y0 = thing.draws, thing.extra[0]
        inward = -1.0 if thing.u > 0 else 1.0
        colour = draws.pick(POSTERS)
        tone = self.light.tone(colour, NEAR_FACE, thing.s)
        pale = self.light.tone(mix(colour, (255, 250, 238), 0.85), NEAR_FACE, thing.s)
        xa, ya, ka = self.camera.spot(thing.u + inward * 0.15, thing.s)
        xb, yb, kb = self.camera.spot(thing.u + inward * (0.15 + 0.75 * thing.size), thing.s)
        tall = draws.pick((0.6, 0.8, 1.8))
        self.canvas.polygon(
            (xa, ya - y0 * ka, xb, yb - y0 * kb, xb, yb - (y0 + tall) * kb, xa, ya - (y0 + tall) * ka), tone, SIGN
        )
        x, y, w = (xa + xb) / 2, (ya + yb) / 2 - (y0 + tall / 2) * ka, abs(xb - xa) / 2
        if tall < 1 and draws.chance(0.5):
            self.canvas.disc(x, y, w * 0.6, 0.2 * ka, pale, SIGN)
        else:
            for row in range(3 if tall < 1 else 6):
                cy = y + (row - (1 if tall < 1 else 2.5)) * 0.24 * ka
                self._bar(x, cy, w * draws.between(0.3, 0.75), 0.06 * ka, pale)
