"""What the files beside a checkpoint's weights say, on its card and in the list."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from segnode.checkpoint import EVALUATION
from segnode.errors import DataError
from segnode.hub import Facts, card
from segnode.inference import Inference
from segnode.model.saved import open_network
from segnode.results.checkpoint import Summary, record, summary
from segnode.results.evaluation import Curve
from segnode.results.training import TRAINING, Run, Training
from tests.results.made_up import evaluation, origin, training_run

CHECKPOINTS = sorted(path.parent for path in (Path(__file__).parents[2] / "checkpoints").glob("*/README.md"))


def recorded(folder: Path, *data: dict[str, int]) -> tuple[Run, ...]:
    """The runs written beside the weights in `folder`, one for each of `data`."""
    runs = tuple(map(training_run, data))
    Training(runs).write(folder / TRAINING)
    return runs


def results(folder: Path, **changes: object) -> dict:
    evaluation({"camvid": 61.5}, **changes).write(folder / EVALUATION)
    return dict(record(folder).results)


def test_a_network_without_an_ode_has_its_scores_on_the_card(tmp_path: Path) -> None:
    assert results(tmp_path) == {
        "mIoU on camvid": 61.5,
        "pixel accuracy on camvid": 61.5,
        "mean accuracy on camvid": 61.5,
    }


def test_the_score_at_full_size_is_not_that_over_solve_time(tmp_path: Path) -> None:
    measured = results(tmp_path, curves={"camvid": Curve(3, (0.0, 1.0), (20.0, 40.0), (30.0, 100.0), 0.0)})
    assert (measured["mIoU on camvid"], measured["mIoU on camvid, at 480x360 pixels at most"]) == (61.5, 40.0)


def test_scores_taken_with_help_say_so(tmp_path: Path) -> None:
    measured = results(tmp_path, inference=Inference(scales=(0.5, 1.0), flip=True))
    assert measured["mIoU on camvid at scales 0.5, 1.0 with flips"] == 61.5
    assert "mIoU on camvid at 473 x 473 in windows" in results(
        tmp_path, inference=Inference(size=(473, 473), window=(64, 64))
    )


def test_a_card_names_the_data_and_the_teachers_of_every_run(tmp_path: Path) -> None:
    scenes = {"folder:photos/Scenes,split=train,weight=2": 9}
    first, *_, last = recorded(tmp_path, scenes, {"camvid:data/CamVid,split=train,as=scenes": 3}, {"streets:": 4})
    known = record(tmp_path)
    assert known.data == {"folder:photos/Scenes,split=train": 9, "camvid:data/CamVid,split=train": 3, "streets:": 4}
    assert len(known.commands) == 3
    assert known.seconds == 3 * first.seconds
    assert known.revision == last.starts[-1].revision
    text = card(Facts("streets", {}, known))
    assert "MOSAIC trained on ADE20K" in text
    assert "research-and-teaching-only" in text


def test_a_data_set_of_several_runs_is_named_once(tmp_path: Path) -> None:
    recorded(tmp_path, {"camvid:data,split=train,weight=1": 3}, {"camvid:data,split=train,weight=0.5,as=scenes": 3})
    assert record(tmp_path).data == {"camvid:data,split=train": 3}


@pytest.mark.parametrize("name", [TRAINING, EVALUATION])
def test_a_broken_file_is_one_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("{")
    with pytest.raises(DataError, match=rf"^{name} does not hold the .*: write it again with python scripts/"):
        record(tmp_path)


def test_a_run_that_recorded_less_is_read(tmp_path: Path) -> None:
    """As the first runs did, which a checkpoint of today may have started from."""
    start = {**origin("train"), "iteration": 0}
    run = {"data": {"streets:": 4}, "iterations": 1, "seconds": 2, "settings": {}, "starts": [start], "history": []}
    (tmp_path / TRAINING).write_text(json.dumps({"runs": [run]}))
    (read,) = Training.of(tmp_path).runs
    assert (read.parameters, read.processes, read.loss) == (None, 1, ())


@pytest.mark.parametrize("folder", CHECKPOINTS, ids=lambda folder: folder.name)
def test_the_card_of_a_shipped_checkpoint_is_what_its_files_say(folder: Path) -> None:
    assert (folder / "README.md").read_text() == open_network(folder).model_card(folder.name, record(folder))


def test_a_checkpoint_is_summed_up_from_its_files(tmp_path: Path) -> None:
    assert summary(tmp_path) == Summary((), None, "", None)
    config = {"classes": {"names": ["sky", "road"], "palette": [[0, 0, 0], [1, 1, 1]]}, "sha256": "ab"}
    (tmp_path / "config.json").write_text(json.dumps(config))
    scored = evaluation({"folder:data/Scenes,split=val": 41.25, "streets:": 7.0})
    scored.write(tmp_path / EVALUATION)
    (tmp_path / "picture.webp").write_bytes(b"webp")
    data = "Scenes validation, labelled mostly by other networks"
    assert summary(tmp_path) == Summary(("sky", "road"), 41.25, data, b"webp")
    replace(scored, weights_sha256="cd").write(tmp_path / EVALUATION)
    assert summary(tmp_path).mean_iou is None  # the score is of other weights
    (tmp_path / EVALUATION).write_text("{")
    assert summary(tmp_path) == Summary(("sky", "road"), None, "", b"webp")
    (tmp_path / "config.json").write_text("[")
    assert summary(tmp_path).classes == ()
