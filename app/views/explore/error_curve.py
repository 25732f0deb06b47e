"""The error over solve time, for the plain player: arrays in, a plotly figure out. No streamlit here."""

import numpy as np
from jaxtyping import Float
from plotly import graph_objects as go

from app.ui.placing import spread
from app.ui.theme import Ink
from segnode.types import Times

#: Pixels. The page's slider leaves the same room beside it, so that both share one time axis.
LEFT, RIGHT = 40, 96
HEIGHT = 148
_TOP, _BOTTOM = 8, 40
_LABEL_GAP = 14


# On either background.
_GRID, _CURSOR = "rgba(128,128,128,0.2)", "rgba(128,128,128,0.9)"


def error_curve(
    times: Times,
    step_times: Times,
    to_final: Float[np.ndarray, " n"],
    to_truth: Float[np.ndarray, " n"] | None,
    *,
    now: int,
    ink: Ink,
) -> go.Figure:
    """mIoU error over solve time, in percent, against the last frame and, where it is known, against the truth.

    step_times: drawn as ticks on the axis. now: index of the frame the cursor stands on.
    """
    lines = [("final result", to_final, ink.final, "dash")]
    if to_truth is not None:
        lines.append(("truth", to_truth, ink.truth, "solid"))
    top = 1.12 * max(1.0, *(float(errors.max()) for _, errors, _, _ in lines))
    figure = go.Figure()
    figure.add_vline(times[now], line={"color": _CURSOR, "width": 1})
    for name, errors, colour, dash in lines:
        line = {"color": colour, "width": 2, "dash": dash}
        hover = f"%{{y:.1f}} % from the {name}<extra></extra>"
        figure.add_scatter(x=times, y=errors, mode="lines", name=name, line=line, hovertemplate=hover)
        marker = {"color": colour, "size": 9}
        figure.add_scatter(x=times[[now]], y=errors[[now]], mode="markers", marker=marker, hoverinfo="skip")
    ticks = {"symbol": "line-ns", "size": 8, "line": {"width": 1.5, "color": ink.text}}
    figure.add_scatter(x=step_times, y=np.zeros_like(step_times), mode="markers", marker=ticks, hoverinfo="skip")
    _label_ends(figure, [(name, float(errors[-1]), colour) for name, errors, colour, _ in lines], top)
    caption = "mIoU error over time; ticks: the solver's steps"
    figure.add_annotation(text=caption, xref="paper", yref="paper", x=0, y=0, yshift=-20, xanchor="left", yanchor="top")
    quarters = [float(times[-1]) * quarter / 4 for quarter in range(5)]
    names = [f"{depth:g}" for depth in quarters[:4]] + [f"T = {quarters[4]:g}"]
    plain = {"zeroline": False, "showline": False, "fixedrange": True, "ticks": ""}
    figure.update_xaxes(
        range=[float(times[0]), float(times[-1])], tickvals=quarters, ticktext=names, showgrid=False, **plain
    )
    figure.update_yaxes(
        range=[-0.05 * top, top], nticks=4, ticksuffix=" %", ticklabelstandoff=6, gridcolor=_GRID, **plain
    )
    figure.update_annotations(showarrow=False, font_size=11)
    figure.update_traces(cliponaxis=False)
    figure.update_layout(
        height=HEIGHT,
        margin={"l": LEFT, "r": RIGHT, "t": _TOP, "b": _BOTTOM},
        font={"color": ink.text, "size": 11, "family": "Inter, system-ui, sans-serif"},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        showlegend=False,
        hovermode="x",
        dragmode=False,
    )
    return figure


def _label_ends(figure: go.Figure, ends: list[tuple[str, float, str]], top: float) -> None:
    """Name each line beside its end, in its own colour, without overlaps."""
    percent_a_pixel = 1.05 * top / (HEIGHT - _TOP - _BOTTOM)
    places = spread([end for _, end, _ in ends], _LABEL_GAP * percent_a_pixel, 0.0, top)
    for (name, end, colour), place in zip(ends, places, strict=True):
        text = f"vs. {name} {end:.0f} %" if end >= 0.5 else f"vs. {name}"
        figure.add_annotation(text=text, font_color=colour, xref="paper", x=1, xshift=8, xanchor="left", y=place)
