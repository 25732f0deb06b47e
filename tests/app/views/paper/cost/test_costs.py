"""Costs: what is read of the results, what the calculator makes of its formula, and the picture of both."""

import itertools
import json
import math
from pathlib import Path
from typing import Any

import pytest
from plotly import graph_objects as go

from app.ui.placing import LINE, Plot, Spot, name_box, places
from app.ui.theme import DARK, LIGHT
from app.views.paper.cost import costs
from app.views.paper.cost.costs import Costs, Settings
from app.views.paper.cost.figures import NARROW, WIDE, cost_picture, undrawn
from segnode.errors import DataError

CAVEAT = "Accuracy at 4 evaluations and this size is not measured here."
_GIB = 2**30


def network(name: str, family: str, **changes: Any) -> dict[str, Any]:
    """One row, as `scripts/cost.py` writes it."""
    return {
        "name": name,
        "network": "x",
        "family": family,
        "solver": None,
        "recompute": False,
        "paper": family,
        "parameters": 65_800_000,
        "multiply_adds": 187_000_000_000,
        "evaluations": None,
        "training_gib": 20.0,
        "largest_batch": 38,
        "testing_gib": 1.0,
        "memory_by": "fake tensors",
        "training_ms": 9000.0,
        "training_to_hrnetv2": 1.0,
        "testing_ms": 2000.0,
        "testing_to_hrnetv2": 1.0,
        "training_gib_to_hrnetv2": 1.0,
        "testing_gib_to_hrnetv2": 1.0,
    } | changes


def _moment(fixed: float, pixel: float) -> dict[str, float]:
    return {"fixed": fixed, "pixel": pixel, "excess": 0.0}


def made_up(**changes: Any) -> dict[str, Any]:
    """Results of four rows. SegNode takes 1 GiB and a byte a pixel, picture and step, one more, and 1.5 GiB at least in
    more than one step; HRNetV2 4 bytes a pixel."""
    segnode = {"parameters": 20_900_000, "training_gib": 3.2, "training_to_hrnetv2": 0.42, "testing_to_hrnetv2": 0.3}
    paper = {
        "HRNetV2": (24, 31.1, 1.2, 18, 48, 65.8),
        "SegNode": (62, 13.4, 0.7, 34, 117, 20.9),
    }
    keys = ("largest_batch", "training_gb", "testing_gb", "training_s_an_epoch", "testing_ms", "parameters_m")
    three, four, one, none = (_moment(fixed, pixel) for fixed, pixel in ((_GIB, 3), (_GIB, 4), (0, 1), (0, 0)))
    peak = {"few": [[_moment(_GIB, 2)]], "many": [three, _moment(1.5 * _GIB, 0.1)], "step": [one, none], "multiple": 4}
    flat, no_ode = (
        {"few": [[four]], "many": [four], "step": [none], "multiple": 4},
        {"few": [[four]], "many": [], "step": [], "multiple": 4},
    )
    return {
        "provenance": {
            "time": {
                "command": "python scripts/cost.py",
                "revision": "0123456789ab-changed",
                "hardware": "a machine",
            },
        },
        "picture": "480 x 360",
        "classes": 11,
        "training_batch": 24,
        "limit_gib": 32,
        "timed_batches": {"training": 2, "testing": 1},
        "networks": [
            network("HRNetV2", "HRNetV2"),
            network("SegNode, midpoint-2, checkpoint", "SegNode", evaluations=4, **segnode),
            network("SegNode, midpoint-2, adjoint", "SegNode", memory_by="real tensors at batches 1 and 2", **segnode),
            network("Odd <b>", "U-Node", paper=None, training_ms=None, training_to_hrnetv2=None),
        ],
        "cuda": None,
        "paper": {name: dict(zip(keys, row, strict=True)) for name, row in paper.items()},
        "sentences": {"SegNode": "The paper's solver took more evaluations."},
        "claims": [{"claim": "Less memory: 0.16 of it", "caveat": CAVEAT}],
        "calculator": {
            "segnode-w48": {
                "label": "SegNode",
                "multiply_adds_a_pixel": {"once": 1000.0, "an_evaluation": 500.0},
                "evaluations_a_step": {"euler": 1, "midpoint": 2},
                "training": {
                    "euler": {"checkpoint": peak, "backprop": flat},
                    "midpoint": {"checkpoint": peak, "backprop": flat, "adjoint": peak},
                },
                "testing": dict.fromkeys(("euler", "midpoint"), flat),
            },
            "hrnetv2-w48": {
                "label": "HRNetV2",
                "multiply_adds_a_pixel": {"once": 9000.0, "an_evaluation": 0},
                "training": {"": {"backprop": no_ode, "checkpoint": no_ode}},
                "testing": {"": no_ode},
            },
        },
        "calculator_largest_error": 0.031,
        "left_open": ["Testing Odd <b> was not tried."],
        "engine": {},
    } | changes


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of made-up results, which the page reads."""
    path = tmp_path / "cost.json"
    path.write_text(json.dumps(made_up()))
    monkeypatch.setattr(costs, "RESULTS", path)
    return path


@pytest.fixture
def found(results: Path) -> Costs:
    return costs.costs()


def trace(figure: go.Figure, name: str) -> Any:
    (one,) = (trace for trace in figure.data if trace.name == name)
    return one


def test_the_papers_times_become_ratios_to_its_own_hrnetv2(found: Costs) -> None:
    theirs = found.paper["SegNode"].measures
    assert theirs.training_ratio == pytest.approx(34 / 18)
    assert theirs.testing_ratio == pytest.approx(117 / 48)
    assert theirs.memory_ratio == pytest.approx(13.4 / 31.1)


@pytest.mark.parametrize(
    ("steps", "method", "gradient", "training", "adds"),
    [
        (1, "euler", "checkpoint", 1 + 1024 * 2 / 1024, 1500),
        (2, "euler", "checkpoint", 1 + 1024 * 3 / 1024, 2000),
        (2, "midpoint", "checkpoint", 1 + 1024 * 3 / 1024, 3000),
        (6, "midpoint", "checkpoint", 1 + 1024 * 7 / 1024, 7000),
        (6, "midpoint", "backprop", 1 + 1024 * 4 / 1024, 7000),
    ],
)
def test_the_calculator_follows_the_formula(found: Costs, steps, method, gradient, training, adds) -> None:
    asked = Settings(batch=1024, width=1024, height=1024, method=method, steps=steps, gradient=gradient)
    answer = found.calculator["segnode-w48"].answer(asked, 1024.0)
    assert answer.training_gib == pytest.approx(training)
    assert answer.testing_gib == pytest.approx(1 + 4 / 1024)
    assert answer.multiply_adds_g == pytest.approx(1024 * 1024 * adds / 1e9)


def test_a_network_without_a_solver_is_asked_of_no_steps(found: Costs) -> None:
    other = found.calculator["hrnetv2-w48"]
    few, many = (other.answer(Settings(1, 64, 64, "midpoint", steps, "backprop"), 32.0) for steps in (1, 99))
    assert few == many


def test_the_dearest_of_the_moments_counts(found: Costs) -> None:
    asked = Settings(batch=1, width=1024, height=1024, method="euler", steps=2, gradient="checkpoint")
    answer = found.calculator["segnode-w48"].answer(asked, 1.4)
    assert answer is not None
    assert answer.training_gib == pytest.approx(1.5, abs=0.001)
    assert answer.largest_batch == 0


@pytest.mark.parametrize(("name", "method"), [("segnode-w48", "euler"), ("hrnetv2-w48", "midpoint")])
def test_a_gradient_a_network_has_not_has_no_answer(found: Costs, name: str, method: str) -> None:
    assert found.calculator[name].answer(Settings(1, 64, 64, method, 2, "adjoint"), 32.0) is None


def test_the_largest_batch_is_the_last_within_the_limit(found: Costs) -> None:
    asked = Settings(batch=1, width=1000, height=1000, method="euler", steps=1, gradient="checkpoint")
    segnode = found.calculator["segnode-w48"]
    largest = segnode.answer(asked, 2.0).largest_batch
    peak = segnode.training["euler"]["checkpoint"]
    held, over = (peak.at(batch, (1000, 1000), 1) / 2**30 for batch in (largest, largest + 1))
    assert held <= 2.0 < over
    assert segnode.answer(asked, 0.5).largest_batch == 0


@pytest.mark.parametrize("time", ["training", "testing"])
def test_the_papers_rows_are_hollow_and_ours_solid_at_their_numbers(found: Costs, time) -> None:
    figure = cost_picture(found, time, WIDE, LIGHT)
    ours, theirs = trace(figure, "ours"), trace(figure, "the paper")
    assert list(theirs.x) == [31.1, 13.4]
    assert theirs.y[1] == pytest.approx({"training": 34 / 18, "testing": 117 / 48}[time])
    assert set(theirs.marker.color) == {"rgba(0,0,0,0)"}
    assert ours.marker.color[:2] == (LIGHT.final, LIGHT.truth)
    assert ours.y[1] == {"training": 0.42, "testing": 0.3}[time]


def test_areas_are_as_the_parameters(found: Costs) -> None:
    large, small = trace(cost_picture(found, "training", WIDE, LIGHT), "the paper").marker.size
    assert (small / large) ** 2 == pytest.approx(20.9 / 65.8)


def test_a_line_joins_each_row_with_its_counterpart(found: Costs) -> None:
    lines = trace(cost_picture(found, "training", WIDE, LIGHT), "counterparts")
    assert list(zip(lines.x[::3], lines.x[1::3], strict=True)) == [(31.1, 20.0), (13.4, 3.2), (13.4, 3.2)]


def test_a_row_without_a_time_is_named_and_not_drawn(found: Costs) -> None:
    assert undrawn(found, "training") == ["Odd <b>"]
    assert undrawn(found, "testing") == []
    drawn = {time: len(trace(cost_picture(found, time, WIDE, LIGHT), "ours").x) for time in ("training", "testing")}
    assert drawn == {"training": 3, "testing": 4}


def test_a_rows_name_is_not_taken_for_html(found: Costs) -> None:
    figure = cost_picture(found, "testing", WIDE, DARK)
    texts = [note.text for note in figure.layout.annotations] + list(trace(figure, "ours").text)
    assert any("Odd &lt;b&gt;" in text for text in texts)
    assert not any("Odd <b>" in text for text in texts)


def test_the_pointer_tells_all_numbers(found: Costs) -> None:
    told = trace(cost_picture(found, "training", WIDE, LIGHT), "ours").text[1]
    for words in ("4 evaluations", "3.2 GiB", "20.9 M", "187.0 G", "batch in 32 GiB: 38", "9.0 s, CPU", "fake tensors"):
        assert words in told


def test_times_on_a_gpu_are_told_with_its_name(results: Path) -> None:
    spent = {"device": "a card", "networks": {"HRNetV2": {"training_ms": 12.0, "testing_ms": None}}}
    results.write_text(json.dumps(made_up(cuda=spent)))
    told = trace(cost_picture(costs.costs(), "training", WIDE, LIGHT), "ours").text[0]
    assert "training step: 12 ms, a card" in told
    assert "testing: 2.0 s, CPU" in told


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


def test_missing_results_say_what_to_run(results: Path) -> None:
    results.unlink()
    with pytest.raises(DataError, match=r"run python scripts/cost\.py"):
        costs.costs()


@pytest.mark.parametrize(
    "changes",
    [
        {"networks": []},
        {"calculator": {}},
        {"networks": [network("A", "A")]},
        {"networks": [network("HRNetV2", "HRNetV2", training_gib=math.nan)]},
        {"networks": [network("HRNetV2", "HRNetV2", training_gib=0)]},
        {"claims": [{"claim": "Less memory"}]},
        {"paper": {}},
        {"picture": "large"},
        {
            "calculator": {
                "x": made_up()["calculator"]["hrnetv2-w48"]
                | {"testing": {"": {"few": [], "many": [], "step": [], "multiple": 4}}}
            }
        },
        {"calculator": {"x": made_up()["calculator"]["hrnetv2-w48"] | {"testing": {"": {"fixed": 1.0, "pixel": 4.0}}}}},
        {"calculator": {"x": made_up()["calculator"]["segnode-w48"] | {"evaluations_a_step": {"euler": 1}}}},
        {"calculator": {"x": made_up()["calculator"]["segnode-w48"] | {"testing": {}}}},
    ],
)
def test_results_that_do_not_hold_together_say_what_to_run(results: Path, changes: dict[str, Any]) -> None:
    results.write_text(json.dumps(made_up(**changes)))
    with pytest.raises(DataError, match=r"write it again with python scripts/cost\.py"):
        costs.costs()
