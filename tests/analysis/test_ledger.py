"""The ledger of a pixel sums to the margin that is shown, under every solver."""

from pathlib import Path

import numpy as np
import pytest
import torch

from segnode import ModelConfig, Predictor, SegNode, SolverConfig
from segnode.analysis.ledger import Ledger, ledger
from segnode.analysis.path import solved_path
from segnode.config import FIXED_METHODS
from segnode.data.classes import CAMVID
from segnode.errors import ConfigError
from segnode.model.padding import upsample_logits
from segnode.streets import Streets

ROOT = Path(__file__).parents[2]
PIXELS = ((0, 0), (7, 141), (119, 159))


@pytest.fixture(scope="module")
def predictor() -> Predictor:
    return Predictor(SegNode.from_pretrained(ROOT / "checkpoints/segnode-streets"))


@pytest.mark.parametrize("method", [*FIXED_METHODS, "dopri5"])
def test_it_sums_to_the_margin_shown(predictor: Predictor, method: str) -> None:
    image = Streets(range(7, 8), 160, 120)[0][0]
    solver = SolverConfig(method, 3)
    run = predictor.trajectory(image, solver=solver)
    path = solved_path(predictor.model, image, solver)
    shown = upsample_logits(torch.from_numpy(run.flow.at(1.0))[None], image.shape[:2])[0]
    for (row, column), (one, other) in zip(PIXELS, ((3, 1), (2, 0), (5, 8)), strict=True):
        found = ledger(predictor.model, path, (row, column), (one, other))
        margin = float(shown[one, row, column] - shown[other, row, column])
        total = found.bias + found.start.sum() + found.changes.sum()
        assert total == pytest.approx(margin, abs=1e-4)
        assert found.margins[-1] == pytest.approx(total, abs=1e-12)


def test_margins_on_the_way_are_those_of_the_frames(predictor: Predictor) -> None:
    image = Streets(range(8, 9), 96, 64)[0][0]
    found = ledger(predictor.model, solved_path(predictor.model, image), (30, 40), (3, 1))
    assert found.times == (0.0, 0.25, 0.5, 0.75, 1.0)
    run = predictor.trajectory(image, found.times, SolverConfig("midpoint", 4))
    for time, margin in zip(found.times, found.margins, strict=True):
        shown = upsample_logits(torch.from_numpy(run.flow.at(time))[None], image.shape[:2])[0, :, 30, 40]
        assert margin == pytest.approx(float(shown[3] - shown[1]), abs=1e-4)


def test_the_decisive_step_is_the_largest_toward_the_winner() -> None:
    changes = np.array([[1.0, -4.0], [0.5, 2.0]])
    assert Ledger((0.0, 0.5, 1.0), 3.0, np.zeros(2), changes).decisive == (1, 1)
    assert Ledger((0.0, 0.5, 1.0), -3.0, np.zeros(2), changes).decisive == (0, 1)


def test_what_is_not_there_is_refused() -> None:
    model = SegNode(ModelConfig(11, (8, 8), 8, modules=1, blocks=1), CAMVID).eval()
    path = solved_path(model, np.zeros((32, 32, 3), np.uint8))
    with pytest.raises(ConfigError, match="no pixel in row 32"):
        ledger(model, path, (32, 0), (0, 1))
    with pytest.raises(ConfigError, match="no classes 0 and 11"):
        ledger(model, path, (0, 0), (0, 11))
