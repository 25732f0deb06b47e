"""Figures over a whole data set: numbers in, a plotly figure out. No streamlit here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from plotly import graph_objects as go

from app.solving.runs import Run
from app.ui.placing import spread
from app.ui.theme import Ink
from segnode.data.classes import CAMVID, colour
from segnode.data.vocabularies import VOCABULARIES
from segnode.results.trajectory_error import ErrorRecord

#: What is averaged: the errors of single pictures, or one error over all pixels of the set.
Kind = Literal["pictures", "dataset"]

#: Pixels.
HEIGHT, CLASSES_HEIGHT = 400, 340
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 112, 44, 36
_LABEL_GAP = 16
_FONT = "Inter, system-ui, sans-serif"
_GRID = "rgba(128,128,128,0.2)"


@dataclass(frozen=True)
class _Line:
    """Percent over solve time. name: beside its end. ink: of the name. about: behind its value, under the pointer."""

    times: Sequence[float]
    values: Sequence[float]
    colour: str
    name: str
    ink: str
    about: str
    dash: str = "solid"


def average_curve(record: ErrorRecord, kind: Kind, own: Run | None, ink: Ink) -> go.Figure:
    """mIoU error over solve time against the truth and the final answer; on top, the evaluations of f spent.

    kind: with `pictures`, shades hold the middle half and the middle 80 % of them. own: one more run, drawn dotted.
    """
    figure, lines = go.Figure(), []
    for name, errors, shade in (("final result", record.final, ink.final), ("truth", record.truth, ink.truth)):
        if kind == "pictures":
            _band(figure, record.times, errors.p10, errors.p90, shade)
            _band(figure, record.times, errors.p25, errors.p75, shade)
        values = errors.mean if kind == "pictures" else errors.dataset
        lines.append(_Line(record.times, values, shade, f"vs. {name}", shade, f"vs. {name}"))
    if own is not None:
        shown = own.times <= record.times[-1]
        for name, result, shade in (("final result", own.to_final, ink.final), ("truth", own.to_truth, ink.truth)):
            if result is not None:
                times, values = own.times[shown].tolist(), result[shown].tolist()
                lines.append(_Line(times, values, shade, "your run", shade, f"vs. {name}, your run", "dot"))
    highest = max(*record.truth.p90, *record.final.p90, *(value for line in lines for value in line.values))
    _draw(figure, lines, record, 1.04 * max(1.0, highest), HEIGHT, ink)
    _name_y(figure, "mIoU error")
    return figure


def class_curves(record: ErrorRecord, names: Sequence[str], ink: Ink) -> go.Figure:
    """IoU of the classes `names` against the truth, over all pixels of the set, in the colours of their labels."""
    known = _colours(record.iou)
    lines = []
    for index, (name, values) in enumerate(record.iou.items()):
        if name in names:
            red, green, blue = known.get(name) or colour(index)
            lines.append(_Line(record.times, values, f"rgb({red},{green},{blue})", name, ink.text, name))
    figure = go.Figure()
    _draw(figure, lines, record, 104.0, CLASSES_HEIGHT, ink)
    _name_y(figure, "IoU")
    return figure


def _colours(names: Iterable[str]) -> dict[str, tuple[int, int, int]]:
    """By name, the colours of the vocabulary that has the most of these classes."""
    known = (CAMVID, *(vocabulary.classes for vocabulary in VOCABULARIES.values()))
    classes = max(known, key=lambda classes: len(set(names) & set(classes.names)))
    return dict(zip(classes.names, classes.palette, strict=True))


def _draw(figure: go.Figure, lines: Sequence[_Line], record: ErrorRecord, top: float, height: int, ink: Ink) -> None:
    """Lines with their names, the solver's steps as ticks, both axes of time."""
    for line in lines:
        style = {"color": line.colour, "width": 2.5 if line.dash == "solid" else 2, "dash": line.dash}
        hover = f"%{{y:.1f}} % {line.about}<extra></extra>"
        figure.add_scatter(x=line.times, y=line.values, mode="lines", name=line.name, line=style, hovertemplate=hover)
    ticks = {"symbol": "line-ns", "size": 9, "line": {"width": 1.5, "color": ink.text}}
    steps = {"x": record.step_times, "y": [0.0] * len(record.step_times), "marker": ticks}
    # A second axis is drawn only where a trace hangs on it.
    figure.add_scatter(**steps, mode="markers", hoverinfo="skip", cliponaxis=False, xaxis="x2")
    _name_ends(figure, lines, top, height)
    until = record.times[-1]
    quarters = [until * quarter / 4 for quarter in range(5)]
    marks = record.cost_marks()
    plain = {"zeroline": False, "showline": False, "fixedrange": True, "ticks": "", "showgrid": False}
    figure.update_layout(
        xaxis={
            "range": [0, until],
            "ticklabelstandoff": 8,
            "tickvals": quarters,
            "ticktext": [*(f"{d:g}" for d in quarters[:4]), f"T = {until:g}"],
        }
        | plain,
        xaxis2={
            "range": [0, until],
            "overlaying": "x",
            "side": "top",
            "ticklabelstandoff": 4,
            "tickvals": [d for d, _ in marks],
            "ticktext": [f"{cost:.3g}" for _, cost in marks],
        }
        | plain,
        yaxis={"range": [-0.02 * top, top], "nticks": 6, "ticksuffix": " %", "ticklabelstandoff": 6, "gridcolor": _GRID}
        | plain
        | {"showgrid": True},
        height=height,
        margin={"l": _LEFT, "r": _RIGHT, "t": _TOP, "b": _BOTTOM},
        font={"color": ink.text, "size": 12, "family": _FONT},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        showlegend=False,
        hovermode="x",
        hoverlabel={"font": {"size": 12, "family": _FONT}},
        dragmode=False,
    )


def _name_y(figure: go.Figure, words: str) -> None:
    figure.update_yaxes(title={"text": words, "standoff": 4})


def _band(figure: go.Figure, times: Sequence[float], low: Sequence[float], high: Sequence[float], shade: str) -> None:
    around = {"x": [*times, *times[::-1]], "y": [*low, *high[::-1]]}
    figure.add_scatter(**around, fill="toself", fillcolor=shade, opacity=0.14, mode="none", hoverinfo="skip")


def _name_ends(figure: go.Figure, lines: Sequence[_Line], top: float, height: int) -> None:
    """Name each line beside its end with its last value, no two names on each other, and both axes beside theirs."""
    percent_a_pixel = 1.02 * top / (height - _TOP - _BOTTOM)
    places = spread([line.values[-1] for line in lines], _LABEL_GAP * percent_a_pixel, 0.0, top)
    beside = {"xref": "paper", "x": 1, "xshift": 10, "xanchor": "left", "showarrow": False}
    for line, place in zip(lines, places, strict=True):
        end = line.values[-1]
        words = f"{line.name} {end:.0f} %" if end >= 0.5 else line.name
        figure.add_annotation(text=words, font_color=line.ink, y=place, **beside)
    for words, y, across, up in (("evaluations of f", 1, 14, 14), ("solve time t", 0, 30, -17)):
        figure.add_annotation(beside, text=words, yref="paper", y=y, yanchor="middle", xshift=across, yshift=up)
