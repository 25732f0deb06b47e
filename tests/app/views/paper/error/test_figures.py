"""Figures over a data set: lines, spread, both axes of time, one's own run."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from plotly import graph_objects as go

from app.solving.runs import Run
from app.ui.theme import DARK, LIGHT
from app.views.paper.error.figures import HEIGHT, average_curve, class_curves
from segnode.data.classes import CAMVID
from segnode.data.vocabularies import SCENES
from tests.results.records import made_up


class Own(Run):
    """A run of which only the errors matter here."""

    def __init__(self, to_truth: np.ndarray | None, until: float = 1.0) -> None:
        for name, value in (
            ("times", np.linspace(0, until, 5)),
            ("to_final", np.array([70.0, 40, 20, 10, 0])),
            ("to_truth", to_truth),
        ):
            object.__setattr__(self, name, value)


def lines(figure: go.Figure) -> dict[str, go.Scatter]:
    return {trace.hovertemplate: trace for trace in figure.data if trace.mode == "lines"}


def ends(figure: go.Figure) -> list[str]:
    return [note.text for note in figure.layout.annotations]


@pytest.mark.parametrize(("kind", "bands", "start"), [("pictures", 4, 80.0), ("dataset", 0, 78.4)])
def test_the_average_asked_for_and_the_spread_of_pictures(kind, bands: int, start: float) -> None:
    figure = average_curve(made_up(), kind, None, LIGHT)
    drawn = list(lines(figure).values())
    assert [trace.name for trace in drawn] == ["vs. final result", "vs. truth"]
    assert drawn[1].y[0] == pytest.approx(start)
    assert drawn[0].y[-1] == 0
    assert sum(trace.fill == "toself" for trace in figure.data) == bands


def test_evaluations_stand_on_the_second_axis_above_their_steps() -> None:
    axis = average_curve(made_up(), "pictures", None, LIGHT).layout.xaxis2
    assert axis.side == "top"
    assert list(axis.tickvals) == [0, 0.25, 0.5, 0.75, 1]
    assert list(axis.ticktext) == ["0", "2", "4", "6", "8"]


def test_ones_own_run_is_dotted_over_the_average() -> None:
    without = average_curve(made_up(), "pictures", None, LIGHT)
    figure = average_curve(made_up(), "pictures", Own(np.array([90.0, 60, 50, 45, 42])), LIGHT)
    dotted = [trace for trace in figure.data if trace.line.dash == "dot"]
    assert [trace.line.color for trace in dotted] == [LIGHT.final, LIGHT.truth]
    assert "your run 42 %" in ends(figure)
    assert figure.layout.yaxis.range[1] > 90 > without.layout.yaxis.range[1] - 5


def test_a_picture_without_truth_has_one_line_of_its_own() -> None:
    figure = average_curve(made_up(), "dataset", Own(None), DARK)
    assert [trace.line.color for trace in figure.data if trace.line.dash == "dot"] == [DARK.final]


def test_a_run_beyond_t_ends_where_the_axis_does() -> None:
    figure = average_curve(made_up(), "dataset", Own(None, until=2.0), LIGHT)
    (own,) = [trace for trace in figure.data if trace.line.dash == "dot"]
    assert max(own.x) == 1
    assert figure.layout.xaxis.range == (0, 1)


def test_names_keep_apart() -> None:
    figure = average_curve(made_up(), "pictures", Own(np.array([90.0, 60, 50, 45, 40])), LIGHT)
    places = sorted(note.y for note in figure.layout.annotations if note.yref != "paper")
    low, high = figure.layout.yaxis.range
    pixels = (HEIGHT - figure.layout.margin.t - figure.layout.margin.b) / (high - low)
    assert all((b - a) * pixels > 14 for a, b in itertools.pairwise(places))


def test_classes_are_drawn_in_their_own_colours() -> None:
    record = replace(made_up(), iou=made_up().iou | {"gnome": (1.0, 2.0, 3.0, 4.0, 5.0)})
    figure = class_curves(record, ["car", "gnome"], LIGHT)
    drawn = {trace.name: trace for trace in lines(figure).values()}
    assert set(drawn) == {"car", "gnome"}
    assert drawn["car"].line.color == "rgb({},{},{})".format(*CAMVID.palette[CAMVID.names.index("car")])
    assert drawn["gnome"].line.color.startswith("rgb(")
    assert "car 45 %" in ends(figure)


def test_classes_of_another_vocabulary_are_drawn_in_its_colours() -> None:
    record = replace(made_up(), iou=dict.fromkeys(("sky", "tree", "animal"), (1.0, 2.0, 3.0, 4.0, 5.0)))
    (drawn,) = lines(class_curves(record, ["tree"], LIGHT)).values()
    assert drawn.line.color == "rgb({},{},{})".format(*SCENES.palette[SCENES.names.index("tree")])
