"""The compact networks: what is read of their results, and what the numbers say to each question."""

import math
from typing import Any

import pytest

from segnode.errors import DataError
from segnode.results.comparison import Answer, Comparison
from tests.results.made_up import comparison, network, run, searched, seeds


def read(**networks: Any) -> Comparison:
    return Comparison.from_json(comparison(**networks))


def answer(found: Comparison, name: str) -> Answer:
    return found.answers()[name]


def chosen(found: Comparison, name: str) -> str | None:
    setting = found.chosen(found.networks[name])
    return setting and setting.name


def test_minutes_are_steps_at_the_speed_measured_and_not_the_clock() -> None:
    found = read()
    assert found.networks["segnode"].minutes == 40.0
    assert found.networks["segnode"].runs[0].epoch(100) == 10.0


def test_seeds_have_a_mean_and_lie_apart() -> None:
    found = read(segnode=seeds("segnode", 54.0, 56.0, 55.6)).networks["segnode"]
    assert found.score == pytest.approx(55.2)
    assert found.spread == pytest.approx(2.0)


def test_one_run_has_no_spread_and_none_no_score() -> None:
    found = read()
    assert found.networks["segnode"].spread is None
    assert (found.networks["hrnetv2"].score, found.networks["hrnetv2"].minutes) == (None, None)
    assert found.waiting == ("HRNetV2",)
    assert list(found.measured) == ["segnode", "baseline", "one-module"]


def test_what_was_chosen_is_what_was_trained_with() -> None:
    other_way = {"a": searched(1.0), "b": searched(2.0)}
    found = read(baseline=network("baseline", run(0, 50.0), searched=other_way))
    assert chosen(found, "baseline") == "AdamW 0.001"


def test_before_training_the_best_of_the_search_is_chosen_once_it_is_through() -> None:
    other_way = {"a": searched(1.0), "b": searched(2.0)}
    lent = network("x", question="Q?", settings_of="segnode", searched={})
    segnode = network("segnode", searched=other_way)
    found = read(segnode=segnode, lent=lent, unode=network("unode", searched={"a": searched(9.0)}))
    assert chosen(found, "lent") == chosen(found, "segnode") == "SGD 0.1"
    assert chosen(found, "unode") is None


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
def test_what_does_not_hold_together_is_no_comparison(changes: dict[str, Any]) -> None:
    with pytest.raises(DataError, match=r"Input should be|Field required|not searched|no network"):
        read(**changes)


def test_a_comparison_without_its_subject_is_none() -> None:
    values = comparison()
    del values["networks"]["segnode"]
    with pytest.raises(DataError, match="no network segnode"):
        Comparison.from_json(values)


def test_scores_that_are_not_those_of_the_runs_are_refused() -> None:
    with pytest.raises(DataError, match="the scores of SegNode are not those of its runs"):
        read(segnode=network("segnode", run(0, 55.0), mIoU=[56.0]))


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
def test_networks_differ_by_more_than_their_seeds_or_not_at_all(ours, theirs, expected) -> None:
    found = read(segnode=seeds("segnode", *ours), baseline=seeds("baseline", *theirs))
    verdict = found.verdict(found.networks["baseline"])
    assert (verdict and verdict.standing) == expected


def test_a_single_run_is_worth_about_two_points_and_no_more_than_the_seeds_known() -> None:
    for ours, margin in ((seeds("segnode", 55.0), 2.0), (seeds("segnode", 55.0, 58.0), 3.0)):
        found = read(segnode=ours)
        verdict = found.verdict(found.networks["baseline"])
        assert verdict is not None
        assert verdict.margin == margin


def test_an_answer_tells_its_numbers_and_what_one_run_means() -> None:
    told = answer(read(), "baseline")
    assert told.question == "Does SegNode match its baseline?"
    assert told.outcome == "Too close to its baseline to tell apart, as in the paper, on one run each."
    assert told.numbers == (
        "SegNode 55.0, baseline 54.4: +0.6 points. One run each: differences under about 2 points mean nothing."
        " With 0.25 of its parameters, 1.00 of its training memory and 1.00 of its time a step."
    )


def test_an_answer_holds_a_gap_against_the_seeds() -> None:
    two = {"segnode": seeds("segnode", 55.0, 55.4), "baseline": seeds("baseline", 58.0, 57.0)}
    told = answer(found := read(**two), "baseline")
    assert told.outcome == "The paper's match with its baseline is not found at this size."
    assert "-2.3 points, more than the 1.0 points that seeds of one network lie apart." in told.numbers
    assert "2 seeds are few" in found.how_judged()
    level = answer(read(**two | {"baseline": seeds("baseline", 55.0, 55.3)}), "baseline")
    assert "+0.1 points, within the 0.4 points" in level.numbers
    alike = answer(read(**two | {"baseline": seeds("baseline", 55.21, 55.21)}), "baseline")
    assert ": +0.0 points, within" in alike.numbers


def test_a_single_run_may_be_off_by_what_the_seeds_of_any_network_are() -> None:
    wide = {"hrnetv2": seeds("hrnetv2", 50.0, 54.5)}
    assert answer(found := read(**wide), "one-module").outcome.startswith("The second module is worth")
    assert "more than 4.5 points, the most that seeds of any network here lie apart" in found.how_judged()
    level = answer(read(**wide, **{"one-module": seeds("x", 51.0, question="Q?")}), "one-module")
    assert level.outcome == "Too close to tell whether the second module helps, on one run each."
    assert "differences under about 4.5 points mean nothing" in level.numbers


def test_many_seeds_are_no_mere_hint() -> None:
    assert "hint" not in read(segnode=seeds("segnode", 55.0, 55.4, 55.2)).how_judged()


def test_a_control_answers_its_own_question() -> None:
    told = answer(read(), "one-module")
    assert told.question == "Does f need two?"
    assert told.outcome == "The second module is worth its parameters, on one run each."
    assert told.numbers.startswith("With <b>one</b>. SegNode 55.0, one module 50.0: +5.0 points.")
    better = answer(read(**{"one-module": seeds("segnode", 59.0, question="Q?")}), "one-module")
    assert better.outcome == "One module does better, on one run each."


def test_a_question_without_runs_is_open() -> None:
    told = answer(read(), "hrnetv2")
    assert (told.outcome, told.numbers) == ("", "Not measured yet: HRNetV2.")
    none = answer(read(segnode=network("segnode")), "hrnetv2")
    assert none.numbers == "Not measured yet: SegNode and HRNetV2."


def test_a_network_that_nobody_foresaw_is_compared_all_the_same() -> None:
    told = answer(read(other=seeds("other", 40.0)), "other")
    assert (told.question, told.outcome) == ("Does SegNode match Other?", "SegNode is ahead, on one run each.")


def test_a_training_that_its_minutes_ended_is_told() -> None:
    told = answer(read(hrnetv2=network("hrnetv2", run(0, 30.0, 60, 6.24))), "hrnetv2")
    assert "HRNetV2's minutes ended after 6.24 epochs of 40: equal in time, not in epochs." in told.numbers
    assert "minutes ended" not in answer(read(), "baseline").numbers
