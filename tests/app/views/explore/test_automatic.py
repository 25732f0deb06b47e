"""Automatic: of several models the one a picture is most familiar to; a model that was chosen stays."""

import json
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from app.views.explore.controls import AUTOMATIC
from segnode import ModelConfig, Predictor, SegNode
from segnode.checkpoint import load
from segnode.data.classes import CAMVID
from segnode.data.vocabularies import SCENES
from segnode.familiarity import Familiarity, Usual, save
from tests.app.test_page import errors, opened, pill, png, sent

NAMES = ("far", "near", "scenes")
WIDTHS = (4, 8)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A list of three models, of which the second knows any picture, and a fourth that is not to be picked."""
    entries = []
    for seed, name in enumerate((*NAMES, "lesson")):
        torch.manual_seed(seed)
        classes = SCENES if name == "scenes" else CAMVID
        config = ModelConfig(len(classes), widths=WIDTHS, stem_width=4, modules=1, blocks=1)
        SegNode(config, classes).save_pretrained(tmp_path / name)
        scale = 1e6 if name in ("near", "lesson") else 1e-2
        measure(tmp_path / name, scale)
        automatic = None if name == "lesson" else "special"
        entries.append({"name": name, "repository": None, "commit": None, "folder": name, "about": name})
        entries[-1]["automatic"] = automatic
    (tmp_path / "index.json").write_text(json.dumps(entries))
    monkeypatch.setenv("SEGNODE_CHECKPOINTS", str(tmp_path))
    return tmp_path


def measure(checkpoint: Path, scale: float) -> None:
    count = 2 * sum(WIDTHS) + 1
    mean, scales = np.full(count, 50, np.float32), np.full(count, scale, np.float32)
    usual = Usual(mean, scales, np.eye(count - 1, 1, dtype=np.float32), np.ones(1, np.float32), np.ones((), np.float32))
    save(checkpoint, Familiarity(usual, np.linspace(0.5, 2, 101, dtype=np.float32), load(checkpoint).sha256))


def notices(page: AppTest) -> str:
    assert errors(page) == []
    return " ".join(each.value for each in (*page.caption, *page.info)).replace("\\", "")


def shown(page: AppTest) -> str:
    return page.session_state["explore"].drawn.network.name


def test_a_picture_of_ones_own_is_given_to_the_model_that_knows_it(folder: Path) -> None:
    page = opened()
    assert shown(page) == "far"
    assert pill(page, "Model **automatic: far**")
    assert "Automatic picked" not in notices(page)
    with patch.object(Predictor, "statistics", autospec=True, side_effect=Predictor.statistics) as look:
        sent(page, png(), "mine.png")
        assert shown(page) == "near"
        assert pill(page, "Model **automatic: near**")
        assert "Automatic picked **near**: this picture is farther" in notices(page)
        assert "more than 99 % for far, more than 99 % for scenes." in notices(page)
        page.run()
        assert look.call_count == len(NAMES)
    page.button(key="next").click().run()
    assert shown(page) == "far"
    assert "Automatic picked" not in notices(page)


def test_what_was_chosen_stays(folder: Path) -> None:
    page = sent(opened(model="scenes"), png(), "mine.png")
    assert shown(page) == "scenes"
    assert "Automatic picked" not in notices(page)
    page.radio(key="model").set_value(AUTOMATIC).run()
    assert shown(page) == "near"
    assert "Automatic picked **near**" in notices(page)
    page.radio(key="model").set_value("far").run()
    assert shown(page) == "far"
    assert "Automatic picked" not in notices(page)


def test_a_link_may_ask_for_automatic(folder: Path) -> None:
    page = opened(model=AUTOMATIC)
    assert errors(page) == []
    assert page.radio(key="model").value == AUTOMATIC
    assert shown(page) == "far"


def test_a_street_is_given_to_the_first_model_of_its_classes(folder: Path) -> None:
    entries = json.loads((folder / "index.json").read_text())
    (folder / "index.json").write_text(json.dumps(sorted(entries, key=lambda entry: entry["name"] != "scenes")))
    page = opened()
    assert shown(page) == "far"
    assert page.session_state["explore"].drawn.run.truth is not None


def test_without_any_measure_the_first_is_taken(folder: Path) -> None:
    for path in folder.glob("*/familiarity.safetensors"):
        path.unlink()
    page = sent(opened(), png(), "mine.png")
    assert shown(page) == "far"
    assert "Automatic picked" not in notices(page)


def test_a_street_is_no_truth_for_a_model_of_other_classes(folder: Path) -> None:
    page = opened(model="scenes")
    assert page.session_state["explore"].drawn.run.to_truth is None
    assert "so nothing is scored: choose another model" in notices(page)


def test_every_model_is_listed_with_what_it_knows(folder: Path) -> None:
    captions = [text.replace("\\", "") for text in opened().radio(key="model").proto.captions]
    assert captions[1].startswith("far. 11 classes: sky, building")
    assert captions[3].startswith("scenes. 20 classes: sky, building, wall")
    assert all("Not scored" in caption for caption in captions[1:])


def test_automatic_is_not_offered_for_one_model(folder: Path) -> None:
    entries = json.loads((folder / "index.json").read_text())
    alone = [entry | {"automatic": "special" if entry["name"] == "far" else None} for entry in entries]
    (folder / "index.json").write_text(json.dumps(alone))
    assert list(opened().radio(key="model").options) == ["far", "near", "scenes", "lesson"]
