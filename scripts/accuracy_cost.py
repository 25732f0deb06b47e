"""Accuracy against cost: mIoU, evaluations of f and milliseconds of each solver; and whether a checkpoint is an ODE.

    python scripts/accuracy_cost.py checkpoints/segnode-streets --data camvid:data/CamVid,split=val \
        streets:,seeds=100000-100049 --parts accuracy

Measured are fewer steps of fixed grids, looser tolerances, stopping early and beyond T, and regions that leave early.
The state's error and the scores belong to the part accuracy; the part time needs a machine that does nothing else.
Each part keeps what the other has written.
"""

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

import segnode.threads  # noqa: F401 - before torch

import numpy as np
import torch
import tyro
from tqdm import tqdm

from segnode import SegNode, SolverConfig
from segnode.analysis.convergence import METHODS, REFERENCE, observed_order, relative_error
from segnode.analysis.regions import solve_regions
from segnode.analysis.timing import medians
from segnode.command import launch
from segnode.disk import refuse_unwritable
from segnode.errors import ConfigError
from segnode.metrics import Scores
from segnode.ode import solve
from segnode.predict import batch_of
from segnode.results.accuracy_cost import BEYOND, FULL_WITHIN, REGIONS, STOPPED, AccuracyCost, SetScores, Variant
from segnode.results.schema import Provenance
from segnode.train.sources import SourceData, open_source
from segnode.types import ImageBatch, Logits, State

Part = Literal["accuracy", "time"]
#: Mean doubt of a tile from which it goes on, and tiles of margin.
DOUBTS = ((0.15, 1), (0.2, 1), (0.25, 1), (0.3, 1), (0.2, 2), (0.25, 2), (0.3, 2))


@dataclass(frozen=True)
class Settings:
    """Command-line settings; the comments are the help texts."""

    # Folder of the weights.
    checkpoint: Annotated[Path, tyro.conf.Positional]
    # Data sets, as kind:folder,split=..., see segnode/train/sources.py.
    data: tuple[str, ...]
    # What is measured again.
    parts: tuple[Part, ...] = ("accuracy", "time")
    # Grids, coarse to fine.
    steps: tuple[int, ...] = (1, 2, 3, 4, 8, 16)
    # Of dopri5, loose to tight.
    tolerances: tuple[float, ...] = (1e-2, 1e-3, 1e-4, 1e-5)
    # Score only every n-th picture; 1 scores all.
    every: int = 1
    # How many pictures the state's error is measured on.
    pictures: int = 6
    # Rounds in which all variants are timed.
    rounds: int = 9
    # The folder of the JSON written.
    out: Path = Path("scripts/results/accuracy_cost")

    def __post_init__(self) -> None:
        if min(self.every, self.pictures, self.rounds) < 1:
            raise ConfigError("--every, --pictures and --rounds are whole numbers from 1: raise the one below.")


def main(settings: Settings) -> None:
    """Measure, write after each set and part, print."""
    path = settings.out / f"{settings.checkpoint.name}.json"
    refuse_unwritable(path)
    model = SegNode.from_pretrained(settings.checkpoint).eval()
    sources = [open_source(text) for text in settings.data]
    results = AccuracyCost.read(path) if path.is_file() else AccuracyCost({}, None, {})
    results = replace(results, weights_sha256=model.source.sha256 if model.source else None)
    if "accuracy" in settings.parts:
        results.provenance["accuracy"] = Provenance.here()
        for source in sources:
            results.sets[source.name] = accuracy(model, source, settings)
            results.write(path)
            print(f"{source.name}: full is {results.sets[source.name].full}")
    if "time" in settings.parts:
        results.provenance["time"] = Provenance.here()
        replace(results, milliseconds=times(model, sources[0], settings)).write(path)


def solvers(settings: Settings) -> dict[str, SolverConfig]:
    """Those measured, by name."""
    fixed = [SolverConfig(method, n) for method in METHODS for n in settings.steps]
    loose: dict[str, SolverConfig] = {
        f"dopri5, {t:.0e}": SolverConfig("dopri5", rtol=t, atol=t) for t in settings.tolerances
    }
    return {**{solver.name: solver for solver in fixed}, **loose}


def regions() -> dict[str, tuple[float, int]]:
    """Thresholds and margins of regions that leave early, by name."""
    return {f"{REGIONS}doubt {doubt:g}, margin {margin}": (doubt, margin) for doubt, margin in DOUBTS}


@torch.no_grad()
def accuracy(model: SegNode, source: SourceData, settings: Settings) -> SetScores:
    """mIoU and evaluations of each variant on `source`, the state's error, and the cheapest that counts as full."""
    chosen = range(0, len(source.dataset), settings.every)
    scores: dict[str, Scores] = {}
    spent: dict[str, list[float]] = {}
    error: dict[str, list[float]] = {}
    finest = {chosen[i] for i in np.linspace(0, len(chosen) - 1, min(settings.pictures, len(chosen))).astype(int)}
    for index in tqdm(chosen, source.name):
        image, truth = source.dataset[index]
        batch = batch_of(image)
        start = model.encode(batch)

        def add(name: str, logits: Logits, evaluations: float, truth: np.ndarray = truth) -> None:
            labels = logits[0].argmax(0).to(torch.uint8).numpy()
            scores.setdefault(name, Scores(len(model.classes))).update(labels, truth)
            spent.setdefault(name, []).append(evaluations)

        end = partial(solve, model.field, start, until=model.until)
        exact = end(REFERENCE).states[-1] if index in finest else None
        for name, solver in solvers(settings).items():
            solution = end(solver)
            add(name, _decoded(model, batch, solution.states[-1]), solution.nfe)
            if exact is not None:
                error.setdefault(name, []).append(relative_error(solution.states[-1], exact, start))
        for until, name in ((model.until, f"{STOPPED}{{:g}}"), (2 * model.until, f"{BEYOND}{{:g}}")):
            steps = round(model.solver.steps * until / model.until)
            grid = SolverConfig("midpoint", steps)
            depths = [until * (n + 1) / steps for n in range(steps)]
            solution = solve(model.field, start, grid, until=until, times=depths)
            for n, (depth, state) in enumerate(zip(depths, solution.states, strict=True)):
                if depth > model.until or until == model.until:
                    add(name.format(depth), _decoded(model, batch, state), 2 * (n + 1))
        for name, (doubt, margin) in regions().items():
            answer = solve_regions(model, batch, doubt, margin)
            add(name, answer.logits, answer.evaluations)
    variants = {
        name: Variant(
            round(counted.mean_iou(source.scored), 3),
            round(float(np.mean(spent[name])), 3),
            float(np.mean(error[name])) if name in error else None,
        )
        for name, counted in scores.items()
    }
    return SetScores(len(chosen), full(variants), variants, orders(variants, settings))


def full(variants: dict[str, Variant]) -> str:
    """The cheapest solver to T within `FULL_WITHIN` points of the best of them."""
    whole = {name: variant for name, variant in variants.items() if not name.startswith((STOPPED, BEYOND, REGIONS))}
    best = max(variant.miou for variant in whole.values())
    near = [name for name, variant in whole.items() if variant.miou >= best - FULL_WITHIN]
    return min(near, key=lambda name: whole[name].evaluations)


def orders(variants: dict[str, Variant], settings: Settings) -> dict[str, float | None]:
    """Observed order of each fixed method: the slope of the state's error over its two finest grids."""
    observed: dict[str, float | None] = {}
    for method in METHODS:
        last = settings.steps[-2:]
        errors = [error for n in last if (error := variants[f"{method}-{n}"].state_error)]
        observed[method] = observed_order(last, errors) if len(errors) == 2 else None
    return observed


@torch.no_grad()
def times(model: SegNode, source: SourceData, settings: Settings) -> dict[str, float]:
    """Milliseconds from picture to labels of each variant, the mean over three pictures of medians over rounds."""
    chosen = np.linspace(0, len(source.dataset) - 1, 3).astype(int)
    rows = []
    for index in chosen:
        batch = batch_of(source.dataset[int(index)][0])
        variants: dict[str, Any] = {
            name: lambda solver=solver, batch=batch: model(batch, solver)[0].argmax(0)
            for name, solver in solvers(settings).items()
        }
        variants |= {
            name: lambda how=how, batch=batch: solve_regions(model, batch, *how).logits[0].argmax(0)
            for name, how in regions().items()
        }
        rows.append(medians(variants, settings.rounds))
    return {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}


def _decoded(model: SegNode, batch: ImageBatch, state: State) -> Logits:
    return model.upsample(model.head(state), batch.shape[-2:])


if __name__ == "__main__":
    launch(lambda: main(tyro.cli(Settings, description=__doc__)))
