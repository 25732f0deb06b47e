"""Measure every number that the lessons state about the real network, and say which of their statements hold.

    python scripts/learn.py

Accuracy against cost is not measured again: it is read from what `scripts/accuracy_cost.py` wrote for each checkpoint,
which has to be run first. Takes a few minutes on one core.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import segnode.threads  # noqa: F401 - before torch

import numpy as np
import torch
import tyro
from tqdm import tqdm

from segnode import ModelConfig, Predictor, SegNode, SolverConfig
from segnode.analysis.convergence import REFERENCE
from segnode.analysis.gradients import GradientCost, gradient_costs
from segnode.analysis.path import solved_path
from segnode.analysis.places import labels_from, places
from segnode.analysis.reach import seen
from segnode.analysis.reverse import there_and_back
from segnode.analysis.settling import Settling, settling
from segnode.analysis.spectrum import spectrum
from segnode.analysis.speed import motion
from segnode.command import launch
from segnode.disk import refuse_unwritable
from segnode.errors import ConfigError
from segnode.model.baseline import Baseline
from segnode.predict import batch_of
from segnode.results.accuracy_cost import AccuracyCost
from segnode.results.learn import (
    Extremes,
    FalseOde,
    Learn,
    OneStep,
    Shortcuts,
    Sight,
    StatePath,
    Streams,
    Weights,
)
from segnode.results.schema import Provenance
from segnode.results.training import Training
from segnode.train.sources import open_source
from segnode.types import ImageArray, LabelArray

#: Columns of a picture that the reach of a label is counted in.
COLUMNS = 480


@dataclass(frozen=True)
class Settings:
    """Command-line settings; the comments are the help texts."""

    # Folder of the network that the lessons show.
    checkpoint: Path = Path("checkpoints/segnode-streets")
    # Folder of a network trained with one Euler grid alone; left out where it is not there.
    false_ode: Path = Path("checkpoints/segnode-false-ode")
    # Data sets on which it is measured when pixels settle.
    data: tuple[str, ...] = ("streets:,seeds=100000-100049", "camvid:data/CamVid,split=val")
    # How many pictures of each, spread evenly.
    pictures: int = 40
    # Frames of each, an odd number.
    frames: int = 33
    # The picture on which gradients, eigenvalues and streams are measured, the first of this data set.
    picture: str = "streets:,seeds=100003-100003"
    # Steps of the midpoint rule whose gradients and ways back are measured.
    steps: tuple[int, ...] = (1, 2, 4, 8, 16)
    # Products with the field's Jacobian for its eigenvalues.
    products: int = 60
    # Folder of what accuracy_cost.py wrote.
    accuracy: Path = Path("scripts/results/accuracy_cost")
    # The JSON written.
    out: Path = Path("scripts/results/learn.json")

    def __post_init__(self) -> None:
        if self.pictures < 1 or self.frames < 3 or not self.frames % 2 or len(self.steps) < 3:
            raise ConfigError("--pictures is from 1, --frames odd from 3, and --steps are three or more: correct them.")


def main(settings: Settings) -> None:
    """Measure, write, print what holds."""
    refuse_unwritable(settings.out)
    model = SegNode.from_pretrained(settings.checkpoint).eval()
    scores = AccuracyCost.read(settings.accuracy / f"{settings.checkpoint.name}.json")
    began, source = Provenance.here(), open_source(settings.picture)
    image, truth = source.dataset[0]
    results = Learn(
        provenance=began,
        weights_sha256=model.source.sha256 if model.source else None,
        data=source.name,
        trained_with=trained_with(settings.checkpoint),
        one_step=one_step(model, image),
        spectrum=extremes(model, image, settings.products),
        path=path(model, image, settings.steps),
        gradients=tuple(gradients(model, image, truth, settings.steps)),
        weights=weights(model),
        streams=streams(model, image),
        sight=sight(model.config),
        settling={name: settled(model, name, settings) for name in settings.data},
        shortcuts={name: Shortcuts.of(found) for name, found in scores.sets.items()},
        false_ode=false_ode(settings),
    )
    results.write(settings.out)
    for statement, true in results.statements().items():
        print(f"{'holds' if true else 'FALSE'}  {statement}")


def trained_with(folder: Path) -> tuple[str, ...]:
    """Names of the solvers that the last run of training drew from."""
    run = Training.of(folder).last
    return tuple(run.settings["solvers"]) if run else ()


@torch.no_grad()
def one_step(model: SegNode, image: ImageArray) -> OneStep:
    """Lesson 1: one Euler step of length 1 against the residual network that has the same modules."""
    config = model.config
    baseline = Baseline(
        model.classes, config.widths, config.stem_width, config.modules, config.blocks, config.norm
    ).eval()
    baseline.load_state_dict(
        {name.replace("field.residuals", "residuals"): x for name, x in model.state_dict().items()}
    )
    logits = model.head(model.streams(batch_of(image), SolverConfig("euler", 1), until=1.0))
    difference = (logits - baseline.outputs(batch_of(image))[0]).abs().max()
    return OneStep(float(difference), float(logits.abs().max()))


def extremes(model: SegNode, image: ImageArray, products: int) -> tuple[Extremes, ...]:
    """Lesson 3: the field's outermost eigenvalues at 0, half of T and T, at half the picture's size."""
    small, found = np.ascontiguousarray(image[::2, ::2]), []
    for time in (0.0, model.until / 2, model.until):
        values = spectrum(model, small, time, products=products).eigenvalues
        reals = values.real
        found.append(Extremes(time, float(np.abs(values).max()), float(reals.min()), float(reals.max())))
    return tuple(found)


def path(model: SegNode, image: ImageArray, steps: tuple[int, ...]) -> StatePath:
    """Lessons 2 and 5: the state's size, its way, and ways back."""
    state = model.encode(batch_of(image))
    way = motion(solved_path(model, image, REFERENCE, np.linspace(0, model.until, 17)))
    return StatePath(
        numbers=sum(x.numel() for x in state),
        length=way.length / way.chord,
        returns={
            solver.name: there_and_back(model, image, solver, times=[0.0]).errors[0]
            for solver in (SolverConfig("midpoint", n) for n in steps)
        },
    )


def gradients(model: SegNode, image: ImageArray, truth: LabelArray, steps: tuple[int, ...]) -> Iterator[GradientCost]:
    """Lesson 5: three ways to a gradient on each grid."""
    for count in tqdm(steps, "gradients"):
        yield from gradient_costs(model, image, truth, SolverConfig("midpoint", count))


def weights(model: SegNode) -> Weights:
    """Lesson 6: numbers learned, by part."""
    parts = (model.encoder.stem, model.encoder.inputs, model.field, model.head)
    return Weights(*(sum(x.numel() for x in part.parameters()) for part in parts))


def streams(model: SegNode, image: ImageArray) -> Streams:
    """Lesson 6: labels without one stream, and from one alone."""
    found, count = places(model, image), len(model.widths)
    with torch.no_grad():
        first, last = (model.head(tuple(torch.from_numpy(x)[None] for x in found.streams[t]))[0] for t in (0, -1))
    moved = found.scores[-1].sum(0) - found.scores[0].sum(0)
    whole = labels_from(found, range(count))

    def kept(some: list[int]) -> float:
        return 100 * float((labels_from(found, some) == whole).mean())

    return Streams(
        without=tuple(kept([s for s in range(count) if s != left_out]) for left_out in range(count)),
        alone=tuple(kept([only]) for only in range(count)),
        identity=float(np.abs((last - first).numpy() - moved).max() / last.abs().max()),
    )


def sight(config: ModelConfig) -> Sight:
    """Lesson 6: columns that a label depends on."""

    def width(place: int, evaluations: int) -> int:
        first, last = seen(config, place, COLUMNS, evaluations)
        return last - first + 1

    middle = [width(place, 0) for place in range(COLUMNS // 2 - 16, COLUMNS // 2 + 16)]
    return Sight((min(middle), max(middle)), width(COLUMNS // 2, 1), width(0, 1))


def settled(model: SegNode, name: str, settings: Settings) -> Settling:
    """Lesson 7: when pixels settle on pictures of a data set, spread evenly over it."""
    dataset = open_source(name).dataset
    chosen = np.linspace(0, len(dataset) - 1, min(settings.pictures, len(dataset))).astype(int).tolist()
    return settling(Predictor(model), dataset, tqdm(chosen, name), settings.frames)


def false_ode(settings: Settings) -> FalseOde | None:
    """Lesson 8: what becomes of a network trained with one grid when its steps are doubled.

    Raises `ConfigError` where it was trained with more than that, `DataError` where its scores are missing.
    """
    if not settings.false_ode.is_dir():
        return None
    name, trained = settings.false_ode.name, trained_with(settings.false_ode)
    method, _, steps = trained[0].partition("-") if len(trained) == 1 else ("", "", "")
    if method != "euler":
        raise ConfigError(f"{name} was not trained with one Euler grid alone: give another folder as --false-ode.")
    scores = AccuracyCost.read(settings.accuracy / f"{name}.json")
    data, found = next(iter(scores.sets.items()))
    grids = (trained[0], f"euler-{2 * int(steps)}", "rk4-4")
    return FalseOde(scores.weights_sha256, data, int(steps), *(found.variants[grid].miou for grid in grids))


if __name__ == "__main__":
    launch(lambda: main(tyro.cli(Settings, description=__doc__)))
