"""Cost without a browser: what it shows of the results, what it asks, and what it says where there are none."""

import json
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.app.reading import captions, figures, html, opened
from tests.results.made_up import CAVEAT, UNREADABLE, cost


def answers(page: AppTest) -> list[str]:
    return re.findall(r"<dd>(.*?)</dd>", html(page))


def test_opens_on_training_time_with_its_source(costs: Path) -> None:
    page = opened("paper.cost")
    wide, narrow = figures(page)
    assert wide["layout"]["height"] > narrow["layout"]["height"]
    assert "Ours: training timed on the CPU at batch 2" in captions(page)
    assert "Training time not measured, so not drawn: Odd <b>." in captions(page)
    assert "peak bytes of live tensors at 480 x 360, 11 classes, counted with PyTorch's" in captions(page)
    assert "python scripts/cost.py; revision 0123456789, with changes not yet committed; a machine." in captions(page)
    assert not page.error


def test_findings_begin_with_their_numbers_and_the_papers_stand_beside(costs: Path) -> None:
    body = html(opened("paper.cost"))
    assert "<b>0.42</b> of HRNetV2's training time<small>paper 1.89" in body
    assert "<b>0.32</b> of HRNetV2's parameters" in body


def test_all_points_are_drawn_on_demand(costs: Path) -> None:
    def drawn(**address: str) -> int:
        wide, _ = figures(opened("paper.cost", timed="Testing time", **address))
        return sum(len(trace["x"]) for trace in wide["data"] if trace["name"] != "counterparts")

    assert drawn() == 4
    assert drawn(points="All") == 6


def test_each_claim_stands_with_what_it_leaves_open(costs: Path) -> None:
    assert f"<li>Less memory: 0.16 of it<small>{CAVEAT}</small></li>" in html(opened("paper.cost"))


def test_the_table_has_the_papers_number_beside_ours(costs: Path) -> None:
    body = html(opened("paper.cost"))
    row = body[body.index('<th scope="row">SegNode, midpoint-2, checkpoint') :]
    row = row[: row.index("</tr>")]
    numbers = re.findall(r"<b>(.*?)</b>(?:<i>(.*?)</i>)?", row)
    assert numbers == [
        ("20.9", "20.9"),
        ("187.0", ""),
        ("38", "62"),
        ("3.2", "13.4"),
        ("1.00", "0.43"),
        ("0.42", "1.89"),
        ("1.00", "0.7"),
        ("0.30", "2.44"),
    ]


def test_the_table_says_what_was_not_measured_and_why_numbers_differ(costs: Path) -> None:
    body = html(opened("paper.cost"))
    odd = body[body.index('<th scope="row">Odd &lt;b&gt;') :]
    assert odd[: odd.index("</tr>")].count("not measured") == 1
    assert body.count("The paper&#x27;s solver took more evaluations.") == 1
    assert body.count("Memory by real tensors") == 1


def test_the_calculator_opens_at_the_setting_of_the_table(costs: Path) -> None:
    page = opened("paper.cost")
    assert [number.value for number in page.number_input] == [24, 480, 360, 2]
    # 24 pictures are too few for the moment that takes 3 bytes a pixel to be the dearest; 4 evaluations of f.
    assert answers(page) == ["1.5 GiB", "1.00 GiB", "64,209", "0.5 G"]
    assert "off by 3.1 % at most" in captions(page)
    assert "not measured on a GPU" in captions(page)


def test_a_link_opens_the_same_settings(costs: Path) -> None:
    page = opened(
        "paper.cost",
        timed="Testing time",
        network="SegNode",
        batch="1024",
        width="1024",
        height="2048",
        method="euler",
        solve_steps="3",
        gradient="backprop",
    )
    assert "Ours: testing timed" in captions(page)
    assert answers(page) == ["9.0 GiB", "1.01 GiB", "3,968", "5.2 G"]
    assert answers(opened("paper.cost", network="HRNetV2", width="1000", height="1000"))[-1] == "9.0 G"


def test_a_nonsensical_link_opens_the_first_settings(costs: Path) -> None:
    page = opened(
        "paper.cost", timed="<b>", network="7", batch="-3", width="a", method="x", solve_steps="0", gradient="y"
    )
    assert answers(page) == answers(opened("paper.cost"))


def test_a_gradient_that_is_not_there_is_one_sentence(costs: Path) -> None:
    page = opened("paper.cost", network="HRNetV2", gradient="adjoint")
    assert answers(page) == []
    assert "HRNetV2 is not an ODE and has no adjoint: choose another gradient." in html(page)
    assert "<td>no adjoint</td>" in html(page)
    solver = opened("paper.cost", method="euler", gradient="adjoint")
    assert "euler has no adjoint (torchdiffeq, which solves it, lacks it): choose another solver." in html(solver)
    assert answers(opened("paper.cost", gradient="adjoint"))[0] == "1.5 GiB"


def test_what_the_table_leaves_open_is_told(costs: Path) -> None:
    assert "Testing Odd <b> was not tried." in captions(opened("paper.cost"))


def test_an_error_too_small_to_print_is_not_called_none(costs: Path) -> None:
    costs.write_text(json.dumps(cost(calculator_largest_error=0.00002)))
    assert "off by less than 0.1 %." in captions(opened("paper.cost"))


def test_a_solvers_steps_change_the_answer(costs: Path) -> None:
    page = opened("paper.cost")
    before = answers(page)
    page.number_input(key="solve_steps").set_value(200).run()
    assert answers(page)[0] == "1.8 GiB" != before[0]
    assert answers(page)[3] == "34.7 G"


def test_a_picture_too_large_for_the_card_fits_no_batch(costs: Path) -> None:
    costs.write_text(json.dumps(cost(limit_gib=0.5)))
    assert answers(opened("paper.cost"))[2] == "none"


@pytest.mark.parametrize("data", UNREADABLE)
def test_a_corrupt_file_is_one_sentence(costs: Path, data: bytes) -> None:
    costs.write_bytes(data)
    page = opened("paper.cost")
    (told,) = page.error
    assert "cost.json does not hold the costs of networks" in told.value.replace("\\", "")
    assert "python scripts/cost.py" in told.value.replace("\\", "")
    assert figures(page) == []


def test_without_results_one_sentence_says_what_to_run(costs: Path) -> None:
    costs.unlink()
    page = opened("paper.cost")
    (told,) = page.error
    assert "run python scripts/cost.py" in told.value.replace("\\", "")


def test_a_file_written_again_is_read_again(costs: Path) -> None:
    page = opened("paper.cost")
    costs.write_text(json.dumps(cost(calculator_largest_error=0.5)))
    page.run()
    assert "off by 50.0 % at most" in captions(page)


def test_the_committed_results_are_shown() -> None:
    page = opened("paper.cost")
    assert not page.error
    assert len(figures(page)) == 2


def test_without_a_calculator_one_sentence_says_what_to_run(costs: Path) -> None:
    costs.write_text(json.dumps(cost(calculator={})))
    (told,) = opened("paper.cost").error
    assert "run python scripts/cost.py --parts calculator" in told.value.replace("\\", "")
