"""What a scene holds and where: the street's section, its buildings and everything that stands on it."""

from dataclasses import dataclass, field

from segnode.streets.paint.camera import Camera
from segnode.streets.random_draws import RandomDraws


@dataclass(frozen=True)
class Section:
    """The street's cross-section. Metres from its middle line unless told.

    left, right: index 0 and 1 of every pair. verge: width of a strip of grass behind the kerb. garden: metres between
    the pavement and the buildings. park: which sides have no buildings.
    """

    kind: str
    half_road: float
    pavement: tuple[float, float]
    verge: float
    garden: tuple[float, float]
    park: tuple[bool, bool]
    lanes: int
    parking: tuple[bool, bool]
    floors: tuple[int, int]
    crossing_street: tuple[float, float] | None  # s of its two kerbs
    zebra: float | None  # s of its near edge
    drives_right: bool

    def pavement_edge(self, side: int) -> float:
        """Return how far the pavement reaches on a side (-1 left, 1 right)."""
        return self.half_road + self.pavement[side > 0] + self.verge

    def building_line(self, side: int) -> float:
        return self.pavement_edge(side) + self.garden[side > 0]

    def in_crossing(self, s: float, margin: float = 0.0) -> bool:
        cross = self.crossing_street
        return cross is not None and cross[0] - margin < s < cross[1] + margin


@dataclass(frozen=True)
class Thing:
    """Something that stands on the street: what it is, where, and draws for its own details."""

    kind: str
    u: float
    s: float
    draws: RandomDraws
    turn: float = 0.0  # radians; 0 looks ahead along the street, a quarter turn to the right
    size: float = 1.0
    extra: tuple[float, ...] = ()


@dataclass
class Plan:
    """Everything in a scene but its light."""

    section: Section
    camera_at: tuple[float, float]
    things: list[Thing] = field(default_factory=list)
    #: u, s, half width, half length of what moves, and whether it is a vehicle.
    moving: list[tuple[float, float, float, float, bool]] = field(default_factory=list)


def draw_section(draws: RandomDraws) -> Section:
    """Return a street of some kind."""
    kind = draws.pick(
        ("narrow", "narrow", "avenue", "avenue", "suburb", "suburb", "junction", "junction", "park", "town")
    )
    half = {"narrow": (2.7, 3.6), "avenue": (6.0, 8.4), "suburb": (3.0, 4.2)}.get(kind, (3.6, 5.6))
    wide = {"narrow": (1.6, 2.6), "avenue": (3.6, 5.6), "suburb": (1.7, 2.4)}.get(kind, (2.2, 3.6))
    half_road = draws.between(*half)
    pavement = (draws.between(*wide), draws.between(*wide))
    green = draws.between(2.6, 5.5) if kind == "suburb" else 0.0
    garden = (green, green * draws.between(0.8, 1.2))
    verge = draws.between(1.0, 1.8) if kind in ("suburb", "park") and draws.chance(0.6) else 0.0
    park_side = draws.chance(0.5)
    park = (park_side, not park_side) if kind == "park" else (False, False)
    floors = {"narrow": (3, 5), "avenue": (4, 7), "suburb": (1, 2), "park": (3, 6)}.get(kind, (2, 5))
    cross = None
    if kind == "junction" or (kind in ("town", "avenue") and draws.chance(0.35)):
        near = draws.between(11, 26)
        cross = (near, near + draws.between(7, 11))
    zebra = None
    if cross is not None:
        zebra = cross[0] - draws.between(4.2, 5.4)
    elif draws.chance(0.45):
        zebra = draws.between(8, 22)
    lanes = 4 if half_road > 7 else 2
    left, right = draws.chance(0.75), draws.chance(0.75)
    room = half_road > 4.1 or kind in ("narrow", "suburb")
    parking = (left and room, right and room and half_road > 3.2)
    return Section(
        kind, half_road, pavement, verge, garden, park, lanes, parking, floors, cross, zebra, draws.chance(0.6)
    )


def draw_camera(draws: RandomDraws, section: Section, width: int, height: int) -> Camera:
    """Return an eye in a driver's seat, on a pavement or on the middle of the road; sizes are the canvas's."""
    unit = min(width / 4, height / 3)
    throw = draws.unit()
    driver = 1.0 if section.drives_right else -1.0
    side = draws.pick((-1.0, 1.0))
    if throw < 0.55:  # a car's windscreen
        eye_u, eye_y, yaw = driver * section.half_road * draws.between(0.22, 0.45), draws.between(1.35, 1.65), 0.0
        if section.half_road < 4.2:
            eye_u *= 0.5
    elif throw < 0.85:  # walking
        out = section.verge + draws.between(0.2, 0.5) * section.pavement[side > 0]
        eye_u = side * (section.half_road + out)
        eye_y, yaw = draws.between(1.6, 1.8), -side * draws.between(0.10, 0.20)
    else:  # upper deck, steps, a lorry's cab
        eye_u, eye_y, yaw = side * draws.between(0.0, section.half_road), draws.between(2.3, 3.6), -side * 0.06
    yaw += draws.between(-0.06, 0.06)
    bend = draws.between(-0.0055, 0.0055) if draws.chance(0.5) else 0.0
    rise = draws.between(-0.02, 0.03)
    swell = draws.pick((0.0, 0.0, draws.between(0.0, 0.0004), -draws.between(0.0001, 0.0004)))
    return Camera(
        eye_u=eye_u,
        eye_y=eye_y,
        yaw=yaw,
        focal=unit * draws.between(3.1, 4.3),
        centre_x=width / 2,
        horizon=height / 2 + unit * 3 * draws.between(-0.03, 0.12),
        bend=bend,
        rise=rise,
        swell=swell,
    )
