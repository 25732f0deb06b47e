"""What scripts/evaluate.py makes of its options and of data sets out of the ordinary."""

import json
import shutil
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from segnode import ModelConfig, SegNode, SolverConfig
from segnode.data.cityscapes import CITYSCAPES, LABEL_IDS
from segnode.errors import CheckpointError, ConfigError, DataError, SegNodeError
from segnode.model.build import build_model
from segnode.model.zoo.hrnet import HRNetV2
from tests.data.layouts import HEIGHT, WIDTH, write_cityscapes
from tests.scripts.loading import load


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return load("evaluate")


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
    result = json.loads((checkpoint / "evaluation.json").read_text())
    assert result["scores"][data]["mIoU"] is None
    assert (result["scores"][data]["pictures"], result["sets"]) == (2, {})
    assert "solvers" not in result
    assert "no pixel of it has a label" in capsys.readouterr().out
    names = ["aachen_000000_000019.png", "ulm_000001_000019.png"]
    assert sorted(path.name for path in (tmp_path / "answers" / "submission").iterdir()) == names
    (answer,) = (tmp_path / "answers").glob("aachen_*.png")
    ids, sent = (np.asarray(Image.open(path)) for path in (answer, tmp_path / "answers" / "submission" / names[0]))
    np.testing.assert_array_equal(sent, np.array(LABEL_IDS, np.uint8)[ids])


def test_the_solver_asked_for_is_the_one_of_the_scores(script: ModuleType, checkpoint: Path, tmp_path: Path) -> None:
    data = f"cityscapes:{write_cityscapes(tmp_path / 'data', 'val')},split=val"
    results = []
    for options in ({"solver": "midpoint-8"}, {}, {"until": 0.25}):
        settings = script.Settings(checkpoint, (data,), curve=False, solver_checks=False, **options)
        script.main(settings)
        results.append(json.loads((checkpoint / "evaluation.json").read_text()))
    assert results[0]["inference"]["solver"]["steps"] == 8
    assert results[0]["solver"]["steps"] == 4  # the network's own
    assert results[2]["inference"]["until"] == 0.25
    confusions = [each["scores"][data]["confusion"] for each in results]
    assert confusions[1] != confusions[2]
    assert np.sum(confusions) == 3 * results[0]["scores"][data]["pixels"]
    assert results[0]["scores"][data]["pixels"] < 2 * WIDTH * WIDTH


def test_pictures_are_padded_alike_for_a_network_that_does_not_pad_them(
    script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = f"cityscapes:{write_cityscapes(tmp_path / 'data', 'val')},split=val"
    network = build_model("hrnetv2-w48", classes=CITYSCAPES, width=2, stem=4)
    network.save_pretrained(tmp_path / "hrnetv2")
    seen = set()
    outputs = HRNetV2.outputs
    monkeypatch.setattr(
        HRNetV2, "outputs", lambda network, images: seen.add(tuple(images.shape[-2:])) or outputs(network, images)
    )
    script.main(script.Settings(tmp_path / "hrnetv2", (data,)))
    assert seen == {(32, 32)}
    script.main(script.Settings(tmp_path / "hrnetv2", (data,), multiple=1))
    assert seen == {(32, 32), (HEIGHT, WIDTH)}


@pytest.mark.parametrize(
    ("options", "error", "sentence"),
    [
        ({"data": ("streets:,seeds=0-0",)}, ConfigError, "has other classes than the network was trained for"),
        ({"data": ("{val}", "{val}"), "predictions": Path("answers")}, ConfigError, "evaluate them one by one"),
        ({"data": ("cityscapes:nowhere,split=val",)}, DataError, "nowhere"),
        ({"pictures": 0}, ConfigError, "on 1 picture or more, not 0"),
        ({"times": 1}, ConfigError, "has 2 depths or more, not 1"),
        ({"times": 258}, ConfigError, "has 257 depths at most, not 258"),
        ({"predictions": Path("{checkpoint}/config.json/answers")}, ConfigError, "cannot be written .*choose another"),
        ({"window": (4, 4)}, ConfigError, "A window has from 16"),
    ],
)
def test_what_cannot_be_scored_is_said_at_once(
    script: ModuleType,
    checkpoint: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: dict[str, Any],
    error: type[SegNodeError],
    sentence: str,
) -> None:
    val = f"cityscapes:{write_cityscapes(tmp_path / 'data', 'val')},split=val"
    options = {"data": (val,), **options}
    options["data"] = tuple(text.format(val=val) for text in options["data"])
    if "predictions" in options:
        options["predictions"] = Path(str(options["predictions"]).format(checkpoint=checkpoint))
    monkeypatch.setattr(script, "evaluate", None)  # nothing is scored before it is refused
    with pytest.raises(error, match=sentence):
        script.main(script.Settings(checkpoint, **options))


@pytest.mark.parametrize("name", ["evaluation.json", "README.md"])
def test_a_place_that_takes_no_result_is_told_before_the_work(
    script: ModuleType, checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    val = f"cityscapes:{write_cityscapes(tmp_path / 'data', 'val')},split=val"
    copy = shutil.copytree(checkpoint, tmp_path / "copy", ignore=shutil.ignore_patterns("evaluation.json", "README.md"))
    (copy / name).mkdir()
    monkeypatch.setattr(script, "evaluate", None)
    with pytest.raises(ConfigError, match=f"{name} cannot be written"):
        script.main(script.Settings(copy, (val,)))


def test_what_a_stiff_network_does_not_allow_is_noted_beside_its_scores(script: ModuleType, tmp_path: Path) -> None:
    """Finite weights under which f is far too steep: adaptive solvers use up their evaluations, grids overflow."""
    torch.manual_seed(0)
    network = SegNode(
        ModelConfig(19, (8, 8), 8, modules=1, blocks=1, norm="group"), CITYSCAPES, SolverConfig("euler", steps=1)
    )
    for layer in network.field.modules():
        if isinstance(layer, torch.nn.GroupNorm):
            torch.nn.init.constant_(layer.weight, 1e30)
    network.save_pretrained(tmp_path / "stiff")
    val = f"cityscapes:{write_cityscapes(tmp_path / 'data', 'val')},split=val"
    script.main(script.Settings(tmp_path / "stiff", (val,)))
    text = (tmp_path / "stiff" / "evaluation.json").read_text()
    result = json.loads(text, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))
    assert result["scores"][val]["pixels"] > 0
    assert "euler-1" in result["solvers"]["mIoU"]
    assert "dopri5" not in result["solvers"]["mIoU"]
    assert any("dopri5" in what and why.endswith(".") for what, why in result["failed"].items())
    assert result["convergence"]["methods"] == []
    assert "f is too stiff" in result["failed"]["convergence of rk4"]
    assert "dopri5: not measured" in (tmp_path / "stiff" / "README.md").read_text()


def test_a_run_s_folder_is_told_where_its_weights_are(script: ModuleType, checkpoint: Path, tmp_path: Path) -> None:
    for name in ("model", "best"):
        shutil.copytree(checkpoint, tmp_path / "mine" / name)
    (tmp_path / "mine" / "state-00000004.pt").write_bytes(b"")
    with pytest.raises(CheckpointError, match=r"folders in it do \(best, model\): give one of those, as .*best\.$"):
        script.main(script.Settings(tmp_path / "mine", ("streets:,seeds=0-0",)))
