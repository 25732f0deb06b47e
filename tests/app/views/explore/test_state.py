"""One state: every label names what is drawn, whatever was asked for."""

from unittest.mock import patch

import pytest

from app.solving.gallery import OPENING
from segnode import Predictor
from segnode.hub import reach
from tests.app.test_page import errors, fact, opened, pill, sent


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*_: object, **__: object) -> None:
        raise TimeoutError

    monkeypatch.setattr(reach, "model_info", unreachable)
    monkeypatch.setattr("segnode.hub.pull.model_info", unreachable)


def test_a_refused_picture_is_not_credited_with_a_result() -> None:
    page = sent(opened(seed="7"), b"no picture", "mine.png")
    (sentence,) = errors(page)
    assert "is not a picture" in sentence
    assert pill(page, "Scene **7**")
    assert page.session_state["explore"].drawn.picture.key == "street 7"
    assert not pill(page, "your picture")


def test_a_model_that_cannot_be_had_is_not_credited_with_a_result(offline: None) -> None:
    page = opened()
    page.text_input(key="hub").set_value("nobody/none").run()
    assert len(errors(page)) == 1
    assert pill(page, "Model **segnode-tiny**")
    page.button(key="way-out").click().run()
    assert errors(page) == []
    assert page.text_input[0].value == ""
    assert "hub" not in page.query_params


def test_a_link_to_a_model_that_cannot_be_had_shows_the_default_s_result_and_a_way_out(offline: None) -> None:
    page = opened(hub="nobody/none")
    assert len(errors(page)) == 1
    assert pill(page, "Model **segnode-tiny**")
    assert fact(page, "solver") == "midpoint"
    page.button(key="way-out").click().run()
    assert errors(page) == []


def test_a_solve_that_fails_leaves_the_label_of_the_one_that_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.views.explore.controls.MAX_EVALUATIONS", 3)
    page = opened()
    page.radio(key="solver").set_value("dopri5").run()
    assert len(errors(page)) == 1
    assert pill(page, "Solver **midpoint · 4 steps**")


def test_a_choice_is_one_solve_and_what_solved_in_says_stays() -> None:
    page = opened()
    took = fact(page, "solved in")
    with patch.object(Predictor, "trajectory", autospec=True, side_effect=Predictor.trajectory) as solve:
        page.slider(key="steps").set_value(5).run()
        assert solve.call_count == 1
        page.slider(key="steps").set_value(4).run()
        assert solve.call_count == 1
    assert fact(page, "solved in") == took


def test_the_plain_player_stays_at_its_time_when_frames_and_scene_change() -> None:
    page = opened(t="0.74")
    assert page.select_slider(key="t").value == "0.75"
    page.slider(key="frames").set_value(9).run()
    assert page.select_slider(key="t").value == "0.75"
    page.select_slider(key="t").set_value("0.62").run()
    page.button(key="next").click().run()
    assert page.select_slider(key="t").value == "0.62"
    page.slider(key="frames").set_value(5).run()
    assert page.select_slider(key="t").value == "0.50"


def test_tolerance_and_steps_are_kept_while_the_other_is_chosen() -> None:
    page = opened(steps="3")
    page.radio(key="solver").set_value("bosh3").run()
    page.select_slider(key="tolerance").set_value("1e-2").run()
    page.radio(key="solver").set_value("heun").run()
    assert page.slider(key="steps").value == 3
    page.radio(key="solver").set_value("bosh3").run()
    assert page.select_slider(key="tolerance").value == "1e-2"
    assert page.query_params["tolerance"] in ("1e-2", ["1e-2"])


def test_a_default_is_no_entry_of_the_address() -> None:
    page = opened(seed="7")
    page.number_input(key="seed").set_value(OPENING.seed).run()
    assert "seed" not in page.query_params
