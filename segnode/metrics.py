"""Scores of label maps: counted over a whole data set, then divided once.

The convention is that of torchmetrics' `MulticlassJaccardIndex(average="macro", ignore_index=255)`, which the tests
hold this against: IoU of a class is TP / (TP + FP + FN) over all pixels of all pictures, never a mean of per-picture
scores. Pixels whose truth is 255 are not counted. A class neither in the truth nor predicted has no IoU and leaves the
mean; a class predicted but never true has IoU 0 and stays.
"""

from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Float, Int64
from torch import Tensor
from torchmetrics.functional.classification import multiclass_confusion_matrix

from segnode.errors import ConfigError, DataError
from segnode.types import IGNORE, FrameLabels


class Scores:
    """Adds up pixels by truth and prediction, picture after picture.

    num_classes: train ids run from 0 below it. Raises `ConfigError` outside 2 to 255.
    """

    def __init__(self, num_classes: int) -> None:
        if not 2 <= num_classes <= IGNORE:
            raise ConfigError(f"Scores need 2 to {IGNORE} classes, not {num_classes!r}.")
        self.num_classes = num_classes
        #: Pixels by truth (row) and prediction (column).
        self.confusion: Int64[Tensor, "classes classes"] = torch.zeros(num_classes, num_classes, dtype=torch.int64)

    def update(self, prediction: np.ndarray, truth: np.ndarray) -> None:
        """Count one picture: two uint8 arrays of train ids, rows by columns.

        Raises `DataError` when they differ in shape, are not uint8, or hold an id that is no class.
        """
        self.confusion += _confusion(prediction, truth, self.num_classes)

    def iou(self) -> Float[np.ndarray, " classes"]:
        """Intersection over union of each class in percent, nan for one neither true nor predicted."""
        return _iou(self.confusion)

    def mean_iou(self, classes: Sequence[int] | None = None) -> float:
        """Mean of `iou()` in percent over the classes that have one, or over those of `classes` that do.

        Restricting the mean changes no class's own IoU: a pixel of road predicted as pole is still a miss of road.
        nan when nothing was counted. Raises `ConfigError` for an id that is no class.
        """
        return self._mean(self.iou(), classes)

    def pixels(self) -> int:
        """How many were counted."""
        return int(self.confusion.sum())

    def pixel_accuracy(self) -> float:
        """Share of the counted pixels that are right, in percent; nan when nothing was counted."""
        counted = self.pixels()
        return 100 * int(self.confusion.trace()) / counted if counted else float("nan")

    def accuracy(self) -> Float[np.ndarray, " classes"]:
        """Share of each class's own pixels that are right, in percent, nan for a class never true."""
        return (100 * self.confusion.diagonal().double() / self.confusion.sum(dim=1)).numpy()  # 0 / 0 is nan

    def mean_accuracy(self, classes: Sequence[int] | None = None) -> float:
        """Mean of `accuracy()` in percent, over the classes that are ever true, or over those of `classes` that are.

        Here a class predicted but never true is no part of the mean (Long et al., 2015); torchmetrics counts it as 0.
        nan when nothing was counted. Raises `ConfigError` for an id that is no class.
        """
        return self._mean(self.accuracy(), classes)

    def _mean(self, values: Float[np.ndarray, " classes"], classes: Sequence[int] | None) -> float:
        if wrong := [i for i in classes or () if not 0 <= i < self.num_classes]:
            raise ConfigError(f"There is no class {wrong[0]}: choose from 0 to {self.num_classes - 1}.")
        values = values if classes is None else values[list(classes)]
        values = values[~np.isnan(values)]
        return float(values.mean()) if values.size else float("nan")


def miou_error(frames: FrameLabels, truth: np.ndarray, num_classes: int) -> Float[np.ndarray, " n"]:
    """100 - mIoU of each frame of one picture, in percent; see `frame_iou` and `mean_error`."""
    return mean_error(frame_iou(frames, truth, num_classes), truth)


def frame_iou(frames: FrameLabels, truth: np.ndarray, num_classes: int) -> Float[np.ndarray, "n classes"]:
    """IoU of each class in each frame of one picture, in percent; nan where it is neither true nor predicted.

    Raises `DataError` like `Scores.update`.
    """
    return np.stack([_iou(_confusion(frame, truth, num_classes)) for frame in frames])


def mean_error(iou: Float[np.ndarray, "n classes"], truth: np.ndarray) -> Float[np.ndarray, " n"]:
    """100 - the mean of `iou`, in percent, over the classes in the picture's ground truth.

    They are the same for every frame, so a stray pixel of an absent class cannot make the curve jump. Raises
    `DataError` when the truth counts no pixel.
    """
    present = np.unique(truth)
    present = present[present != IGNORE].astype(np.intp)
    if not present.size:
        raise DataError("The ground truth counts no pixel: choose a picture with labels other than 255.")
    return 100 - iou[:, present].mean(axis=1)


def _confusion(prediction: np.ndarray, truth: np.ndarray, num_classes: int) -> Int64[Tensor, "classes classes"]:
    if prediction.shape != truth.shape or truth.ndim != 2:
        raise DataError(
            f"A prediction of shape {prediction.shape} cannot be scored against a truth of shape {truth.shape}: "
            "give both as rows by columns of one size."
        )
    if prediction.dtype != np.uint8 or truth.dtype != np.uint8:
        raise DataError(f"Labels must be uint8, not {prediction.dtype} and {truth.dtype}: convert them.")
    counted = truth != IGNORE
    for what, ids in (("truth", truth), ("prediction", prediction)):
        if (strange := np.max(ids, where=counted, initial=0)) >= num_classes:
            raise DataError(f"The {what} holds the id {strange}, which is none of {num_classes} classes: map it.")
    return multiclass_confusion_matrix(
        torch.from_numpy(prediction.astype(np.int64)),
        torch.from_numpy(truth.astype(np.int64)),
        num_classes,
        ignore_index=IGNORE,
        validate_args=False,  # Done above, ten times faster.
    )


def _iou(confusion: Tensor) -> Float[np.ndarray, " classes"]:
    right = confusion.diagonal()
    union = confusion.sum(dim=0) + confusion.sum(dim=1) - right
    return (100 * right.double() / union).numpy()  # 0 / 0 is nan
