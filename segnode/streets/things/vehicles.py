"""Cars, vans and buses: their measures, and the painter that places them."""

from dataclasses import dataclass

from segnode.streets.class_ids import CAR
from segnode.streets.paint.camera import Camera
from segnode.streets.paint.canvas import Canvas
from segnode.streets.paint.colours import Colour, palette
from segnode.streets.paint.light import Light
from segnode.streets.paint.solids import Body
from segnode.streets.plan import Thing
from segnode.streets.things.vehicle_body import Shape, VehicleBody

PAINTS = palette(
    "c8cdd0 e9eae8 3a3f48 2b3038 8e959c a83430 2f5180 557c96 dca93c 44725c b9b29e 823a34 ddd8c8 76a0b8 cc5c3a"
)
VANS = palette("eeeeea e2e2dc 3f6f92 d8a83a 9a3c34 5c6670")
BUSES = palette("b5342c 2f6f8c e0b23c 3f7a5a e6e2d8")

SHAPES: dict[str, Shape] = {
    "hatch": Shape(3.9, 0.87, 0.96, 0.93, 0.82, 1.48, (-0.98, 0.44), (-0.70, -0.04), 0.20, 0.31),
    "sedan": Shape(4.6, 0.90, 0.98, 0.92, 0.78, 1.43, (-0.76, 0.42), (-0.40, 0.00), 0.22, 0.32),
    "estate": Shape(4.6, 0.91, 0.98, 0.94, 0.82, 1.49, (-0.98, 0.44), (-0.80, 0.02), 0.19, 0.33),
    "suv": Shape(4.5, 0.95, 1.10, 1.06, 0.98, 1.70, (-0.98, 0.46), (-0.80, 0.06), 0.18, 0.37),
    "mini": Shape(3.5, 0.80, 0.95, 0.92, 0.82, 1.50, (-0.97, 0.52), (-0.64, 0.06), 0.17, 0.29),
    "van": Shape(5.2, 0.98, 1.25, 1.22, 1.05, 2.15, (-0.99, 0.76), (-0.96, 0.42), 0.10, 0.34),
    "bus": Shape(11.5, 1.27, 1.30, 1.25, 1.25, 3.05, (-0.995, 0.995), (-0.985, 0.975), 0.04, 0.48),
}
KINDS = ("hatch", "hatch", "sedan", "estate", "suv", "suv", "mini", "hatch", "van")


@dataclass(frozen=True)
class Reach:
    """How much room a vehicle takes, metres."""

    half_length: float
    half_width: float
    height: float


def reach(kind: str) -> Reach:
    shape = SHAPES[kind]
    return Reach(shape.length / 2, shape.half, shape.roof)


class VehiclePainter:
    """Paints vehicles."""

    def __init__(self, canvas: Canvas, camera: Camera, light: Light) -> None:
        self.canvas, self.camera, self.light = canvas, camera, light

    def paint(self, thing: Thing) -> None:
        draws = thing.draws
        colours: tuple[Colour, ...] = BUSES if thing.kind == "bus" else VANS if thing.kind == "van" else PAINTS
        body = Body(self.canvas, self.camera, self.light, (thing.u, thing.s), thing.turn, CAR)
        if body.distance < 1.0:
            return
        driving = bool(thing.extra and thing.extra[0])
        VehicleBody(body, SHAPES[thing.kind], draws.pick(colours), thing.kind, driving, draws).paint()
