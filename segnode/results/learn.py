"""What the lessons say of the real network, in numbers: what `scripts/learn.py` writes; and what of it is true."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from segnode.analysis.gradients import GradientCost
from segnode.analysis.settling import Settling
from segnode.results.accuracy_cost import STOPPED, SetScores
from segnode.results.schema import Finite, Percent, Positive, PositiveInt, Provenance, Result

#: Points of mIoU that count as a loss when a network is solved in twice the steps it was trained with.
LOSS = 1.0


@dataclass(frozen=True)
class OneStep:
    """One Euler step of length T = 1 against the residual network of the same modules, on one picture.

    difference: the largest of the logits. largest: logit.
    """

    difference: Finite
    largest: Positive


@dataclass(frozen=True)
class Extremes:
    """Of the field's eigenvalues at a depth, by Arnoldi's method at half the picture's size: the largest modulus, the
    least and the greatest real part."""

    time: Finite
    modulus: Positive
    least_real: Finite
    most_real: Finite


@dataclass(frozen=True)
class StatePath:
    """The state's way on one picture. numbers: in a state. length: over its chord. returns: by solver, how far off a
    solve is after going there and back, as a share of the chord."""

    numbers: PositiveInt
    length: Positive
    returns: Mapping[str, Finite]


@dataclass(frozen=True)
class Weights:
    """Numbers learned, by part."""

    stem: PositiveInt
    inputs: PositiveInt
    field: PositiveInt
    head: PositiveInt

    @property
    def total(self) -> int:
        """Of the network."""
        return self.stem + self.inputs + self.field + self.head

    @property
    def field_share(self) -> float:
        """Of f, in percent."""
        return 100 * self.field / self.total


@dataclass(frozen=True)
class Streams:
    """One picture's labels at stride 4 read from some of the streams, finest stream first.

    without: percent of places that keep their label where one stream's scores are left out; alone: where only its own
    are kept. identity: largest difference of z(T) - z(0) from the sum of the streams' changes, over the largest logit.
    """

    without: tuple[Percent, ...]
    alone: tuple[Percent, ...]
    identity: Finite


@dataclass(frozen=True)
class Sight:
    """Columns of a picture of 480 that a label in it can depend on, counted from the layers.

    at_start: at t = 0, the fewest and the most among labels of the middle. middle, corner: after one evaluation of f,
    for the label in the middle and the one in the first column.
    """

    at_start: tuple[PositiveInt, PositiveInt]
    middle: PositiveInt
    corner: PositiveInt


@dataclass(frozen=True)
class Shortcuts:
    """mIoU in percent of ways to spend less, from `scripts/accuracy_cost.py`.

    pictures: how many were scored. full: the shipped solver. half_steps: as many steps half as fine to T. stopped: at
    half of T. euler: by number of steps. state_errors: of Euler's method, by number of steps. orders: by method.
    """

    pictures: PositiveInt
    full: Percent
    half_steps: Percent
    stopped: Percent
    euler: Mapping[str, Percent]
    state_errors: Mapping[str, Finite | None]
    orders: Mapping[str, Finite | None]

    @classmethod
    def of(cls, scores: SetScores) -> "Shortcuts":
        """Those among `scores`."""
        variants = scores.variants
        euler = {name: found for name, found in variants.items() if name.startswith("euler-")}
        return cls(
            scores.pictures,
            variants["midpoint-4"].miou,
            variants["midpoint-2"].miou,
            variants[f"{STOPPED}0.5"].miou,
            {name.removeprefix("euler-"): found.miou for name, found in euler.items()},
            {name.removeprefix("euler-"): found.state_error for name, found in euler.items()},
            dict(scores.order),
        )


@dataclass(frozen=True)
class FalseOde:
    """A network trained with one solver alone, Euler's method in `steps` steps: mIoU in percent on `data`, as trained,
    in twice the steps, and solved finely."""

    weights_sha256: str | None
    data: str
    steps: PositiveInt
    as_trained: Percent
    doubled: Percent
    fine: Percent


@dataclass(frozen=True)
class Learn(Result):
    """What `scripts/learn.py` writes.

    data: of the picture that the lessons 1, 3, 5 and 6 measure. trained_with: solvers that training drew from.
    settling, shortcuts: by data set, named as on a command line. false_ode: None while there is no such checkpoint.
    """

    CONTENT = "numbers of the lessons"
    COMMAND = "python scripts/learn.py"

    provenance: Provenance
    weights_sha256: str | None
    data: str
    trained_with: tuple[str, ...]
    one_step: OneStep
    spectrum: tuple[Extremes, ...]
    path: StatePath
    gradients: tuple[GradientCost, ...]
    weights: Weights
    streams: Streams
    sight: Sight
    settling: Mapping[str, Settling]
    shortcuts: Mapping[str, Shortcuts]
    false_ode: FalseOde | None = None

    def memory(self, way: str) -> dict[int, int]:
        """Peak bytes of a way to a gradient, by evaluations of f in the solve."""
        counts = {cost.solver: cost.evaluations for cost in self.gradients if cost.gradient == "backprop"}
        return {counts[cost.solver]: cost.memory for cost in self.gradients if cost.gradient == way}

    def adjoint_wins_from(self) -> float | None:
        """Evaluations of f in a solve from which the adjoint would need less memory than checkpoints, whose memory
        grows along a line; None where it never would."""
        checkpoint, adjoint = self.memory("checkpoint"), self.memory("adjoint")
        (a, low), (b, high) = sorted(checkpoint.items())[-2:]
        slope = (high - low) / (b - a)
        return b + (adjoint[max(adjoint)] - high) / slope if slope > 0 else None

    def statements(self) -> dict[str, bool]:
        """Whether each thing a lesson says is true of these numbers, by what it says."""
        holds = {
            "one Euler step is the residual network": self.one_step.difference < 1e-5 * self.one_step.largest,
            # Midpoint-4 is stable for real eigenvalues down to -8 at T = 1.
            "f is not stiff": all(at.least_real > -8 and at.modulus < 8 for at in self.spectrum),
            "there and back drifts less with finer steps": _falls(self.path.returns.values()),
            "95 % of the weights are f": round(self.weights.field_share) == 95,
            "nine in ten labels stay without any one stream": min(self.streams.without) > 90,
            "no stream alone does as well as the others without it": all(
                alone < without for alone, without in zip(self.streams.alone, self.streams.without, strict=True)
            ),
            "logits move by the sum of what the streams move": self.streams.identity < 1e-5,
            "a label at t = 0 depends on 103 columns or a few more": self.sight.at_start[0] == 103,
            "after one evaluation the middle depends on the whole picture": self.sight.middle == 480,
        }
        holds |= self._of_gradients()
        for name, found in self.settling.items():
            holds |= {f"{said}, {_kind(name)}": true for said, true in _of_settling(found).items()}
        for name, found in self.shortcuts.items():
            holds |= {f"{said}, {_kind(name)}": true for said, true in _of_shortcuts(found).items()}
        if self.false_ode is not None:
            lost = self.false_ode.as_trained - self.false_ode.doubled
            holds["the false ODE loses where its steps are doubled"] = lost > LOSS
        return holds

    def _of_gradients(self) -> dict[str, bool]:
        memory = {way: self.memory(way) for way in ("backprop", "checkpoint", "adjoint")}
        errors = [cost.error for cost in self.gradients if cost.gradient == "adjoint"]
        adjoint = sorted(memory["adjoint"].items())[1:]
        most = max(memory["backprop"])
        return {
            "checkpoints are exact": all(c.error < 1e-5 for c in self.gradients if c.gradient == "checkpoint"),
            "the adjoint's error falls with finer steps": _falls(errors),
            "the adjoint's memory does not grow with steps": adjoint[-1][1] < 1.02 * adjoint[0][1],
            "checkpoints need the least memory": all(
                memory["checkpoint"][n] < min(memory["backprop"][n], memory["adjoint"][n]) for n in memory["checkpoint"]
            ),
            "the adjoint is the smallest only in longer solves": (self.adjoint_wins_from() or most + 1) > most,
        }


def _of_settling(found: Settling) -> dict[str, bool]:
    later, both = found.later("pole", "road")
    times = {int(side): time for side, time in found.thickness.items() if time is not None}
    thin, thick = ([time for side, time in times.items() if (side < 7) is few] for few in (True, False))
    others, pole = [found.classes.get(name) for name in ("road", "car")], found.classes.get("pole")
    return {
        "pole after road": later == both > 0,
        "of road, car and pole the pole is last": pole is not None
        and all(other is not None and other < pole for other in others),
        "thin regions settle later than thick ones": bool(thin and thick) and min(thin) > max(thick),
        "wrong pixels settle later": found.wrong > found.right,
        "labels get smoother": found.regions[1] < found.regions[0],
    }


def _of_shortcuts(found: Shortcuts) -> dict[str, bool]:
    doubled = [(one, 2 * one) for one in (1, 2, 4) if str(2 * one) in found.state_errors]
    errors = {int(steps): error or float("nan") for steps, error in found.state_errors.items()}
    return {
        "half the steps beat stopping at T/2": found.half_steps > found.stopped,
        "half the steps cost less than a point": found.full - found.half_steps < LOSS,
        "Euler's state error halves with twice the steps": all(1.5 < errors[a] / errors[b] < 2.5 for a, b in doubled),
        "kinks hold rk4's order under 3": (found.orders.get("rk4") or 4) < 3,
    }


def _falls(values: Iterable[float]) -> bool:
    return all(a > b for a, b in pairwise(values))


def _kind(name: str) -> str:
    """A data set's kind, as `camvid`."""
    return name.partition(":")[0]
