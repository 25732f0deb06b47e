"""The picture of costs: numbers in, a plotly figure out. No streamlit here."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from html import escape
from typing import Literal

from plotly import graph_objects as go

from app.ui.placing import Place, Plot, Segment, Spot, places
from app.ui.point_names import THREAD, Frame, write_name
from app.ui.theme import DARK, LIGHT, Ink, family_ink
from segnode.results.cost import REFERENCE, CostRow, Costs, Measures

#: Which time is drawn.
Time = Literal["training", "testing"]
#: Which points: ours and the paper's of `MAIN`, or every row.
Shown = Literal["main", "all"]
MAIN = ("SegNode", "Baseline", REFERENCE)
_FONT = "Inter, system-ui, sans-serif"
_GRID = "rgba(128,128,128,0.18)"
_TAG = re.compile("<.*?>")
#: Calmer than the colour of the circle, and read more easily.
_BESIDE_POINTER = {
    LIGHT: {"bgcolor": "#ffffff", "bordercolor": "#e2ded8"},
    DARK: {"bgcolor": "#1d1f22", "bordercolor": "#2f3236"},
}
#: Room above the highest and beside the outermost point, in doublings.
_AIR = 0.45


WIDE = Frame(height=520, widths=(480, 600, 700, 860), left=48, right=76, biggest=30, letter=12, reach=124)
NARROW = Frame(height=500, widths=(240, 290, 340, 440), left=38, right=30, biggest=22, letter=11, reach=54)
_TOP, _BOTTOM = 30, 44


@dataclass(frozen=True)
class Point:
    """One row in the picture.

    name: in the paper's rows italic. memory: GiB. ratio: its time to HRNetV2's. about: the lines under the pointer, as
    HTML. main: named before the others.
    """

    name: str
    memory: float
    ratio: float
    parameters_m: float
    hollow: bool
    colour: str
    about: str
    main: bool


def cost_picture(costs: Costs, time: Time, shown: Shown, frame: Frame, ink: Ink) -> go.Figure:
    """Time, as a ratio to HRNetV2, over training memory: the paper's rows hollow, ours solid, areas the parameters.

    Rows without the one or the other are not in it: see `undrawn`.
    """
    rows = costs.networks if shown == "all" else main_rows(costs)
    ours = {row.name: point for row in rows if (point := _ours(row, costs, time, ink))}
    names = costs.paper if shown == "all" else [name for name in MAIN if name in costs.paper]
    papers = {name: point for name in names if (point := _theirs(name, costs, time, ink))}
    if shown == "main":
        ours = {row.name: replace(ours[row.name], name=f"{row.family}, here") for row in rows if row.name in ours}
        papers = {name: replace(point, name=f"<i>{name}, paper</i>") for name, point in papers.items()}
    points = [*papers.values(), *ours.values()]
    figure = go.Figure()
    if not points:
        return figure
    across = _doublings([*(point.memory for point in points), costs.limit_gib])
    up = _doublings([*(point.ratio for point in points), 1.0])
    pairs = [(row.paper or "", row.name) for row in costs.networks]
    threads = [(papers[paper], ours[own]) for paper, own in pairs if paper in papers and own in ours]
    figure.add_scatter(
        x=[x for one, other in threads for x in (one.memory, other.memory, None)],
        y=[y for one, other in threads for y in (one.ratio, other.ratio, None)],
        mode="lines",
        line={"color": THREAD, "width": 1},
        hoverinfo="skip",
        name="counterparts",
    )
    largest = max(point.parameters_m for point in points)
    _circles(figure, list(ours.values()), "ours", frame.biggest, largest)
    _circles(figure, list(papers.values()), "the paper", frame.biggest, largest)
    _lines(figure, costs.limit_gib, time, frame)
    _names(figure, points, threads, (across, up), frame)
    still = {"zeroline": False, "showline": False, "fixedrange": True, "ticks": "", "type": "log", "gridcolor": _GRID}
    figure.update_layout(
        xaxis={"range": _decades(across), "tickvals": (marks := _marks(across)), "ticktext": [f"{m:g}" for m in marks]}
        | still,
        yaxis={"range": _decades(up), "tickvals": (marks := _marks(up)), "ticktext": [_share(m) for m in marks]}
        | still,
        height=frame.height,
        margin={"l": frame.left, "r": frame.right, "t": _TOP, "b": _BOTTOM},
        font={"color": ink.text, "size": frame.letter, "family": _FONT},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        showlegend=False,
        hovermode="closest",
        hoverlabel=_BESIDE_POINTER[ink] | {"font": {"size": 12, "family": _FONT, "color": ink.text}, "align": "left"},
        dragmode=False,
    )
    return figure


def main_rows(costs: Costs) -> list[CostRow]:
    """Of each network of `MAIN` our first row."""
    first = {row.paper: row for row in reversed(costs.networks)}
    return [first[name] for name in MAIN if name in first]


def undrawn(costs: Costs, time: Time) -> list[str]:
    """Names of our rows that have no place in the picture."""
    return [row.name for row in costs.networks if _place(row.measures, time) is None]


def _place(measures: Measures, time: Time) -> tuple[float, float, float] | None:
    """Memory, time and parameters; None where one of them was not measured."""
    ratio = measures.training_ratio if time == "training" else measures.testing_ratio
    memory, parameters = measures.training_gib, measures.parameters_m
    return None if memory is None or ratio is None or parameters is None else (memory, ratio, parameters)


def _ours(row: CostRow, costs: Costs, time: Time, ink: Ink) -> Point | None:
    if (place := _place(row.measures, time)) is None:
        return None
    texts = [f"<b>{escape(row.name)}</b>, ours"]
    if row.evaluations is not None:
        texts.append(f"{row.evaluations:g} evaluations of f")
    texts += _told(row.measures, costs)
    by_device = costs.milliseconds(row).items()
    texts += [f"training step: {_ms(t.training_ms)}, {escape(where)}" for where, t in by_device if t.training_ms]
    texts += [f"testing: {_ms(t.testing_ms)}, {escape(where)}" for where, t in by_device if t.testing_ms]
    texts.append(f"memory: by {escape(row.memory_by)}")
    name = escape(row.name.removeprefix("SegNode, "))
    return Point(name, *place, False, family_ink(row.family, ink), "<br>".join(texts), row.paper is not None)


def _theirs(name: str, costs: Costs, time: Time, ink: Ink) -> Point | None:
    row, measures = costs.paper[name], costs.theirs(name)
    if (place := _place(measures, time)) is None:
        return None
    texts = [f"<b>{escape(name)}</b>, the paper, on a V100", *_told(measures, costs)]
    texts += [f"training: {row.training_s_an_epoch:g} s an epoch", f"testing: {_ms(row.testing_ms)}"]
    return Point(f"<i>{escape(name)}</i>", *place, True, family_ink(name, ink), "<br>".join(texts), True)


def _told(measures: Measures, costs: Costs) -> list[str]:
    words: Mapping[str, tuple[float | None, str]] = {
        "training memory at batch {batch}": (measures.training_gib, "{:.1f} GiB"),
        "training memory, of HRNetV2's": (measures.memory_ratio, "{:.2f}"),
        "largest batch in {limit:g} GiB": (measures.largest_batch, "{:.0f}"),
        "testing memory": (measures.testing_gib, "{:.2f} GiB"),
        "parameters": (measures.parameters_m, "{:.1f} M"),
        "multiply-adds": (measures.multiply_adds_g, "{:.1f} G a picture"),
        "training time, of HRNetV2's": (measures.training_ratio, "{:.2f}"),
        "testing time, of HRNetV2's": (measures.testing_ratio, "{:.2f}"),
    }
    return [
        f"{name.format(batch=costs.training_batch, limit=costs.limit_gib)}: {shape.format(value)}"
        for name, (value, shape) in words.items()
        if value is not None
    ]


def _ms(spent: float) -> str:
    return f"{spent / 1000:.1f} s" if spent >= 1000 else f"{spent:.0f} ms"


def _circles(figure: go.Figure, points: list[Point], name: str, biggest: int, largest: float) -> None:
    hollow = name != "ours"
    figure.add_scatter(
        x=[point.memory for point in points],
        y=[point.ratio for point in points],
        mode="markers",
        name=name,
        marker={
            "size": [2 * _radius(point, biggest, largest) for point in points],
            "color": ["rgba(0,0,0,0)" if hollow else point.colour for point in points],
            "opacity": 1 if hollow else 0.75,
            "line": {"width": 1.75 if hollow else 0, "color": [point.colour for point in points]},
        },
        text=[point.about for point in points],
        hovertemplate="%{text}<extra></extra>",
        cliponaxis=False,
    )


def _radius(point: Point, biggest: int, largest: float) -> float:
    """Pixels; areas are as the parameters, but for networks too small to be seen or touched."""
    return max(4.0, biggest / 2 * math.sqrt(point.parameters_m / largest))


def _lines(figure: go.Figure, limit: float, time: Time, frame: Frame) -> None:
    """HRNetV2's time and the card's memory, and what both axes hold."""
    for draw, place in ((figure.add_hline, 1.0), (figure.add_vline, limit)):
        draw(place, line={"color": THREAD, "width": 1, "dash": "dot"}, layer="below")
    beside = {"xref": "paper", "yref": "paper", "showarrow": False}
    figure.add_annotation(beside, text="training memory, GiB", x=1, y=0, xanchor="right", yanchor="top", yshift=-22)
    figure.add_annotation(
        beside,
        text=f"{time} time / {REFERENCE}'s",
        x=0,
        y=1,
        xanchor="left",
        yanchor="bottom",
        yshift=6,
        xshift=-frame.left,
    )
    words = {"xref": "x", "x": math.log10(limit), "xanchor": "center", "yanchor": "bottom", "yshift": 6}
    figure.add_annotation(beside | words, text=f"{limit:g} GiB", y=1)


def _names(
    figure: go.Figure,
    points: list[Point],
    threads: list[tuple[Point, Point]],
    spans: tuple[tuple[float, float], tuple[float, float]],
    frame: Frame,
) -> None:
    """Each point's name beside it, on a thread where it stands further off; a number where a name has no room.

    The figure's `meta` takes the names that are numbers, in their order from 1.
    """
    (left, right), (bottom, top) = spans

    def at(point: Point) -> tuple[float, float]:
        return (math.log2(point.memory) - left) / (right - left), (math.log2(point.ratio) - bottom) / (top - bottom)

    largest = max(point.parameters_m for point in points)
    lines: list[Segment] = [(*at(one), *at(other)) for one, other in threads]
    plot = Plot(frame.widths, frame.height - _TOP - _BOTTOM, frame.right - 4)

    def placed(order: list[Point]) -> list[tuple[Point, Spot, Place | None]]:
        spots = [Spot(*at(point), _radius(point, frame.biggest, largest), _TAG.sub("", point.name)) for point in order]
        return list(zip(order, spots, places(spots, plot, frame.reach, lines), strict=True))

    first = placed(sorted(points, key=lambda point: not point.main))
    named = [point for point, _, place in first if place is not None]
    crowded = [point for point, _, place in first if place is None]
    numbers = [replace(point, name=str(index)) for index, point in enumerate(crowded, 1)]
    for point, spot, place in placed([*named, *numbers]):
        _name(figure, point, spot, place or Place(0, 0, 0, False), frame)
    figure.update_layout(meta=[_TAG.sub("", point.name) for point in crowded])


def _name(figure: go.Figure, point: Point, spot: Spot, place: Place, frame: Frame) -> None:
    at = math.log10(point.memory), math.log10(point.ratio)
    write_name(figure, at, point.name, {"size": frame.letter - 1, "color": point.colour}, spot, place)


def _doublings(values: list[float]) -> tuple[float, float]:
    """The range of an axis, in powers of two."""
    return math.log2(min(values)) - _AIR, math.log2(max(values)) + _AIR


def _decades(span: tuple[float, float]) -> list[float]:
    return [edge * math.log10(2) for edge in span]


def _marks(span: tuple[float, float]) -> list[float]:
    return [2.0**power for power in range(math.ceil(span[0]), math.floor(span[1]) + 1)]


def _share(mark: float) -> str:
    return f"{mark:g}" if mark >= 1 else f"1/{1 / mark:g}"
