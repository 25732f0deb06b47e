"""A solved trajectory as the page shows it: the flow for the browser, label maps, and every number a frame has."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float

from app.solving.packing import packed
from segnode import SolverConfig, Trajectory
from segnode.data.classes import ClassSet
from segnode.familiarity import Judged
from segnode.metrics import frame_iou, mean_error, miou_error
from segnode.types import FrameLabels, LabelArray, Times


@dataclass(frozen=True)
class Run:
    """One picture's solve. The browser draws it from `flow`; a frame's numbers are counted when they are asked for.

    truth: train ids, where they are known. classes: their number. confidence: mean over each frame, 0 to 1. flow: the
    decoded flow, packed for the browser. familiarity: whether the picture is like those the network was trained on;
    None where that cannot be told. refused: where the steps that an adaptive solver rejected would have ended.
    """

    solver: SolverConfig
    times: Times
    step_times: Times
    labels: FrameLabels
    truth: LabelArray | None
    classes: int
    confidence: Float[np.ndarray, " n"]
    flow: dict[str, str | int | float]
    nfe: int
    seconds: float
    familiarity: Judged | None
    refused: tuple[float, ...] = ()

    @classmethod
    def from_trajectory(
        cls, trajectory: Trajectory, solver: SolverConfig, truth: LabelArray | None, classes: ClassSet
    ) -> "Run":
        """What the page holds of `trajectory`. truth: train ids of `classes`, where they are known."""
        return cls(
            solver=solver,
            times=trajectory.times,
            step_times=trajectory.step_times,
            labels=trajectory.labels,
            truth=truth,
            classes=len(classes),
            confidence=trajectory.confidence.mean(axis=(1, 2)),
            flow=packed(trajectory.flow),
            nfe=trajectory.nfe,
            seconds=trajectory.seconds,
            familiarity=trajectory.familiarity,
            refused=trajectory.refused,
        )

    @cached_property
    def to_final(self) -> Float[np.ndarray, " n"]:
        """mIoU error of each frame against the last one, in percent."""
        return miou_error(self.labels, self.labels[-1], self.classes)

    @cached_property
    def to_truth(self) -> Float[np.ndarray, " n"] | None:
        """mIoU error of each frame against the truth, in percent; None where there is none."""
        return None if self.iou is None or self.truth is None else mean_error(self.iou, self.truth)

    @cached_property
    def iou(self) -> Float[np.ndarray, "n classes"] | None:
        """IoU of each class at each frame, percent; nan where it is neither true nor predicted; None without truth."""
        return None if self.truth is None else frame_iou(self.labels, self.truth, self.classes)

    @cached_property
    def share(self) -> Float[np.ndarray, "n classes"]:
        """Share of the pixels that have each class, at each frame, 0 to 1."""
        return np.stack([np.bincount(frame.ravel(), minlength=self.classes) / frame.size for frame in self.labels])

    @cached_property
    def settled(self) -> Float[np.ndarray, " n"]:
        """Share of the pixels that have their final label at each frame, 0 to 1."""
        return (self.labels == self.labels[-1]).mean(axis=(1, 2))

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
        """Bytes that it keeps in memory, without small fields."""
        return self.labels.nbytes + len(str(self.flow["flow"]))

    @property
    def names(self) -> tuple[str, ...]:
        """What the page calls each time: as few digits as tell the frames apart, two at least."""
        for digits in range(2, 9):
            names = tuple(f"{time:.{digits}f}" for time in self.times)
            if len(set(names)) == len(names):
                return names
        return tuple(repr(float(time)) for time in self.times)
