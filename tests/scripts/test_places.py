"""Every script that measures asks for its place before it works."""

from pathlib import Path
from typing import Any

import pytest
import torch

from segnode import ModelConfig, SegNode
from segnode.data.classes import CAMVID
from segnode.errors import ConfigError
from tests.scripts.loading import load

#: What each has to be told beside its place; {checkpoint} is a network of a few weights.
SETTINGS: dict[str, dict[str, Any]] = {
    "bench": {},
    "compare": {"stage": "collect"},
    "cost": {},
    "gallery": {},
    "kinks": {},
    "learn": {},
    "prior": {"checkpoint": "{checkpoint}", "data": ("streets:,seeds=0-0",)},
    "results": {},
    "resume": {},
    "training_speed": {"runs": (Path("before"), Path("after"))},
    "trajectory_error": {"checkpoint": "{checkpoint}", "data": "streets:,seeds=0-0"},
    "trials": {"camvid": Path("nowhere"), "labelme": Path("nowhere")},
}


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("checkpoint") / "tiny"
    SegNode(ModelConfig(11, (8, 8), 8, modules=1, blocks=1), CAMVID).save_pretrained(folder)
    return folder


@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize("taken", ["below a file", "a folder"])
def test_a_place_that_cannot_be_written_is_told_before_the_work(
    checkpoint: Path, tmp_path: Path, name: str, taken: str
) -> None:
    (tmp_path / "file").write_bytes(b"")
    out = tmp_path / "file" / "results.json" if taken == "below a file" else tmp_path
    if name == "trajectory_error":  # which is given a folder
        out = tmp_path / "file" if taken == "below a file" else tmp_path
        (tmp_path / "streets.json").mkdir()
    module = load(name)
    settings = {key: checkpoint if value == "{checkpoint}" else value for key, value in SETTINGS[name].items()}
    with pytest.raises(ConfigError, match="cannot be written"):
        module.main(module.Settings(**settings, out=out))


def test_what_is_written_beside_the_weights_is_asked_for_too(checkpoint: Path, tmp_path: Path) -> None:
    (checkpoint / "familiarity.json").mkdir()
    familiarity, halve = load("familiarity"), load("halve")
    with pytest.raises(ConfigError, match="cannot be written"):
        familiarity.main(familiarity.Settings(checkpoint))
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ConfigError, match="cannot be written"):
        halve.main(halve.Settings(checkpoint, out=tmp_path / "file" / "half", data=("streets:,seeds=0-0",)))
