"""Puts things on the street: trees, posts, signs, fences, vehicles, people, each where it belongs."""

import math

from segnode.streets.plan import Plan, Section, Thing
from segnode.streets.random_draws import RandomDraws
from segnode.streets.things.vehicles import KINDS, SHAPES, reach

QUARTER = math.pi / 2
#: What must not stand in a vehicle, nor have one in it.
MOVES = frozenset(("walker", "cyclist", *SHAPES))
#: How near things may come: within the first of these, metres aside, they stand at least the second ahead.
ROOM = {
    "tree": (3.2, 9.0), "bush": (1.4, 5.0), "lamp": (0.9, 9.0), "sign": (1.3, 6.5), "hoarding": (1.8, 9.0),
    "traffic light": (1.0, 8.0), "railing": (0.3, 1.0), "picket": (0.3, 1.0), "boards": (0.3, 1.0),
    "wall": (0.3, 1.0), "barrier": (0.3, 1.0), "works": (0.5, 3.0), "hedge": (0.6, 2.0), "bus": (2.6, 13.0),
}  # fmt: skip


def populate(plan: Plan, draws: RandomDraws) -> None:
    """Fill the plan with things; they may stand anywhere, painting puts them in order."""
    section = plan.section
    for side in (-1, 1):
        _posts(plan, section, side, draws)
        _green(plan, section, side, draws)
        _fences(plan, section, side, draws)
        _parked(plan, section, side, draws)
    _crossing_furniture(plan, section, draws)
    _traffic(plan, section, draws)
    _walkers(plan, section, draws)
    _cyclists(plan, section, draws)


def _add(plan: Plan, kind: str, u: float, s: float, draws: RandomDraws, turn: float = 0.0, size: float = 1.0,
         extra: tuple[float, ...] = ()) -> None:  # fmt: skip
    eye_u, eye_s = plan.camera_at
    # Nothing stands where the viewer stands, nor fills the view.
    room, ahead = ROOM.get(kind, (1.7, 8.0) if kind in KINDS else (0.9, 5.5))
    if abs(u - eye_u) < room and s - eye_s < ahead:
        return
    if kind in MOVES:
        half_u, half_s = footprint(kind, turn)
        for other_u, other_s, other_half_u, other_half_s, vehicle in plan.moving:
            crowded = abs(u - other_u) < half_u + other_half_u and abs(s - other_s) < half_s + other_half_s
            if crowded and (vehicle or kind in SHAPES):
                return
        plan.moving.append((u, s, half_u, half_s, kind in SHAPES))
    plan.things.append(Thing(kind, u, s, draws.child(), turn, size, extra))


def footprint(kind: str, turn: float) -> tuple[float, float]:
    """Return half the room that something moving takes across and along the street, metres."""
    if kind in SHAPES:
        room = reach(kind)
        along = abs(math.cos(turn)) > 0.7
        return (room.half_width, room.half_length) if along else (room.half_length, room.half_width)
    return (0.35, 0.35) if kind == "walker" else (0.4, 0.95)


def _posts(plan: Plan, section: Section, side: int, draws: RandomDraws) -> None:
    kerb = section.half_road + 0.45
    pitch, s = draws.between(16, 26), draws.between(5, 14)
    while s < 120:
        if not section.in_crossing(s, 1):
            _add(plan, "lamp", side * kerb, s, draws)
        s += pitch
    s = draws.between(4, 12)
    while s < 70:
        if not section.in_crossing(s, 1):
            kind = draws.pick(("sign", "sign", "sign", "hoarding") if section.kind != "suburb" else ("sign",))
            _add(
                plan,
                kind,
                side * (kerb + (0.25 if kind == "hoarding" else 0.0)),
                s,
                draws,
                size=draws.between(0.9, 1.25),
            )
        s += draws.between(9, 22)
    if draws.chance(0.35):
        s = draws.between(3, 6)
        for _ in range(draws.integer(4, 9)):
            if not section.in_crossing(s, 0.5):
                _add(plan, "bollard", side * (section.half_road + 0.35), s, draws)
            s += 1.7


def _green(plan: Plan, section: Section, side: int, draws: RandomDraws) -> None:
    rows = {"narrow": 0.15, "avenue": 0.9, "suburb": 0.45, "park": 0.75}.get(section.kind, 0.5)
    if draws.chance(rows):
        pitch, s = draws.between(7, 13), draws.between(-13, -3)
        tall = draws.between(5.5, 7.5) if section.kind in ("narrow", "town") else draws.between(6.5, 10)
        u = section.half_road + (section.verge / 2 if section.verge else 0.8)
        while s < 110:
            if not section.in_crossing(s, 2):
                _add(plan, "tree", side * u, s + draws.between(-0.6, 0.6), draws, size=tall)
            s += pitch
    edge, line = section.pavement_edge(side), section.building_line(side)
    if section.park[side > 0]:
        _scatter(plan, "bush", 12, (side * (edge + 0.8), side * (edge + 4)), (4, 40), (0.7, 1.6), draws)
        for _ in range(34):
            s = draws.between(5, 100)
            _add(plan, "tree", side * (edge + draws.between(2.0, 6 + s * 0.35)), s, draws, size=draws.between(6, 13))
    elif section.kind == "suburb":
        _scatter(plan, "bush", 9, (side * (edge + 0.8), side * (line - 0.3)), (4, 60), (0.6, 1.4), draws)
        _scatter(plan, "tree", 5, (side * (edge + 1.0), side * line), (6, 80), (4, 8), draws)
        _scatter(plan, "tree", 6, (side * (line + 9), side * (line + 16)), (14, 90), (8, 12), draws)
    elif draws.chance(0.4):
        _scatter(plan, "bush", 4, (side * (edge - 0.4), side * (edge - 0.4)), (4, 30), (0.5, 0.8), draws)


def _scatter(
    plan: Plan, kind: str, count: int, across: tuple[float, float], ahead: tuple[float, float],
    size: tuple[float, float], draws: RandomDraws,
) -> None:  # fmt: skip
    """Put some things anywhere within a strip, but not on a street that crosses."""
    for _ in range(count):
        u, s, tall = draws.between(*across), draws.between(*ahead), draws.between(*size)
        if not plan.section.in_crossing(s, 1):
            _add(plan, kind, u, s, draws, size=tall)


def _fences(plan: Plan, section: Section, side: int, draws: RandomDraws) -> None:
    edge = section.pavement_edge(side)

    def run(kind: str, u: float, s0: float, s1: float, size: float) -> None:
        if s1 - s0 < 1.5:
            return
        if kind == "hedge":
            _add(plan, "hedge", side * u, s0, draws, size=size, extra=(s1 - s0,))
        else:
            # In stretches, so that things between them can be painted in order.
            s = s0
            while s < s1:
                end = min(s1, s + 4)
                _add(plan, kind, side * u, s, draws, size=size, extra=(side * u, end))
                s = end

    if section.park[side > 0]:
        kind = draws.pick(("railing", "railing", "hedge", "wall"))
        run(kind, edge + 0.15, 0.5, 70, {"railing": 1.25, "hedge": 1.0}.get(kind, 0.7))
    elif section.kind == "suburb":
        s = draws.between(-3, 2)
        while s < 70:
            long = draws.between(6, 13)
            kind = draws.pick(("picket", "boards", "wall", "hedge", "hedge", "railing", "picket"))
            size = {"picket": 1.0, "boards": 1.35, "wall": 0.7, "hedge": draws.between(0.9, 1.6)}.get(kind, 1.1)
            run(kind, edge + 0.1, max(0.5, s), s + long - 1.6, size)
            s += long
    else:
        throw = draws.unit()
        stop = section.crossing_street[0] - 2 if section.crossing_street else 60
        if throw < 0.46:
            s0 = draws.between(1.5, 14)
            kind = draws.pick(("railing", "railing", "barrier"))
            run(kind, section.half_road + 0.3, s0, min(stop, s0 + draws.between(8, 26)), 1.05)
        elif throw < 0.66:
            s0 = draws.between(6, 20)
            run("works", section.half_road + 0.9, s0, min(stop, s0 + draws.between(4, 9)), 1.1)
        elif section.pavement[side > 0] > 2.4 and throw < 0.88:
            s0 = draws.between(2, 12)
            run("railing", edge - 0.35, s0, min(stop, s0 + draws.between(8, 22)), 1.1)


def _parked(plan: Plan, section: Section, side: int, draws: RandomDraws) -> None:
    if not section.parking[side > 0]:
        return
    ahead = (side > 0) == section.drives_right
    s, fill = draws.between(5.5, 9), draws.between(0.45, 0.9)
    while s < 95:
        kind = draws.pick(KINDS)
        room = reach(kind)
        clear = section.zebra is None or abs(s - section.zebra - 1.5) > 4.5
        if draws.chance(fill) and clear and not section.in_crossing(s, 4.5):
            u = side * (section.half_road - room.half_width - 0.15)
            _add(plan, kind, u, s, draws, turn=(0.0 if ahead else math.pi) + draws.between(-0.02, 0.02), extra=(0.0,))
        s += room.half_length * 2 + draws.between(0.9, 2.2)


def _traffic(plan: Plan, section: Section, draws: RandomDraws) -> None:
    hand = 1.0 if section.drives_right else -1.0
    room = section.half_road
    lane = room * (0.34 if section.lanes == 2 else 0.3)
    if section.parking[0] and section.parking[1] and room < 5:
        lane = max(0.9, (room - 2.0) * 0.5)
    for way in (1.0, -1.0):
        lanes = (lane,) if section.lanes == 2 else (room * 0.24, room * 0.7)
        for offset in lanes:
            if section.lanes == 4 and offset > room / 2 and section.parking[hand * way > 0]:
                continue
            s = draws.between(9, 40)
            while s < 110:
                kind = "bus" if draws.chance(0.08) and section.half_road > 4 else draws.pick(KINDS)
                if section.half_road > 3.2 or draws.chance(0.4):
                    turn = 0.0 if way > 0 else math.pi
                    _add(plan, kind, hand * way * offset, s + reach(kind).half_length, draws, turn=turn, extra=(1.0,))
                s += reach(kind).half_length * 2 + draws.between(6, 45)
    cross = section.crossing_street
    if cross is not None:
        middle = (cross[0] + cross[1]) / 2
        for way in (1.0, -1.0):
            u = draws.between(-14, 6)
            for _ in range(draws.integer(0, 2)):
                kind = draws.pick(KINDS)
                _add(
                    plan,
                    kind,
                    u,
                    middle - hand * way * (cross[1] - cross[0]) * 0.22,
                    draws,
                    turn=way * QUARTER,
                    extra=(1.0,),
                )
                u += draws.between(7, 16)


def _walkers(plan: Plan, section: Section, draws: RandomDraws) -> None:
    busy = {"suburb": 0.5, "park": 0.8, "narrow": 1.0}.get(section.kind, 1.15)
    for side in (-1, 1):
        low = section.half_road + 0.7 + section.verge
        high = section.pavement_edge(side) - 0.5
        for _ in range(int(draws.between(4, 12) * busy)):
            s = 4.5 + 60 * draws.unit() ** 1.7
            if section.in_crossing(s, 0.5):
                continue
            u, way = side * draws.between(low, max(low + 0.1, high)), draws.pick((0.0, math.pi))
            turn = way + draws.between(-0.3, 0.3)
            size = draws.between(0.92, 1.06) if draws.chance(0.88) else draws.between(0.6, 0.78)
            _add(plan, "walker", u, s, draws, turn=turn, size=size)
            if draws.chance(0.3):
                _add(
                    plan,
                    "walker",
                    u - side * 0.62,
                    s + draws.between(-0.2, 0.2),
                    draws,
                    turn=turn,
                    size=draws.between(0.62, 1.05),
                )
    if section.zebra is not None:
        for _ in range(draws.integer(0, 4)):
            u = draws.between(-0.9, 0.9) * section.half_road
            _add(
                plan,
                "walker",
                u,
                section.zebra + draws.between(0.6, 2.8),
                draws,
                turn=draws.pick((-QUARTER, QUARTER)),
                size=draws.between(0.92, 1.05),
            )


def _cyclists(plan: Plan, section: Section, draws: RandomDraws) -> None:
    hand = 1.0 if section.drives_right else -1.0
    for _ in range(draws.pick((0, 1, 1, 2, 2, 3, 4))):
        way = draws.pick((1.0, 1.0, -1.0))
        out = section.half_road - 0.7
        if section.parking[hand * way > 0]:
            out = max(0.9, section.half_road - 2.7)
        s = 5.0 + 30 * draws.unit() ** 1.3
        _add(
            plan,
            "cyclist",
            hand * way * out,
            s,
            draws,
            turn=(0.0 if way > 0 else math.pi) + draws.between(-0.12, 0.12),
            size=draws.between(0.95, 1.05),
        )
    cross = section.crossing_street
    if cross is not None and draws.chance(0.5):
        _add(plan, "cyclist", draws.between(-5, 5), cross[0] + 1.2, draws, turn=draws.pick((-QUARTER, QUARTER)))


def _crossing_furniture(plan: Plan, section: Section, draws: RandomDraws) -> None:
    if section.zebra is None:
        return
    lights = section.crossing_street is not None and draws.chance(0.8)
    for side in (-1, 1):
        kind = "traffic light" if lights else "sign"
        _add(plan, kind, side * (section.half_road + 0.5), section.zebra + (-0.4 if side > 0 else 3.4), draws, size=1.1)
        if lights and section.crossing_street is not None:
            _add(plan, kind, side * (section.half_road + 0.5), section.crossing_street[1] + 1.2, draws)
