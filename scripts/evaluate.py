"""Evaluate a checkpoint: mIoU at T under several solvers, the error over solve time, and whether it is an ODE.

    python scripts/evaluate.py checkpoints/segnode-streets --data streets:,seeds=100000-100019

Writes evaluation.json beside the weights, and their card.
With CamVid and LabelMeFacade on disk, name them with further --data.
"""

import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import tyro
from tqdm import tqdm

from segnode import Predictor, SegNode, SolverConfig
from segnode.analysis.convergence import REFERENCE, convergence
from segnode.analysis.errors import error_curve
from segnode.checkpoint import CARD
from segnode.disk import atomic_write
from segnode.errors import SegNodeError
from segnode.provenance import provenance, write_results
from segnode.train.evaluate import evaluate
from segnode.train.record import EVALUATION, facts
from segnode.train.sources import SourceData, open_source


@dataclass(frozen=True)
class Settings:
    """checkpoint: its folder. data: data sets, as `segnode.train.sources` names them. solver_checks: score the first
    `data` under other solvers too. pictures: of the first `data`, whose state is measured. compile: `torch.compile` f,
    which takes a minute and a C++ compiler, and pays for hundreds of pictures of one size."""

    checkpoint: Annotated[Path, tyro.conf.Positional]
    data: tuple[str, ...]
    solver_checks: bool = True
    pictures: int = 6
    times: int = 17
    compile: bool = False


def main(settings: Settings) -> None:
    """Measure, print, write."""
    model = SegNode.from_pretrained(settings.checkpoint)
    if settings.compile:
        model.field.compile()
    sources = [open_source(text) for text in settings.data]
    results = {
        "provenance": provenance(),
        "weights_sha256": model.source.sha256 if model.source else None,
        "solver": asdict(model.solver),
        "sets": {source.name: _curve(model, source, settings.times) for source in sources},
    }
    first = sources[0]
    if settings.solver_checks:
        results["solvers"] = {"set": first.name, "mIoU": _solvers(model, first)}
        chosen = list(range(0, len(first.dataset), max(1, len(first.dataset) // settings.pictures)))[
            : settings.pictures
        ]
        results["convergence"] = {
            "set": first.name,
            "pictures": chosen,
            "reference": asdict(REFERENCE),
            "methods": [
                asdict(convergence(model, first.dataset, chosen, method)) for method in ("euler", "midpoint", "rk4")
            ],
        }
    write_results(settings.checkpoint / EVALUATION, results)
    card = model.model_card(settings.checkpoint.name, facts(settings.checkpoint))
    atomic_write(settings.checkpoint / CARD, card.encode())


def _curve(model: SegNode, source: SourceData, times: int) -> dict[str, object]:
    with tqdm(total=len(source.dataset), desc=source.name) as bar:
        curve = error_curve(
            Predictor(model),
            source.dataset,
            times=times,
            classes=source.scored,
            on_picture=lambda index, run: bar.update(),
        )
    scores, agreement = 100 - curve.truth.dataset, 100 - curve.final.dataset
    print(f"{source.name}: mIoU {scores[0]:.1f} at t = 0, {scores[-1]:.1f} at T")
    return {
        "pictures": len(source.dataset),
        "times": curve.times.round(4).tolist(),
        "mIoU": scores.round(3).tolist(),
        "agreement": agreement.round(3).tolist(),
        "largest_dip_of_agreement": round(float(max(0.0, -np.diff(agreement).min())), 3),
    }


def _solvers(model: SegNode, source: SourceData) -> dict[str, float]:
    default = model.solver
    doubled = SolverConfig(default.method, steps=2 * default.steps)
    others = [
        SolverConfig("euler", 4),
        SolverConfig("midpoint", 2),
        SolverConfig("rk4", 4),
        SolverConfig("dopri5", rtol=1e-3, atol=1e-3),
    ]
    found = {}
    for solver in (default, doubled, *others):
        found[solver.name] = round(evaluate(model, source.dataset, solver).mean_iou(source.scored), 3)
        print(f"{source.name} {solver.name}: {found[solver.name]}")
    return found


if __name__ == "__main__":
    try:
        main(tyro.cli(Settings, description=__doc__))
    except SegNodeError as error:
        sys.exit(str(error))
