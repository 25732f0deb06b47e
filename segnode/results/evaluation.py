"""How a checkpoint scores: `evaluation.json` beside its weights, which `scripts/evaluate.py` writes."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Self

from pydantic import Field

from segnode.analysis.convergence import Convergence
from segnode.config import SolverConfig
from segnode.errors import ConfigError, DataError
from segnode.inference import Inference, parse_solver
from segnode.metrics import Scores
from segnode.ode import evaluations
from segnode.results.accuracy_cost import FINE, ODE_WITHIN
from segnode.results.schema import LEFT_OUT, Percent, PositiveInt, Provenance, Result


@dataclass(frozen=True)
class SetScores:
    """Scores on one data set in percent, None where no pixel counted. mean_over: classes of the means, None for all.
    confusion: pixels by truth (row) and prediction (column)."""

    pictures: PositiveInt
    pixels: int
    mean_iou: Annotated[Percent | None, Field(alias="mIoU")]
    pixel_accuracy: Percent | None
    mean_accuracy: Percent | None
    iou: Annotated[Mapping[str, Percent | None], Field(alias="IoU")]
    accuracy: Mapping[str, Percent | None]
    mean_over: tuple[str, ...] | None
    confusion: tuple[tuple[int, ...], ...]

    @classmethod
    def of(cls, scores: Scores, pictures: int, names: Sequence[str], classes: Sequence[int] | None = None) -> Self:
        """`scores` of so many pictures, to 3 digits behind the point.

        names: of the classes, by train id. classes: those the means are taken over, all when not given. Raises
        `ConfigError` for a wrong count of names and an id that is no class.
        """
        if len(names) != scores.num_classes:
            raise ConfigError(f"{len(names)} names do not fit {scores.num_classes} classes: give one a class.")
        return cls(
            pictures=pictures,
            pixels=scores.pixels(),
            mean_iou=_rounded(scores.mean_iou(classes)),
            pixel_accuracy=_rounded(scores.pixel_accuracy()),
            mean_accuracy=_rounded(scores.mean_accuracy(classes)),
            iou=dict(zip(names, map(_rounded, scores.iou().tolist()), strict=True)),
            accuracy=dict(zip(names, map(_rounded, scores.accuracy().tolist()), strict=True)),
            mean_over=None if classes is None else tuple(names[i] for i in classes),
            confusion=tuple(map(tuple, scores.confusion.tolist())),
        )


@dataclass(frozen=True)
class Curve:
    """Scores over solve time on one data set, at 480x360 pixels at most. times: from 0 to T. mean_iou: in percent.
    agreement: pixel share in percent that already has its final label, and how far that ever falls back."""

    pictures: PositiveInt
    times: tuple[float, ...]
    mean_iou: Annotated[tuple[Percent, ...], Field(alias="mIoU")]
    agreement: tuple[Percent, ...]
    largest_dip_of_agreement: Percent

    def __post_init__(self) -> None:
        if not len(self.times) == len(self.mean_iou) == len(self.agreement) >= 2:
            raise ValueError("it has other times than scores")


@dataclass(frozen=True)
class Solvers:
    """mIoU in percent on one data set, by solver. trained: the solver that training used, where it used one alone."""

    data: Annotated[str, Field(alias="set")]
    mean_iou: Annotated[Mapping[str, Percent], Field(alias="mIoU")]
    trained: Annotated[str | None, LEFT_OUT] = None

    @property
    def verdict(self) -> str:
        """Whether the network is an ODE: whether its scores hold as the steps get finer. In a few words."""
        fine = {name: score for name, score in self.mean_iou.items() if _evaluations(parse_solver(name)) >= FINE}
        own = [score for name, score in self.mean_iou.items() if name == self.trained]
        scores = [*fine.values(), *own]
        if len(scores) < 2:
            return "not measured: too few solvers were scored"
        spread = max(scores) - min(scores)
        which = f"solvers of {FINE} evaluations or more" + (f" and {self.trained}, its own," if own else "")
        return f"{'yes' if spread <= ODE_WITHIN else 'no'}: {which} lie within {spread:.1f} points"


@dataclass(frozen=True)
class Converging:
    """How the state at T converges as the grid gets finer. pictures: indices of the data set."""

    data: Annotated[str, Field(alias="set")]
    pictures: tuple[int, ...]
    reference: SolverConfig
    methods: tuple[Convergence, ...]


@dataclass(frozen=True)
class Evaluation(Result):
    """All of it. scores: by data set, taken as `inference` says. The rest is a SegNode's alone, at one scale without
    flips: curves by data set; solvers and convergence on the first. failed: what could not be measured, and why."""

    CONTENT = "scores of a checkpoint"
    COMMAND = "python scripts/evaluate.py"

    provenance: Provenance
    weights_sha256: str | None
    network: str
    solver: SolverConfig | None
    inference: Inference
    scores: Mapping[str, SetScores]
    curves: Annotated[Mapping[str, Curve], Field(alias="sets")]
    failed: Mapping[str, str]
    solvers: Annotated[Solvers | None, LEFT_OUT] = None
    convergence: Annotated[Converging | None, LEFT_OUT] = None

    def ode_checks(self) -> tuple[Solvers, Converging]:
        """What tells whether the network is an ODE. Raises `DataError` where that was not measured."""
        if self.solvers is None or self.convergence is None:
            raise DataError(
                "The evaluation has no solver checks: run scripts/evaluate.py on a SegNode without options."
            )
        return self.solvers, self.convergence


def _evaluations(solver: SolverConfig) -> float:
    """Of f in a solve; an adaptive solver takes as many as its tolerance needs."""
    return math.inf if solver.adaptive else evaluations(solver.method, solver.steps)


def _rounded(score: float) -> float | None:
    return None if math.isnan(score) else round(score, 3)
