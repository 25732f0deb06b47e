"""What scripts/evaluate.py makes of its options and of data sets out of the ordinary."""

import importlib
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from segnode import ModelConfig, SegNode
from segnode.data.cityscapes import CITYSCAPES, LABEL_IDS
from segnode.errors import ConfigError, DataError, SegNodeError
from tests.data.layouts import WIDTH, write_cityscapes

SCRIPTS = Path(__file__).parents[2] / "scripts"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    sys.path.insert(0, str(SCRIPTS))
    try:
        return importlib.import_module("evaluate")
    finally:
        sys.path.remove(str(SCRIPTS))


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("checkpoint") / "tiny"
    SegNode(ModelConfig(19, (8, 8), 8, modules=1, blocks=1), CITYSCAPES).save_pretrained(folder)
    return folder


def test_a_set_without_labels_has_no_score_but_gives_what_its_server_wants(
    script: ModuleType, checkpoint: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = f"cityscapes:{write_cityscapes(tmp_path / 'data', 'test')},split=test"
    script.main(script.Settings(checkpoint, (data,), predictions=tmp_path / "answers"))
    found = json.loads((checkpoint / "evaluation.json").read_text())
    assert found["scores"][data]["mIoU"] is None
    assert (found["scores"][data]["pictures"], found["sets"]) == (2, {})
    assert "solvers" not in found
    assert "no pixel of it has a label" in capsys.readouterr().out
    names = ["aachen_000000_000019.png", "ulm_000001_000019.png"]
    assert sorted(path.name for path in (tmp_path / "answers" / "submission").iterdir()) == names
    (answer,) = (tmp_path / "answers").glob("aachen_*.png")
    ids, sent = (np.asarray(Image.open(path)) for path in (answer, tmp_path / "answers" / "submission" / names[0]))
    np.testing.assert_array_equal(sent, np.array(LABEL_IDS, np.uint8)[ids])


def test_the_solver_asked_for_is_the_one_of_the_scores(script: ModuleType, checkpoint: Path, tmp_path: Path) -> None:
    data = f"cityscapes:{write_cityscapes(tmp_path / 'data', 'val')},split=val"
    found = []
    for options in ({"solver": "midpoint-8"}, {}, {"until": 0.25}):
        settings = script.Settings(checkpoint, (data,), curve=False, solver_checks=False, **options)
        script.main(settings)
        found.append(json.loads((checkpoint / "evaluation.json").read_text()))
    assert found[0]["inference"]["solver"]["steps"] == 8
    assert found[0]["solver"]["steps"] == 4  # the network's own
    assert found[2]["inference"]["until"] == 0.25
    confusions = [each["scores"][data]["confusion"] for each in found]
    assert confusions[1] != confusions[2]
    assert np.sum(confusions) == 3 * found[0]["scores"][data]["pixels"]
    assert found[0]["scores"][data]["pixels"] < 2 * WIDTH * WIDTH


@pytest.mark.parametrize(
    ("options", "error", "sentence"),
    [
        ({"data": ("streets:,seeds=0-0",)}, ConfigError, "has other classes than the network was trained for"),
        ({"data": ("{val}", "{val}"), "predictions": Path("answers")}, ConfigError, "evaluate them one by one"),
        ({"data": ("cityscapes:nowhere,split=val",)}, DataError, "nowhere"),
        ({"pictures": 0}, ConfigError, "on 1 picture or more, not 0"),
        ({"window": (4, 4)}, ConfigError, "A window has from 16"),
    ],
)
def test_what_cannot_be_scored_is_said_at_once(
    script: ModuleType,
    checkpoint: Path,
    tmp_path: Path,
    options: dict[str, Any],
    error: type[SegNodeError],
    sentence: str,
) -> None:
    val = f"cityscapes:{write_cityscapes(tmp_path / 'data', 'val')},split=val"
    options = {"data": (val,), **options}
    options["data"] = tuple(text.format(val=val) for text in options["data"])
    with pytest.raises(error, match=sentence):
        script.main(script.Settings(checkpoint, **options))
