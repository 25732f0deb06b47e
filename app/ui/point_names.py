"""A picture of named points: how large it is, and how a name is written where it was placed. No streamlit here."""

from dataclasses import dataclass
from typing import Any

from plotly import graph_objects as go

from app.ui.placing import LINE, Place, Spot

#: The line from a point to a name that stands further off, on either background.
THREAD = "rgba(128,128,128,0.55)"


@dataclass(frozen=True)
class Frame:
    """How large the picture is. widths: of the plot, in pixels; names are placed to fit them all. reach: how far
    from its point a name may stand, in pixels. biggest: circle, in pixels across. letter: pixels.
    """

    height: int
    widths: tuple[int, ...]
    left: int
    right: int
    biggest: int
    letter: int
    reach: int


def write_name(
    figure: go.Figure, at: tuple[float, float], name: str, font: dict[str, Any], spot: Spot, place: Place
) -> None:
    """A point's name where `place` has it, on a thread where that is far. at: the point, on the figure's axes."""
    words = {
        "x": at[0],
        "y": at[1],
        "text": name,
        "font": font,
        "borderpad": 0,
        "xanchor": {1: "left", 0: "center", -1: "right"}[place.side],
        "yanchor": "middle",
    }
    if not place.far:
        figure.add_annotation(words, showarrow=False, xshift=place.right, yshift=-place.down)
        return
    thread = {"arrowhead": 0, "arrowwidth": 0.75, "arrowcolor": THREAD, "standoff": spot.radius}
    figure.add_annotation(words, showarrow=True, ax=place.right, ay=place.down, height=LINE, **thread)
