"""Results without a browser: what it shows of both files, and what it says where there are none."""

import json
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.views import results_files
from tests.app.reading import captions, figures, html, opened
from tests.results.made_up import UNREADABLE, comparison, network, seeds

COMMITTED = results_files.FOLDER
pytestmark = pytest.mark.usefixtures("results")


def drawn(page: AppTest) -> list[str]:
    """Names of the lines of the curves."""
    return [trace["name"] for trace in figures(page)[2]["data"] if trace["name"] != "thread"]


def cells(page: AppTest, name: str) -> list[str]:
    """What stands in the row of a network."""
    body = html(page)
    body = body[body.index('data-of="by seed"') - 400 :]  # after Table 1, which names some networks alike
    row = body[body.index(f'<th scope="row">{name}') :]
    return re.findall(r"<td[^>]*>(?:<(?:b|span)[^>]*>)?(.*?)<", row[: row.index("</tr>")])


def test_opens_on_both_parts_with_their_source() -> None:
    page = opened("paper.accuracy")
    wide, narrow, curves = figures(page)
    assert wide["layout"]["height"] > narrow["layout"]["height"]
    assert curves["layout"]["yaxis"]["ticksuffix"] == " %"
    body = html(page)
    assert "<dd>python scripts/results.py; revision 0123456789; a machine</dd>" in body
    assert "revision 0123456789, with changes not yet committed; a machine</dd>" in body
    assert "<dd>revision fedcba9876</dd>" in body
    assert not page.error


def test_the_terms_are_those_of_the_file() -> None:
    body = html(opened("paper.accuracy"))
    assert "40 epochs of CamVid&#x27;s training split, or 24 minutes of one core" in body
    assert "Batches of 8 crops of 192 x 160 at 0.5 to 1.5 times their size" in body
    assert "best of AdamW 0.001 (weight decay 0.02), SGD 0.1, after 6 epochs or 3.6 minutes" in body
    assert "judged on drive 0006R0" in body
    assert "The controls one module took SegNode&#x27;s." in body


def test_answers_come_with_their_numbers() -> None:
    body = html(opened("paper.accuracy"))
    assert "</b>Too close to its baseline to tell apart, as in the paper, on one run each" in body
    assert "<small>SegNode 55.0, baseline" in body
    assert "<li><b>?</b>Not measured yet<small>Does SegNode match HRNetV2?</small></li>" in body
    assert "With &lt;b&gt;one&lt;/b&gt;." in body


@pytest.mark.parametrize("mark", [None, False])
def test_nothing_is_concluded_from_misaligned_networks(compared: Path, mark: object) -> None:
    """Figures stay, with one note that gives the reason; no sentence weighs one network against another."""
    held = comparison(segnode=seeds("segnode", 55.0, 58.0)) | {"aligned": mark}
    compared.write_text(json.dumps({key: value for key, value in held.items() if value is not None}))
    page = opened("paper.accuracy")
    body = html(page)
    assert body.count("misaligned networks") == 1
    assert "What came out" not in body
    assert not re.search(r"points[ :.]|as well|better|is worth|is seen|match", body[body.index("Equal terms") :])
    assert cells(page, "SegNode")[0] == "56.5"
    assert len(figures(page)) == 3


def test_a_network_without_runs_is_told_and_not_drawn() -> None:
    page = opened("paper.accuracy")
    assert "Not measured yet, so not drawn: HRNetV2." in captions(page)
    assert cells(page, "HRNetV2") == [
        "not measured yet",
        "",
        "2.0",
        "200",
        "20",
        "6.00",
        "0.25",
        "",
        "",
        "search not finished",
    ]


def test_a_network_has_its_numbers_by_seed(compared: Path) -> None:
    compared.write_text(json.dumps(comparison(segnode=seeds("segnode", 55.0, 56.2))))
    page = opened("paper.accuracy")
    expected = ["55.6", "55.0, 56.2", "2.0", "200", "20", "6.00", "0.25", "40", "40.0", "AdamW 0.001"]
    assert cells(page, "SegNode") == expected
    assert "small: single seeds" in html(page)


def test_a_choice_of_curves_is_kept_in_the_address() -> None:
    assert drawn(opened("paper.accuracy")) == ["SegNode", "Baseline"]
    page = opened("paper.accuracy", curve="Training loss", along="Minutes", networks=["SegNode", "One module"])
    assert drawn(page) == ["SegNode", "One module"]
    texts = [note["text"] for note in figures(page)[2]["layout"]["annotations"]]
    assert {"training loss", "minutes"} <= set(texts)
    assert "each point is the mean of 5 logged batches" in captions(page)


def test_the_picture_is_drawn_against_what_is_asked() -> None:
    wide = figures(opened("paper.accuracy", against="Memory"))[0]
    assert "training memory, MiB" in [note["text"] for note in wide["layout"]["annotations"]]
    assert wide["data"][0]["x"] == [200.0, 200.0]


def test_a_nonsensical_link_opens_the_first_settings() -> None:
    page = opened("paper.accuracy", against="<b>", curve="7", along="x", networks=["nobody"])
    assert figures(page) == figures(opened("paper.accuracy"))


def test_no_network_chosen_is_one_sentence() -> None:
    page = opened("paper.accuracy")
    page.pills(key="networks").set_value([]).run()
    assert not page.exception
    assert [told.value for told in page.info] == ["Choose a network to see how it trained."]
    assert len(figures(page)) == 2


def test_before_the_first_run_is_through_the_terms_stand_alone(compared: Path) -> None:
    nothing = {name: network(name) for name in ("segnode", "baseline", "hrnetv2")}
    compared.write_text(json.dumps(comparison(**nothing, **{"one-module": network("x", question="Q?")})))
    page = opened("paper.accuracy")
    assert figures(page) == []
    assert "No network has finished its training yet" in page.info[0].value
    assert "Equal terms" in html(page)
    assert html(page).count("not measured yet") == 4


def test_without_a_comparison_table_1_stands(compared: Path) -> None:
    compared.unlink()
    page = opened("paper.accuracy")
    (told,) = page.error
    assert "run python scripts/compare.py collect" in told.value.replace("\\", "")
    assert "<i>81.1</i>" in html(page)


def test_without_table_1_the_comparison_stands(table1: Path) -> None:
    table1.unlink()
    page = opened("paper.accuracy")
    (told,) = page.error
    assert "run python scripts/results.py" in told.value.replace("\\", "")
    assert len(figures(page)) == 3


@pytest.mark.parametrize("data", UNREADABLE)
def test_corrupt_files_are_a_sentence_each(table1: Path, compared: Path, data: bytes) -> None:
    table1.write_bytes(data)
    compared.write_bytes(data)
    first, second = (told.value.replace("\\", "") for told in opened("paper.accuracy").error)
    assert "table1.json does not hold the figures of Table 1" in first
    assert "comparison.json does not hold the results of the compact networks" in second


def test_a_file_written_again_is_read_again(compared: Path) -> None:
    page = opened("paper.accuracy")
    compared.write_text(json.dumps(comparison(segnode=seeds("segnode", 33.3))))
    page.run()
    assert cells(page, "SegNode")[0] == "33.3"


def test_the_committed_comparison_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results_files, "FOLDER", COMMITTED)
    page = opened("paper.accuracy")
    assert not page.error
    aligned = json.loads((COMMITTED / "comparison.json").read_text()).get("aligned") is True
    assert ("What came out" in html(page)) == aligned
