"""Table 1 out of runs made up for the test: what lands in a cell, what does not, and why."""

import json
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import torch

from segnode.checkpoint import EVALUATION
from segnode.errors import CheckpointError, ConfigError, DataError
from segnode.model.build import build_model, names
from segnode.results.training import TRAINING, Training
from tests.results.made_up import evaluation, training_run
from tests.scripts.loading import SCRIPTS, load, run

ROOT = Path(__file__).parents[2]
TEST = "camvid:anywhere/CamVid,split=test"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return load("results")


def write_run(
    folder: Path,
    network: str = "segnode-w48",
    data: str = TEST,
    mean_iou: float | None = 70.5,
    pictures: int = 233,
    classes: int = 11,
    trained: tuple[str, ...] = ("camvid:anywhere/CamVid,split=train",),
    **settings: Any,
) -> Path:
    """A folder as training and evaluation leave it, but for the weights, which Table 1 does not need."""
    with torch.device("meta"):
        described = build_model(network, classes).settings() | settings
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps(described | {"sha256": "ab", "format": 1}))
    Training(tuple(training_run({name: 1}) for name in trained)).write(folder / TRAINING)
    evaluation({data: mean_iou}, pictures).write(folder / EVALUATION)
    return folder


def table(
    script: ModuleType,
    out: Path,
    *runs: Path,
    server: dict[Path, float] | None = None,
) -> dict[str, Any]:
    settings = script.Settings(runs, server or {}, out / "table1.json")
    script.main(settings)
    return json.loads(settings.out.read_text())


def cell(results: dict[str, Any], row: str, column: str) -> dict[str, Any]:
    return next(each for each in results["rows"] if each["name"] == row)["cells"][column]


def measured(results: dict[str, Any]) -> dict[tuple[str, str], float]:
    cells = [(row["name"], column, entry) for row in results["rows"] for column, entry in row["cells"].items()]
    return {(row, column): entry["measured"] for row, column, entry in cells if entry["measured"] is not None}


def test_without_runs_every_figure_of_the_paper_says_not_measured(
    script: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    results = table(script, tmp_path)
    assert measured(results) == {}
    assert cell(results, "SegNode", "CamVid") == {"paper": 81.1, "measured": None, "status": "not measured", "runs": []}
    assert cell(results, "SegNode+OCR†", "LIP")["status"] == "not in the paper"
    assert [len(row["cells"]) for row in results["rows"]] == [4] * 9
    printed = capsys.readouterr().out
    assert "| SegNode | 81.8; not measured | 81.1; not measured | 55.8; not measured | 54.1; not measured |" in printed
    assert "| HRNetV2+OCR† | 84.2; not measured | - | - | - |" in printed


def test_a_figure_at_full_size_on_the_same_split_fills_its_cell_and_follows_its_file(
    script: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = write_run(tmp_path / "mine")
    results = table(script, tmp_path, run)
    assert measured(results) == {("SegNode", "CamVid"): 70.5}
    entry = cell(results, "SegNode", "CamVid")
    assert (entry["paper"], entry["status"]) == (81.1, "measured")
    assert entry["runs"][0]["trained_on"] == ["camvid"]
    assert entry["runs"][0]["inference"]["flip"] is False
    assert "81.1; 70.5 |" in capsys.readouterr().out
    evaluation({TEST: 71.25}, 233).write(run / EVALUATION)
    assert measured(table(script, tmp_path, run)) == {("SegNode", "CamVid"): 71.25}
    assert "anywhere" not in (tmp_path / "table1.json").read_text()  # no folder of anybody's machine


def test_runs_that_differ_by_their_seed_share_a_cell(
    script: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    runs = [write_run(tmp_path / str(seed), "hrnetv2-w48", mean_iou=70.0 + seed) for seed in range(3)]
    assert measured(table(script, tmp_path, *runs)) == {("HRNetV2", "CamVid"): 71}
    assert "80.9; 71.0 (70.0 to 72.0, 3 runs)" in capsys.readouterr().out


@pytest.mark.parametrize("network", [name for name in names() if name.endswith("-compact")])
def test_a_compact_network_never_fills_a_cell(script: ModuleType, tmp_path: Path, network: str) -> None:
    results = table(script, tmp_path, write_run(tmp_path / "mine", network))
    assert measured(results) == {}
    (entry,) = results["compact"]
    assert (entry["network"], entry["column"], entry["split"], entry["mean_iou"]) == (network, "CamVid", "test", 70.5)
    assert entry["why"] == "it is not the network of the table at its size"


def test_a_layout_of_ones_own_never_fills_a_cell(script: ModuleType, tmp_path: Path) -> None:
    with torch.device("meta"):
        model = build_model("segnode-w48").settings()["model"]
    results = table(script, tmp_path, write_run(tmp_path / "mine", model=model | {"modules": 1}))
    assert measured(results) == {}
    assert results["compact"][0]["network"] is None


def test_another_solver_is_the_same_network(script: ModuleType, tmp_path: Path) -> None:
    with torch.device("meta"):
        solver = build_model("segnode-w48").settings()["solver"]
        layout = build_model("unode").settings()["layout"]
    runs = [
        write_run(tmp_path / "a", solver=solver | {"method": "rk4", "steps": 8}),
        write_run(tmp_path / "b", "unode", layout=layout | {"solver": solver}),
    ]
    assert set(measured(table(script, tmp_path, *runs))) == {("SegNode", "CamVid"), ("U-Node", "CamVid")}


@pytest.mark.parametrize(
    ("run", "why"),
    [
        ({"data": "camvid:x,split=val", "pictures": 101}, "it is on val, the paper's on test"),
        ({"data": "camvid:x,split=test,only=Seq05VD"}, "it is on test, only=Seq05VD, the paper's on test"),
        ({"pictures": 232}, "it is on 232 pictures, and CamVid test has 233"),
        ({"trained": (TEST,)}, "it was trained on CamVid test itself"),
        ({"trained": ("camvid:x,split=train+val+test",)}, "it was trained on CamVid test itself"),
        ({"network": "unet"}, "the table has no unet without pretraining on Mapillary"),
        ({"network": "baseline-w48-six"}, "the table has no baseline-w48-six without pretraining on Mapillary"),
        (
            {"trained": ("mapillary:x,split=training", "camvid:x,split=train")},
            "the table has no segnode-w48 with pretraining on Mapillary",
        ),
        (
            {"data": "pascal-context:x,split=val,background=true", "pictures": 5105, "classes": 60},
            "it is over 60 classes, the paper's over 59",
        ),
    ],
)
def test_what_is_not_comparable_stands_apart_with_the_reason(
    script: ModuleType, tmp_path: Path, run: dict[str, Any], why: str
) -> None:
    results = table(script, tmp_path, write_run(tmp_path / "mine", **run))
    assert measured(results) == {}
    assert [entry["why"] for entry in results["other"]] == [why]
    assert results["compact"] == []


def test_pretraining_on_mapillary_is_the_dagger_row(script: ModuleType, tmp_path: Path) -> None:
    data = {"data": "cityscapes:x,split=test", "pictures": 1525, "classes": 19}
    trained = ("mapillary:x,split=training", "cityscapes:x,split=train+val+coarse")
    runs = [
        write_run(tmp_path / "plain", "segnode-w48-ocr", trained=trained[1:], mean_iou=80.0, **data),
        write_run(tmp_path / "dagger", "segnode-w48-ocr", trained=trained, mean_iou=81.0, **data),
    ]
    wanted = {("SegNode+OCR", "Cityscapes"): 80, ("SegNode+OCR†", "Cityscapes"): 81}
    assert measured(table(script, tmp_path, *runs)) == wanted


def test_sets_that_are_not_in_the_table_or_have_no_labels_are_left_out(script: ModuleType, tmp_path: Path) -> None:
    runs = [
        write_run(tmp_path / "a", data="streets:,seeds=0-9", pictures=10),
        write_run(tmp_path / "b", data="cityscapes:x,split=test", mean_iou=None, pictures=1525, classes=19),
    ]
    results = table(script, tmp_path, *runs)
    assert (measured(results), results["other"], results["compact"]) == ({}, [], [])


def test_what_the_cityscapes_server_gave_fills_the_cell_and_says_so(
    script: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trained = ("cityscapes:x,split=train+val+coarse",)
    data = {"data": "cityscapes:x,split=test", "mean_iou": None, "pictures": 1525, "classes": 19, "trained": trained}
    run = write_run(tmp_path / "mine", **data)
    results = table(script, tmp_path, run, server={run: 81.25})
    assert measured(results) == {("SegNode", "Cityscapes"): 81.25}
    assert [run["server"] for run in cell(results, "SegNode", "Cityscapes")["runs"]] == [True]
    assert "81.8; 81.2, by its server" in capsys.readouterr().out


def test_a_servers_score_of_nothing_is_one_sentence(script: ModuleType, tmp_path: Path) -> None:
    labelled = write_run(tmp_path / "mine")
    with pytest.raises(CheckpointError, match="was not evaluated on Cityscapes test"):
        table(script, tmp_path, labelled, server={labelled: 81.0})
    with pytest.raises(ConfigError, match="other, which is none of the runs: add it"):
        table(script, tmp_path, labelled, server={tmp_path / "other": 81.0})
    with pytest.raises(ConfigError, match="must be a percentage above 0, not 0"):
        table(script, tmp_path, labelled, server={labelled: 0.0})


def test_what_the_table_leaves_open_follows_its_figures(script: ModuleType, tmp_path: Path) -> None:
    sentences = " ".join(table(script, tmp_path)["open"])
    assert "On LIP SegNode is 0.1 below its own baseline and 0.1 below HRNetV2." in sentences
    assert "+0.1 on Cityscapes, +0.3 on CamVid, +0.1 on LIP, 0 on PASCAL-Context" in sentences
    assert "size of CamVid's pictures is not stated" in sentences


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("evaluation.json", None, r"evaluation.json\): run python scripts/evaluate.py"),
        ("evaluation.json", "{", "evaluation.json does not hold the scores of a checkpoint"),
        ("evaluation.json", "[]", "evaluation.json does not hold the scores of a checkpoint"),
        ("evaluation.json", '{"weights_sha256": "ab"}', "provenance: Field required.*with python scripts/evaluate.py"),
        ("training.json", "{", "training.json does not hold the records of training runs"),
        ("config.json", None, "has no config.json"),
        ("config.json", '{"sha256": "cd", "network": "Newer"}', "is of other weights: run scripts/evaluate.py on it"),
        ("config.json", '{"sha256": "ab", "network": "Newer"}', "describes the network 'Newer'"),
    ],
)
def test_a_damaged_run_is_one_sentence(
    script: ModuleType, tmp_path: Path, name: str, text: str | None, sentence: str
) -> None:
    path = write_run(tmp_path / "mine") / name
    path.unlink() if text is None else path.write_text(text)
    with pytest.raises((CheckpointError, DataError), match=sentence):
        table(script, tmp_path, tmp_path / "mine")


def test_a_folder_that_is_not_there_is_one_sentence_on_the_command_line(tmp_path: Path) -> None:
    done = run("scripts/results.py", "--runs", tmp_path / "no", "--out", tmp_path / "out")
    assert done.returncode == 1
    assert re.fullmatch(r".*has no config\.json: give the folder of a whole checkpoint\.\n", done.stderr)
    assert not (tmp_path / "out").exists()


def test_the_committed_table_is_what_the_committed_runs_give(
    script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    script.main(script.Settings(out=tmp_path / "table1.json"))
    fresh, committed = (
        json.loads(path.read_text()) for path in (tmp_path / "table1.json", SCRIPTS / "results" / "table1.json")
    )
    assert fresh | {"provenance": None} == committed | {"provenance": None}
    assert measured(committed) == {}
    assert [entry["checkpoint"] for entry in committed["compact"]] == ["segnode-streets"]
