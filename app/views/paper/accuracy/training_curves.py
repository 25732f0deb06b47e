"""How the compact networks got where they are: validation and loss along a training. No streamlit here."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

import numpy as np
from plotly import graph_objects as go

from app.ui.placing import spread
from app.ui.theme import Ink
from app.views.paper.accuracy.comparison_figures import BOTTOM, GRID, TOP, dress, name_axes, network_ink
from segnode.results.comparison import Network, Run

#: What is drawn of a training, and along what.
Curve = Literal["mIoU", "loss"]
Along = Literal["epochs", "minutes"]

#: Logged losses that are one point of the curve.
WINDOW = 5
#: Pixels.
HEIGHT = 360
_LEFT, _RIGHT, _LABEL_GAP = 44, 132, 16
_NAMES: dict[Curve, str] = {"mIoU": "validation mIoU", "loss": "training loss"}
#: Where a thread leaves its level for its name, as a share of the axis.
_BEND = 0.96
_DASHES = ("dash", "dot", "dashdot")


@dataclass(frozen=True)
class _Line:
    """One training."""

    seed: int
    across: Sequence[float]
    values: Sequence[float]


@dataclass(frozen=True)
class _Drawn:
    """All trainings of a network, and how they are drawn."""

    label: str
    colour: str
    dash: str
    lines: tuple[_Line, ...]

    @property
    def end(self) -> tuple[float, float]:
        """Where its name belongs."""
        return max(line.across[-1] for line in self.lines), float(np.mean([line.values[-1] for line in self.lines]))


def training_curves(networks: Sequence[Network], curve: Curve, along: Along, ink: Ink) -> go.Figure:
    """Validation mIoU or loss of every run of `networks`, named at the right; a loss is the mean of `WINDOW` logged."""
    figure = go.Figure()
    dashes = _dashes(networks)
    drawn = []
    for network in networks:
        lines = tuple(line for run in network.runs if (line := _line(network, run, curve, along)).values)
        if lines:
            drawn.append(_Drawn(escape(network.title), network_ink(network, ink), dashes[network.title], lines))
    if not drawn:
        return figure
    values = [value for each in drawn for line in each.lines for value in line.values]
    until = max(each.end[0] for each in drawn)
    # Losses start at nothing; of mIoU the part that was reached is shown.
    bottom, top = (max(0.0, min(values) - 3), max(values) + 3) if curve == "mIoU" else (0.0, 1.05 * max(values))
    for each in drawn:
        _draw(figure, each, curve, along)
    _name_ends(figure, drawn, curve, (until, bottom, top))
    name_axes(figure, _NAMES[curve], along, _LEFT)
    dress(figure, ink, HEIGHT, (_LEFT, _RIGHT), 12)
    figure.update_xaxes(range=[0, until], nticks=6, showgrid=False)
    suffix = " %" if curve == "mIoU" else ""
    figure.update_yaxes(range=[bottom, top], nticks=6, ticksuffix=suffix, gridcolor=GRID)
    return figure


def smoothed(losses: Sequence[float]) -> list[float]:
    """Each the mean of the `WINDOW` around it, of fewer at both ends."""
    half = WINDOW // 2
    return [float(np.mean(losses[max(0, at - half) : at + half + 1])) for at in range(len(losses))]


def _line(network: Network, run: Run, curve: Curve, along: Along) -> _Line:
    points = run.validations if curve == "mIoU" else run.losses
    across = [run.epoch(done) if along == "epochs" else network.clock(done) for done, _ in points]
    values = [value for _, value in points]
    return _Line(run.seed, across, values if curve == "mIoU" else smoothed(values))


def _dashes(networks: Sequence[Network]) -> dict[str, str]:
    """Controls are broken lines: they share the colour of what they vary."""
    controls = [network.title for network in networks if network.question]
    dashes = {name: _DASHES[index % len(_DASHES)] for index, name in enumerate(controls)}
    return {network.title: dashes.get(network.title, "solid") for network in networks}


def _draw(figure: go.Figure, drawn: _Drawn, curve: Curve, along: Along) -> None:
    alone = len(drawn.lines) == 1
    for line in drawn.lines:
        about = f"{drawn.label}, seed {line.seed}, at %{{x:.3g}} {along}"
        value = "%{y:.1f} %" if curve == "mIoU" else "%{y:.2f}"
        figure.add_scatter(
            x=line.across,
            y=line.values,
            mode="lines+markers" if curve == "mIoU" else "lines",
            name=drawn.label,
            opacity=1 if alone else 0.65,
            line={"color": drawn.colour, "width": 2.25 if alone else 1.5, "dash": drawn.dash},
            marker={"size": 6, "color": drawn.colour},
            hovertemplate=f"{value}, {about}<extra></extra>",
            cliponaxis=False,
        )


def _name_ends(figure: go.Figure, drawn: Sequence[_Drawn], curve: Curve, edges: tuple[float, float, float]) -> None:
    """Each network's name and last value at the right, on a thread from where its training ended."""
    until, bottom, top = edges
    gap = _LABEL_GAP * (top - bottom) / (HEIGHT - TOP - BOTTOM)
    room = spread([each.end[1] for each in drawn], gap, bottom, top)
    for each, place in zip(drawn, room, strict=True):
        across, end = each.end
        words = f"{each.label} {end:.{1 if curve == 'mIoU' else 2}f}"
        beside = {"xref": "paper", "x": 1, "xshift": 10, "xanchor": "left", "showarrow": False}
        figure.add_annotation(beside, text=words, y=place, font={"color": each.colour})
        if across > 0.99 * until:
            continue
        # Level as far as it can be, so that it is not taken for a curve.
        bend = max(across, _BEND * until)
        figure.add_scatter(
            x=[across, bend, until],
            y=[end, end, place],
            mode="lines",
            name="thread",
            line={"color": each.colour, "width": 1, "dash": "dot"},
            opacity=0.5,
            hoverinfo="skip",
            cliponaxis=False,
        )
