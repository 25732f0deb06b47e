"""Placement of point names in a figure, without overlaps of names and points."""

from collections.abc import Sequence
from dataclasses import dataclass

#: Pixels.
LINE = 15
_LETTER = 6.3
_AIR = 3
#: A name without a leader line keeps this many pixels from other points.
_BELONGS = 10
#: Tried in this order: pixels from the point's rim, and how many of its sides.
_RINGS = (3, 12, 24, 38, 54, 72, 96, 124, 156)
#: What covering a line is worth, in pixels further off.
_COVERING = 18
_SIDES = ((1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (1, 1), (-1, -1), (-1, 1))


@dataclass(frozen=True)
class Spot:
    """A point in a plot of 1 by 1, from the bottom left. radius: pixels."""

    x: float
    y: float
    radius: float
    name: str


@dataclass(frozen=True)
class Place:
    """Where a name stands: right and down of its point, in pixels. side: -1 ends there, 0 is centred, 1 starts."""

    right: float
    down: float
    side: int
    far: bool


@dataclass(frozen=True)
class Plot:
    """Where names may stand, in pixels. widths: all of which they must fit. beside: room for them at the right."""

    widths: Sequence[int]
    height: int
    beside: int = 0


_Box = tuple[float, float, float, float]
#: From a place to a place, both in a plot of 1 by 1, from the bottom left.
Segment = tuple[float, float, float, float]


@dataclass
class _Drawing:
    """What is drawn at one width, in pixels.

    right: where names must end. circles, names: boxes that are taken. drawn: points on lines that names had better not
    cover. leaders: points on the lines between points and their names.
    """

    width: int
    height: int
    right: int
    circles: list[_Box]
    drawn: list[tuple[float, float]]
    names: list[_Box]
    leaders: list[tuple[float, float]]

    def free(self, spot: Spot, place: Place, clear: bool) -> bool:
        """Whether a name fits here. clear: of the lines that are drawn, too."""
        box = name_box(spot, place, self.width, self.height)
        if box[0] < 0 or box[2] > self.right or box[1] < 0 or box[3] > self.height:
            return False
        if not place.far and self._nearer(spot, box):
            return False
        leader = _leader(spot, place, self.width, self.height)
        return not (
            any(_overlap(box, other) for other in (*self.names, *self.circles))
            or any(_within(point, box) for point in (*self.leaders, *(self.drawn if clear else ())))
            or any(_within(point, other) for point in leader for other in self.names)
        )

    def _nearer(self, spot: Spot, box: _Box) -> bool:
        """Whether a name here stands as near to another point as to its own."""
        own = _circle(spot, self.width, self.height)
        around = box[0] - _BELONGS, box[1], box[2] + _BELONGS, box[3]
        return any(_overlap(around, other) for other in self.circles if other != own)

    def take(self, spot: Spot, place: Place) -> None:
        self.names.append(name_box(spot, place, self.width, self.height))
        self.leaders += _leader(spot, place, self.width, self.height)


def places(spots: Sequence[Spot], plot: Plot, reach: int, lines: Sequence[Segment] = ()) -> list[Place | None]:
    """A place for each name; None where there is no room: earlier ones choose first.

    reach: how far from its point a name may stand, in pixels. lines: names cover them only where they would have to
    stand much further off.
    """
    high = plot.height
    drawings = [
        _Drawing(
            wide,
            high,
            wide + plot.beside,
            [_circle(spot, wide, high) for spot in spots],
            _along(lines, wide, high),
            [],
            [],
        )
        for wide in plot.widths
    ]
    rings = sorted(
        (ring + _COVERING * (not clear), ring, clear) for ring in _RINGS if ring <= reach for clear in (True, False)
    )
    result: list[Place | None] = []
    for spot in spots:
        tried = [(place, clear) for _, ring, clear in rings for place in _around(spot, ring)]
        place = next(
            (place for place, clear in tried if all(drawing.free(spot, place, clear) for drawing in drawings)), None
        )
        result.append(place)
        if place is not None:
            for drawing in drawings:
                drawing.take(spot, place)
    return result


def _around(spot: Spot, ring: int) -> list[Place]:
    result = []
    for across, down in _SIDES:
        off = (spot.radius + ring) * (0.7071 if across and down else 1.0)
        lifted = 0 if across else down * LINE / 2
        result.append(Place(across * off, down * off + lifted, across, ring > _RINGS[0]))
    return result


def _along(lines: Sequence[Segment], width: int, height: int) -> list[tuple[float, float]]:
    parts = [part / 40 for part in range(41)]
    return [
        ((x + part * (to_x - x)) * width, (1 - y - part * (to_y - y)) * height)
        for x, y, to_x, to_y in lines
        for part in parts
    ]


def _at(spot: Spot, width: int, height: int) -> tuple[float, float]:
    return spot.x * width, (1 - spot.y) * height


def _circle(spot: Spot, width: int, height: int) -> _Box:
    x, y = _at(spot, width, height)
    # A name may touch the rim of a circle, whose corners are empty.
    reach = 0.85 * spot.radius
    return x - reach, y - reach, x + reach, y + reach


def name_box(spot: Spot, place: Place, width: int, height: int) -> _Box:
    """Left, top, right and bottom of a name, in pixels from the plot's top left."""
    x, y = _at(spot, width, height)
    x, y, long = x + place.right, y + place.down, _LETTER * len(spot.name) + _AIR
    left = x - (0, long / 2, long)[{1: 0, 0: 1, -1: 2}[place.side]]
    return left, y - LINE / 2, left + long, y + LINE / 2


def _leader(spot: Spot, place: Place, width: int, height: int) -> list[tuple[float, float]]:
    """Points on the line from a point to a name that stands far from it."""
    if not place.far:
        return []
    x, y = _at(spot, width, height)
    return [(x + place.right * part, y + place.down * part) for part in (0.5, 0.7, 0.9)]


def _overlap(one: _Box, other: _Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _within(point: tuple[float, float], box: _Box) -> bool:
    return box[0] < point[0] < box[2] and box[1] < point[1] < box[3]


def spread(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """`places` moved as little as keeps each pair `gap` apart, in their order, within `low` and `high`.

    Where there is no room for the gap, they are spaced evenly.
    """
    count = len(places)
    gap = min(gap, (high - low) / max(count - 1, 1))
    order = sorted(range(count), key=places.__getitem__)
    moved = [0.0] * count
    floor = low
    for rank, index in enumerate(order):
        moved[index] = min(max(places[index], floor), high - (count - 1 - rank) * gap)
        floor = moved[index] + gap
    return moved
