"""One whole scene, from far to near."""

import math
from collections.abc import Callable

import numpy as np

from segnode.streets.paint.canvas import Canvas
from segnode.streets.paint.finish import finish
from segnode.streets.paint.light import draw_light
from segnode.streets.paint.sky import paint_backdrop, paint_sky
from segnode.streets.plan import Plan, Thing, draw_camera, draw_section
from segnode.streets.populate import populate
from segnode.streets.random_draws import RandomDraws
from segnode.streets.things.architecture import TOWNS, Building, draw_row
from segnode.streets.things.buildings import BuildingPainter
from segnode.streets.things.fences import FencePainter
from segnode.streets.things.furniture import FurniturePainter
from segnode.streets.things.ground import STATIONS, Ground
from segnode.streets.things.people import paint_bicyclist, paint_pedestrian
from segnode.streets.things.shadows import Shadows
from segnode.streets.things.trees import TreePainter
from segnode.streets.things.vehicles import SHAPES, VehiclePainter

Paint = Callable[[], None]
#: What runs along the street for metres.
LONG = ("hedge", "railing", "picket", "boards", "wall", "barrier", "works")
#: Metres; what stands nearer is behind the viewer's eye or beside it and is not painted.
CLOSE = 1.3


def compose(seed: int, width: int, height: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the picture (uint8 h w 3) and the labels (uint8 h w) of a seed."""
    draws = RandomDraws.seeded(seed)
    canvas = Canvas(width, height)
    light = draw_light(draws)
    section = draw_section(draws)
    camera = draw_camera(draws, section, canvas.width, canvas.height)
    plan = Plan(section, (camera.eye_u, 0.0))
    houses = _houses(plan, draws)
    populate(plan, draws)

    paint_sky(canvas, camera, light, draws.child())
    paint_backdrop(canvas, camera, light, draws.child(), section.kind not in ("suburb", "park"))
    buildings = BuildingPainter(canvas, camera, light)
    fences, vehicles = FencePainter(canvas, camera, light), VehiclePainter(canvas, camera, light)
    trees = TreePainter(canvas, camera, light, draws.child())
    furniture = FurniturePainter(canvas, camera, light, draws.child())
    ground = Ground(canvas, camera, light, section, draws.child())
    shadows = Shadows(canvas, camera, light)

    painters: dict[str, Callable[[Thing], None]] = {
        "tree": trees.tree,
        "bush": trees.bush,
        "hedge": trees.hedge,
        "lamp": furniture.lamp,
        "sign": furniture.sign,
        "traffic light": furniture.traffic_light,
        "bollard": furniture.bollard,
        "hoarding": furniture.hoarding,
        "blade": furniture.blade,
        "walker": lambda thing: paint_pedestrian(canvas, camera, light, thing),
        "cyclist": lambda thing: paint_bicyclist(canvas, camera, light, thing),
    }
    for kind in SHAPES:
        painters[kind] = vehicles.paint
    for kind in LONG[1:]:
        painters[kind] = fences.paint

    work: list[tuple[float, Paint]] = []
    lines = _shadow_lines(houses, plan, shadows)
    for house, line in zip(houses, lines, strict=True):
        work.append((house.s1, lambda house=house, line=line: buildings.paint(house, line)))
    for order, thing in _ordered(plan.things, camera.eye_u):
        work.append((order, lambda thing=thing: painters[thing.kind](thing)))
    work.sort(key=lambda item: -item[0])

    def lay_ground() -> None:
        ground.paint_all()
        if light.mood.shadow_strength:
            _cast(shadows, plan, houses)
        shadows.paint()

    crest = min(camera.crest(), STATIONS[-1])
    laid = False
    for s, paint in work:
        if s < CLOSE:
            break
        if not laid and s < crest:
            lay_ground()
            laid = True
        paint()
    if not laid:
        lay_ground()
    return finish(canvas, camera, light, draws.child())


def _order(thing: Thing) -> float:
    """Return the distance at which a thing is painted: long ones by their far end, as fronts are."""
    if thing.kind == "hedge":
        return thing.s + thing.extra[0] - 0.1
    if thing.kind in LONG:
        return max(thing.s, thing.extra[1]) - 0.2
    if thing.kind in SHAPES:
        return thing.s + 0.3 * SHAPES[thing.kind].length * abs(math.cos(thing.turn))
    return thing.s


def _ordered(things: list[Thing], eye_u: float) -> list[tuple[float, Thing]]:
    """Return things with the distance at which each is painted: what a long thing hides comes before it."""
    screens: list[tuple[float, float, float, float, Thing]] = []
    ordered: list[tuple[float, Thing]] = []
    # From the eye's own line outwards, so that what is moved back takes along what it hides itself.
    for thing in sorted(things, key=lambda thing: abs(thing.u - eye_u)):
        order = own = _order(thing)
        beyond = thing.u - eye_u
        for near, far, across, painted, screen in screens:
            if near < own <= far and not (screen.kind in LONG and thing.kind in LONG):
                ahead = screen.kind in SHAPES and abs(across) < 1.0
                if ahead or across * beyond > 0:
                    order = max(order, painted + 0.01 + own * 1e-4)
        if thing.s < 60 and (thing.kind in LONG or (thing.kind in SHAPES and abs(math.cos(thing.turn)) > 0.7)):
            near = thing.s if thing.kind in LONG else thing.s - SHAPES[thing.kind].length / 2
            screens.append((near, own, beyond, order, thing))
        ordered.append((order, thing))
    return ordered


def _houses(plan: Plan, draws: RandomDraws) -> list[Building]:
    section, town = plan.section, draws.pick(TOWNS)
    houses: list[Building] = []
    for side in (-1, 1):
        if section.park[side > 0]:
            continue
        row = draw_row(town, section, side, draws.between(-44, -30), 150.0, draws)
        houses += row
        for house in row:
            if house.shop and house.s1 > 5 and draws.chance(0.6):
                at = draws.between(house.s0 + 0.5, house.s1 - 0.5)
                plan.things.append(
                    Thing("blade", side * house.line, max(2.5, at), draws.child(), extra=(draws.between(3.2, 3.9),))
                )
    return houses


def _shadow_lines(houses: list[Building], plan: Plan, shadows: Shadows) -> list[float | None]:
    """Return for each front the height up to which the houses over the street shade it."""
    lines: list[float | None] = []
    for house in houses:
        toward_sun = -shadows.reach_u * house.side
        if toward_sun >= 0 or abs(shadows.reach_u) < 1e-6:
            lines.append(None)
            continue
        width = house.line + plan.section.building_line(-house.side)
        middle = (house.s0 + house.s1) / 2 - shadows.reach_s * width / abs(shadows.reach_u)
        tall = [h.height + 0.8 for h in houses if h.side == -house.side and h.s0 <= middle <= h.s1]
        lines.append(tall[0] - width / abs(shadows.reach_u) if tall else None)
    return lines


def _cast(shadows: Shadows, plan: Plan, houses: list[Building]) -> None:
    for house in houses:
        shadows.building(house)
    for thing in plan.things:
        if thing.s > 60:
            continue
        if thing.kind in SHAPES:
            shadows.vehicle(thing)
        elif thing.kind == "tree":
            shadows.crown(thing)
        elif thing.kind in ("walker", "cyclist"):
            shadows.upright(thing.u, thing.s, 1.6 * thing.size, 0.18)
        elif thing.kind in ("lamp", "sign", "traffic light", "bollard"):
            shadows.upright(thing.u, thing.s, 1.0 if thing.kind == "bollard" else 3.4, 0.07)
        elif thing.kind == "hedge":
            shadows.line((thing.u, thing.s, thing.u, thing.s + thing.extra[0]), thing.size)
        elif thing.kind in ("boards", "wall", "works"):
            shadows.line((thing.u, thing.s, thing.extra[0], thing.extra[1]), thing.size)
        elif thing.kind == "bush":
            shadows.patch(thing.u, thing.s, thing.size * 0.7, thing.size * 0.5)
