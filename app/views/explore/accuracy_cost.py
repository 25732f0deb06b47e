"""Accuracy against evaluations of f, as measured on many pictures, with a person's runs on it.

Numbers in, a plotly figure out. No streamlit here.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from plotly import graph_objects as go

from app.solving.runs import Run
from app.ui.theme import Ink
from segnode.ode import TABLEAUS
from segnode.results.accuracy_cost import SetScores

HEIGHT = 300
_FONT = "Inter, system-ui, sans-serif"
_GRID, _LINE = "rgba(128,128,128,0.2)", "rgba(128,128,128,0.75)"
_METHODS = (*TABLEAUS, "dopri5")


@dataclass(frozen=True)
class Point:
    """A run. letter: A or B, empty for an earlier one. miou: on its own picture, percent; None where not known."""

    letter: str
    name: str
    evaluations: int
    miou: float | None


def measured_as(run: Run) -> str:
    """What a run's solver is called among the measured variants, which end at T."""
    solver = run.solver
    return f"{solver.method}, {solver.rtol:.0e}" if solver.adaptive else solver.name


def accuracy_cost(scores: SetScores, measured: Mapping[str, str], runs: list[Point], ink: Ink) -> go.Figure:
    """mIoU in percent over evaluations of f: a line for each method, and the runs at their own picture's mIoU.

    measured: by letter, the variant that a run is one of: it is ringed on its line.
    """
    figure, colours = go.Figure(), {"A": ink.final, "B": ink.truth, "": ink.text}
    for method in _METHODS:
        points = _of_method(scores, method)
        if not points:
            continue
        names, x, y = zip(*points, strict=True)
        line = {"color": _LINE, "width": 1.5}
        hover = "%{text}: %{y:.1f} at %{x:.3g} evaluations<extra></extra>"
        figure.add_scatter(x=x, y=y, text=names, mode="lines+markers", line=line, hovertemplate=hover)
        name = {"text": method, "xanchor": "right", "yanchor": "bottom", "xshift": -4}
        figure.add_annotation({"x": math.log10(x[0]), "y": y[0], **name})
    for letter, variant in measured.items():
        point = scores.variants[variant]
        marker = {"symbol": "circle-open", "size": 15, "color": colours[letter], "line": {"width": 2.5}}
        hover = f"{letter}, as measured: {variant}, {point.miou:.1f}<extra></extra>"
        figure.add_scatter(x=[point.evaluations], y=[point.miou], mode="markers", marker=marker, hovertemplate=hover)
    for run in runs:
        if run.miou is None:
            continue
        marker = {"symbol": "diamond", "size": 12 if run.letter else 8, "color": colours[run.letter]}
        hover = f"{run.name} on this picture: {run.miou:.1f} at {run.evaluations} evaluations<extra></extra>"
        figure.add_scatter(x=[run.evaluations], y=[run.miou], mode="markers", marker=marker, hovertemplate=hover)
        if run.letter:
            place = {"xanchor": "left", "xshift": 10, "yanchor": "top" if run.letter == "A" else "bottom"}
            text = {"text": f"<b>{run.letter}</b> {run.name}", "font": {"color": colours[run.letter], "size": 13}}
            figure.add_annotation({"x": math.log10(run.evaluations), "y": run.miou, **place, **text})
    plain = {"zeroline": False, "fixedrange": True, "showgrid": True, "gridcolor": _GRID}
    ticks = [1, 2, 4, 8, 16, 32, 64]
    figure.update_xaxes(type="log", title="evaluations of f", tickvals=ticks, range=[-0.25, math.log10(110)], **plain)
    figure.update_yaxes(title="mIoU, %", nticks=6, **plain)
    figure.update_annotations(showarrow=False)
    figure.update_traces(cliponaxis=False)
    figure.update_layout(
        height=HEIGHT,
        margin={"l": 56, "r": 16, "t": 12, "b": 44},
        font={"color": ink.text, "size": 12, "family": _FONT},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        showlegend=False,
        dragmode=False,
    )
    return figure


def _of_method(scores: SetScores, method: str) -> list[tuple[str, float, float]]:
    """Name, evaluations and mIoU of a method's solves to T, the cheapest first."""
    points = [
        (name, variant.evaluations, variant.miou)
        for name, variant in scores.variants.items()
        if name.startswith((f"{method}-", f"{method}, "))
    ]
    return sorted(points, key=lambda point: point[1])
