"""Settings and data that a run refuses before it trains."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from segnode.errors import ConfigError, DataError
from segnode.train.loop import Trainer
from segnode.train.sources import open_source
from tests.train.runs import config, one_label


def test_validation_labels_are_looked_at_before_training(tmp_path: Path) -> None:
    one_label(tmp_path / "own", 77)
    with pytest.raises(DataError, match="77"):
        Trainer(config(tmp_path / "out", validate=(f"folder:{tmp_path}/own,split=val",)))


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("pascal:/x", ConfigError, "no data set kind 'pascal'"),
        ("streets:,seeds=many", ConfigError, "Streets are named like"),
        ("streets:,weight=0", ConfigError, "above 0"),
        ("camvid:/x,colour=red", ConfigError, "option camvid does not know"),
        ("camvid:/nowhere,split=train", DataError, "/nowhere"),
        ("folder:/nowhere", DataError, "/nowhere"),
    ],
)
def test_data_that_cannot_be_named(text: str, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        open_source(text)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"data": ()}, "Nothing to train on"),
        ({"iterations": 0}, "iterations must be at least 1"),
        ({"crop": (8, 8)}, "at least 32"),
        ({"solvers": ("rk4",)}, "method-steps"),
        ({"solvers": ("rk5-2",)}, "no solver 'rk5'"),
        ({"balance": 2.0}, "between 0 and 1"),
        ({"head_rate": 0.0}, "head_rate must lie above 0"),
        ({"rate": -1.0}, "rate must lie above 0, not -1.0"),
        ({"minutes": 0.0}, "minutes must lie above 0"),
        ({"warmup": -1}, "warmup must be 0 or more"),
        ({"class_weights": (1.0, -1.0)}, "class_weights must lie above 0, not -1.0"),
    ],
)
def test_settings_that_cannot_be_right(tmp_path: Path, change: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        config(tmp_path, **change)


def test_data_sets_with_other_classes_are_not_mixed(tmp_path: Path) -> None:
    for part in ("images", "labels"):
        (tmp_path / "own" / part).mkdir(parents=True)
    source = open_source("streets:,seeds=0-0")
    Image.fromarray(source.dataset[0][0]).save(tmp_path / "own/images/a.png")
    Image.fromarray(np.zeros((360, 480), np.uint8)).save(tmp_path / "own/labels/a.png")
    (tmp_path / "own/classes.json").write_text(json.dumps({"names": ["cat", "dog"]}))
    (tmp_path / "own/train.txt").write_text("a\n")
    with pytest.raises(ConfigError, match="other classes"):
        Trainer(config(tmp_path / "out", data=("streets:,seeds=0-0", f"folder:{tmp_path}/own,split=train")))


@pytest.mark.parametrize("part", ["data", "validate"])
def test_a_data_set_without_one_counted_pixel_is_refused(tmp_path: Path, part: str) -> None:
    one_label(tmp_path / "own", 255)
    with pytest.raises(DataError, match=r"Not one pixel of .* has a class that counts"):
        Trainer(config(tmp_path / "out", **{part: (f"folder:{tmp_path}/own,split=train",)}))


def test_a_home_folder_is_meant_in_every_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    made = config(Path("~/run"), init=Path("~/first"))
    assert (made.out, made.init) == (tmp_path / "run", tmp_path / "first")
    assert config(tmp_path, public=Path("~/x")).public == tmp_path / "x"


def test_one_value_a_channel_is_told_in_a_sentence(tmp_path: Path) -> None:
    layout = ("widths=[4,4,4,4]", "stem_width=4", "blocks=1", 'norm="batch"')
    with pytest.raises(ConfigError, match="Batch normalization needs more than one value a channel"):
        Trainer(config(tmp_path, layout=layout, batch_size=1, crop=(32, 32))).run()
