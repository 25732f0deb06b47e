"""Each script runs its documented command, small."""

import json
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from segnode import ModelConfig, SegNode, SolverConfig
from segnode.checkpoint import WEIGHTS, load
from segnode.data.camvid import CamVid
from segnode.data.classes import CAMVID, ClassSet
from segnode.data.vocabularies import SCENES
from segnode.familiarity import load as load_familiarity
from segnode.metrics import Scores
from segnode.model.baseline import Baseline
from segnode.results.automatic import Automatic
from segnode.results.checkpoint import summary
from segnode.results.training import TRAINING, Training
from segnode.results.trajectory_error import ErrorRecord
from tests.data.layouts import write_camvid
from tests.results.made_up import training_run
from tests.scripts.loading import run


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("checkpoint") / "tiny"
    SegNode(ModelConfig(11, (8, 8), 8, modules=1, blocks=1), CAMVID).save_pretrained(folder)
    Training((training_run(),)).write(folder / TRAINING)
    return folder


def test_evaluate_measures_and_writes_the_card(checkpoint: Path) -> None:
    done = run("scripts/evaluate.py", checkpoint, "--data", "streets:,seeds=7-7", "--times", 3, "--pictures", 1)
    assert done.returncode == 0, done.stderr
    result = json.loads((checkpoint / "evaluation.json").read_text())
    assert result["weights_sha256"] == load(checkpoint).sha256
    assert len(result["sets"]["streets:,seeds=7-7"]["mIoU"]) == 3
    scores = result["scores"]["streets:,seeds=7-7"]
    assert (scores["pictures"], scores["pixels"]) == (1, 480 * 360)
    assert set(scores["IoU"]) == set(CAMVID.names)
    assert scores["mIoU"] == result["solvers"]["mIoU"]["midpoint-4"]
    assert {"midpoint-4", "midpoint-8", "dopri5"} <= set(result["solvers"]["mIoU"])
    assert [method["method"] for method in result["convergence"]["methods"]] == ["euler", "midpoint", "rk4"]
    assert result["provenance"]["command"].startswith("python scripts/evaluate.py")
    card = (checkpoint / "README.md").read_text()
    assert "python scripts/train.py" in card
    assert "a machine" in card
    assert "observed order of rk4" in card


def test_evaluate_takes_any_network_and_writes_its_answers(tmp_path: Path) -> None:
    torch.manual_seed(0)
    network = Baseline(CAMVID, (8, 8), 8, modules=1, blocks=1)
    network.save_pretrained(tmp_path / "tiny")
    root = write_camvid(tmp_path / "CamVid", "val")
    data = ("--data", f"camvid:{root},split=val", "--predictions", tmp_path / "answers")
    how = ("--scales", "0.75", "1", "1.25", "--flip", "--window", 16, 32)
    done = run("scripts/evaluate.py", tmp_path / "tiny", *data, *how)
    assert done.returncode == 0, done.stderr
    result = json.loads((tmp_path / "tiny" / "evaluation.json").read_text())
    assert (result["network"], result["solver"], result["sets"]) == ("Baseline", None, {})
    assert "convergence" not in result
    assert (result["inference"]["scales"], result["inference"]["window"]) == ([0.75, 1, 1.25], [16, 32])
    counted, dataset = Scores(11), CamVid(root, "val")
    for index in range(len(dataset)):
        with Image.open(tmp_path / "answers" / f"{dataset.name(index)}.png") as image:
            assert image.mode == "P"
            counted.update(np.array(image), dataset[index][1])
    assert result["scores"][f"camvid:{root},split=val"]["confusion"] == counted.confusion.tolist()


def test_a_checkpoint_is_halved_where_its_scores_stay(checkpoint: Path, tmp_path: Path) -> None:
    out = tmp_path / "half"
    done = run("scripts/halve.py", checkpoint, "--out", out, "--data", "streets:,seeds=7-7")
    assert done.returncode == 0, done.stderr
    assert (out / WEIGHTS).stat().st_size < 0.7 * (checkpoint / WEIGHTS).stat().st_size
    assert "python scripts/train.py" in (out / "README.md").read_text()
    whole, half = SegNode.from_pretrained(checkpoint), SegNode.from_pretrained(out)
    torch.testing.assert_close(half.state_dict(), whole.state_dict(), rtol=1e-3, atol=1e-6)


def test_a_checkpoint_whose_scores_change_is_not_halved(checkpoint: Path, tmp_path: Path) -> None:
    network = SegNode.from_pretrained(checkpoint)
    with torch.no_grad():
        for convolution in network.head.convs:
            convolution.weight.mul_(1e-9)  # nothing is left of it in float16
            convolution.bias.zero_()
    network.save_pretrained(tmp_path / "fine")
    done = run("scripts/halve.py", tmp_path / "fine", "--out", tmp_path / "half", "--data", "streets:,seeds=7-7")
    assert done.returncode == 1
    assert "the score on streets:,seeds=7-7 is not the same" in done.stderr
    assert not (tmp_path / "half" / WEIGHTS).exists()


@pytest.mark.parametrize("classes", [CAMVID, SCENES])
def test_a_checkpoint_is_given_a_small_picture(classes: ClassSet, tmp_path: Path) -> None:
    SegNode(ModelConfig(len(classes), (8, 8), 8, modules=1, blocks=1), classes).save_pretrained(tmp_path)
    done = run("scripts/chooser_picture.py", tmp_path)
    assert done.returncode == 0, done.stderr
    picture_bytes = summary(tmp_path).picture
    assert picture_bytes is not None
    with Image.open(BytesIO(picture_bytes)) as picture:
        assert picture.format == "WEBP"
        assert picture.size == (192, 144)
    assert len(picture_bytes) < 20_000


def test_bench_writes_ratios(checkpoint: Path, tmp_path: Path) -> None:
    done = run("scripts/bench.py", "--checkpoint", checkpoint, "--out", tmp_path / "bench.json", "--rounds", 1)
    assert done.returncode == 0, done.stderr
    result = json.loads((tmp_path / "bench.json").read_text())
    assert set(result["frames"]) == {"rk4-4", "midpoint-2"}
    assert result["frames"]["rk4-4"]["solve_again_to_frames_17"] > 1
    assert result["loop"]["midpoint-4"]["largest_difference"] < 1e-4
    assert result["gradients"]["backprop"]["error"] == 0
    assert result["gradients"]["checkpoint"]["error"] < 1e-5
    assert result["gradients"]["checkpoint"]["peak_to_backprop"] < 1


def test_trajectory_error_writes_the_record_and_both_figures(checkpoint: Path, tmp_path: Path) -> None:
    data, solver = ("--data", "streets:,seeds=7-8"), ("--method", "dopri5", "--tolerance", "1e-2", "--times", 5)
    done = run("scripts/trajectory_error.py", checkpoint, *data, *solver, "--rows", 1, "--out", tmp_path)
    assert done.returncode == 0, done.stderr
    record = ErrorRecord.read(tmp_path / "streets.json")
    assert (record.title, record.data, record.pictures) == ("Generated streets", "streets:,seeds=7-8", 2)
    assert (record.checkpoint, record.sha256) == ("tiny", load(checkpoint).sha256)
    assert record.solver == SolverConfig("dopri5", rtol=1e-2, atol=1e-2)
    assert record.times == (0, 0.25, 0.5, 0.75, 1)
    assert record.final.dataset[-1] == 0
    assert set(record.iou) <= set(CAMVID.names)
    assert "<svg" in (tmp_path / "streets.svg").read_text()
    with Image.open(tmp_path / "streets.png") as strip:
        assert strip.width > 5 * strip.height


def test_pictures_of_a_data_set_are_drawn_only_where_asked(checkpoint: Path, tmp_path: Path) -> None:
    data = ("--data", f"camvid:{write_camvid(tmp_path / 'CamVid', 'val')},split=val", "--times", 3, "--steps", 1)
    out = tmp_path / "out"
    done = run("scripts/trajectory_error.py", checkpoint, *data, "--out", out)
    assert done.returncode == 0, done.stderr
    assert {path.name for path in out.iterdir()} == {"camvid-val.json", "camvid-val.svg"}
    assert ErrorRecord.read(out / "camvid-val.json").solver.name == "midpoint-1"
    named = ("--out", out, "--name", "mine", "--rows-out", tmp_path / "private")
    assert run("scripts/trajectory_error.py", checkpoint, *data, *named).returncode == 0
    assert {path.name for path in out.glob("mine.*")} == {"mine.json", "mine.svg"}
    assert (tmp_path / "private" / "mine.png").exists()


def test_familiarity_is_measured_and_written_beside_the_weights(checkpoint: Path, tmp_path: Path) -> None:
    things = tmp_path / "things"
    things.mkdir()
    for seed in range(2):
        noise = np.random.default_rng(seed).integers(0, 256, (48, 64, 3), np.uint8)
        Image.fromarray(noise).save(things / f"{seed}.png")
    sets = {"training": "0-1", "held-out": "2-4#1/2", "check": "4-4"}
    words = [word for name, seeds in sets.items() for word in (f"--{name}", f"streets:,seeds={seeds}")]
    assert run("scripts/familiarity.py", checkpoint, *words, "--strangers", f"noise={things}").returncode == 0
    done = run("scripts/familiarity.py", checkpoint)  # the data sets of the last time
    assert done.returncode == 0, done.stderr
    result = json.loads((checkpoint / "familiarity.json").read_text())
    assert result["held_out"]["streets:,seeds=2-4#1/2"]["pictures"] == 2
    assert result["weights_sha256"] == load(checkpoint).sha256
    assert result["provenance"]["command"].startswith("python scripts/familiarity.py")
    assert {name: value["pictures"] for name, value in result["strangers"].items()} == {
        "noise": 2,
        "noise and flat colours": 12,
    }
    assert result["strangers"]["noise"]["files"] == "0.png, 1.png"
    assert set(result["check"]["streets:,seeds=4-4"]["auroc"]) == {"distance", "confidence", "entropy"}
    familiarity = load_familiarity(checkpoint, result["weights_sha256"])
    assert familiarity is not None
    assert result["threshold"]["distance"] == pytest.approx(familiarity.threshold, abs=1e-3)


def test_what_automatic_picks_is_counted_by_kind(checkpoint: Path, tmp_path: Path) -> None:
    entry = {"name": "tiny", "repository": None, "commit": None, "folder": checkpoint.name, "about": "tiny"}
    data = (word for use in ("--training", "--held-out", "--check") for word in (use, "streets:,seeds=3-4"))
    assert run("scripts/familiarity.py", checkpoint, *data).returncode == 0
    index = checkpoint.parent / "index.json"
    index.write_text(json.dumps([entry | {"automatic": "special"}, entry | {"name": "unlisted", "automatic": None}]))
    out = tmp_path / "automatic.json"
    done = run("scripts/automatic.py", "--index", index, "--at-most", 2, "--out", out)
    assert done.returncode == 0, done.stderr
    picks = Automatic.read(out)
    assert picks.weights == {"tiny": load(checkpoint).sha256}
    own = picks.sets["streets:,seeds=3-4"]
    assert (own.kind_of, own.pictures, own.picked) == (("tiny",), 2, {"tiny": 1.0})
    assert picks.sets["noise and flat colours"].kind_of == ()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("scripts/familiarity.py", "nowhere/at/all"), "There is no folder"),
        (
            ("scripts/familiarity.py", "checkpoints/segnode-streets", "--training", "streets:,seeds=0-1#3/2"),
            "A part of a data set is #1/2 or #2/2",
        ),
        (("scripts/evaluate.py", "nowhere/at/all", "--data", "streets:,seeds=0-0"), "There is no folder"),
        (
            ("scripts/evaluate.py", "checkpoints/segnode-streets", "--data", "streets:,seeds=0-0", "--solver", "rk"),
            "A solver is written as method-steps",
        ),
        (("scripts/train.py", "--data", "camvid:nowhere", "--out", "unused"), "nowhere"),
        (("scripts/trajectory_error.py", "nowhere/at/all", "--data", "streets:,seeds=0-0"), "There is no folder"),
        (
            ("scripts/trajectory_error.py", "checkpoints/segnode-streets", "--data", "streets:,seeds=0-0", "--rows", 1),
            "There is no picture 1 to draw in Fig. 3",
        ),
        (("scripts/bench.py", "--checkpoint", "nowhere/at/all"), "There is no folder"),
    ],
)
def test_what_goes_wrong_is_one_sentence(words: tuple[object, ...], sentence: str) -> None:
    done = run(*words)
    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
