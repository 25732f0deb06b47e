"""A against B: what is held as A is a network and a solver in the address, solved on whatever picture is drawn."""

from dataclasses import replace
from unittest.mock import patch

import pytest
from streamlit.testing.v1 import AppTest

from app.solving.state import Asked
from app.ui.glossary import TERMS
from app.ui.theme import LIGHT
from app.views.explore.accuracy_cost import Point, accuracy_cost
from segnode import Predictor
from segnode.results.accuracy_cost import SetScores, Variant
from tests.app.test_page import errors, opened, pill
from tests.app.views.explore.test_state import offline  # noqa: F401 - a fixture

B = Asked(model="streets", solver="rk4", steps=8, tolerance="1e-4", T="1.5", seed=7)


@pytest.mark.parametrize(
    "asked",
    [
        Asked(model="streets", solver="euler", steps=1),
        Asked(model="my_model-2", solver="rk4_38", steps=32, T="0.25"),
        Asked(model="streets", solver="adaptive_heun", tolerance="1e-2"),
        Asked(model="streets", hub="owner/some_name", solver="euler", steps=3),
        Asked(model="streets", hub="owner/name", revision="a_branch@2", solver="euler", steps=3),
    ],
)
def test_a_run_is_one_word_of_the_address(asked: Asked) -> None:
    held = replace(B, a=asked.run).held
    assert held is not None
    assert held.run == asked.run
    assert held.seed == B.seed
    assert held.a == ""


def test_what_a_run_leaves_out_is_as_in_the_other() -> None:
    held = replace(B, a="euler-1").held
    assert held is not None
    assert (held.solver, held.steps, held.model, held.T) == ("euler", 1, "streets", "1.5")
    assert Asked().held is None


@pytest.mark.parametrize(
    "run", ["euler", "euler-0", "euler-33", "dopri5-3", "dopri5-1e-9", "rk4-4_9", "euler-1_1_nobody", "constructor-1"]
)
def test_a_run_there_is_not_is_dropped_with_a_word(run: str) -> None:
    page = opened(a=run)
    (sentence,) = [each.value.replace("\\", "") for each in page.info if "This link" in each.value]
    assert f"asks for a={run}, which is not possible" in sentence
    assert page.query_params.get("a") is None
    assert page.session_state["explore"].held is None


def runs(page: AppTest) -> tuple[str, str]:
    """The solvers of A and B, as they are drawn."""
    state = page.session_state["explore"]
    assert state.held.picture.key == state.drawn.picture.key
    return state.held.run.solver.name, state.drawn.run.solver.name


def test_a_comparison_begins_is_held_swapped_and_ended() -> None:
    page = opened()
    assert pill(page, "Compare")
    page.button(key="begin").click().run()
    assert errors(page) == []
    assert runs(page) == ("euler-1", "rk4-8")
    assert pill(page, "A **euler-1**")
    assert pill(page, "Solver **rk4 · 8 steps**")
    assert page.query_params["a"] in ("euler-1_1_segnode-tiny", ["euler-1_1_segnode-tiny"])
    page.button(key="swap").click().run()
    assert runs(page) == ("rk4-8", "euler-1")
    page.slider(key="steps-2").set_value(3).run()
    assert runs(page) == ("rk4-8", "euler-3")
    page.button(key="hold").click().run()
    assert runs(page) == ("euler-3", "euler-3")
    page.button(key="release").click().run()
    assert page.session_state["explore"].held is None
    assert "a" not in page.query_params
    assert pill(page, "Compare")


def test_each_run_is_one_solve_and_a_is_solved_again_on_another_picture() -> None:
    page = opened()
    page.button(key="hold").click().run()
    with patch.object(Predictor, "trajectory", autospec=True, side_effect=Predictor.trajectory) as solve:
        page.slider(key="steps").set_value(5).run()
        assert solve.call_count == 1
        page.button(key="next").click().run()
        assert solve.call_count == 3
    assert runs(page) == ("midpoint-4", "midpoint-5")


@pytest.mark.usefixtures("offline")
def test_a_run_a_that_cannot_be_had_is_told_and_b_stays() -> None:
    page = opened(a="euler-1_1_nobody/none")
    (sentence,) = errors(page)
    assert sentence.startswith("Run A is not drawn: ")
    assert pill(page, "Compare")
    assert page.session_state["explore"].drawn.run.solver.name == "midpoint-4"


def test_solver_rows_say_what_they_cost_before_they_are_chosen() -> None:
    page = opened(steps="4")
    costs = dict(zip(page.radio(key="solver").options, page.radio(key="solver").proto.captions, strict=True))
    for method, count in (("euler", 4), ("midpoint", 8), ("rk4", 16)):
        assert costs[method].startswith(f"**{count} evaluations.**")
        page.radio(key="solver").set_value(method).run()
        assert page.session_state["explore"].drawn.run.nfe == count
    assert "as many evaluations as the tolerance needs" in costs["dopri5"]
    page.slider(key="steps").set_value(1).run()
    assert page.radio(key="solver").proto.captions[0].startswith("**1 evaluation.**")


SCORES = SetScores(
    2,
    "rk4-8",
    {
        "euler-1": Variant(50.0, 1.0, 0.5),
        "rk4-1": Variant(69.0, 4.0, 0.1),
        "rk4-8": Variant(70.0, 32.0, 0.01),
        "stopped at 0.5": Variant(60.0, 16.0, None),
    },
    {},
)


def test_the_runs_are_placed_on_what_was_measured() -> None:
    runs = [Point("A", "euler-1", 1, 44.0), Point("B", "rk4-8", 32, 66.0), Point("", "rk4-2", 8, 65.0)]
    figure = accuracy_cost(SCORES, {"A": "euler-1", "B": "rk4-8"}, runs, LIGHT)
    lines = [trace for trace in figure.data if trace.mode == "lines+markers"]
    assert [list(zip(line.x, line.y, strict=True)) for line in lines] == [[(1, 50)], [(4, 69), (32, 70)]]
    marks = [(trace.marker.symbol, trace.x[0], trace.y[0]) for trace in figure.data if trace.mode == "markers"]
    assert marks == [
        ("circle-open", 1, 50),
        ("circle-open", 32, 70),
        ("diamond", 1, 44),
        ("diamond", 32, 66),
        ("diamond", 8, 65),
    ]
    names = [note.text for note in figure.layout.annotations]
    assert "<b>A</b> euler-1" in names
    assert "<b>B</b> rk4-8" in names


def test_no_text_of_the_page_is_explained_as_two_terms() -> None:
    texts = [text for term in TERMS for text in term.texts]
    assert len(texts) == len(set(texts))
    terms = {text: term for term in TERMS for text in term.texts}
    assert terms["vs. final"] is not terms["pixels labelled as"], "mean IoU and share of pixels are two agreements"
