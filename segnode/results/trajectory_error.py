"""An error over solve time in plain numbers: what `scripts/trajectory_error.py` writes and figures are drawn of."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any, Literal

import numpy as np

from segnode.analysis.errors import ErrorCurve, Errors
from segnode.config import SolverConfig
from segnode.errors import DataError
from segnode.results.schema import Finite, Provenance, Result

_PERCENTILES = (10, 25, 50, 75, 90)


@dataclass(frozen=True)
class Average:
    """mIoU error against one reference in percent, a value a time.

    dataset: over all pixels of the set. mean, std (standard deviation) and percentiles: over the errors of single
    pictures, each over the classes of its own reference.
    """

    dataset: tuple[Finite, ...]
    mean: tuple[Finite, ...]
    std: tuple[Finite, ...]
    p10: tuple[Finite, ...]
    p25: tuple[Finite, ...]
    p50: tuple[Finite, ...]
    p75: tuple[Finite, ...]
    p90: tuple[Finite, ...]


@dataclass(frozen=True)
class ErrorRecord(Result):
    """An `ErrorCurve`, and what it was measured on.

    title: what people call the data set. data: its name on a command line. pictures: how many it holds. checkpoint:
    the network's name. sha256: of its weights. times, step_times, evaluations, truth, final: as of `ErrorCurve`.
    iou: in percent against the truth, a value a time, of each class that counts and is in it.

    Raises `ValueError` for rows that differ in length from their times.
    """

    CONTENT = "errors over solve time"
    COMMAND = "python scripts/trajectory_error.py"

    provenance: Provenance
    title: str
    data: str
    pictures: int
    checkpoint: str
    sha256: str
    solver: SolverConfig
    times: tuple[Finite, ...]
    step_times: tuple[Finite, ...]
    evaluations: tuple[Finite, ...]
    truth: Average
    final: Average
    iou: Mapping[str, tuple[Finite, ...]]

    def __post_init__(self) -> None:
        rows = (*astuple(self.truth), *astuple(self.final), *self.iou.values())
        if len(self.times) < 2 or any(len(row) != len(self.times) for row in rows):
            raise ValueError("its rows are not as long as its times")
        if len(self.step_times) < 2 or len(self.step_times) != len(self.evaluations):
            raise ValueError("its evaluations are not as many as its steps")

    def cost_marks(self, most: int = 9) -> list[tuple[float, float]]:
        """Depths and the evaluations of f spent there: all steps of a short solve, some of a long one."""
        wanted = np.linspace(0, self.step_times[-1], most)
        chosen = np.unique(np.searchsorted(self.step_times, wanted).clip(max=len(self.step_times) - 1))
        return [(self.step_times[index], self.evaluations[index]) for index in chosen]

    def half(self) -> tuple[float, float]:
        """The last step within half the evaluations of f: its depth, and the evaluations spent there."""
        index = np.flatnonzero(np.array(self.evaluations) <= self.evaluations[-1] / 2)[-1]
        return self.step_times[index], self.evaluations[index]


def recorded(curve: ErrorCurve, *, names: Sequence[str], scored: Sequence[int] | None, **about: Any) -> ErrorRecord:
    """`curve` as a record. names: of the classes. scored: train ids that count. about: the record's other fields.

    Raises `DataError` where no picture has a ground truth.
    """
    held = [
        i for i in range(len(names)) if (scored is None or i in scored) and not np.isnan(curve.truth.iou[:, i]).any()
    ]
    return ErrorRecord(
        **about,
        pictures=len(curve.truth.pictures),
        times=_plain(curve.times, 6),
        step_times=_plain(curve.step_times, 6),
        evaluations=_plain(curve.evaluations),
        truth=_average(curve.truth),
        final=_average(curve.final),
        iou={names[i]: _plain(curve.truth.iou[:, i]) for i in held},
    )


def trend(errors: Sequence[float]) -> Literal["falls", "rises", "stays"]:
    """Where an error goes from t = 0 to the end of the solve time."""
    return "falls" if errors[-1] < errors[0] else "rises" if errors[-1] > errors[0] else "stays"


def _average(errors: Errors) -> Average:
    """`errors` over the pictures that have one."""
    counted = errors.pictures[~np.isnan(errors.pictures).any(axis=1)]
    if not len(counted):
        raise DataError("The ground truth counts no pixel of any picture: choose a data set with labels.")
    percentiles = np.percentile(counted, _PERCENTILES, axis=0)
    return Average(_plain(errors.dataset), _plain(counted.mean(0)), _plain(counted.std(0)), *map(_plain, percentiles))


def _plain(row: np.ndarray, digits: int = 3) -> tuple[float, ...]:
    return tuple(row.round(digits).tolist())
