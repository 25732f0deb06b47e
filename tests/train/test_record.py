import json
from pathlib import Path

from segnode.train.record import EVALUATION, facts

SCORES = {"camvid": {"mIoU": 61.5, "pixel_accuracy": 90.0, "mean_accuracy": 70.0}}
PLAIN = {"scales": [1.0], "size": [], "flip": False, "window": None}


def told(folder: Path, inference: dict) -> dict:
    (folder / EVALUATION).write_text(json.dumps({"inference": inference, "scores": SCORES, "sets": {}}))
    return facts(folder)["results"]


def test_a_network_without_an_ode_has_its_scores_told(tmp_path: Path) -> None:
    found = told(tmp_path, PLAIN)
    assert found == {"mIoU on camvid": 61.5, "pixel accuracy on camvid": 90.0, "mean accuracy on camvid": 70.0}


def test_the_score_at_full_size_is_not_that_over_solve_time(tmp_path: Path) -> None:
    curve = {"camvid": {"mIoU": [20.0, 40.0], "agreement": [30.0, 100.0]}}
    (tmp_path / EVALUATION).write_text(json.dumps({"inference": PLAIN, "scores": SCORES, "sets": curve}))
    found = facts(tmp_path)["results"]
    assert (found["mIoU on camvid"], found["mIoU on camvid, at 480x360 pixels at most"]) == (61.5, 40.0)


def test_scores_taken_with_help_say_so(tmp_path: Path) -> None:
    found = told(tmp_path, {**PLAIN, "scales": [0.5, 1.0], "flip": True})
    assert found["mIoU on camvid at scales 0.5, 1.0 with flips"] == 61.5
    found = told(tmp_path, {**PLAIN, "size": [473, 473], "window": [64, 64]})
    assert "mIoU on camvid at 473 x 473 in windows" in found
