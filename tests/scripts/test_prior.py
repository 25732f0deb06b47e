"""What scripts/prior.py measures is what it folds in."""

import json
from pathlib import Path
from types import ModuleType

import pytest
import torch

from segnode import ModelConfig, SegNode
from segnode.data.classes import CAMVID
from segnode.errors import ConfigError
from segnode.model.saved import open_network
from segnode.results.training import TRAINING, Training
from segnode.train.evaluate import evaluate
from segnode.train.sources import open_source
from tests.results.made_up import training_run
from tests.scripts.loading import load

STREETS = "streets:,seeds=100000-100001"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return load("prior")


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    torch.manual_seed(0)
    SegNode(ModelConfig(11, (8, 8), 8, modules=1, blocks=1), CAMVID).save_pretrained(tmp_path)
    weights = [0.5, 0.5, 3.0, 0.5, 1.0, 1.0, 4.0, 3.0, 1.0, 2.0, 2.0]
    Training((training_run(class_weights=tuple(weights)),)).write(tmp_path / TRAINING)
    return tmp_path


def test_folded_weights_score_as_was_measured(script: ModuleType, checkpoint: Path, tmp_path: Path) -> None:
    out = tmp_path / "prior.json"
    script.main(script.Settings(checkpoint, data=(STREETS,), taus=(0.0, 2.0), out=out))
    scores = json.loads(out.read_text())["mIoU_by_tau"][STREETS]
    assert scores["0"] != scores["2"]
    script.main(script.Settings(checkpoint, fold=2.0))
    score = evaluate(open_network(checkpoint), open_source(STREETS).dataset).mean_iou()
    assert score == pytest.approx(scores["2"], abs=0.006)
    assert Training.of(checkpoint).runs[-1].prior_subtracted == 2.0


def test_a_prior_is_folded_in_once(script: ModuleType, checkpoint: Path) -> None:
    script.main(script.Settings(checkpoint, fold=0.5))
    with pytest.raises(ConfigError, match="of its prior subtracted already"):
        script.main(script.Settings(checkpoint, fold=0.5))


def test_weights_without_a_record_are_refused(script: ModuleType, checkpoint: Path) -> None:
    (checkpoint / TRAINING).unlink()
    with pytest.raises(ConfigError, match="records no class_weights"):
        script.main(script.Settings(checkpoint, fold=0.5))
