"""Table 2 of the paper and ours beside it, with formulas for other settings: what `scripts/cost.py` writes."""

import math
from collections.abc import Mapping
from dataclasses import astuple, dataclass, fields

from segnode.analysis.formula import Area, Formula
from segnode.results.schema import Finite, Positive, PositiveInt, Provenance, Result

#: The row all ratios are to.
REFERENCE = "HRNetV2"
_GIB = 2**30


@dataclass(frozen=True)
class Measures:
    """What one row costs, ours or the paper's, in the units people read; None was not measured.

    parameters_m: millions. multiply_adds_g: 1e9, of a picture. largest_batch: within the limit. training_gib: at the
    training batch. testing_gib: of one picture. The ratios are to HRNetV2 of the same source.
    """

    parameters_m: float | None
    multiply_adds_g: float | None
    largest_batch: float | None
    training_gib: float | None
    testing_gib: float | None
    training_ratio: float | None
    testing_ratio: float | None
    memory_ratio: float | None


@dataclass(frozen=True)
class Solver:
    """How a network that is an ODE is solved and differentiated."""

    method: str
    steps: int
    gradient: str


@dataclass(frozen=True)
class CostRow:
    """One network of ours.

    paper: the row of the paper it is the counterpart of. evaluations: of f, for an answer. memory_by: how its memory
    was found. Times are of a CPU. A name that ends in `to_hrnetv2` is a ratio.
    """

    name: str
    network: str
    family: str
    solver: Solver | None
    recompute: bool
    paper: str | None
    parameters: PositiveInt
    multiply_adds: PositiveInt
    evaluations: PositiveInt | None
    training_gib: Positive
    largest_batch: int
    testing_gib: Positive
    memory_by: str
    training_gib_to_hrnetv2: Positive
    testing_gib_to_hrnetv2: Positive
    training_ms: Positive | None
    training_to_hrnetv2: Positive | None
    testing_ms: Positive | None
    testing_to_hrnetv2: Positive | None

    @property
    def measures(self) -> Measures:
        """In the units people read."""
        return Measures(
            parameters_m=self.parameters / 1e6,
            multiply_adds_g=self.multiply_adds / 1e9,
            largest_batch=self.largest_batch,
            training_gib=self.training_gib,
            testing_gib=self.testing_gib,
            training_ratio=self.training_to_hrnetv2,
            testing_ratio=self.testing_to_hrnetv2,
            memory_ratio=self.training_gib_to_hrnetv2,
        )


@dataclass(frozen=True)
class PaperRow:
    """One row of the paper's Table 2: GB as the paper has them, on a V100."""

    largest_batch: int
    training_gb: Positive
    testing_gb: Positive
    training_s_an_epoch: Positive
    testing_ms: Positive
    parameters_m: Positive


@dataclass(frozen=True)
class Claim:
    """What the figures let us say, and what they do not say."""

    claim: str
    caveat: str


@dataclass(frozen=True)
class Times:
    """Milliseconds of a training step and of an answer."""

    training_ms: Positive | None
    testing_ms: Positive | None


@dataclass(frozen=True)
class Cuda:
    """Times on a GPU, by row."""

    device: str
    networks: Mapping[str, Times]


@dataclass(frozen=True)
class TimedBatches:
    """Pictures in a timed batch."""

    training: PositiveInt
    testing: PositiveInt


@dataclass(frozen=True)
class MultiplyAdds:
    """Multiply-adds a pixel, spent once and by each evaluation of f."""

    once: Finite
    an_evaluation: Finite


@dataclass(frozen=True)
class Settings:
    """What the calculator estimates for. width, height: pixels. method, steps: of networks that are ODEs."""

    batch: int
    width: int
    height: int
    method: str
    steps: int
    gradient: str


@dataclass(frozen=True)
class Estimate:
    """What the calculator says. testing_gib: of one picture. multiply_adds_g: 1e9, of one picture."""

    training_gib: float
    testing_gib: float
    largest_batch: int
    multiply_adds_g: float


@dataclass(frozen=True)
class Calculator:
    """Formulas of one network. training: peaks by method and gradient, testing: by method; `""` is no ODE.

    evaluations_a_step: of f, by method. Raises `ValueError` where these do not list the same solvers.
    """

    label: str
    training: Mapping[str, Mapping[str, Formula]]
    testing: Mapping[str, Formula]
    multiply_adds_a_pixel: MultiplyAdds
    evaluations_a_step: Mapping[str, int]

    def __post_init__(self) -> None:
        methods = set(self.training)
        if not methods or methods != set(self.testing) or (self.is_ode and methods - set(self.evaluations_a_step)):
            raise ValueError(f"the calculator's {self.label} has not the same solvers throughout")
        for formula in (*(peak for peaks in self.training.values() for peak in peaks.values()), *self.testing.values()):
            moments = [moment for part in (*formula.few, formula.many) for moment in part]
            if not moments or not all(formula.few) or len(formula.many) != len(formula.step):
                raise ValueError(f"a formula of the calculator's {self.label} has no moments, or not one step each")
            every = (*moments, *formula.step)
            if not all(math.isfinite(number) for moment in every for number in astuple(moment)):
                raise ValueError(f"a formula of the calculator's {self.label} holds a number that is not finite")
            if min(moment.pixel for moment in moments) <= 0:
                raise ValueError(f"a picture takes no memory by the calculator's {self.label}")

    @property
    def is_ode(self) -> bool:
        """Whether a solver and steps matter to it."""
        return "" not in self.training

    def estimate(self, settings: Settings, limit_gib: float) -> Estimate | None:
        """Memory, the largest batch within `limit_gib` and multiply-adds; None for a gradient it does not have."""
        size = settings.height, settings.width
        method, steps = (settings.method, settings.steps) if self.is_ode else ("", 1)
        spent = self.evaluations_a_step[method] * steps if self.is_ode else 0
        training, adds = self.training[method].get(settings.gradient), self.multiply_adds_a_pixel
        if training is None:
            return None
        return Estimate(
            training.at(settings.batch, size, steps) / _GIB,
            self.testing[method].at(1, size, steps) / _GIB,
            training.largest(limit_gib * _GIB, size, steps),
            Area.of(size, training.multiple).pixels * (adds.once + adds.an_evaluation * spent) / 1e9,
        )


@dataclass(frozen=True)
class Costs(Result):
    """All of it.

    picture: width and height, as 480 x 360. networks: our rows. sentences: why a row of the paper differs from ours.
    calculator: by network, empty before that part was measured. calculator_largest_error: relative. left_open: what the
    table does not say, in sentences.

    Raises `ValueError` without rows, and where a row has a counterpart the paper has not.
    """

    CONTENT = "costs of networks"
    COMMAND = "python scripts/cost.py"

    picture: str
    classes: int
    training_batch: PositiveInt
    limit_gib: Positive
    timed_batches: TimedBatches
    cuda: Cuda | None
    calculator: Mapping[str, Calculator]
    calculator_largest_error: Finite
    provenance: Mapping[str, Provenance]
    networks: tuple[CostRow, ...]
    paper: Mapping[str, PaperRow]
    sentences: Mapping[str, str]
    claims: tuple[Claim, ...]
    left_open: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.networks:
            raise ValueError("it lists no network")
        if REFERENCE not in self.paper:
            raise ValueError(f"the paper has no row {REFERENCE}")
        if unknown := {row.paper for row in self.networks if row.paper} - set(self.paper):
            raise ValueError(f"the paper has no row {', '.join(sorted(unknown))}")
        if not all(side.isdigit() for side in self.picture.split(" x ")) or self.picture.count(" x ") != 1:
            raise ValueError(f"picture must be a width and a height, not {self.picture!r}")

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        width, height = self.picture.split(" x ")
        return int(width), int(height)

    @property
    def families(self) -> tuple[str, ...]:
        """In the order of the rows."""
        return tuple(dict.fromkeys(row.family for row in self.networks))

    def theirs(self, name: str | None) -> Measures:
        """A row of the paper in the units of ours, with its ratios to the paper's HRNetV2; all None without a name."""
        if name is None:
            return Measures(*(None,) * len(fields(Measures)))
        row, peer = self.paper[name], self.paper[REFERENCE]
        return Measures(
            parameters_m=row.parameters_m,
            multiply_adds_g=None,
            largest_batch=row.largest_batch,
            training_gib=row.training_gb,
            testing_gib=row.testing_gb,
            training_ratio=row.training_s_an_epoch / peer.training_s_an_epoch,
            testing_ratio=row.testing_ms / peer.testing_ms,
            memory_ratio=row.training_gb / peer.training_gb,
        )

    def milliseconds(self, row: CostRow) -> dict[str, Times]:
        """Times of one of our rows, by the device."""
        times = {"CPU": Times(row.training_ms, row.testing_ms)}
        if self.cuda and row.name in self.cuda.networks:
            times[self.cuda.device] = self.cuda.networks[row.name]
        return times
