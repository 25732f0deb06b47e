"""Networks trained on equal terms, scored on what was held out: what `scripts/folds.py` measured, what follows."""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import mean, stdev
from typing import Annotated

from pydantic import Field

from segnode.results.schema import Finite, Percent, Positive, PositiveInt, Provenance, Result

#: Standard errors from which a mean difference is called one.
CLEAR = 2.0


@dataclass(frozen=True)
class Terms:
    """What is equal for all. minutes: of one core, at the speed measured. rates: to choose each network's from."""

    minutes: Positive
    batch_size: PositiveInt
    crop: tuple[int, int]
    scale: tuple[Finite, Finite]
    rates: tuple[Positive, ...]


@dataclass(frozen=True)
class Fold:
    """What a network learns from and what it is scored on, as `segnode.train.sources` names them."""

    train: str
    held_out: str


@dataclass(frozen=True)
class Network:
    """One network. seconds_a_step: of training."""

    title: str
    parameters: PositiveInt
    seconds_a_step: Positive


@dataclass(frozen=True)
class Speed(Result):
    """Seconds of a training step, by network: what turns the minutes into iterations."""

    CONTENT = "speeds of the networks of a study"
    COMMAND = "python scripts/folds.py STUDY speed"

    provenance: Provenance
    seconds_a_step: Mapping[str, Positive]


@dataclass(frozen=True)
class Run:
    """One training. mean_iou: percent, on what its fold held out, after the last iteration."""

    network: str
    fold: str
    rate: Positive
    seed: int
    iterations: PositiveInt
    epochs: Positive
    seconds: Finite
    mean_iou: Annotated[Percent, Field(alias="mIoU")]
    revision: str


@dataclass(frozen=True)
class Difference:
    """One network against another, over all folds and seeds that both have. points: of mIoU, the mean of the paired
    differences. error: its standard error, None of one pair."""

    points: float
    error: float | None
    pairs: int

    @property
    def clear(self) -> bool | None:
        """Whether it is more than `CLEAR` standard errors; None where too few runs tell."""
        return None if self.error is None else abs(self.points) > CLEAR * self.error


@dataclass(frozen=True)
class Study(Result):
    """All of it. networks: in the order in which they are trained. runs: those that are through."""

    CONTENT = "results of networks trained fold by fold"
    COMMAND = "python scripts/folds.py collect"

    provenance: Provenance
    speed: Provenance
    title: str
    terms: Terms
    folds: Mapping[str, Fold]
    networks: Mapping[str, Network]
    runs: tuple[Run, ...]

    def rate(self, network: str, fold: str) -> float | None:
        """The rate that did best on all other folds, so that none is chosen by the fold it is scored on.

        By the first seed. None where runs of it are missing; of one rate there is nothing to choose.
        """
        if len(self.terms.rates) == 1:
            return self.terms.rates[0]
        others = [other for other in self.folds if other != fold]
        first = {(run.rate, run.fold): run.mean_iou for run in self.runs if run.network == network and run.seed == 0}
        if any((rate, other) not in first for rate in self.terms.rates for other in others):
            return None
        return max(self.terms.rates, key=lambda rate: mean(first[rate, other] for other in others))

    def scores(self, network: str) -> dict[tuple[str, int], float]:
        """mIoU in percent by fold and seed, each at the rate chosen for its fold."""
        rates = {fold: self.rate(network, fold) for fold in self.folds}
        return {
            (run.fold, run.seed): run.mean_iou
            for run in self.runs
            if run.network == network and run.rate == rates[run.fold]
        }

    def difference(self, network: str, other: str) -> Difference | None:
        """`network` less `other`; None where they have no pair."""
        ours, theirs = self.scores(network), self.scores(other)
        pairs = [ours[key] - theirs[key] for key in ours if key in theirs]
        if not pairs:
            return None
        error = stdev(pairs) / len(pairs) ** 0.5 if len(pairs) > 1 else None
        return Difference(mean(pairs), error, len(pairs))
