"""Fig. 4 without a browser: what it shows of the records it finds, and what it says of those it cannot read."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from app.views.paper.error import averages
from segnode import SolverConfig
from tests.app.reading import captions, figures, html, opened
from tests.results.made_up import UNREADABLE
from tests.results.records import made_up


@pytest.fixture
def records(results: Path) -> Path:
    """A folder with two records."""
    folder = results / averages.FOLDER
    made_up("Here").write(folder / "a.json")
    made_up("There", iou={"road": (1.0, 2.0, 3.0, 4.0, 5.0)}, pictures=7).write(folder / "b.json")
    return folder


def lines(figure: dict) -> list[dict]:
    return [trace for trace in figure["data"] if trace["mode"] == "lines"]


def test_opens_on_the_mean_of_pictures_with_its_source(records: Path) -> None:
    page = opened("paper.error")
    (figure,) = figures(page)
    assert [line["name"] for line in lines(figure)] == ["vs. final result", "vs. truth"]
    assert sum(trace.get("fill") == "toself" for trace in figure["data"]) == 4
    assert "3 pictures, tiny (ababababab), midpoint-4" in captions(page)
    assert "python scripts/trajectory_error.py; revision 0123456789; a machine." in captions(page)
    assert "Khoshirat and Kambhamettu" in page.markdown[0].value
    assert not page.error


def test_the_table_tells_what_half_the_cost_buys(records: Path) -> None:
    body = html(opened("paper.error"))
    assert '<th scope="row">half, t = 0.5</th><td>4</td><td>50.0 %</td>' in body
    assert '<th scope="row">T = 1</th><td>8</td><td>40.0 %</td>' in body


def test_a_link_opens_the_same_view(records: Path) -> None:
    page = opened("paper.error", data="There", average="Whole set", classes=["road"])
    average, classes = figures(page)
    assert not any(trace.get("fill") == "toself" for trace in average["data"])
    assert [line["name"] for line in lines(classes)] == ["road"]
    assert "7 pictures" in captions(page)
    assert "39.2 %" in html(page)


def test_a_nonsensical_link_opens_the_first_view(records: Path) -> None:
    page = opened("paper.error", data="<b>", average="7", classes=["gnome"])
    assert len(figures(page)) == 1
    assert "3 pictures" in captions(page)


def test_classes_that_the_other_set_lacks_are_left_out(records: Path) -> None:
    page = opened("paper.error", classes=["sky", "car"])
    assert [line["name"] for line in lines(figures(page)[1])] == ["sky", "car"]
    page.button_group(key="data").set_value("There").run()
    assert len(figures(page)) == 1
    page.button_group(key="classes").set_value(["road"]).run()
    assert [line["name"] for line in lines(figures(page)[1])] == ["road"]


def test_ones_own_run_is_drawn_and_named(records: Path) -> None:
    run = SimpleNamespace(
        times=np.linspace(0, 1, 3),
        to_final=np.array([60.0, 30, 0]),
        to_truth=np.array([70.0, 50, 41]),
        solver=SolverConfig("rk4", 2),
    )
    page = opened("paper.error")
    drawn = SimpleNamespace(run=run, picture=SimpleNamespace(title="Street scene 7"))
    page.session_state["explore"] = SimpleNamespace(drawn=drawn)
    page.run()
    dotted = [line for line in lines(figures(page)[0]) if line["line"]["dash"] == "dot"]
    assert len(dotted) == 2
    assert "your run, Street scene 7, rk4-2" in captions(page)


@pytest.mark.parametrize("data", UNREADABLE)
def test_a_corrupt_file_is_one_sentence_and_the_others_are_shown(records: Path, data: bytes) -> None:
    (records / "a.json").write_bytes(data)
    page = opened("paper.error")
    (told,) = page.error
    assert "a.json does not hold the errors over solve time" in told.value.replace("\\", "")
    assert "7 pictures" in captions(page)
    assert len(figures(page)) == 1


def test_a_file_written_again_is_read_again(records: Path) -> None:
    page = opened("paper.error")
    made_up("Here", pictures=12).write(records / "a.json")
    page.run()
    assert "12 pictures" in captions(page)


def test_records_of_one_title_are_told_apart(records: Path) -> None:
    made_up("Here", pictures=9).write(records / "c.json")
    page = opened("paper.error", data="Here (c)")
    assert "9 pictures" in captions(page)


def test_without_any_record_one_sentence_says_what_to_run(results: Path) -> None:
    page = opened("paper.error")
    assert figures(page) == []
    (told,) = page.info
    assert "run scripts/trajectory_error.py" in told.value


def test_the_committed_records_are_readable() -> None:
    found, faulty = averages.records()
    assert faulty == []
    assert all(record.iou for record in found.values())
