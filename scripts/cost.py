"""Table 2 of the paper, and ours beside it: parameters, multiply-adds, memory and time of every network at 480x360.

python scripts/cost.py --parts memory calculator time --out scripts/results/cost.json

Memory and the calculator's formulas take a quarter of an hour each on one core, whatever else it does; time needs half
an hour or more of two cores that do nothing else. Each part keeps what the others have written. Time is measured on
CUDA too, where there is one.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

import segnode.threads  # noqa: F401 - before torch

import torch
import tyro
from cost_rows import CALCULATED, ROWS, Row
from cost_words import PAPER, SMALL_PICTURES, claims, left_open, sentences
from torch.utils.flop_counter import FlopCounterMode
from tqdm import tqdm

from segnode import SegNode, SolverConfig
from segnode.analysis import cost
from segnode.analysis.cost import SIZE
from segnode.analysis.formula import Area, Formula, Line
from segnode.analysis.memory import LiveBytes
from segnode.analysis.moments import FAKE, REAL, Record, dearest, formula, rehearsed, run
from segnode.analysis.timing import medians
from segnode.command import launch
from segnode.disk import refuse_unwritable
from segnode.errors import ConfigError
from segnode.model.baseline import Baseline
from segnode.model.network import Network
from segnode.model.padding import STRIDE, coarsest_stride
from segnode.ode import TABLEAUS, evaluations
from segnode.provenance import provenance
from segnode.results.cost import Costs

K = TypeVar("K")
Part = Literal["memory", "calculator", "time"]
#: In the order they are measured in.
PARTS: tuple[Part, ...] = get_args(Part)
GIB = 2**30
BATCH, LIMIT_GIB = 24, 32
TRAINED, TESTED = 2, 1
#: Batches that are really run where steps hang on values, so that no smaller picture stands for these.
REAL_BATCHES = (1, 2)
#: What the calculator is held against: batch, size (rows, columns), steps. The last is near the smallest it takes.
HELD_OUT = ((1, SIZE, 1), (3, (101, 67), 1), (2, (473, 473), 3), (12, (512, 1024), 6), (64, (37, 61), 2))
#: The same, where tensors are real.
HELD_OUT_REAL = ((1, (160, 227), 1), (3, (101, 67), 4), (9, (37, 61), 2))


@dataclass(frozen=True)
class Settings:
    """Command-line settings; the comments are the help texts."""

    # What is measured again.
    parts: tuple[Part, ...] = PARTS
    # The JSON written.
    out: Path = Path("scripts/results/cost.json")
    # Turns each network takes, of training and of testing; one more of each warms up.
    rounds: tuple[int, int] = (3, 9)
    # Of the random weights and pictures.
    seed: int = 0


def main(settings: Settings) -> None:
    """Measure, write after each part, print. Raises `ConfigError` where rows would be left without their memory."""
    refuse_unwritable(settings.out)
    torch.manual_seed(settings.seed)
    kept = Costs.read(settings.out).to_json() if settings.out.is_file() else {}
    known = {entry["name"]: entry for entry in kept.get("networks", [])}
    entries = [known.get(row.name, {}) | described(row) for row in ROWS]
    if "memory" not in settings.parts and (new := [entry["name"] for entry in entries if "training_gib" not in entry]):
        raise ConfigError(f"{settings.out} has no memory of {'; '.join(new)}: measure the part memory, too.")
    results = {
        "picture": f"{SIZE[1]} x {SIZE[0]}",
        "classes": 11,
        "training_batch": BATCH,
        "limit_gib": LIMIT_GIB,
        "timed_batches": {"training": TRAINED, "testing": TESTED},
        "cuda": kept.get("cuda"),
        "calculator": kept.get("calculator", {}),
        "calculator_largest_error": kept.get("calculator_largest_error", 0.0),
        "provenance": kept.get("provenance", {}),
    }
    for part in sorted(settings.parts, key=PARTS.index):
        results["provenance"][part] = provenance(settings.seed)
        if part == "memory":
            for entry, row in zip(entries, tqdm(ROWS, "memory"), strict=True):
                entry.update(memory(row))
        elif part == "calculator":
            results["calculator"] = {name: calculated(name) for name in tqdm(CALCULATED, "calculator")}
            results["calculator_largest_error"] = largest_error(results["calculator"])
        else:
            results["cuda"] = timed(entries, settings.rounds)
        Costs.from_json(results | judged(entries)).write(settings.out)
    # In today's words, where nothing was measured.
    Costs.from_json(results | judged(entries)).write(settings.out)
    print(table(entries))


def timed(entries: list[dict[str, Any]], rounds: tuple[int, int]) -> dict[str, Any] | None:
    """The times of all rows: on the CPU into `entries`, and those on CUDA where there is one."""
    on_cpu = times(rounds, "cpu")
    for entry in entries:
        entry.update(on_cpu[entry["name"]])
    if not torch.cuda.is_available():
        return None
    return {"device": torch.cuda.get_device_name(), "networks": times(rounds, "cuda")}


def judged(entries: list[dict[str, Any]]) -> dict[str, Any]:
    """The rows with their ratios, the paper's beside them, and what both let us say. entries: one a row."""
    share_answers(entries)
    against_hrnet(entries)
    return {
        "networks": entries,
        "paper": PAPER,
        "sentences": sentences(entries),
        "claims": claims(entries),
        "left_open": left_open(waiting(entries)),
    }


def described(row: Row) -> dict[str, Any]:
    """What a row is."""
    solver = None if row.solver is None else {key: getattr(row.solver, key) for key in ("method", "steps", "gradient")}
    return {
        "name": row.name,
        "network": row.network,
        "family": row.family,
        "solver": solver,
        "recompute": row.recompute,
        "paper": row.paper,
    }


def memory(row: Row) -> dict[str, Any]:
    """What is counted of a row: nothing of it is timed."""
    adaptive = row.solver is not None and row.solver.adaptive
    testing, multiply_adds = (
        _real_testing(row.network, row.solver)
        if adaptive
        else (cost.peak_in_testing(row.build), cost.multiply_adds(row.build))
    )
    if row.fake:
        line = cost.training_line(row.build)
        training, largest, by = line.at(BATCH), line.largest(LIMIT_GIB * GIB), "fake tensors"
    elif adaptive:
        few, many = REAL_BATCHES
        line = Line.through(REAL_BATCHES, (_real_peak(row, few), _real_peak(row, many)))
        training, largest, by = line.at(BATCH), line.largest(LIMIT_GIB * GIB), "real tensors at batches 1 and 2"
    else:
        multiple = padded_to(row.network)
        peak = Formula((dearest(run(row.build, cost.train), REAL, multiple),), multiple=multiple)
        training, largest, by = peak.at(BATCH, SIZE, 1), peak.largest(LIMIT_GIB * GIB, SIZE, 1), SMALL_PICTURES
    return {
        "parameters": cost.parameters(row.build),
        "multiply_adds": multiply_adds,
        "evaluations": _evaluations(row, multiply_adds),
        "training_gib": training / GIB,
        "largest_batch": largest,
        "testing_gib": testing / GIB,
        "memory_by": by,
    }


def times(
    rounds: tuple[int, int], device: str, rows: Sequence[Row] = ROWS, size: tuple[int, int] = SIZE
) -> dict[str, dict[str, float]]:
    """Milliseconds of a step of training and of an answer, each network in turn.

    How a gradient is computed changes no answer, so rows that differ by it alone share one.
    """
    answered = {_answer(row): row for row in rows}
    testing = median_times(answered, lambda network: cost.answer(network, TESTED, size), rounds[1], device)
    trained = {row.name: row for row in rows}
    training = median_times(trained, lambda network: cost.train(network, TRAINED, size, steps=1), rounds[0], device)
    return {row.name: {"training_ms": training[row.name], "testing_ms": testing[_answer(row)]} for row in rows}


def calculated(network: str) -> dict[str, Any]:
    """What the page's calculator knows of a network: formulas of memory, by method and gradient, and multiply-adds."""
    label, methods = CALCULATED[network]
    multiple = padded_to(network)
    pixels = Area.of(SIZE, multiple).pixels
    formulas: dict[str, Any] = {"label": label, "training": {}, "testing": {}}
    for method, gradients in methods.items():
        for gradient, row in gradients.items():
            points, few = FAKE if row.fake else REAL, 1 if method else None
            peak = formula(partial(_training_record, row), points, few, multiple)
            formulas["training"].setdefault(method, {})[gradient] = asdict(peak)
        row = next(iter(gradients.values()))  # how a gradient is computed does not matter to testing
        peak = formula(partial(_testing_record, row), FAKE, 2 if method else None, multiple)
        formulas["testing"][method] = asdict(peak)
    once, each = _multiply_adds(network)
    return formulas | {
        "multiply_adds_a_pixel": {"once": once / pixels, "an_evaluation": each / pixels},
        "evaluations_a_step": {method: TABLEAUS[method].stages for method in methods if method},
    }


def padded_to(network: str) -> int:
    """Of what a network makes rows and columns a multiple: the official ones leave a picture as it is, but for the
    stride of their finest stream."""
    with torch.device("meta"):
        built = Row(network, "").build()
    return coarsest_stride(len(built.widths)) if isinstance(built, SegNode | Baseline) else STRIDE


def largest_error(calculator: dict[str, Any]) -> float:
    """Of the calculator against tensors at other batches, sizes and steps, relative."""
    errors = []
    for network, (_, methods) in CALCULATED.items():
        for method, gradients in methods.items():
            held = calculator[network]
            for gradient, row in gradients.items():
                peak = Formula.from_dict(held["training"][method][gradient])
                points = HELD_OUT if row.fake else HELD_OUT_REAL
                errors += [_error(peak, _training_record(row, point[2]), point) for point in points]
            peak, row = Formula.from_dict(held["testing"][method]), next(iter(gradients.values()))
            errors += [_error(peak, _testing_record(row, point[2]), point) for point in HELD_OUT]
    return max(errors)


def _error(peak: Formula, record: Record, point: tuple[int, tuple[int, int], int]) -> float:
    batch, size, steps = point
    return abs(peak.at(batch, size, steps) / record(batch, size).max() - 1)


def share_answers(entries: list[dict[str, Any]]) -> None:
    """A row that answers as another does has its time of testing. entries: one a row."""
    known = {
        _answer(row): spent for row, entry in zip(ROWS, entries, strict=True) if (spent := entry.get("testing_ms"))
    }
    for row, entry in zip(ROWS, entries, strict=True):
        entry["testing_ms"] = known.get(_answer(row))


def waiting(entries: list[dict[str, Any]]) -> list[str]:
    """Names of rows that were not timed yet. entries: one a row."""
    return [
        row.name
        for row, entry in zip(ROWS, entries, strict=True)
        if not (entry.get("training_ms") and entry.get("testing_ms"))
    ]


def against_hrnet(entries: list[dict[str, Any]]) -> None:
    """Every figure as a ratio to HRNetV2's, which comes first."""
    for entry in entries:
        for key, ratio in (
            ("training_gib", "training_gib_to_hrnetv2"),
            ("testing_gib", "testing_gib_to_hrnetv2"),
            ("training_ms", "training_to_hrnetv2"),
            ("testing_ms", "testing_to_hrnetv2"),
        ):
            own, peer = entry.get(key), entries[0].get(key)
            entry[key], entry[ratio] = own, own / peer if own and peer else None


def table(entries: list[dict[str, Any]]) -> str:
    """What was found, for people."""
    lines = [f"{'':42}   params    GMAC  train GiB  largest  test GiB  train ms   ratio  test ms  ratio"]
    for entry in entries:
        times = (entry[key] for key in ("training_ms", "training_to_hrnetv2", "testing_ms", "testing_to_hrnetv2"))
        train, train_ratio, test, test_ratio = ("-" if value is None else f"{value:.2f}" for value in times)
        lines.append(
            f"{entry['name']:42} {entry['parameters'] / 1e6:7.2f}M {entry['multiply_adds'] / 1e9:7.1f}"
            f" {entry['training_gib']:10.2f} {entry['largest_batch']:8d} {entry['testing_gib']:9.3f}"
            f" {train:>10} {train_ratio:>7} {test:>9} {test_ratio:>6}"
        )
    return "\n".join(lines)


def _real_peak(row: Row, batch: int) -> int:
    with LiveBytes() as memory:
        cost.train(row.build(), batch, SIZE)
    return memory.peak


def _training_record(row: Row, steps: int) -> Record:
    return (rehearsed if row.fake else run)(row.with_steps(steps).build, cost.train)


def _testing_record(row: Row, steps: int) -> Record:
    return rehearsed(row.with_steps(steps).build, cost.answer)


@cache
def _real_testing(network: str, solver: SolverConfig) -> tuple[int, int]:
    """Peak bytes and multiply-adds of an answer that is really computed."""
    with FlopCounterMode(display=False) as counter, LiveBytes() as memory:
        cost.answer(Row(network, "", solver).build(), TESTED, SIZE)
    return memory.peak, counter.get_total_flops() // 2


def _evaluations(row: Row, multiply_adds: int) -> int | None:
    """Of f, for an answer: by the grid, or where the solver chose its steps by the multiply-adds spent."""
    if row.solver is None:
        return None
    if not row.solver.adaptive:
        return evaluations(row.solver.method, row.solver.steps)
    once, each = _multiply_adds(row.network)
    return round((multiply_adds - once) / each)


@cache
def _multiply_adds(network: str) -> tuple[int, int]:
    """Of one picture: what is spent once, and by each evaluation of f."""
    if network != "segnode-w48":
        return cost.multiply_adds(Row(network, "").build), 0
    one, two = (cost.multiply_adds(Row(network, "", SolverConfig("euler", steps)).build) for steps in (1, 2))
    return 2 * one - two, two - one


def _answer(row: Row) -> tuple[str, bool, str | None]:
    return row.network, row.tied, None if row.solver is None else row.solver.name


def median_times(rows: dict[K, Row], run: Callable[[Network], object], rounds: int, device: str) -> dict[K, float]:
    """Milliseconds of each row; see `medians`."""

    def turn(network: Network) -> None:
        run(network)
        network.zero_grad(set_to_none=True)  # only one network's gradients are kept at a time

    networks = {key: row.build().to(device) for key, row in rows.items()}
    settle = torch.cuda.synchronize if device == "cuda" else lambda: None
    return medians({key: partial(turn, network) for key, network in networks.items()}, rounds, settle)


if __name__ == "__main__":
    launch(lambda: main(tyro.cli(Settings, description=__doc__)))
