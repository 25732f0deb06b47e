"""What the page says of Table 1's cells."""

from typing import Any

import pytest

from app.views.paper.accuracy import table1_words
from segnode.results.table1 import Table1
from tests.results.made_up import cell, row, table1


def read(**changes: Any) -> Table1:
    return Table1.from_json(table1(**changes))


@pytest.fixture
def found() -> Table1:
    return read()


def html_row(found: Table1, name: str) -> str:
    body = table1_words.table(found, str)
    body = body[body.index(f'<th scope="row">{name}</th>') :]
    return body[: body.index("</tr>")]


def test_a_column_spans_its_figures_the_measured_ones_too(found: Table1) -> None:
    assert found.span("Cityscapes") == (81.0, 85.0)
    assert found.span("CamVid") == (79.0, 82.0)


def test_a_column_without_figures_spans_all() -> None:
    found = read(rows=[row("A", "a", cell(None), cell(82.0))])
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


def test_a_cell_says_when_its_figure_is_its_servers(found: Table1) -> None:
    assert "server" not in html_row(found, "SegNode")
    told = read(rows=[row("A", "a", cell(81.8, 82.0, server=True), cell(82.0))])
    assert html_row(told, "A").count("<small>by its server</small>") == 1


def test_findings_begin_with_their_numbers(found: Table1) -> None:
    told = table1_words.findings(found)
    assert "<li><b>59.8</b>segnode-compact, CamVid val" in told
    assert "<li><b>1 of 5</b>figures of Table 1 measured here" in told


def test_the_papers_segnode_is_held_against_its_baseline() -> None:
    rows = [
        row("Baseline", "baseline-w48", cell(81.7), cell(81.0)),
        row("SegNode", "segnode-w48", cell(81.8), cell(80.6)),
    ]
    assert "<b>-0.4 to +0.1</b>points from its baseline to SegNode" in table1_words.findings(read(rows=rows))


def test_a_dash_of_the_paper_stays_one(found: Table1) -> None:
    assert html_row(found, "SegNode+OCR†").count('class="dash"') == 1


def test_the_summary_counts(found: Table1) -> None:
    assert "1 of its 5 figures was measured here" in table1_words.summary(found)
    none = read(rows=[row("A", "a", cell(81.0), cell(82.0))])
    assert "None of its 2 figures was measured here" in table1_words.summary(none)


def test_what_fills_no_cell_is_told_with_the_reason(found: Table1) -> None:
    told = table1_words.asides(found)
    assert "segnode-compact, CamVid val <b>59.8</b>" in told
    assert "Own, CamVid val <b>12.0</b>" in told
    assert "101 pictures, 2.3 M parameters. In no cell because it is &lt;small&gt;." in told


def test_sentences_are_shown_letter_by_letter_but_for_code(found: Table1) -> None:
    assert "<code>a &lt; b</code>" in table1_words.left_open(found)
    assert "Section 4 says &lt;so&gt;." in table1_words.columns(found)


def test_nothing_aside_or_open_makes_no_heading() -> None:
    found = read(compact=[], other=[], open=[])
    assert table1_words.asides(found) == table1_words.left_open(found) == ""
