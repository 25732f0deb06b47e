"""The error of a trajectory over solve time, over a whole data set (paper, section 4.8 and Fig. 4)."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from segnode.config import SolverConfig
from segnode.data.images import Dataset
from segnode.errors import DataError
from segnode.metrics import Scores
from segnode.predict import Predictor, Trajectory
from segnode.types import IGNORE, FrameLabels, LabelArray, StepTimes, Times

#: An adaptive solver names its depths in float32.
_ROUNDING = 1e-5


@dataclass(frozen=True)
class Errors:
    """mIoU error of each frame against one reference, in percent.

    dataset: over all pixels of the set, 100 - `Scores.mean_iou`. pictures: of each picture, over the classes in its
    reference, the same for every frame; nan where the reference counts no pixel. iou: of each class over all pixels of
    the set, nan for a class the reference never holds.
    """

    dataset: Float[np.ndarray, " n"]
    pictures: Float[np.ndarray, "pictures n"]
    iou: Float[np.ndarray, "n classes"]


@dataclass(frozen=True)
class ErrorCurve:
    """Errors over solve time, and what the time costs.

    times: dimensionless depth of each frame. step_times: depths the solver stepped to, on any of the pictures; a fixed
    grid is the same on all. evaluations: of f, spent when each of `step_times` is reached, the mean over pictures.
    truth: errors against the ground truth. final: errors against the answer at the last time.
    """

    times: Times
    step_times: StepTimes
    evaluations: Float[np.ndarray, " steps"]
    truth: Errors
    final: Errors


def error_curve(
    predictor: Predictor,
    dataset: Dataset,
    *,
    times: int = 17,
    solver: SolverConfig | None = None,
    classes: tuple[int, ...] | None = None,
    on_picture: Callable[[int, Trajectory], object] = lambda index, run: None,
) -> ErrorCurve:
    """One solve a picture of `dataset`, whatever the number of times.

    classes: restricts the means against the truth to those train ids. on_picture: called with each picture's index and
    trajectory. Raises `DataError` for a data set without pictures, and as `Scores.update` does.
    """
    if not len(dataset):
        raise DataError("There is no picture to find an error on: choose a data set that holds some.")
    count = predictor.model.config.num_classes
    truth, final = _Against(times, count, classes), _Against(times, count)
    depths, steps = np.zeros(times), []
    for index in range(len(dataset)):
        image, labels = dataset[index]
        evaluated: list[float] = []
        run = predictor.trajectory(image, times, solver, on_progress=evaluated.append)
        truth.add(run.labels, labels)
        final.add(run.labels, run.labels[-1])
        depths = run.times
        steps.append((run.step_times.round(6), _spent(run, evaluated, (solver or predictor.model.solver).adaptive)))
        on_picture(index, run)
    step_times = np.unique(np.concatenate([own for own, _ in steps]))
    evaluations = np.mean([spent[np.searchsorted(own, step_times)] for own, spent in steps], axis=0)
    return ErrorCurve(depths, step_times, evaluations, truth.errors(), final.errors())


class _Against:
    """Counts frames against one reference a picture, each frame once for the picture and for the set."""

    def __init__(self, times: int, num_classes: int, classes: tuple[int, ...] | None = None) -> None:
        self.classes = classes
        self.totals = [Scores(num_classes) for _ in range(times)]
        self.pictures: list[list[float]] = []

    def add(self, frames: FrameLabels, reference: LabelArray) -> None:
        present = [int(i) for i in np.unique(reference) if i != IGNORE and (not self.classes or i in self.classes)]
        errors = []
        for total, labels in zip(self.totals, frames, strict=True):
            one = Scores(total.num_classes)
            one.update(labels, reference)
            total.confusion += one.confusion
            errors.append(100 - one.mean_iou(present))
        self.pictures.append(errors)

    def errors(self) -> Errors:
        held = self.totals[-1].confusion.sum(dim=1).numpy() > 0
        return Errors(
            dataset=np.array([100 - total.mean_iou(self.classes) for total in self.totals]),
            pictures=np.array(self.pictures),
            iou=np.stack([np.where(held, total.iou(), np.nan) for total in self.totals]),
        )


def _spent(run: Trajectory, evaluated: list[float], adaptive: bool) -> Float[np.ndarray, " steps"]:
    """Evaluations of f made when each of the run's steps was reached. evaluated: share of T of each evaluation."""
    if not adaptive:
        return np.linspace(0, run.nfe, len(run.step_times))
    # An accepted step ends with an evaluation at its end, and every later one lies beyond it.
    ends = run.step_times[1:] / run.step_times[-1] + _ROUNDING
    return np.array([0.0, *(1.0 + np.flatnonzero(np.array(evaluated) <= end)[-1] for end in ends)])
