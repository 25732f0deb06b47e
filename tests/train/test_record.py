import json
from pathlib import Path

import pytest

from segnode.hub import Facts, card
from segnode.model.saved import open_network
from segnode.train.config import TrainConfig
from segnode.train.record import EVALUATION, facts, read_record, write_record, write_runs

CHECKPOINTS = sorted(path.parent for path in Path("checkpoints").resolve().glob("*/training.json"))
SCORES = {"camvid": {"mIoU": 61.5, "pixel_accuracy": 90.0, "mean_accuracy": 70.0}}
PLAIN = {"scales": [1.0], "size": [], "flip": False, "window": None}


def results(folder: Path, inference: dict) -> dict:
    (folder / EVALUATION).write_text(json.dumps({"inference": inference, "scores": SCORES, "sets": {}}))
    return facts(folder)["results"]


def test_a_network_without_an_ode_has_its_scores_results(tmp_path: Path) -> None:
    found = results(tmp_path, PLAIN)
    assert found == {"mIoU on camvid": 61.5, "pixel accuracy on camvid": 90.0, "mean accuracy on camvid": 70.0}


def test_the_score_at_full_size_is_not_that_over_solve_time(tmp_path: Path) -> None:
    curve = {"camvid": {"mIoU": [20.0, 40.0], "agreement": [30.0, 100.0]}}
    (tmp_path / EVALUATION).write_text(json.dumps({"inference": PLAIN, "scores": SCORES, "sets": curve}))
    found = facts(tmp_path)["results"]
    assert (found["mIoU on camvid"], found["mIoU on camvid, at 480x360 pixels at most"]) == (61.5, 40.0)


def test_scores_taken_with_help_say_so(tmp_path: Path) -> None:
    found = results(tmp_path, {**PLAIN, "scales": [0.5, 1.0], "flip": True})
    assert found["mIoU on camvid at scales 0.5, 1.0 with flips"] == 61.5
    found = results(tmp_path, {**PLAIN, "size": [473, 473], "window": [64, 64]})
    assert "mIoU on camvid at 473 x 473 in windows" in found


def run(**data: int) -> dict:
    start = {"command": f"train on {', '.join(data)}", "revision": "abc", "hardware": "2 cores"}
    return {"data": dict(data), "seconds": 60, "starts": [start]}


def test_a_run_follows_those_of_the_checkpoint_it_started_from(tmp_path: Path) -> None:
    first, second = run(**{"folder:photos/Scenes,split=train,weight=2": 9}), run(**{"streets:,seeds=0-3": 4})
    for folder in ("first", "second/model"):
        (tmp_path / folder).mkdir(parents=True)
    write_runs(tmp_path / "first", [first])
    config = TrainConfig(data=("streets:,seeds=0-3",), out=tmp_path / "second", init=tmp_path / "first")
    write_record(config, "model", second)
    assert read_record(tmp_path / "second" / "model") == [first, second]


def test_a_card_names_the_data_and_the_teachers_of_every_run(tmp_path: Path) -> None:
    scenes = {"folder:photos/Scenes,split=train,weight=2": 9}
    runs = [run(**scenes), run(**{"camvid:data/CamVid,split=train,weight=1": 3}), run(**{"streets:,seeds=0-3": 4})]
    write_runs(tmp_path, runs)
    known = facts(tmp_path)
    assert known["data"] == [
        "folder:photos/Scenes,split=train (9 pictures)",
        "camvid:data/CamVid,split=train (3 pictures)",
        "streets:,seeds=0-3 (4 pictures)",
    ]
    text = card(Facts("streets", {}, known))
    assert "MOSAIC trained on ADE20K" in text
    assert "research-and-teaching-only" in text


def test_a_data_set_of_several_runs_is_named_once(tmp_path: Path) -> None:
    write_runs(tmp_path, [run(**{"camvid:data,split=train,weight=1": 3}), run(**{"camvid:data,split=train": 3})])
    assert facts(tmp_path)["data"] == ["camvid:data,split=train (3 pictures)"]


@pytest.mark.parametrize("folder", CHECKPOINTS, ids=lambda folder: folder.name)
def test_the_card_of_a_shipped_checkpoint_is_what_its_files_say(folder: Path) -> None:
    assert (folder / "README.md").read_text() == open_network(folder).model_card(folder.name, facts(folder))
