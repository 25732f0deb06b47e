"""Shop fronts: panes with wares behind them, a board with the name, an awning."""

from typing import Protocol

from segnode.streets.class_ids import BUILDING, SIGN
from segnode.streets.paint.camera import Wall
from segnode.streets.paint.canvas import Canvas
from segnode.streets.paint.colours import Colour, mix, scale
from segnode.streets.paint.light import Light, Normal
from segnode.streets.random_draws import RandomDraws
from segnode.streets.things.architecture import Building

WARES: tuple[Colour, ...] = ((220, 150, 90), (200, 210, 200), (150, 70, 60), (70, 90, 90))
TOP: Normal = (0.0, 1.0, 0.0)


class Front(Protocol):
    """What a shop needs of the facade it is part of."""

    canvas: Canvas
    light: Light
    wall: Wall
    normal: Normal
    house: Building
    distance: float
    draws: RandomDraws
    glass: Colour
    glint: Colour
    lit: Colour
    along: float

    def rect(self, a0: float, a1: float, y0: float, y1: float, colour: Colour, out: float = 0.0) -> None: ...


def paint_shop(front: Front) -> None:
    """Paint the ground floor of a facade as a shop."""
    draws, length, top = front.draws, front.wall.length, front.house.ground_floor - 0.45
    front.rect(0.15, length - 0.15, 0, top + 0.3, front.light.tone(front.house.accent, front.normal, front.distance))
    panes = max(2, round(length / 2.4))
    door = draws.integer(0, panes - 1)
    step = (length - 0.5) / panes
    glass = mix(front.glass, front.glint, 0.35)
    if draws.chance(0.35 + front.light.mood.lamps):
        glass = mix(front.glass, front.lit, 0.35 + 0.4 * front.light.mood.lamps)
    for pane in range(panes):
        ends = (0.33 + pane * step, 0.17 + (pane + 1) * step)
        _paint_pane(front, ends, 0.12 if pane == door else 0.55, top, glass)
    _paint_board(front, top)
    if draws.chance(0.55):
        _paint_awning(front, top - 0.65)


def _paint_pane(front: Front, ends: tuple[float, float], low: float, top: float, glass: Colour) -> None:
    draws, (a0, a1) = front.draws, ends
    front.rect(a0, a1, low, top - 0.75, scale(glass, 0.8))
    front.rect(a0 + 0.05, a1, low, top - 0.83, glass)
    if front.along > 7 and low > 0.3:
        for _ in range(4):
            x, tall = draws.between(a0 + 0.1, a1 - 0.4), draws.between(0.3, 0.9)
            ware = front.light.through_air(mix(glass, draws.pick(WARES), 0.6), front.distance)
            front.rect(x, x + draws.between(0.15, 0.35), low, low + tall, ware)
    points = front.wall.shape(((a0 + 0.05, low + 0.9), (a1, low + 1.5), (a1, low + 1.9), (a0 + 0.05, low + 1.3)))
    front.canvas.polygon(points, mix(glass, front.glint, 0.5), BUILDING)


def _paint_board(front: Front, top: float) -> None:
    """The name over the shop is a sign, and so are the strokes on it."""
    draws, wall, accent = front.draws, front.wall, front.house.accent
    board = front.light.tone(mix(accent, (250, 245, 235), draws.pick((0.0, 0.85))), front.normal, front.distance)
    left, right = 0.4, wall.length - 0.4
    front.canvas.polygon(wall.rect(left, right, top - 0.6, top + 0.1, 0.08), board, SIGN)
    if front.along <= 6:
        return
    letter = front.light.tone(accent if sum(board) > 420 else (245, 238, 220), front.normal, front.distance)
    a = left + wall.length * draws.between(0.12, 0.25)
    while a < right - wall.length * 0.15:
        step = draws.between(0.14, 0.3)
        front.canvas.polygon(wall.rect(a, a + step * 0.7, top - 0.42, top - 0.12, 0.08), letter, SIGN)
        a += step


def _paint_awning(front: Front, y: float) -> None:
    wall, canvas, draws, length = front.wall, front.canvas, front.draws, front.wall.length
    out, low = draws.between(0.9, 1.4), y - draws.between(0.5, 0.75)
    first = front.light.tone(mix(front.house.accent, (220, 80, 60), 0.3 * draws.unit()), TOP, front.distance)
    second = front.light.tone((244, 238, 226), TOP, front.distance) if draws.chance(0.6) else first
    stripes = max(4, round(length / 0.55)) if front.along > 5 else 1
    for index in range(stripes):
        a0, a1 = (0.3 + (length - 0.6) * (index + step) / stripes for step in (0, 1))
        (xa, ya, ka), (xb, yb, kb) = wall.spot(a0), wall.spot(a1)
        (xc, yc, kc), (xd, yd, kd) = wall.spot(a1, out), wall.spot(a0, out)
        colour = second if index & 1 else first
        canvas.polygon((xa, ya - y * ka, xb, yb - y * kb, xc, yc - low * kc, xd, yd - low * kd), colour, BUILDING)
        canvas.polygon(wall.rect(a0, a1, low - 0.22, low, out), scale(colour, 0.86), BUILDING)
