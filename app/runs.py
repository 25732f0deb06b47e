"""A solved trajectory as the page shows it: label maps, and every number a frame has."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from app.scrubber.packing import packed
from segnode import SolverConfig, Trajectory
from segnode.data.classes import ClassSet
from segnode.metrics import frame_iou, mean_error, miou_error
from segnode.types import FrameLabels, LabelArray, Times


@dataclass(frozen=True)
class Run:
    """One picture's frames, measured.

    to_final, to_truth: mIoU error of each frame in percent, against the last frame and against the ground truth.
    iou: of each class in percent, nan where a class is neither true nor predicted. share: of each class among the
    pixels. settled: share of the pixels that already have their final label. confidence: mean over the picture. Where
    there is no truth, `to_truth` and `iou` are None. flow: the decoded flow, packed for the browser.
    """

    solver: SolverConfig
    times: Times
    step_times: Times
    labels: FrameLabels
    to_final: Float[np.ndarray, " n"]
    to_truth: Float[np.ndarray, " n"] | None
    iou: Float[np.ndarray, "n classes"] | None
    share: Float[np.ndarray, "n classes"]
    settled: Float[np.ndarray, " n"]
    confidence: Float[np.ndarray, " n"]
    flow: dict[str, str | int | float]
    nfe: int
    seconds: float

    @property
    def spent(self) -> list[int] | None:
        """Evaluations of f spent when each step was reached, the start first.

        None where the solver chose its steps: it tries some of them twice, and only the sum is known.
        """
        if self.solver.adaptive:
            return None
        steps = len(self.step_times) - 1
        return [self.nfe * step // steps for step in range(steps + 1)]

    @property
    def nbytes(self) -> int:
        """What it keeps in memory, but for trifles."""
        return self.labels.nbytes + len(str(self.flow["flow"]))

    @property
    def names(self) -> tuple[str, ...]:
        """What the page calls each time: as few digits as tell the frames apart, two at least."""
        for digits in range(2, 9):
            names = tuple(f"{time:.{digits}f}" for time in self.times)
            if len(set(names)) == len(names):
                return names
        return tuple(repr(float(time)) for time in self.times)


def measured(trajectory: Trajectory, solver: SolverConfig, truth: LabelArray | None, classes: ClassSet) -> Run:
    """`trajectory` with its numbers. truth: train ids of `classes`, where they are known."""
    labels, count = trajectory.labels, len(classes)
    iou = None if truth is None else frame_iou(labels, truth, count)
    return Run(
        solver=solver,
        times=trajectory.times,
        step_times=trajectory.step_times,
        labels=labels,
        to_final=miou_error(labels, labels[-1], count),
        to_truth=None if iou is None or truth is None else mean_error(iou, truth),
        iou=iou,
        share=np.stack([np.bincount(frame.ravel(), minlength=count) / frame.size for frame in labels]),
        settled=(labels == labels[-1]).mean(axis=(1, 2)),
        confidence=trajectory.confidence.mean(axis=(1, 2)),
        flow=packed(trajectory.flow),
        nfe=trajectory.nfe,
        seconds=trajectory.seconds,
    )
