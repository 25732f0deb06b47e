"""The record on disk: round trip, and what it says of a file that holds none."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from segnode import SolverConfig
from segnode.analysis.errors import ErrorCurve, Errors
from segnode.errors import DataError
from segnode.provenance import write_results
from segnode.results.trajectory_error import ErrorRecord, recorded, trend
from tests.results.records import made_up


def curve(*pictures: list[float]) -> ErrorCurve:
    errors = Errors(
        dataset=np.array([60.0, 30.0]),
        pictures=np.array(pictures),
        iou=np.array([[10.0, np.nan, 30.0], [50.0, np.nan, 90.0]]),
    )
    return ErrorCurve(np.array([0.0, 1.0]), np.array([0.0, 1 / 3, 1.0]), np.array([0.0, 2.0, 4.0]), errors, errors)


def record_of(found: ErrorCurve, scored: tuple[int, ...] | None = None) -> ErrorRecord:
    told = {name: getattr(made_up(), name) for name in ("provenance", "title", "data", "checkpoint", "sha256")}
    return recorded(found, names=("sky", "pole", "road"), scored=scored, solver=SolverConfig(), **told)


def test_averages_over_pictures() -> None:
    record = record_of(curve([50.0, 10.0], [70.0, 30.0], [90.0, 80.0]))
    assert record.pictures == 3
    assert record.truth.dataset == (60, 30)
    assert record.truth.mean == (70, 40)
    assert record.truth.std == (16.33, 29.439)
    assert (record.truth.p10[0], record.truth.p50[0], record.truth.p75[0]) == (54, 70, 80)
    assert record.step_times == (0, 0.333333, 1)


def test_only_classes_that_count_and_occur_have_an_iou() -> None:
    found = curve([50.0, 10.0])
    assert record_of(found).iou == {"sky": (10, 50), "road": (30, 90)}
    assert record_of(found, scored=(1, 2)).iou == {"road": (30, 90)}


def test_pictures_without_truth_stay_out_of_the_averages() -> None:
    assert record_of(curve([50.0, 10.0], [np.nan, np.nan])).truth.mean == (50, 10)
    with pytest.raises(DataError, match="counts no pixel of any picture"):
        record_of(curve([np.nan, np.nan]))


def test_is_read_as_it_was_written(tmp_path: Path) -> None:
    record = made_up()
    record.write(tmp_path / "set.json")
    assert ErrorRecord.read(tmp_path / "set.json") == record


def test_half_the_cost() -> None:
    assert made_up().half() == (0.5, 4)
    adaptive = made_up(step_times=(0.0, 0.2, 0.7, 1.0), evaluations=(0.0, 8.0, 14.0, 20.0))
    assert adaptive.half() == (0.2, 8)
    assert made_up(step_times=(0.0, 1.0), evaluations=(0.0, 1.0)).half() == (0, 0)


@pytest.mark.parametrize("steps", [1, 2, 3, 4, 5, 6, 7, 8])
def test_a_short_solve_marks_every_step(steps: int) -> None:
    depths = tuple(np.linspace(0, 1, steps + 1).round(6).tolist())
    record = made_up(step_times=depths, evaluations=tuple(2.0 * n for n in range(steps + 1)))
    assert [depth for depth, _ in record.cost_marks()] == list(depths)


def test_a_long_solve_marks_some_steps_and_both_ends() -> None:
    depths = tuple(np.linspace(0, 1, 101).round(6).tolist())
    marks = made_up(step_times=depths, evaluations=tuple(map(float, range(101)))).cost_marks()
    assert len(marks) <= 9
    assert (marks[0], marks[-1]) == ((0, 0), (1, 100))


def _without(name: str) -> Callable[[dict[str, Any]], None]:
    return lambda values: values.pop(name)


@pytest.mark.parametrize(
    "spoil",
    [
        *map(_without, ("title", "times", "truth", "iou", "provenance", "solver", "step_times")),
        lambda values: values["times"].pop(),
        lambda values: values["evaluations"].pop(),
        lambda values: values["truth"].pop("p90"),
        lambda values: values["truth"].update(mean=["a", "b", "c", "d", "e"]),
        lambda values: values["final"]["mean"].__setitem__(0, None),
        lambda values: values["final"]["mean"].__setitem__(0, float("nan")),
        lambda values: values["iou"].update(sky=[1]),
        lambda values: values["solver"].update(method="guess"),
        lambda values: values["provenance"].pop("revision"),
        lambda values: values.update(iou=[1, 2]),
        lambda values: values.update(more=1),
    ],
)
def test_a_record_amiss_is_told_in_a_sentence(spoil: Callable[[dict[str, Any]], None], tmp_path: Path) -> None:
    values = json.loads(json.dumps(made_up().to_json()))
    spoil(values)
    write_results(tmp_path / "set.json", values)
    with pytest.raises(DataError, match=r"^set\.json does not hold the errors over solve time .* write it again"):
        ErrorRecord.read(tmp_path / "set.json")


@pytest.mark.parametrize(("errors", "expected"), [((3, 5, 2), "falls"), ((2, 1, 3), "rises"), ((2, 1, 2), "stays")])
def test_an_error_goes_where_its_ends_are(errors: tuple[float, ...], expected: str) -> None:
    assert trend(errors) == expected
