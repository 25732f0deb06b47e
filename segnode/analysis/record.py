"""An error over solve time in plain numbers: what `scripts/trajectory_error.py` writes and figures are drawn of."""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from segnode.analysis.errors import ErrorCurve, Errors
from segnode.config import SolverConfig
from segnode.errors import DataError

_PERCENTILES = (10, 25, 50, 75, 90)


@dataclass(frozen=True)
class Average:
    """mIoU error against one reference in percent, a value a time.

    dataset: over all pixels of the set. mean, std (standard deviation) and percentiles: over the errors of single
    pictures, each over the classes of its own reference.
    """

    dataset: tuple[float, ...]
    mean: tuple[float, ...]
    std: tuple[float, ...]
    p10: tuple[float, ...]
    p25: tuple[float, ...]
    p50: tuple[float, ...]
    p75: tuple[float, ...]
    p90: tuple[float, ...]


@dataclass(frozen=True)
class ErrorRecord:
    """An `ErrorCurve`, and what it was measured on.

    title: what people call the data set. data: its name on a command line. pictures: how many it holds. checkpoint:
    the network's name. sha256: of its weights. times, step_times, evaluations, truth, final: as of `ErrorCurve`.
    iou: in percent against the truth, a value a time, of each class that counts and is in it. provenance: as of
    `segnode.provenance`.

    Raises `ValueError` for numbers that are not finite, and for rows that differ in length from their times.
    """

    provenance: dict[str, Any]
    title: str
    data: str
    pictures: int
    checkpoint: str
    sha256: str
    solver: SolverConfig
    times: tuple[float, ...]
    step_times: tuple[float, ...]
    evaluations: tuple[float, ...]
    truth: Average
    final: Average
    iou: dict[str, tuple[float, ...]]

    def __post_init__(self) -> None:
        if missing := {"command", "revision", "hardware", "threads"} - set(self.provenance):
            raise ValueError(f"its provenance lacks {', '.join(sorted(missing))}")
        rows = (*asdict(self.truth).values(), *asdict(self.final).values(), *self.iou.values())
        if len(self.times) < 2 or any(len(row) != len(self.times) for row in rows):
            raise ValueError("its rows are not as long as its times")
        if len(self.step_times) < 2 or len(self.step_times) != len(self.evaluations):
            raise ValueError("its evaluations are not as many as its steps")
        if not all(
            map(math.isfinite, (n for row in (self.times, self.step_times, self.evaluations, *rows) for n in row))
        ):
            raise ValueError("it holds a number that is not finite")

    def to_dict(self) -> dict[str, Any]:
        """Plain values, fit for JSON."""
        return asdict(self)

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


def read(path: Path) -> ErrorRecord:
    """The record at `path`. Raises `DataError` where it is missing or does not hold one."""
    try:
        values = json.loads(path.read_bytes())
        rows = {name: _numbers(values[name]) for name in ("times", "step_times", "evaluations")}
        averages = {
            name: Average(**{key: _numbers(row) for key, row in values[name].items()}) for name in ("truth", "final")
        }
        iou = {str(name): _numbers(row) for name, row in values["iou"].items()}
        return ErrorRecord(
            **values | rows | averages | {"iou": iou, "solver": SolverConfig.from_dict(values["solver"])}
        )
    except OSError as error:
        raise DataError(f"{path.name} cannot be read ({error.strerror}): run scripts/trajectory_error.py.") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise DataError(
            f"{path.name} does not hold an error over solve time ({type(error).__name__}: {error}): write it again with"
            " scripts/trajectory_error.py."
        ) from error


def _average(errors: Errors) -> Average:
    """`errors` over the pictures that have one."""
    counted = errors.pictures[~np.isnan(errors.pictures).any(axis=1)]
    if not len(counted):
        raise DataError("The ground truth counts no pixel of any picture: choose a data set with labels.")
    percentiles = np.percentile(counted, _PERCENTILES, axis=0)
    return Average(_plain(errors.dataset), _plain(counted.mean(0)), _plain(counted.std(0)), *map(_plain, percentiles))


def _plain(row: np.ndarray, digits: int = 3) -> tuple[float, ...]:
    return _numbers(row.round(digits).tolist())


def _numbers(row: Iterable[Any]) -> tuple[float, ...]:
    return tuple(float(number) for number in row)
