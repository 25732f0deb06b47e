"""The error of a trajectory over solve time, over a whole data set (paper, section 4.8 and Fig. 4)."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from segnode.config import SolverConfig
from segnode.data.images import Dataset
from segnode.metrics import Scores
from segnode.predict import Predictor


@dataclass(frozen=True)
class ErrorCurve:
    """Dataset-level mIoU of each frame, in percent.

    times: dimensionless depth. truth: mIoU against the ground truth. final: mIoU against the answer at the last time.
    """

    times: Float[np.ndarray, " n"]
    truth: Float[np.ndarray, " n"]
    final: Float[np.ndarray, " n"]


def error_curve(
    predictor: Predictor,
    dataset: Dataset,
    *,
    times: int = 17,
    solver: SolverConfig | None = None,
    classes: tuple[int, ...] | None = None,
    on_picture: Callable[[int], None] = lambda index: None,
) -> ErrorCurve:
    """One solve a picture of `dataset`; `classes` restricts the mean to those train ids. on_picture: for progress."""
    count = predictor.model.config.num_classes
    truth_scores = [Scores(count) for _ in range(times)]
    final_scores = [Scores(count) for _ in range(times)]
    depths = np.zeros(times)
    for index in range(len(dataset)):
        image, truth = dataset[index]
        run = predictor.trajectory(image, times, solver)
        depths = run.times
        for labels, against_truth, against_final in zip(run.labels, truth_scores, final_scores, strict=True):
            against_truth.update(labels, truth)
            against_final.update(labels, run.labels[-1])
        on_picture(index)
    return ErrorCurve(
        depths,
        np.array([scores.mean_iou(classes) for scores in truth_scores]),
        np.array([scores.mean_iou() for scores in final_scores]),
    )
