"""The comparison: what is read of its results, what the numbers say to its questions, and the pictures of both."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
from plotly import graph_objects as go

from app.ui.theme import DARK, LIGHT
from app.views.paper.accuracy import comparison
from app.views.paper.accuracy.comparison import Comparison
from app.views.paper.accuracy.comparison_answers import Answer, answers, how_judged, margin, outcome
from app.views.paper.accuracy.comparison_figures import NARROW, WIDE, network_ink, score_picture
from app.views.paper.accuracy.training_curves import WINDOW, smoothed, training_curves
from segnode.errors import DataError

ORIGIN = {"command": "python scripts/compare.py", "revision": "0123456789ab-changed", "hardware": "a machine"}


def run(seed: int, score: float, iterations: int = 400, epochs: float = 40.0) -> dict[str, Any]:
    """One training, as `scripts/compare.py` tells it."""
    half = iterations // 2
    return {
        "seed": seed,
        "optimizer": "adamw",
        "rate": 0.001,
        "iterations": iterations,
        "epochs": epochs,
        "seconds": 9999,
        "mIoU": score,
        "validations": [[half, score - 10], [iterations, score]],
        "loss": [[20, 3.0], [half, 1.0], [iterations, 0.5]],
        "revision": "fedcba9876543210",
    }


def network(name: str, *runs: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """One contestant: 6 s a step, so that ten steps are a minute."""
    return {
        "network": f"{name}-compact",
        "layout": [],
        "solvers": [],
        "question": "",
        "settings_of": "",
        "searched": {"a": {"iterations": 9, "mIoU": 21.0}, "b": {"iterations": 9, "mIoU": 20.0}},
        "parameters": 2_000_000,
        "training_bytes": 200 * 2**20,
        "testing_bytes": 20 * 2**20,
        "seconds_a_step": 6.0,
        "seconds_an_answer": 0.25,
        "runs": list(runs),
        "mIoU": [each["mIoU"] for each in runs],
    } | changes


def made_up(**networks: Any) -> dict[str, Any]:
    """A comparison of SegNode with its baseline, one network that waits and one control; `networks` replace them."""
    control = {
        "network": "segnode-compact",
        "layout": ["modules=1"],
        "settings_of": "segnode",
        "searched": {},
    }
    found = {
        "segnode": network("segnode", run(0, 55.0)),
        "baseline": network("baseline", run(0, 54.4), parameters=8_000_000),
        "hrnetv2": network("hrnetv2", searched={}),
        "one-module": network("x", run(0, 50.0), question="Does f need two? With <b>one</b>.", **control),
    } | networks
    titles = {"segnode": "SegNode", "hrnetv2": "HRNetV2", "unode": "U-Node"}
    for name, held in found.items():
        if held:
            held["title"] = titles.get(name, name.capitalize().replace("-", " "))
    return {
        "provenance": {"collected": ORIGIN, "speed": ORIGIN},
        "budget": {
            "epochs": 40,
            "minutes": 24.0,
            "search_epochs": 6,
            "search_minutes": 3.6,
            "batch_size": 8,
            "crop": [192, 160],
            "scale": [0.5, 1.5],
            "validations": 4,
        },
        "settings": {
            "a": {"optimizer": "adamw", "rate": 0.001, "decay": 0.02},
            "b": {"optimizer": "sgd", "rate": 0.1, "decay": 0.0},
        },
        "held_out_drive": "0006R0",
        "aligned": True,
        "networks": found,
    }


def seeds(name: str, *scores: float, **changes: Any) -> dict[str, Any]:
    return network(name, *(run(seed, score) for seed, score in enumerate(scores)), **changes)


@pytest.fixture
def compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of made-up results, which the page reads."""
    path = tmp_path / "comparison.json"
    path.write_text(json.dumps(made_up()))
    monkeypatch.setattr(comparison, "RESULTS", path)
    return path


def read(path: Path, **networks: Any) -> Comparison:
    path.write_text(json.dumps(made_up(**networks)))
    return comparison.comparison()


def answer(found: Comparison, name: str) -> Answer:
    others = [other for other in found.networks if other != "segnode"]
    return answers(found)[others.index(name)]


def trace(figure: go.Figure, name: str) -> Any:
    (one,) = (trace for trace in figure.data if trace.name == name)
    return one


def test_minutes_are_steps_at_the_speed_measured_and_not_the_clock(compared: Path) -> None:
    found = comparison.comparison()
    assert found.networks["segnode"].minutes == 40.0
    assert found.networks["segnode"].runs[0].epoch(100) == 10.0


def test_seeds_have_a_mean_and_lie_apart(compared: Path) -> None:
    found = read(compared, segnode=seeds("segnode", 54.0, 56.0, 55.6)).networks["segnode"]
    assert found.score == pytest.approx(55.2)
    assert found.spread == pytest.approx(2.0)


def test_one_run_has_no_spread_and_none_no_score(compared: Path) -> None:
    found = comparison.comparison()
    assert found.networks["segnode"].spread is None
    assert (found.networks["hrnetv2"].score, found.networks["hrnetv2"].minutes) == (None, None)
    assert found.waiting == ("HRNetV2",)
    assert list(found.measured) == ["segnode", "baseline", "one-module"]


def test_what_was_chosen_is_what_was_trained_with(compared: Path) -> None:
    other_way = {"a": {"mIoU": 1.0}, "b": {"mIoU": 2.0}}
    found = read(compared, baseline=network("baseline", run(0, 50.0), searched=other_way)).networks["baseline"]
    assert found.chosen is not None
    assert found.chosen.name == "AdamW 0.001"


def test_before_training_the_best_of_the_search_is_chosen_once_it_is_through(compared: Path) -> None:
    other_way = {"a": {"mIoU": 1.0}, "b": {"mIoU": 2.0}}
    lent = network("x", question="Q?", settings_of="segnode", searched={})
    segnode = network("segnode", searched=other_way)
    found = read(compared, segnode=segnode, lent=lent, unode=network("unode", searched={"a": {"mIoU": 9.0}})).networks
    assert found["lent"].chosen == found["segnode"].chosen
    assert found["segnode"].chosen is not None
    assert found["segnode"].chosen.name == "SGD 0.1"
    assert found["unode"].chosen is None


def test_a_layout_may_be_a_list_or_an_object(compared: Path) -> None:
    found = read(compared, odd=network("odd", layout={"modules": 8, "distinct": 2})).networks
    assert found["odd"].layout == ("modules=8", "distinct=2")
    assert found["one-module"].layout == ("modules=1",)


def test_a_missing_comparison_says_what_to_run(compared: Path) -> None:
    compared.unlink()
    with pytest.raises(DataError, match=r"comparison\.json\): run python scripts/compare\.py collect"):
        comparison.comparison()


@pytest.mark.parametrize(
    "changes",
    [
        {"segnode": None},
        {"segnode": network("segnode", run(0, 155.0))},
        {"segnode": network("segnode", run(0, math.nan))},
        {"segnode": network("segnode", run(0, 50.0) | {"optimizer": "lion"})},
        {"segnode": network("segnode", run(0, 50.0) | {"iterations": 0})},
        {"segnode": network("segnode", run(0, 50.0) | {"loss": [[20]]})},
        {"segnode": network("segnode", seconds_a_step=0)},
        {"segnode": network("segnode", parameters=True)},
        {"segnode": network("segnode", parameters=math.inf)},
        {"x": network("x", settings_of="nobody")},
    ],
)
def test_a_comparison_that_does_not_hold_together_says_what_to_run(compared: Path, changes: dict[str, Any]) -> None:
    with pytest.raises(DataError, match=r"comparison\.json does not hold .*write it again with python scripts/compare"):
        read(compared, **changes)


def test_a_comparison_without_its_subject_is_none(compared: Path) -> None:
    held = made_up()
    del held["networks"]["segnode"]
    compared.write_text(json.dumps(held))
    with pytest.raises(DataError, match="no network segnode"):
        comparison.comparison()


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ((55.0,), (54.4,), "level"),  # less than the points a run is worth
        ((55.0,), (52.9,), "ahead"),
        ((55.0,), (57.2,), "behind"),
        ((55.0, 55.4), (54.9, 54.3), "level"),  # 0.6 apart, as the baseline's seeds
        ((55.0, 55.4), (54.3, 54.5), "ahead"),
        ((55.0, 58.0), (54.0,), "level"),  # one seed of ours moves it by 3
        ((55.0, 55.1), (54.2,), "level"),  # theirs may move by two points
        ((), (54.2,), None),
    ],
)
def test_networks_differ_by_more_than_their_seeds_or_not_at_all(compared: Path, ours, theirs, expected) -> None:
    found = read(compared, segnode=seeds("segnode", *ours), baseline=seeds("baseline", *theirs)).networks
    assert outcome(found["segnode"], found["baseline"]) == expected


def test_a_single_run_is_worth_about_two_points_and_no_more_than_the_seeds_known(compared: Path) -> None:
    found = read(compared, segnode=seeds("segnode", 55.0, 58.0)).networks
    assert margin(found["baseline"], found["one-module"]) == 2.0
    assert margin(found["segnode"], found["baseline"]) == 3.0


def test_an_answer_tells_its_numbers_and_what_one_run_means(compared: Path) -> None:
    told = answer(comparison.comparison(), "baseline")
    assert told.question == "Does SegNode match its baseline?"
    assert told.outcome == "No difference from its baseline is seen, as in the paper, on one run each."
    assert told.numbers == (
        "SegNode 55.0, baseline 54.4: +0.6 points. One run each: differences under about 2 points mean nothing."
        " With 0.25 of its parameters, 1.00 of its training memory and 1.00 of its time a step."
    )


def test_an_answer_holds_a_gap_against_the_seeds(compared: Path) -> None:
    two = {"segnode": seeds("segnode", 55.0, 55.4), "baseline": seeds("baseline", 58.0, 57.0)}
    told = answer(found := read(compared, **two), "baseline")
    assert told.outcome == "The paper's match with its baseline is not found at this size."
    assert "-2.3 points, more than the 1.0 points that seeds of one network lie apart." in told.numbers
    assert "2 seeds are few" in how_judged(found)
    level = answer(read(compared, **two | {"baseline": seeds("baseline", 55.0, 55.3)}), "baseline")
    assert "+0.1 points, within the 0.4 points" in level.numbers
    alike = answer(read(compared, **two | {"baseline": seeds("baseline", 55.21, 55.21)}), "baseline")
    assert ": +0.0 points, within" in alike.numbers


def test_a_single_run_may_be_off_by_what_the_seeds_of_any_network_are(compared: Path) -> None:
    wide = {"hrnetv2": seeds("hrnetv2", 50.0, 54.5)}
    assert answer(found := read(compared, **wide), "one-module").outcome.startswith("The second module is worth")
    assert "more than 4.5 points, the most that seeds of any network here lie apart" in how_judged(found)
    level = answer(read(compared, **wide, **{"one-module": seeds("x", 51.0, question="Q?")}), "one-module")
    assert level.outcome == "One module does as well, on one run each."
    assert "differences under about 4.5 points mean nothing" in level.numbers


def test_many_seeds_are_no_mere_hint(compared: Path) -> None:
    assert "hint" not in how_judged(read(compared, segnode=seeds("segnode", 55.0, 55.4, 55.2)))


def test_a_control_answers_its_own_question(compared: Path) -> None:
    told = answer(comparison.comparison(), "one-module")
    assert told.question == "Does f need two?"
    assert told.outcome == "The second module is worth its parameters, on one run each."
    assert told.numbers.startswith("With <b>one</b>. SegNode 55.0, one module 50.0: +5.0 points.")
    better = answer(read(compared, **{"one-module": seeds("segnode", 59.0, question="Q?")}), "one-module")
    assert better.outcome == "One module does better, on one run each."


def test_a_question_without_runs_is_open(compared: Path) -> None:
    told = answer(comparison.comparison(), "hrnetv2")
    assert (told.outcome, told.numbers) == ("", "Not measured yet: HRNetV2.")
    none = answer(read(compared, segnode=network("segnode")), "hrnetv2")
    assert none.numbers == "Not measured yet: SegNode and HRNetV2."


def test_a_network_that_nobody_foresaw_is_compared_all_the_same(compared: Path) -> None:
    told = answer(read(compared, other=seeds("other", 40.0)), "other")
    assert (told.question, told.outcome) == ("Does SegNode match Other?", "SegNode is ahead, on one run each.")


def test_a_training_that_its_minutes_ended_is_told(compared: Path) -> None:
    told = answer(read(compared, hrnetv2=network("hrnetv2", run(0, 30.0, 60, 6.24))), "hrnetv2")
    assert "HRNetV2's minutes ended after 6.24 epochs of 40: equal in time, not in epochs." in told.numbers
    assert "minutes ended" not in answer(comparison.comparison(), "baseline").numbers


@pytest.mark.parametrize(("against", "across"), [("minutes", 40.0), ("memory", 200.0), ("parameters", 2.0)])
def test_a_network_stands_at_its_score_and_cost(compared: Path, against, across) -> None:
    figure = score_picture(read(compared, segnode=seeds("segnode", 55.0, 57.0)), against, WIDE, LIGHT)
    networks, controls = trace(figure, "networks"), trace(figure, "controls")
    assert (networks.x[0], networks.y[0]) == (across, 56.0)
    assert (networks.marker.symbol, controls.marker.symbol) == ("circle", "diamond")
    assert (len(networks.x), list(controls.y)) == (2, [50.0])
    assert list(trace(figure, "seeds").y) == [55.0, 57.0]


@pytest.mark.parametrize("frame", [WIDE, NARROW])
def test_all_points_are_within_the_picture_and_named(compared: Path, frame) -> None:
    figure = score_picture(comparison.comparison(), "minutes", frame, DARK)
    bottom, top = figure.layout.yaxis.range
    assert all(bottom < score < top for one in figure.data for score in one.y)
    assert {"SegNode", "Baseline", "One module"} <= {note.text for note in figure.layout.annotations}


def test_without_runs_there_is_no_picture(compared: Path) -> None:
    found = read(
        compared, segnode=network("segnode"), baseline=network("baseline"), **{"one-module": network("x", question="Q")}
    )
    assert len(score_picture(found, "minutes", WIDE, LIGHT).data) == 0
    assert len(training_curves(list(found.networks.values()), "mIoU", "epochs", LIGHT).data) == 0


def test_a_control_has_the_colour_of_what_it_varies(compared: Path) -> None:
    found = comparison.comparison().networks
    assert network_ink(found["one-module"], DARK) == network_ink(found["segnode"], DARK) == DARK.truth
    assert network_ink(found["baseline"], DARK) not in {DARK.truth, DARK.final, network_ink(found["baseline"], LIGHT)}


def test_curves_run_along_epochs_or_minutes(compared: Path) -> None:
    networks = [read(compared, segnode=seeds("segnode", 55.0, seconds_a_step=3.0)).networks["segnode"]]
    epochs, minutes = (training_curves(networks, "mIoU", along, LIGHT) for along in ("epochs", "minutes"))
    assert list(trace(epochs, "SegNode").x) == [20.0, 40.0]
    assert list(trace(epochs, "SegNode").y) == [45.0, 55.0]
    assert list(trace(minutes, "SegNode").x) == [10.0, 20.0]


def test_controls_are_broken_lines_and_each_end_is_named(compared: Path) -> None:
    found = comparison.comparison().measured
    figure = training_curves(list(found.values()), "mIoU", "epochs", LIGHT)
    assert trace(figure, "SegNode").line.dash == "solid"
    assert trace(figure, "One module").line.dash == "dash"
    assert {"SegNode 55.0", "Baseline 54.4", "One module 50.0"} <= {note.text for note in figure.layout.annotations}


def test_a_training_that_ended_early_is_led_to_its_name(compared: Path) -> None:
    found = read(compared, hrnetv2=network("hrnetv2", run(0, 30.0, 60, 6.0))).measured
    figure = training_curves(list(found.values()), "mIoU", "epochs", LIGHT)
    thread = trace(figure, "thread")
    assert (thread.x[0], thread.x[-1]) == (6.0, 40.0)
    assert list(thread.y[:2]) == [30.0, 30.0]


def test_losses_are_smoothed_over_their_neighbours(compared: Path) -> None:
    assert WINDOW == 5
    assert smoothed([5.0, 0.0, 1.0, 4.0, 10.0, 0.0]) == [2.0, 2.5, 4.0, 3.0, 3.75, 14 / 3]
    figure = training_curves([comparison.comparison().networks["segnode"]], "loss", "epochs", LIGHT)
    assert list(trace(figure, "SegNode").y) == [1.5, 1.5, 1.5]
