"""The picture of costs."""

import itertools
from typing import Any

import pytest
from plotly import graph_objects as go

from app.ui.placing import LINE, Plot, Spot, name_box, places
from app.ui.theme import DARK, LIGHT
from app.views.paper.cost.figures import NARROW, WIDE, cost_picture, undrawn
from app.views.results_files import load
from segnode.results.cost import Costs
from tests.results.made_up import cost


@pytest.fixture
def found() -> Costs:
    return Costs.from_json(cost())


def trace(figure: go.Figure, name: str) -> Any:
    (one,) = (trace for trace in figure.data if trace.name == name)
    return one


@pytest.mark.parametrize("time", ["training", "testing"])
def test_the_papers_rows_are_hollow_and_ours_solid_at_their_numbers(found: Costs, time) -> None:
    figure = cost_picture(found, time, "all", WIDE, LIGHT)
    ours, theirs = trace(figure, "ours"), trace(figure, "the paper")
    assert list(theirs.x) == [31.1, 13.4]
    assert theirs.y[1] == pytest.approx({"training": 34 / 18, "testing": 117 / 48}[time])
    assert set(theirs.marker.color) == {"rgba(0,0,0,0)"}
    assert ours.marker.color[:2] == (LIGHT.final, LIGHT.truth)
    assert ours.y[1] == {"training": 0.42, "testing": 0.3}[time]


def test_areas_are_as_the_parameters(found: Costs) -> None:
    large, small = trace(cost_picture(found, "training", "all", WIDE, LIGHT), "the paper").marker.size
    assert (small / large) ** 2 == pytest.approx(20.9 / 65.8)


def test_a_line_joins_each_row_with_its_counterpart(found: Costs) -> None:
    lines = trace(cost_picture(found, "training", "all", WIDE, LIGHT), "counterparts")
    assert list(zip(lines.x[::3], lines.x[1::3], strict=True)) == [(31.1, 20.0), (13.4, 3.2), (13.4, 3.2)]


def test_a_row_without_a_time_is_named_and_not_drawn(found: Costs) -> None:
    assert undrawn(found, "training") == ["Odd <b>"]
    assert undrawn(found, "testing") == []
    drawn = {
        time: len(trace(cost_picture(found, time, "all", WIDE, LIGHT), "ours").x) for time in ("training", "testing")
    }
    assert drawn == {"training": 3, "testing": 4}


def test_a_rows_name_is_not_taken_for_html(found: Costs) -> None:
    figure = cost_picture(found, "testing", "all", WIDE, DARK)
    texts = [note.text for note in figure.layout.annotations] + list(trace(figure, "ours").text)
    assert any("Odd &lt;b&gt;" in text for text in texts)
    assert not any("Odd <b>" in text for text in texts)


def test_the_pointer_tells_all_numbers(found: Costs) -> None:
    told = trace(cost_picture(found, "training", "all", WIDE, LIGHT), "ours").text[1]
    for words in ("4 evaluations", "3.2 GiB", "20.9 M", "187.0 G", "batch in 32 GiB: 38", "9.0 s, CPU", "fake tensors"):
        assert words in told


def test_times_on_a_gpu_are_told_with_its_name() -> None:
    spent = {"device": "a card", "networks": {"HRNetV2": {"training_ms": 12.0, "testing_ms": None}}}
    told = trace(cost_picture(Costs.from_json(cost(cuda=spent)), "training", "all", WIDE, LIGHT), "ours").text[0]
    assert "training step: 12 ms, a card" in told
    assert "testing: 2.0 s, CPU" in told


@pytest.mark.parametrize("frame", [WIDE, NARROW])
@pytest.mark.parametrize(("shown", "points"), [("main", 6), ("all", 34)])
def test_no_point_of_the_committed_costs_is_unnamed(frame, shown, points: int) -> None:
    """Six by default, with names beside them; of all, those without room have numbers that a key explains."""
    figure = cost_picture(load(Costs, "cost.json"), "testing", shown, frame, LIGHT)
    texts = [note.text for note in figure.layout.annotations][3:]
    numbers = [text for text in texts if text.isdigit()]
    assert len(texts) == points
    assert len(numbers) == len(figure.layout.meta)
    assert shown == "all" or not numbers


@pytest.mark.parametrize("frame", [WIDE, NARROW])
def test_no_two_names_meet_at_any_width(frame) -> None:
    # As crowded as the picture gets: five in a cluster, three on one spot, some in the corners.
    cluster = [Spot(0.2 + 0.01 * i, 0.3 + 0.01 * (i % 2), 8, f"midpoint-{i}, checkpoint") for i in range(5)]
    corners = [Spot(x, y, 6, "in the corner") for x, y in ((0, 0), (1, 1), (0, 1), (1, 0))]
    spots = [*cluster, *(Spot(0.9, 0.5, 12, name) for name in ("HRNetV2", "Baseline", "PSPNet")), *corners]
    plot = Plot(frame.widths, frame.height - 74, frame.right)
    chosen = places(spots, plot, frame.reach, [(0.2, 0.3, 0.9, 0.5)])
    assert sum(place is not None for place in chosen) >= 8
    for width in frame.widths:
        boxes = [name_box(s, p, width, plot.height) for s, p in zip(spots, chosen, strict=True) if p is not None]
        for box in boxes:
            assert box[0] >= 0
            assert box[2] <= width + plot.beside
        for one, other in itertools.combinations(boxes, 2):
            apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
            assert apart, (width, one, other)


def test_a_name_alone_stands_right_beside_its_point() -> None:
    (place,) = places([Spot(0.5, 0.5, 8, "one")], Plot((300,), 300), 24)
    assert place is not None
    assert (place.side, place.down, place.far) == (1, 0, False)
    assert 8 < place.right < 8 + LINE


def test_a_name_beside_two_points_is_nearer_to_its_own() -> None:
    spots = [Spot(0.5, 0.5, 6, "a name"), Spot(0.5 + 62 / 300, 0.5, 6, "")]
    (place, _) = places(spots, Plot((300,), 300), 24)
    assert place is not None
    assert (place.side, place.down) != (1, 0)
