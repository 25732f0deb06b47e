"""The pictures of the comparison: scores over costs, and trainings."""

from typing import Any

import pytest
from plotly import graph_objects as go

from app.ui.theme import DARK, LIGHT
from app.views.paper.accuracy.comparison_figures import NARROW, WIDE, network_ink, score_picture
from app.views.paper.accuracy.training_curves import WINDOW, smoothed, training_curves
from segnode.results.comparison import Comparison
from tests.results.made_up import comparison, network, run, seeds


def read(**networks: Any) -> Comparison:
    return Comparison.from_json(comparison(**networks))


def trace(figure: go.Figure, name: str) -> Any:
    (one,) = (trace for trace in figure.data if trace.name == name)
    return one


@pytest.mark.parametrize(("against", "across"), [("minutes", 40.0), ("memory", 200.0), ("parameters", 2.0)])
def test_a_network_stands_at_its_score_and_cost(against, across) -> None:
    figure = score_picture(read(segnode=seeds("segnode", 55.0, 57.0)), against, WIDE, LIGHT)
    networks, controls = trace(figure, "networks"), trace(figure, "controls")
    assert (networks.x[0], networks.y[0]) == (across, 56.0)
    assert (networks.marker.symbol, controls.marker.symbol) == ("circle", "diamond")
    assert (len(networks.x), list(controls.y)) == (2, [50.0])
    assert list(trace(figure, "seeds").y) == [55.0, 57.0]


@pytest.mark.parametrize("frame", [WIDE, NARROW])
def test_all_points_are_within_the_picture_and_named(frame) -> None:
    figure = score_picture(read(), "minutes", frame, DARK)
    bottom, top = figure.layout.yaxis.range
    assert all(bottom < score < top for one in figure.data for score in one.y)
    assert {"SegNode", "Baseline", "One module"} <= {note.text for note in figure.layout.annotations}


def test_without_runs_there_is_no_picture() -> None:
    found = read(segnode=network("segnode"), baseline=network("baseline"), **{"one-module": network("x", question="Q")})
    assert len(score_picture(found, "minutes", WIDE, LIGHT).data) == 0
    assert len(training_curves(list(found.networks.values()), "mIoU", "epochs", LIGHT).data) == 0


def test_a_control_has_the_colour_of_what_it_varies() -> None:
    found = read().networks
    assert network_ink(found["one-module"], DARK) == network_ink(found["segnode"], DARK) == DARK.truth
    assert network_ink(found["baseline"], DARK) not in {DARK.truth, DARK.final, network_ink(found["baseline"], LIGHT)}


def test_curves_run_along_epochs_or_minutes() -> None:
    networks = [read(segnode=seeds("segnode", 55.0, seconds_a_step=3.0)).networks["segnode"]]
    epochs, minutes = (training_curves(networks, "mIoU", along, LIGHT) for along in ("epochs", "minutes"))
    assert list(trace(epochs, "SegNode").x) == [20.0, 40.0]
    assert list(trace(epochs, "SegNode").y) == [45.0, 55.0]
    assert list(trace(minutes, "SegNode").x) == [10.0, 20.0]


def test_controls_are_broken_lines_and_each_end_is_named() -> None:
    found = read().measured
    figure = training_curves(list(found.values()), "mIoU", "epochs", LIGHT)
    assert trace(figure, "SegNode").line.dash == "solid"
    assert trace(figure, "One module").line.dash == "dash"
    assert {"SegNode 55.0", "Baseline 54.4", "One module 50.0"} <= {note.text for note in figure.layout.annotations}


def test_a_training_that_ended_early_is_led_to_its_name() -> None:
    found = read(hrnetv2=network("hrnetv2", run(0, 30.0, 60, 6.0))).measured
    figure = training_curves(list(found.values()), "mIoU", "epochs", LIGHT)
    thread = trace(figure, "thread")
    assert (thread.x[0], thread.x[-1]) == (6.0, 40.0)
    assert list(thread.y[:2]) == [30.0, 30.0]


def test_losses_are_smoothed_over_their_neighbours() -> None:
    assert WINDOW == 5
    assert smoothed([5.0, 0.0, 1.0, 4.0, 10.0, 0.0]) == [2.0, 2.5, 4.0, 3.0, 3.75, 14 / 3]
    figure = training_curves([read().networks["segnode"]], "loss", "epochs", LIGHT)
    assert list(trace(figure, "SegNode").y) == [1.5, 1.5, 1.5]
