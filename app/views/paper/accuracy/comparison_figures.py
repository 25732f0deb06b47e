"""The picture of the comparison: what each network came to for what it took. No streamlit here."""

import math
from collections.abc import Sequence
from html import escape
from typing import Literal

from plotly import graph_objects as go

from app.ui.placing import Plot, Spot, places
from app.ui.point_names import Frame, write_name
from app.ui.theme import DARK, LIGHT, Ink
from segnode.results.comparison import Comparison, Network, Setting

#: What mIoU is drawn against.
Against = Literal["minutes", "memory", "parameters"]

WIDE = Frame(height=520, widths=(480, 600, 700, 860), left=44, right=84, biggest=17, letter=12, reach=54)
NARROW = Frame(height=420, widths=(240, 290, 340, 440), left=38, right=28, biggest=14, letter=11, reach=38)
_AXES = {"minutes": "minutes of training", "memory": "training memory, MiB", "parameters": "parameters, M"}
#: Pixels above and below the plot.
TOP, BOTTOM = 36, 44
_FONT = "Inter, system-ui, sans-serif"
GRID = "rgba(128,128,128,0.18)"
#: Of a mark for the mean: how large a seed's is, and how wide plotly draws a diamond of the same size.
_SEED, _DIAMOND = 0.32, 1.35
#: By what `build_model` calls them; a control has the colour of the network it varies.
_OWN = {
    LIGHT: {"baseline-compact": "#1b7f5c", "unode-compact": "#8a45b5", "nodes-unet-compact": "#b8325f"},
    DARK: {"baseline-compact": "#5cc9a0", "unode-compact": "#c69aeb", "nodes-unet-compact": "#f28aa5"},
}


def network_ink(network: Network, ink: Ink) -> str:
    """The colour of a network, the same in every picture."""
    own = {"segnode-compact": ink.truth, "hrnetv2-compact": ink.final} | _OWN[ink]
    return own.get(network.network, ink.text)


def score_picture(comparison: Comparison, against: Against, frame: Frame, ink: Ink) -> go.Figure:
    """mIoU over what it took; the mean of seeds large, each seed small, controls as diamonds.

    Networks without a run that is through are not in it.
    """
    shown = list(comparison.measured.values())
    figure = go.Figure()
    if not shown:
        return figure
    scores = [score for network in shown for score in network.scores]
    bottom, top = 5 * math.floor((min(scores) - 1.5) / 5), 5 * math.ceil((max(scores) + 1.5) / 5)
    right = 1.12 * max(_cost(network, against) for network in shown)
    for name, symbol, group in (
        ("networks", "circle", [network for network in shown if not network.question]),
        ("controls", "diamond", [network for network in shown if network.question]),
    ):
        figure.add_scatter(
            x=[_cost(network, against) for network in group],
            y=[network.score for network in group],
            mode="markers",
            name=name,
            marker={
                "size": frame.biggest,
                "symbol": symbol,
                # Where seeds are drawn on it, it must not hide them.
                "opacity": [0.8 if network.spread is None else 0.4 for network in group],
                "color": [network_ink(network, ink) for network in group],
            },
            text=[_about(network, comparison.chosen(network)) for network in group],
            hovertemplate="%{text}<extra></extra>",
            cliponaxis=False,
        )
    _seeds(figure, shown, against, frame, ink)
    _names(figure, shown, against, (right, bottom, top), frame, ink)
    name_axes(figure, "validation mIoU", _AXES[against], frame.left)
    dress(figure, ink, frame.height, (frame.left, frame.right), frame.letter)
    figure.update_xaxes(range=[0, right], nticks=6, gridcolor=GRID)
    figure.update_yaxes(range=[bottom, top], nticks=6, ticksuffix=" %", gridcolor=GRID)
    return figure


def _cost(network: Network, against: Against) -> float:
    if against == "minutes":
        return network.minutes or 0.0
    return network.training_bytes / 2**20 if against == "memory" else network.parameters / 1e6


def _seeds(figure: go.Figure, shown: Sequence[Network], against: Against, frame: Frame, ink: Ink) -> None:
    """Single seeds, joined, of networks that have several."""
    for network in shown:
        if network.spread is None:
            continue
        colour = network_ink(network, ink)
        figure.add_scatter(
            x=[_cost(network, against)] * len(network.runs),
            y=network.scores,
            mode="lines+markers",
            name="seeds",
            line={"color": colour, "width": 1},
            marker={"color": colour, "size": frame.biggest * _SEED},
            text=[f"{escape(network.title)}, seed {run.seed}" for run in network.runs],
            hovertemplate="%{text}: %{y:.1f} %<extra></extra>",
            cliponaxis=False,
        )


def _about(network: Network, chosen: Setting | None) -> str:
    """The lines under the pointer."""
    seeds = ", ".join(f"{score:.1f}" for score in network.scores)
    lines = [
        f"<b>{escape(network.title)}</b>{', a control' if network.question else ''}",
        f"validation mIoU: {network.score:.1f} %",
        *([f"by seed: {seeds}"] if len(network.runs) > 1 else ["one run"]),
        f"{network.epochs:.3g} epochs, {network.minutes:.1f} minutes, {network.seconds_a_step:.2f} s a step",
        f"parameters: {network.parameters / 1e6:.1f} M",
        f"training memory: {network.training_bytes / 2**20:.0f} MiB",
        f"testing memory: {network.testing_bytes / 2**20:.0f} MiB",
        *([f"optimizer: {escape(chosen.name)}"] if chosen else []),
    ]
    return "<br>".join(lines)


def _names(
    figure: go.Figure,
    shown: Sequence[Network],
    against: Against,
    edges: tuple[float, float, float],
    frame: Frame,
    ink: Ink,
) -> None:
    """Each network's name beside its point, and on no seed."""
    right, bottom, top = edges

    def spot(network: Network, score: float, name: str, across: float) -> Spot:
        return Spot(_cost(network, against) / right, (score - bottom) / (top - bottom), across / 2, name)

    main = [
        spot(network, network.score or 0.0, network.title, frame.biggest * (_DIAMOND if network.question else 1))
        for network in shown
    ]
    seeds = [
        spot(network, score, "", frame.biggest * _SEED)
        for network in shown
        if network.spread is not None
        for score in network.scores
    ]
    plot = Plot(frame.widths, frame.height - TOP - BOTTOM, frame.right - 4)
    result = places([*main, *seeds], plot, frame.reach)
    for network, one, place in zip(shown, main, result, strict=False):
        if place is not None:
            at = _cost(network, against), network.score or 0.0
            font = {"size": frame.letter, "color": network_ink(network, ink)}
            write_name(figure, at, escape(network.title), font, one, place)


def name_axes(figure: go.Figure, up: str, across: str, left: int) -> None:
    """Say what both axes hold, above the one and below the other. left: of the plot, in pixels."""
    beside = {"xref": "paper", "yref": "paper", "showarrow": False}
    figure.add_annotation(beside, text=across, x=1, y=0, xanchor="right", yanchor="top", yshift=-22)
    figure.add_annotation(beside, text=up, x=0, y=1, xanchor="left", yanchor="bottom", yshift=12, xshift=-left)


def dress(figure: go.Figure, ink: Ink, height: int, sides: tuple[int, int], letter: int) -> None:
    """What both pictures share: quiet axes, no legend, a transparent ground."""
    plain = {"zeroline": False, "showline": False, "fixedrange": True, "ticks": "", "ticklabelstandoff": 6}
    figure.update_layout(
        xaxis=plain,
        yaxis=plain,
        height=height,
        margin={"l": sides[0], "r": sides[1], "t": TOP, "b": BOTTOM},
        font={"color": ink.text, "size": letter, "family": _FONT},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        showlegend=False,
        hovermode="closest",
        hoverlabel={"font": {"size": 12, "family": _FONT}, "align": "left"},
        dragmode=False,
    )
