"""What a building is: measures, materials and colours, drawn for a whole street so that its houses belong together."""

from dataclasses import dataclass, replace

from segnode.streets.paint.colours import Colour, mix, palette
from segnode.streets.plan import Section
from segnode.streets.random_draws import RandomDraws


@dataclass(frozen=True)
class Town:
    """The habits of a place: colours of walls, trims, roofs and doors, how often each material and roof appears."""

    name: str
    walls: tuple[Colour, ...]
    trims: tuple[Colour, ...]
    roofs: tuple[Colour, ...]
    accents: tuple[Colour, ...]
    materials: tuple[str, ...]
    tops: tuple[str, ...]
    windows: tuple[str, ...]


TOWNS: tuple[Town, ...] = (
    Town("harbour", palette("d98c6a e4b48a efd9b4 b9564a 8aa6a8 d9cdb8 6f8fa0 e9c27e"), palette("f4efe4 e9e2d2"),
         palette("8c4a3a 9c5a44 5d5a5e"), palette("27495c b8412f 2f5d4c e0a63a"), ("plaster", "plaster", "brick"),
         ("gable", "street gable", "gable", "flat"), ("cross", "shutters", "tall")),
    Town("canal", palette("9a5642 83493c b07257 6f4038 c28a6a 5c4640 d9c9ad"), palette("f2ecdf dfd5c2"),
         palette("5a5152 74453a 4d4a50"), palette("1f3d36 203a5c 7e2a28 caa24c"),
         ("brick", "brick", "brick", "plaster"), ("street gable", "street gable", "stepped", "flat"),
         ("cross", "tall", "cross")),
    Town("boulevard", palette("e2d3b6 d9c8a8 e8dcc6 cfbd9e d8cbb8 c9b99f"), palette("efe6d4 d3c4a6"),
         palette("5f6876 566070 6a7078"), palette("22384a 6e2230 2e4a3c 3a3a3c"), ("stone", "stone", "plaster"),
         ("mansard", "mansard", "mansard", "flat"), ("french", "french", "tall")),
    Town("north", palette("c9543e e0a94a 4d7a84 e9ddc8 86a48c b86b52 d8b9a0 3e5d78"), palette("f6f2ea eee8da"),
         palette("4f4a4c 7a4034 5d6470"), palette("2a3f50 e8e2d2 913a2c"), ("plaster", "wood", "plaster", "brick"),
         ("gable", "street gable", "gable", "mansard"), ("cross", "grid", "tall")),
    Town("south", palette("eac99a e6b27c f0dcc0 d99a72 e9d3b0 dcb7a0 c9876a f3e7d4"), palette("f7efe0 e6d6ba"),
         palette("b96a48 a85c40 c07c58"), palette("3c6a5c 2f5a78 8a3c2c 58754a"), ("plaster", "plaster", "stone"),
         ("gable", "flat", "gable", "flat"), ("shutters", "shutters", "french")),
    Town("modern", palette("cfd2d2 e6e4de a7adb0 b98d6a 8c9498 d8cfc0 6d7880"), palette("f0f0ee 4a5058"),
         palette("5c6066 74787c 8a8a88"), palette("e0603c 2f7a78 e8b440 2c3038"),
         ("plaster", "panel", "brick", "panel"), ("flat", "flat", "flat", "terrace"), ("band", "grid", "wide", "wide")),
    Town("terraces", palette("a8674e b47a5c 94573f c99a78 d8c8b0 8a5a48"), palette("f3ede2 e6ddcc"),
         palette("5b5a60 6a5048 545860"), palette("26343f 7a2430 2c5040 d2a23c 44618a"), ("brick", "brick", "plaster"),
         ("gable", "gable", "parapet"), ("sash", "sash", "bay")),
)  # fmt: skip


@dataclass(frozen=True)
class Building:
    """One house. line: |u| of its front; s0, s1: its ends along the street; heights in metres."""

    side: int
    line: float
    s0: float
    s1: float
    depth: float
    floors: int
    ground_floor: float
    storey: float
    wall: Colour
    trim: Colour
    roof: Colour
    accent: Colour
    material: str
    top: str
    window: str
    shop: bool
    balconies: bool
    base: float
    corner: bool  # its end towards us lies on a street too
    draws: RandomDraws
    hidden_end: bool = False  # the house before it covers its end

    @property
    def height(self) -> float:
        return self.ground_floor + self.storey * (self.floors - 1)


def draw_row(town: Town, section: Section, side: int, start: float, end: float, draws: RandomDraws) -> list[Building]:
    """Return the houses of one side between two places along the street."""
    row: list[Building] = []
    suburb = section.kind == "suburb"
    s = start
    usual = draws.integer(*section.floors)
    while s < end - 3.5:
        usual_width = {"suburb": (7.5, 12.5), "narrow": (5.5, 9.0)}.get(section.kind, (8.0, 17.0))
        wide = min(draws.between(*usual_width), end - s)
        gap = 0.0
        if suburb:
            gap = draws.between(1.5, 5.5)
        elif draws.chance(0.08):
            gap = draws.between(2.0, 7.0)
        floors = max(1, min(section.floors[1] + 1, usual + draws.pick((-1, 0, 0, 0, 1))))
        if section.in_crossing(s + wide, 1.5) or section.in_crossing(s, 1.5) or _spans(section, s, wide):
            cross = section.crossing_street or (s, s)
            shorter = cross[0] - 2.0 - s
            if shorter < 4.5:
                s = cross[1] + 2.0
                continue
            wide = min(wide, shorter)
        corner = section.crossing_street is not None and 0 <= s - section.crossing_street[1] < 2.5
        house = _draw_building(town, section, side, s, wide, floors, corner, draws)
        before = row[-1] if row else None
        if before is not None and s - before.s1 < 0.1 and before.height >= house.height + 4 and not corner:
            house = replace(house, hidden_end=before.line <= house.line + 0.01)
        row.append(house)
        s += wide + gap
    return row


def _spans(section: Section, s: float, wide: float) -> bool:
    cross = section.crossing_street
    return cross is not None and s < cross[0] and s + wide > cross[0] - 2.0


def _draw_building(
    town: Town, section: Section, side: int, s: float, wide: float, floors: int, corner: bool, draws: RandomDraws
) -> Building:
    suburb = section.kind == "suburb"
    shop = draws.chance(0.0 if suburb else 0.55)
    material, top = draws.pick(town.materials), draws.pick(town.tops)
    if suburb and top in ("mansard", "stepped", "flat", "parapet"):
        top = draws.pick(("gable", "street gable"))
    if wide > 11 and top in ("street gable", "stepped"):
        top = "gable"
    if corner:
        top = "flat" if top in ("street gable", "stepped", "gable") else top
    return Building(
        side=side,
        line=section.building_line(side) + (draws.between(0, 1.2) if suburb else draws.pick((0.0, 0.0, 0.15, 0.3))),
        s0=s,
        s1=s + wide,
        depth=draws.between(15, 24) if corner else draws.between(8, 11),
        floors=floors,
        ground_floor=draws.between(3.5, 4.3) if shop else draws.between(2.9, 3.5),
        storey=draws.between(2.8, 3.4),
        wall=mix(draws.pick(town.walls), (255, 250, 240), draws.between(0.0, 0.16)),
        trim=draws.pick(town.trims),
        roof=draws.pick(town.roofs),
        accent=draws.pick(town.accents),
        material=material,
        top=top,
        window=draws.pick(town.windows),
        shop=shop,
        balconies=draws.chance(0.3) and not suburb,
        base=draws.between(0.3, 0.9),
        corner=corner,
        draws=draws.child(),
    )
