import json
from dataclasses import asdict

import pytest

from segnode.analysis.formula import Area, Formula, Moment

#: Dear with few pixels, and dear with many; a step adds to the second alone.
FLAT, STEEP = Moment(1000.0, 1.0, 0.0), Moment(100.0, 7.0, 5.0)
FORMULA = Formula(((FLAT,),), (FLAT, STEEP), (Moment(0.0, 0.0, 0.0), Moment(10.0, 2.0, 1.0)), multiple=4)


def test_whole_streams_have_no_excess() -> None:
    assert Area.of((64, 96)) == Area(64.0 * 96, 0.0)


def test_sides_are_rounded_up_in_each_stream() -> None:
    # 10 x 9 at stride 4, then 5 x 5, 3 x 3 and 2 x 2, each with twice the channels of the one before.
    area = Area.of((37, 36))
    assert area.pixels == 40 * 36
    assert area.pixels + area.excess == pytest.approx(16 * (90 + 2 * 25 + 4 * 9 + 8 * 4) / (1 + 1 / 2 + 1 / 4 + 1 / 8))


def test_sides_are_padded_where_the_network_pads() -> None:
    assert Area.of((37, 64), 32) == Area(64.0 * 64, 0.0)
    assert Formula(((FLAT,),), multiple=32).at(1, (4, 4), 1) == pytest.approx(1000 + 1024)


def test_the_dearest_moment_counts() -> None:
    assert Formula(((FLAT, STEEP),)).at(1, (4, 4), 1) == pytest.approx(1000 + 16)
    assert FORMULA.at(1, (32, 32), 2) == pytest.approx(100 + 1024 * 7)
    assert FORMULA.at(3, (64, 32), 5) == pytest.approx(100 + 3 * 10 + 3 * 2048 * (7 + 3 * 2))


def test_one_step_has_moments_of_its_own() -> None:
    assert FORMULA.at(1, (32, 32), 1) == pytest.approx(1000 + 1024)


def test_without_steps_nothing_depends_on_them() -> None:
    formula = Formula(((FLAT,),))
    assert formula.at(2, (32, 32), 1) == formula.at(2, (32, 32), 99) == pytest.approx(1000 + 2048)


@pytest.mark.parametrize("limit", [1500.0, 20_000.0, 1e6])
def test_the_largest_batch_fits_and_the_next_does_not(limit: float) -> None:
    largest = FORMULA.largest(limit, (8, 8), 3)
    assert FORMULA.at(largest, (8, 8), 3) <= limit < FORMULA.at(largest + 1, (8, 8), 3)
    assert FORMULA.largest(10.0, (8, 8), 3) == 0


def test_as_many_steps_as_are_unlike_the_rest_stand_alone() -> None:
    still = Moment(0.0, 0.0, 0.0)
    formula = Formula(((FLAT,), (STEEP,)), (FLAT,), (still,))
    assert [formula.at(1, (32, 32), steps) for steps in (1, 2, 3, 4)] == [2024, 7268, 2024, 2024]


def test_comes_back_from_json() -> None:
    assert Formula.from_dict(json.loads(json.dumps(asdict(FORMULA)))) == FORMULA
