"""The curve: its lines, its cursor, and labels that never meet."""

import numpy as np
import pytest

from app.ui.theme import DARK, LIGHT
from app.views.explore.error_curve import error_curve

TIMES = np.linspace(0, 1, 5)
STEPS = np.array([0, 0.5, 1])
TO_FINAL = np.array([80.0, 50, 30, 10, 0])
TO_TRUTH = np.array([90.0, 70, 55, 48, 45])


def test_each_line_has_a_marker_at_the_cursor() -> None:
    figure = error_curve(TIMES, STEPS, TO_FINAL, TO_TRUTH, now=2, ink=LIGHT)
    markers = [trace for trace in figure.data if trace.mode == "markers" and len(trace.x) == 1]
    assert [(float(trace.x[0]), float(trace.y[0])) for trace in markers] == [(0.5, 30), (0.5, 55)]
    assert [shape.x0 for shape in figure.layout.shapes] == [0.5]


def test_ticks_stand_where_the_solver_stepped() -> None:
    figure = error_curve(TIMES, STEPS, TO_FINAL, TO_TRUTH, now=0, ink=LIGHT)
    ticks = figure.data[-1]
    assert ticks.marker.symbol == "line-ns"
    np.testing.assert_array_equal(ticks.x, STEPS)


def test_without_a_truth_there_is_one_line() -> None:
    figure = error_curve(TIMES, STEPS, TO_FINAL, None, now=0, ink=DARK)
    assert [trace.name for trace in figure.data if trace.mode == "lines"] == ["final result"]
    assert not any("truth" in (note.text or "") for note in figure.layout.annotations)


@pytest.mark.parametrize("ink", [LIGHT, DARK])
def test_lines_and_labels_take_the_ink(ink) -> None:
    figure = error_curve(TIMES, STEPS, TO_FINAL, TO_TRUTH, now=0, ink=ink)
    assert {trace.line.color for trace in figure.data if trace.mode == "lines"} == {ink.truth, ink.final}
    assert {note.font.color for note in figure.layout.annotations} >= {ink.truth, ink.final}
    assert figure.layout.paper_bgcolor == "rgba(0,0,0,0)"


@pytest.mark.parametrize("last", [0, 0.2, 1, 5, 50, 100])
def test_labels_keep_apart_and_inside(last: float) -> None:
    truth = np.array([100, 90, 80, 70, last])
    figure = error_curve(TIMES, STEPS, TO_FINAL, truth, now=0, ink=LIGHT)
    places = [note.y for note in figure.layout.annotations if note.text.startswith("vs.")]
    low, high = figure.layout.yaxis.range
    pixels = (figure.layout.height - figure.layout.margin.t - figure.layout.margin.b) / (high - low)
    assert abs(places[0] - places[1]) * pixels > 13
    assert all(low <= place <= high for place in places)


def test_a_perfect_run_still_has_an_axis() -> None:
    nothing = np.zeros(5)
    assert error_curve(TIMES, STEPS, nothing, nothing, now=4, ink=LIGHT).layout.yaxis.range[1] > 0
