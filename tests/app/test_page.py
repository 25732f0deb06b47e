"""The page without a browser: what it shows, and what it says when something cannot be had."""

import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from app.solving.gallery import OPENING
from segnode import Predictor, SegNode
from segnode.hub import reach
from tests.app.reading import html

MAIN = Path(__file__).parents[2] / "app" / "main.py"


def opened(**address: str) -> AppTest:
    """The page with the plain player, whose content can be read without a browser."""
    page = AppTest.from_file(MAIN, default_timeout=60)
    page.query_params.update({"frames": "5", "plain": "true"} | address)
    return page.run()


def sent(page: AppTest, data: bytes, name: str) -> AppTest:
    page.file_uploader[0].set_value((name, data, "image/png"))
    return page.run()


def png(width: int = 64, height: int = 48) -> bytes:
    file = io.BytesIO()
    pixels = np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def errors(page: AppTest) -> list[str]:
    assert not page.exception
    return [error.value.replace("\\", "").replace("\u2060", "") for error in page.error]


def fact(page: AppTest, name: str) -> str:
    return html(page).split(f">{name}</th><td>")[1].split("<")[0]


def pill(page: AppTest, text: str) -> bool:
    return any(text in popover.proto.popover.label.replace("\\", "") for popover in page.get("popover"))


def test_opens_on_a_scene_with_its_trajectory_solved() -> None:
    page = AppTest.from_file(MAIN, default_timeout=60).run()
    assert errors(page) == []
    assert pill(page, OPENING.title)
    run = page.session_state["explore"].drawn.run
    assert (len(run.times), run.nfe) == (17, 8)
    (scrubber,) = page.get("bidi_component")
    assert scrubber.proto.component_name == "scrubber"


def test_the_plain_player_shows_the_same() -> None:
    page = opened(frames="17")
    assert errors(page) == []
    assert page.get("bidi_component") == []
    assert fact(page, "frames") == "17"
    assert fact(page, "evaluations of f") == "8"
    assert "IoU at t" in html(page)
    assert "not the paper's weights" in page.caption[-1].value.replace("\\", "")
    assert len(page.image) == 1
    assert len(page.get("plotly_chart")) == 1


def test_time_moves_the_picture_and_the_numbers() -> None:
    page = opened()
    before = html(page)
    page.select_slider(key="t").set_value("1.00").run()
    assert errors(page) == []
    assert fact(page, "pixels with their final label") == "100 %"
    assert "t = 1.00" in html(page)
    assert html(page) != before


@pytest.mark.parametrize(
    ("change", "name", "value"),
    [
        (lambda page: page.radio(key="solver").set_value("rk4"), "evaluations of f", "16"),
        (lambda page: page.slider(key="steps").set_value(2), "evaluations of f", "4"),
        (lambda page: page.slider(key="frames").set_value(9), "frames", "9"),
        (lambda page: page.radio(key="solver").set_value("bosh3"), "solver", "bosh3"),
    ],
)
def test_settings_solve_again(change: Callable[[AppTest], AppTest], name: str, value: str) -> None:
    page = opened()
    change(page).run()
    assert errors(page) == []
    assert fact(page, name) == value


def test_the_end_is_in_units_of_the_models_own_time(
    checkpoints: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(checkpoints, tmp_path / "checkpoints")
    network = SegNode.from_pretrained(checkpoints / "segnode-tiny")
    network.until = 2.0
    network.save_pretrained(tmp_path / "checkpoints" / "segnode-tiny")
    monkeypatch.setenv("SEGNODE_CHECKPOINTS", str(tmp_path / "checkpoints"))
    page = opened()
    assert page.session_state["explore"].drawn.run.times[-1] == 2.0
    with patch.object(Predictor, "trajectory", autospec=True, side_effect=Predictor.trajectory) as solve:
        page.select_slider(key="T").set_value("1.5").run()
        assert page.session_state["explore"].drawn.run.times[-1] == 3.0
        page.select_slider(key="T").set_value("1").run()
        assert page.session_state["explore"].drawn.run.times[-1] == 2.0
        assert solve.call_count == 1
    assert errors(page) == []


def test_next_shows_another_scene_and_a_known_one_is_not_solved_again() -> None:
    page = opened()
    with patch.object(Predictor, "trajectory", autospec=True, side_effect=Predictor.trajectory) as solve:
        page.button(key="next").click().run()
        assert pill(page, str(OPENING.seed + 1))
        page.number_input[0].set_value(OPENING.seed).run()
        assert pill(page, OPENING.title)
        assert opened().session_state["explore"].drawn.picture.key == page.session_state["explore"].drawn.picture.key
        assert solve.call_count == 1
    assert errors(page) == []


def test_a_link_opens_the_same_view() -> None:
    page = opened(seed="100007", solver="heun", steps="3", frames="9", T="1.5", t="0.75")
    assert errors(page) == []
    assert pill(page, "100007")
    assert pill(page, "heun · 3 steps · to 1.5 T")
    assert (fact(page, "solver"), fact(page, "steps"), fact(page, "frames")) == ("heun", "3", "9")
    assert page.session_state["explore"].drawn.run.times[-1] == 1.5
    assert page.select_slider(key="t").value == "0.75"


def test_a_nonsensical_link_opens_the_first_view() -> None:
    page = opened(seed="-5", solver="<b>", steps="9999999999999", frames="many", model="../etc", t="7", T="0.7")
    assert errors(page) == []
    assert pill(page, OPENING.title)
    assert (fact(page, "solver"), fact(page, "steps"), fact(page, "frames")) == ("midpoint", "4", "17")
    assert page.session_state["explore"].drawn.run.times[-1] == 1.0


def test_ones_own_picture_has_no_truth_and_stays_in_its_session() -> None:
    page = sent(opened(), png(), "mine.png")
    assert errors(page) == []
    assert pill(page, "your picture")
    assert "share of pixels" in html(page)
    assert "with its final result" in html(page)
    with patch.object(Predictor, "trajectory", autospec=True, side_effect=Predictor.trajectory) as solve:
        page.run()
        assert solve.call_count == 0
        sent(opened(), png(), "mine.png")
        assert solve.call_count == 1
    page.button(key="next").click().run()
    assert pill(page, str(OPENING.seed + 1))
    assert "IoU at t" in html(page)


def _missing(folder: Path) -> None:
    shutil.rmtree(folder)


def _damaged(folder: Path) -> None:
    weights = bytearray((folder / "model.safetensors").read_bytes())
    weights[-1] ^= 1
    (folder / "model.safetensors").write_bytes(weights)


def _foreign(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"network": "UNet", "format": 1}))


@pytest.mark.parametrize(("spoil", "said"), [(_missing, "folder"), (_damaged, "SHA-256"), (_foreign, "not a SegNode")])
def test_a_bad_checkpoint_is_told_in_a_sentence(
    spoil: Callable[[Path], None],
    said: str,
    checkpoints: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    copy = tmp_path / "checkpoints"
    shutil.copytree(checkpoints, copy)
    spoil(copy / "segnode-tiny")
    monkeypatch.setenv("SEGNODE_CHECKPOINTS", str(copy))
    page = opened()
    (sentence,) = errors(page)
    assert said in sentence
    assert len(page.image) == 1
    assert "no segmentation yet" in page.caption[-1].value


def test_without_a_list_of_checkpoints_the_page_still_opens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEGNODE_CHECKPOINTS", str(tmp_path))
    page = opened()
    (sentence,) = errors(page)
    assert "index.json cannot be read" in sentence
    assert page.text_input(key="hub").value == ""


@pytest.mark.parametrize("name", ["someone/unreachable", "/etc", "../../etc"])
def test_a_name_the_hub_cannot_give_is_told_and_the_last_model_stays(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr(reach, "model_info", _unreachable)
    monkeypatch.setattr("segnode.hub.pull.model_info", _unreachable)
    page = opened()
    page.text_input(key="hub").set_value(name).run()
    (sentence,) = errors(page)
    assert "Hub" in sentence
    assert "IoU at t" in html(page)
    page.button(key="next").click().run()
    assert pill(page, str(OPENING.seed + 1))
    assert page.session_state["explore"].drawn.picture.key == f"street {OPENING.seed + 1}"
    page.text_input(key="hub").set_value("").run()
    assert errors(page) == []


def test_a_model_of_the_hub_is_loaded_on_enter_and_its_commit_shown(
    checkpoints: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = "0123456789abcdef0123456789abcdef01234567"
    shutil.copytree(checkpoints / "segnode-tiny", tmp_path / commit)
    monkeypatch.setattr("segnode.hub.source.pull", lambda name, **_: tmp_path / commit)
    page = opened(hub="someone/tiny")
    assert errors(page) == []
    words = page.caption[-1].value.replace("\\", "")
    assert "someone/tiny on the Hub at commit 0123456789ab" in words
    assert "few thousand" not in words
    assert pill(page, "Model **someone/tiny")


@pytest.mark.parametrize(
    "name", [3, None, "", "x" * 10_000, "\ud800"], ids=["number", "null", "empty", "long", "surrogate"]
)
def test_class_names_that_no_page_can_show_are_refused_in_a_sentence(
    checkpoints: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: object
) -> None:
    folder = tmp_path / "0123456789abcdef0123456789abcdef01234567"
    shutil.copytree(checkpoints / "segnode-tiny", folder)
    settings = json.loads((folder / "config.json").read_text())
    settings["classes"]["names"][4] = name
    (folder / "config.json").write_text(json.dumps(settings | {"format": 1}))
    monkeypatch.setattr("segnode.hub.source.pull", lambda name, **_: folder)
    page = opened(hub="someone/strange")
    (sentence,) = errors(page)
    assert "The class 4 is named" in sentence
    assert len(sentence.encode()) < 400
    assert not page.exception


def _unreachable(*_: object, **__: object) -> None:
    raise TimeoutError


def test_a_solve_that_is_given_up_leaves_the_last_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.views.explore.controls.MAX_EVALUATIONS", 3)
    page = opened()
    page.radio(key="solver").set_value("dopri5").run()
    (sentence,) = errors(page)
    assert "loosen rtol" in sentence
    assert fact(page, "solver") == "midpoint"
