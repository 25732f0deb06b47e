import numpy as np
import pytest
import torch

from segnode import ModelConfig, Predictor, SegNode, SolverConfig
from segnode.analysis.errors import error_curve
from segnode.data.classes import CAMVID
from segnode.data.streets import Streets
from segnode.metrics import Scores


@pytest.fixture(scope="module")
def predictor() -> Predictor:
    torch.manual_seed(1)
    return Predictor(SegNode(ModelConfig(11, (8, 16), 8, modules=1, blocks=1), CAMVID, SolverConfig("heun", 2)))


def test_curve_is_the_score_of_each_frame_over_the_whole_set(predictor: Predictor) -> None:
    streets = Streets(range(2), 96, 72)
    seen: list[int] = []
    curve = error_curve(predictor, streets, times=3, on_picture=seen.append)
    assert seen == [0, 1]
    assert curve.times.tolist() == [0, 0.5, 1]
    assert curve.final[-1] == 100
    for frame in range(3):
        scores = Scores(11)
        for index in range(2):
            image, truth = streets[index]
            scores.update(predictor.trajectory(image, 3).labels[frame], truth)
        assert curve.truth[frame] == pytest.approx(scores.mean_iou())


def test_the_mean_can_be_restricted_to_shared_classes(predictor: Predictor) -> None:
    streets = Streets(range(1), 96, 72)
    all_classes, some = (error_curve(predictor, streets, times=2, classes=c).truth for c in (None, (0, 3)))
    assert not np.allclose(all_classes, some)
