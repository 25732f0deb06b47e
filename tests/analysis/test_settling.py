"""When pixels settle, on trajectories written down frame by frame."""

from types import SimpleNamespace

import numpy as np
import pytest

from segnode import ModelConfig, Predictor, SegNode
from segnode.analysis.settling import settling
from segnode.data.classes import CAMVID
from segnode.streets import Streets

ROAD, POLE, CAR = (CAMVID.names.index(name) for name in ("road", "pole", "car"))


@pytest.fixture
def predictor(monkeypatch: pytest.MonkeyPatch) -> Predictor:
    """Answers with five frames: road at once, a pole at three quarters, and a car that is lost at the end."""
    labels = np.full((5, 40, 60), ROAD, np.uint8)
    labels[3:, :, 10:17] = POLE
    labels[1:4, 20:40, 40:60] = CAR
    found = Predictor(SegNode(ModelConfig(11, (8, 8), 8, modules=1, blocks=1), CAMVID))
    monkeypatch.setattr(found, "trajectory", lambda image, frames: SimpleNamespace(labels=labels))
    return found


class TwoAlike(Streets):
    """A picture with a road, a pole and a car, and some pixels that do not count."""

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        labels = np.full((40, 60), ROAD, np.uint8)
        labels[:, 10:17], labels[20:40, 40:60], labels[0, :5] = POLE, CAR, 255
        return np.zeros((40, 60, 3), np.uint8), labels


def test_depths_and_shares_are_those_written_down(predictor: Predictor) -> None:
    found = settling(predictor, TwoAlike(range(2)), range(2), frames=5)
    counted, pole, car, road = 2400 - 5, 280, 400, 2400 - 5 - 280 - 400
    assert found.pictures == 2
    assert found.classes["road"] == 0
    assert found.classes["pole"] == 0.75
    assert found.classes["car"] is None
    assert found.wrong == 1.0
    assert found.right == pytest.approx(0.75 * pole / (pole + road))
    assert found.final_at_start == pytest.approx(road / (pole + road))
    assert found.lost == pytest.approx(car / counted)
    assert found.gained == pytest.approx(pole / counted)
    assert found.regions == (1.0, 3.0)
    assert found.picture_means == ({"pole": 0.75, "road": 0.0},) * 2
    assert found.later("pole", "road") == (2, 2)
    assert found.later("pole", "car") == (0, 0)
    assert found.thickness["7"] == pytest.approx(0.75 * pole / (pole + 40 * 10 - 5))  # and the road at its left
