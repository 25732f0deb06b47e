"""What time buys: scores against evaluations of f and milliseconds, and whether a checkpoint is an ODE."""

from dataclasses import dataclass, field

from segnode.results.schema import Finite, Percent, Positive, Provenance, Result

#: Points of mIoU within which the cheapest solver counts as full.
FULL_WITHIN = 0.1
#: Evaluations of f from which a solver is fine: close to the ODE.
FINE = 8
#: Points of mIoU between fine solvers up to which a network is called an ODE.
ODE_WITHIN = 1.0
#: Beginnings of the names of variants that are no solve to T on the whole picture.
STOPPED, BEYOND, REGIONS = "stopped at ", "beyond T at ", "regions, "


@dataclass(frozen=True)
class Variant:
    """One way to answer a set of pictures.

    miou: in percent. evaluations: of f a picture, the mean, each counted by the share of the picture it was made on.
    state_error: distance from a fine solve at T, as a share of the way from h(0) to there; None where not measured.
    """

    miou: Percent
    evaluations: Positive
    state_error: Finite | None


@dataclass(frozen=True)
class SetScores:
    """Every variant on one data set.

    full: name of the cheapest solver to T within `FULL_WITHIN` points of the best. order: observed, of each fixed
    method; None where it could not be measured.
    """

    pictures: int
    full: str
    variants: dict[str, Variant]
    order: dict[str, Finite | None]

    def within(self, share: float) -> tuple[str, Variant]:
        """The best variant that spends at most `share` of the evaluations of `full`."""
        most = share * self.variants[self.full].evaluations
        fits = {name: variant for name, variant in self.variants.items() if variant.evaluations <= most}
        return max(fits.items(), key=lambda pair: pair[1].miou)

    def loss(self, name: str) -> float:
        """Points of mIoU that a variant lies below `full`."""
        return self.variants[self.full].miou - self.variants[name].miou

    def stopped_half(self) -> float:
        """Points that stopping at half of T costs, against the same solver run to T."""
        stops = {
            float(name.removeprefix(STOPPED)): variant
            for name, variant in self.variants.items()
            if name.startswith(STOPPED)
        }
        return stops[max(stops)].miou - stops[max(stops) / 2].miou

    def spread(self) -> float:
        """Points between the best and the worst of the fine solvers that reach T."""
        scores = [
            variant.miou
            for name, variant in self.variants.items()
            if variant.state_error is not None and variant.evaluations >= FINE
        ]
        return max(scores) - min(scores)

    @property
    def verdict(self) -> str:
        """Whether the network is an ODE on these pictures, in a sentence."""
        spread = f"Between all solvers with {FINE} evaluations or more lie {self.spread():.1f} points: the network is "
        return spread + (
            "an ODE, not a ResNet of one step size."
            if self.spread() <= ODE_WITHIN
            else "no ODE, as its answer depends on the solver's steps."
        )


@dataclass(frozen=True)
class AccuracyCost(Result):
    """What `scripts/accuracy_cost.py` writes for a checkpoint.

    provenance: of the parts "accuracy" and "time". sets: by their names on a command line. milliseconds: from picture
    to labels of each variant.
    """

    CONTENT = "scores against cost"
    COMMAND = "python scripts/accuracy_cost.py"

    provenance: dict[str, Provenance]
    weights_sha256: str | None
    sets: dict[str, SetScores]
    milliseconds: dict[str, Positive] = field(default_factory=dict)
