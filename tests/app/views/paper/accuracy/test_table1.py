"""Table 1 as the page reads it, and what it says of its cells."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.views.paper.accuracy import table1 as results_table1
from app.views.paper.accuracy import table1_words
from app.views.paper.accuracy.table1 import Table1
from segnode.errors import DataError

ORIGIN = {"command": "python scripts/results.py", "revision": "0123456789ab", "hardware": "a machine"}
COLUMNS = ("Cityscapes", "CamVid")


def column(name: str) -> dict[str, Any]:
    return {"name": name, "split": "test", "pictures": 1525, "classes": 19, "why": "Section 4 says <so>."}


def cell(paper: float | None, *runs: float, server: bool = False) -> dict[str, Any]:
    return {
        "paper": paper,
        "measured": sum(runs) / len(runs) if runs else None,
        "status": "measured" if runs else "not measured",
        "runs": [{"mean_iou": score, "server": server} for score in runs],
    }


def row(name: str, network: str, *cells: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "network": network, "mapillary": False, "cells": dict(zip(COLUMNS, cells, strict=True))}


def made_up(**changes: Any) -> dict[str, Any]:
    """Two data sets and three networks; SegNode was measured once, in two runs."""
    aside = {
        "column": "CamVid",
        "why": "it is <small>",
        "network": "segnode-compact",
        "kind": "SegNode",
        "parameters": 2_333_188,
        "split": "val",
        "pictures": 101,
        "mean_iou": 59.823,
    }
    return {
        "provenance": ORIGIN,
        "source": "Table 1",
        "columns": [column(name) for name in COLUMNS],
        "rows": [
            row("HRNetV2", "hrnetv2-w48", cell(81.6), cell(80.9)),
            row("SegNode", "segnode-w48", cell(81.8), cell(81.1, 79.4, 80.0)),
            row("SegNode+OCR†", "segnode-w48-ocr", cell(84.5), cell(None)),
        ],
        "compact": [aside],
        "other": [aside | {"network": None, "kind": "Own", "mean_iou": 12.0}],
        "comparison": None,
        "open": ["Gaps are small: `a < b`."],
    } | changes


@pytest.fixture
def table1(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of made-up results, which the page reads."""
    path = tmp_path / "table1.json"
    path.write_text(json.dumps(made_up()))
    monkeypatch.setattr(results_table1, "RESULTS", path)
    return path


@pytest.fixture
def found(table1: Path) -> Table1:
    return results_table1.table1()


def html_row(found: Table1, name: str) -> str:
    body = table1_words.table(found, str)
    body = body[body.index(f'<th scope="row">{name}</th>') :]
    return body[: body.index("</tr>")]


def test_a_column_spans_its_figures_the_measured_ones_too(found: Table1) -> None:
    assert found.span("Cityscapes") == (81.0, 85.0)
    assert found.span("CamVid") == (79.0, 82.0)


def test_a_column_without_figures_spans_all(table1: Path) -> None:
    table1.write_text(json.dumps(made_up(rows=[row("A", "a", cell(None), cell(82.0))])))
    found = results_table1.table1()
    assert found.span("Cityscapes") == (0.0, 100.0)
    assert '<td class="dash">' in html_row(found, "A")


def test_a_cell_has_the_papers_figure_and_ours_beside_it_with_its_runs(found: Table1) -> None:
    told = html_row(found, "SegNode")
    assert "<i>81.8</i></span>" in told
    assert "<i>81.1</i><b>79.7</b>" in told
    assert "79.4 to 80.0, 2 runs" in told
    assert told.count('class="paper"') == 2
    assert told.count('class="ours"') == 1
    assert 'class="ours" style="--at:23.3%"' in told  # 79.7 between 79 and 82


def test_a_cell_says_when_its_figure_is_its_servers(found: Table1, table1: Path) -> None:
    assert "server" not in html_row(found, "SegNode")
    table1.write_text(json.dumps(made_up(rows=[row("A", "a", cell(81.8, 82.0, server=True), cell(82.0))])))
    assert html_row(results_table1.table1(), "A").count("<small>by its server</small>") == 1


def test_a_row_says_once_that_it_was_not_measured(found: Table1) -> None:
    assert html_row(found, "HRNetV2").count("not measured") == 1
    assert "1 of 2" in html_row(found, "SegNode")
    assert html_row(found, "SegNode+OCR†").count('class="dash"') == 1


def test_the_summary_counts(found: Table1, table1: Path) -> None:
    assert "1 of its 5 figures was measured here" in table1_words.summary(found)
    table1.write_text(json.dumps(made_up(rows=[row("A", "a", cell(81.0), cell(82.0))])))
    assert "None of its 2 figures was measured here" in table1_words.summary(results_table1.table1())


def test_what_fills_no_cell_is_told_with_the_reason(found: Table1) -> None:
    told = table1_words.asides(found)
    assert "segnode-compact, CamVid val <b>59.8</b>" in told
    assert "Own, CamVid val <b>12.0</b>" in told
    assert "101 pictures, 2.3 M parameters. In no cell because it is &lt;small&gt;." in told


def test_sentences_are_shown_letter_by_letter_but_for_code(found: Table1) -> None:
    assert "<code>a &lt; b</code>" in table1_words.left_open(found)
    assert "Section 4 says &lt;so&gt;." in table1_words.columns(found)


def test_nothing_aside_or_open_makes_no_heading(table1: Path) -> None:
    table1.write_text(json.dumps(made_up(compact=[], other=[], open=[])))
    found = results_table1.table1()
    assert table1_words.asides(found) == table1_words.left_open(found) == ""


def test_a_missing_table_says_what_to_run(table1: Path) -> None:
    table1.unlink()
    with pytest.raises(DataError, match=r"run python scripts/results\.py"):
        results_table1.table1()


@pytest.mark.parametrize(
    "changes",
    [
        {"rows": []},
        {"columns": []},
        {"rows": [{"name": "A", "network": "a", "cells": {}}]},
        {"rows": [row("A", "a", cell(181.0), cell(None))]},
        {"rows": [row("A", "a", cell(81.0) | {"measured": "much"}, cell(None))]},
        {"provenance": {}},
        {"compact": [{"network": "x"}]},
        {"open": None},
    ],
)
def test_a_table_that_does_not_hold_together_says_what_to_run(table1: Path, changes: dict[str, Any]) -> None:
    table1.write_text(json.dumps(made_up(**changes)))
    with pytest.raises(DataError, match=r"table1\.json does not hold .*write it again with python scripts/results\.py"):
        results_table1.table1()


def test_the_committed_table_is_read() -> None:
    found = results_table1.table1()
    assert len(found.rows) == 9
    assert html_row(found, "SegNode")
