"""What networks cost: read from the committed results, and worked out for settings nobody measured."""

import math
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from typing import Any

from app.views.paper.results_files import FOLDER, load, number, positive
from segnode.analysis.formula import Area, Formula

#: What `scripts/cost.py` wrote.
RESULTS = FOLDER / "cost.json"
#: The row all ratios are to.
REFERENCE = "HRNetV2"
_GIB = 2**30


@dataclass(frozen=True)
class Measures:
    """What one row costs; None was not measured.

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
class Row:
    """One network of ours. paper: the row of the paper it is the counterpart of. memory_by: how its memory was found.

    training_ms, testing_ms: on the machine the results name, by the device where there are several.
    """

    name: str
    family: str
    paper: str | None
    memory_by: str
    evaluations: float | None
    training_ms: Mapping[str, float | None]
    testing_ms: Mapping[str, float | None]
    measures: Measures


@dataclass(frozen=True)
class Paper:
    """One row of the paper's Table 2. training_s: of an epoch. testing_ms: of a picture."""

    training_s: float
    testing_ms: float
    measures: Measures


@dataclass(frozen=True)
class Settings:
    """What the calculator is asked. width, height: pixels. method, steps: of networks that are ODEs."""

    batch: int
    width: int
    height: int
    method: str
    steps: int
    gradient: str


@dataclass(frozen=True)
class Answer:
    """What the calculator says. testing_gib: of one picture. multiply_adds_g: 1e9, of one picture."""

    training_gib: float
    testing_gib: float
    largest_batch: int
    multiply_adds_g: float


@dataclass(frozen=True)
class Calculated:
    """One network of the calculator. training: peaks by method and gradient, testing: by method; `""` is no ODE.

    once, an_evaluation: multiply-adds a pixel. evaluations: of f, a step of each method.
    """

    label: str
    once: float
    an_evaluation: float
    evaluations: Mapping[str, int]
    training: Mapping[str, Mapping[str, Formula]]
    testing: Mapping[str, Formula]

    @property
    def is_ode(self) -> bool:
        """Whether a solver and steps matter to it."""
        return "" not in self.training

    def answer(self, asked: Settings, limit_gib: float) -> Answer | None:
        """Memory, the largest batch within `limit_gib` and multiply-adds as `asked`; None for a gradient it has not."""
        size = asked.height, asked.width
        method, steps = (asked.method, asked.steps) if self.is_ode else ("", 1)
        spent = self.evaluations[method] * steps if self.is_ode else 0
        training = self.training[method].get(asked.gradient)
        if training is None:
            return None
        return Answer(
            training.at(asked.batch, size, steps) / _GIB,
            self.testing[method].at(1, size, steps) / _GIB,
            training.largest(limit_gib * _GIB, size, steps),
            Area.of(size, training.multiple).pixels * (self.once + self.an_evaluation * spent) / 1e9,
        )


@dataclass(frozen=True)
class Costs:
    """All the page shows.

    calculator: by the name of the network. error: of the calculator, the largest, relative. left_open: what the table
    does not tell, in sentences.
    """

    provenance: Mapping[str, Mapping[str, str]]
    size: tuple[int, int]
    classes: int
    batch: int
    limit_gib: float
    timed_batches: Mapping[str, int]
    gpu: str | None
    rows: tuple[Row, ...]
    paper: Mapping[str, Paper]
    sentences: Mapping[str, str]
    claims: tuple[tuple[str, str], ...]
    calculator: Mapping[str, Calculated]
    error: float
    left_open: tuple[str, ...]

    @property
    def families(self) -> tuple[str, ...]:
        """In the order of the results."""
        return tuple(dict.fromkeys(row.family for row in self.rows))


def costs() -> Costs:
    """The committed results. Raises `DataError` where they are missing or hold no costs."""
    return load(RESULTS, _costs, "costs of networks", "python scripts/cost.py")


def _costs(held: dict[str, Any]) -> Costs:
    width, height = (int(side) for side in held["picture"].split("x"))
    cuda: dict[str, Any] = held["cuda"] or {}
    gpu = str(cuda["device"]) if cuda else None
    paper = _paper(held["paper"])
    rows = tuple(_row(row, gpu, cuda.get("networks", {}).get(row["name"], {})) for row in held["networks"])
    if unknown := {row.paper for row in rows if row.paper} - set(paper):
        raise ValueError(f"the paper has no row {', '.join(sorted(unknown))}")
    if not rows or not held["calculator"]:
        raise ValueError("it lists no network")
    return Costs(
        provenance={
            part: {name: str(where[name]) for name in ("command", "revision", "hardware")}
            for part, where in held["provenance"].items()
        },
        size=(width, height),
        classes=int(held["classes"]),
        batch=int(held["training_batch"]),
        limit_gib=number(held["limit_gib"]),
        timed_batches={name: int(held["timed_batches"][name]) for name in ("training", "testing")},
        gpu=gpu,
        rows=rows,
        paper=paper,
        sentences={str(name): str(words) for name, words in held["sentences"].items()},
        claims=tuple((str(claim["claim"]), str(claim["caveat"])) for claim in held["claims"]),
        calculator={name: _calculated(network) for name, network in held["calculator"].items()},
        error=number(held["calculator_largest_error"]),
        left_open=tuple(str(sentence) for sentence in held["left_open"]),
    )


def _row(row: dict[str, Any], gpu: str | None, on_gpu: Mapping[str, Any]) -> Row:
    def times(kind: str) -> dict[str, float | None]:
        elsewhere = {} if gpu is None else {gpu: _perhaps(on_gpu.get(kind))}
        return {"CPU": _perhaps(row[kind])} | elsewhere

    measures = Measures(
        _perhaps(row["parameters"], 1e6),
        _perhaps(row["multiply_adds"], 1e9),
        _perhaps(row["largest_batch"]),
        _perhaps(row["training_gib"]),
        _perhaps(row["testing_gib"]),
        _perhaps(row["training_to_hrnetv2"]),
        _perhaps(row["testing_to_hrnetv2"]),
        _perhaps(row["training_gib_to_hrnetv2"]),
    )
    return Row(
        name=str(row["name"]),
        family=str(row["family"]),
        paper=row["paper"],
        memory_by=str(row["memory_by"]),
        evaluations=_perhaps(row["evaluations"]),
        training_ms=times("training_ms"),
        testing_ms=times("testing_ms"),
        measures=measures,
    )


def _paper(rows: dict[str, Any]) -> dict[str, Paper]:
    to = {name: number(rows[REFERENCE][name]) for name in ("training_gb", "training_s_an_epoch", "testing_ms")}
    found = {}
    for name, row in rows.items():
        numbers = {key: number(value) for key, value in row.items()}
        ratios = {key: numbers[key] / to[key] for key in to}
        measures = Measures(
            parameters_m=numbers["parameters_m"],
            multiply_adds_g=None,
            largest_batch=numbers["largest_batch"],
            training_gib=numbers["training_gb"],
            testing_gib=numbers["testing_gb"],
            training_ratio=ratios["training_s_an_epoch"],
            testing_ratio=ratios["testing_ms"],
            memory_ratio=ratios["training_gb"],
        )
        found[str(name)] = Paper(numbers["training_s_an_epoch"], numbers["testing_ms"], measures)
    return found


def _calculated(held: dict[str, Any]) -> Calculated:
    def peak(numbers: dict[str, Any]) -> Formula:
        found = Formula.from_dict(numbers)
        taken = [moment for moments in (*found.few, found.many) for moment in moments]
        moments = (*taken, *found.step)
        if not all(math.isfinite(number) for moment in moments for number in astuple(moment)):
            raise ValueError("it holds a number that is not finite")
        if not all(found.few) or not taken or len(found.many) != len(found.step) or min(m.pixel for m in taken) <= 0:
            raise ValueError("a picture that takes no memory")
        return found

    adds = held["multiply_adds_a_pixel"]
    network = Calculated(
        label=str(held["label"]),
        once=number(adds["once"]),
        an_evaluation=number(adds["an_evaluation"]),
        evaluations={name: int(count) for name, count in held.get("evaluations_a_step", {}).items()},
        training={
            method: {gradient: peak(numbers) for gradient, numbers in gradients.items()}
            for method, gradients in held["training"].items()
        },
        testing={method: peak(numbers) for method, numbers in held["testing"].items()},
    )
    methods = set(network.training)
    if not methods or methods != set(network.testing) or (network.is_ode and methods - set(network.evaluations)):
        raise ValueError(f"the calculator's {network.label} has not the same solvers throughout")
    return network


def _perhaps(value: Any, unit: float = 1.0) -> float | None:
    return None if value is None else positive(value) / unit
