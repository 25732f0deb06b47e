"""Evaluate a checkpoint of any network: IoU of each class, accuracy, confusion; for a SegNode, whether it is an ODE.

    python scripts/evaluate.py checkpoints/segnode-streets --data streets:,seeds=100000-100019

    python scripts/evaluate.py CHECKPOINT --data camvid:data/CamVid,split=val --flip --scales 0.75 1 1.25
    python scripts/evaluate.py CHECKPOINT --data cityscapes:data/Cityscapes,split=test --window 512 1024 \
        --predictions runs/answers

Writes evaluation.json beside the weights, and their card. In it, `scores` are taken as the options say; `sets`,
`solvers` and `convergence`, of a SegNode alone, at one scale and without flips; `sets` at 480x360 pixels at most. The
scores of each set are written as soon as they are known; what could not be measured after them is named in `failed`,
with the reason.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any, TypeVar

import segnode.threads  # noqa: F401 - before torch

import numpy as np
import torch
import tyro
from tqdm import tqdm

from segnode import Predictor, SegNode, SolverConfig
from segnode.analysis.convergence import METHODS, REFERENCE, convergence
from segnode.analysis.errors import error_curve
from segnode.checkpoint import CARD, EVALUATION
from segnode.command import launch
from segnode.disk import atomic_write, refuse_unwritable
from segnode.errors import ConfigError, DataError, SegNodeError
from segnode.inference import Inference, parse_solver, refuse_unfit
from segnode.model.network import Network
from segnode.model.saved import open_network
from segnode.predict import MAX_FRAMES
from segnode.results.checkpoint import record
from segnode.results.evaluation import Converging, Curve, Evaluation, SetScores, Solvers
from segnode.results.schema import Provenance
from segnode.results.training import Training
from segnode.train.evaluate import evaluate, save_answer
from segnode.train.score import ALIKE
from segnode.train.sources import SourceData, look_at, open_source
from segnode.types import LabelArray

T = TypeVar("T")


@dataclass(frozen=True)
class Settings:
    """Command-line settings; the comments are the help texts."""

    # Folder of the weights.
    checkpoint: Annotated[Path, tyro.conf.Positional]
    # Data sets, as kind:folder,split=..., see segnode/train/sources.py.
    data: tuple[str, ...]
    # Enlargements, one pass each; HRNet's multi-scale test has 0.5 0.75 1 1.25 1.5 1.75.
    scales: tuple[float, ...] = (1.0,)
    # What pictures are brought to first: rows and columns (LIP has 473 473), or the longer side alone.
    size: tuple[int, ...] = ()
    # Average with the answer to the mirror image.
    flip: bool = False
    # Rows and columns seen at once, for pictures that are too large.
    window: tuple[int, int] | None = None
    # From one window to the next, as a share of it.
    stride: float = 2 / 3
    # Bring what is smaller than the window up to it with grey.
    pad: bool = True
    # Windows at once.
    batch: int = 1
    # Rows and columns are padded to a multiple of it, for every network alike; 1 leaves pictures as they are, as the
    # authors of HRNetV2 test it.
    multiple: int = ALIKE.multiple
    # Of a SegNode, as midpoint-8 or dopri5; its own where not given.
    solver: str | None = None
    # The depth T a SegNode is solved to; its own where not given.
    until: float | None = None
    # Folder for the answers as PNG; in submission/ in the ids of a test server, where the data set has one.
    predictions: Path | None = None
    # Score a SegNode over solve time too.
    curve: bool = True
    # How many depths that is done at.
    times: int = 17
    # Score the first data set under other solvers too, and measure how the state converges.
    solver_checks: bool = True
    # How many pictures the state is measured on.
    pictures: int = 6
    # torch.compile: takes a minute and a C++ compiler, and pays for hundreds of pictures of one size.
    compile: bool = False

    def __post_init__(self) -> None:
        if self.pictures < 1:
            raise ConfigError(f"The state is measured on 1 picture or more, not {self.pictures}: raise --pictures.")
        if self.times < 2:
            raise ConfigError(f"A curve over solve time has 2 depths or more, not {self.times}: raise --times.")
        if self.times > MAX_FRAMES:
            raise ConfigError(
                f"A curve over solve time has {MAX_FRAMES} depths at most, not {self.times}: lower --times."
            )

    def inference(self) -> Inference:
        """How pictures are put through the network."""
        solver = None if self.solver is None else parse_solver(self.solver)
        return Inference(
            scales=self.scales,
            size=self.size,
            flip=self.flip,
            window=self.window,
            stride=self.stride,
            batch=self.batch,
            solver=solver,
            until=self.until,
            pad=self.pad,
            multiple=self.multiple,
        )


def main(settings: Settings) -> None:
    """Measure, print, write."""
    inference = settings.inference()
    network = open_network(settings.checkpoint).to("cuda" if torch.cuda.is_available() else "cpu")
    sources = open_data(settings, network)
    answers = () if settings.predictions is None else (settings.predictions / "answer.png",)
    refuse_unwritable(settings.checkpoint / EVALUATION, settings.checkpoint / CARD, *answers)
    if settings.compile:
        (network.field if isinstance(network, SegNode) else network).compile()
    evaluation = Evaluation(
        provenance=Provenance.here(),
        weights_sha256=network.source.sha256 if network.source else None,
        network=type(network).__name__,
        solver=network.solver if isinstance(network, SegNode) else None,
        inference=inference,
        scores={},
        curves={},
        failed={},
    )
    for source in sources:
        scores = _scores(network, source, inference, settings.predictions)
        evaluation = replace(evaluation, scores={**evaluation.scores, source.name: scores})
        _write(evaluation, network, settings.checkpoint)
    labelled = [source for source in sources if evaluation.scores[source.name].pixels]
    if isinstance(network, SegNode) and labelled:
        evaluation = replace(evaluation, **_over_solve_time(network, labelled, settings))
        _write(evaluation, network, settings.checkpoint)


def _write(evaluation: Evaluation, network: Network, folder: Path) -> None:
    """The evaluation so far, and the card that reports it."""
    evaluation.write(folder / EVALUATION)
    card = network.model_card(folder.name, record(folder))
    atomic_write(folder / CARD, card.encode(errors="replace"))


def open_data(settings: Settings, network: Network) -> list[SourceData]:
    """The data sets of `settings`. Raises before hours are spent where `network` cannot be scored on them so."""
    refuse_unfit(network, settings.inference())
    sources = [open_source(text) for text in settings.data]
    for source in sources:
        if source.dataset.classes.names != network.classes.names:
            raise ConfigError(f"{source.name} has other classes than the network was trained for: choose another set.")
        if not len(source.dataset):
            raise DataError(f"{source.name} holds no picture: choose a set that holds some.")
        look_at(source)
    if settings.predictions and len(sources) > 1:
        raise ConfigError("The answers to several data sets would mix in one folder: evaluate them one by one.")
    return sources


def _scores(network: Network, source: SourceData, inference: Inference, folder: Path | None) -> SetScores:
    """Scores of one set. folder: of its answers."""
    with tqdm(total=len(source.dataset), desc=source.name) as bar:

        def on_picture(index: int, labels: LabelArray) -> None:
            if folder is not None:
                save_answer(folder, source.dataset, index, labels)
            bar.update()

        counted = evaluate(network, source.dataset, inference=inference, on_picture=on_picture)
    scores = SetScores.of(counted, len(source.dataset), network.classes.names, source.scored)
    if scores.pixels:
        print(
            f"{source.name}: mIoU {scores.mean_iou:.1f}, pixel accuracy {scores.pixel_accuracy:.1f},"
            f" mean accuracy {scores.mean_accuracy:.1f}"
        )
        for name, value in scores.iou.items():
            print(f"  {name:20} {'-' if value is None else f'{value:.1f}':>6}")
    else:
        print(f"{source.name}: no pixel of it has a label, so there is no score.")
    return scores


def _over_solve_time(network: SegNode, sources: list[SourceData], settings: Settings) -> dict[str, Any]:
    """The fields of `Evaluation` that only a neural ODE has: see the text at the top."""
    failed: dict[str, str] = {}
    fields: dict[str, Any] = {"failed": failed}
    first = sources[0]
    if settings.curve:
        curves = {
            source.name: _measure_or_note(
                f"{source.name}, over solve time", failed, partial(_curve, network, source, settings.times)
            )
            for source in sources
        }
        fields["curves"] = {name: curve for name, curve in curves.items() if curve is not None}
    if settings.solver_checks:
        trained = _trained_with(settings.checkpoint)
        fields["solvers"] = Solvers(first.name, _solvers(network, first, trained, failed), trained)
        stride = max(1, len(first.dataset) // settings.pictures)
        chosen = list(range(0, len(first.dataset), stride))[: settings.pictures]
        measured = (
            _measure_or_note(
                f"convergence of {method}", failed, partial(convergence, network, first.dataset, chosen, method)
            )
            for method in METHODS
        )
        methods = tuple(method for method in measured if method is not None)
        fields["convergence"] = Converging(first.name, tuple(chosen), REFERENCE, methods)
    return fields


def _measure_or_note(what: str, failed: dict[str, str], measure: Callable[[], T]) -> T | None:
    """What `measure` finds; None where it cannot, the reason noted in `failed` and printed."""
    try:
        return measure()
    except SegNodeError as error:
        failed[what] = str(error)
        print(f"{what}: not measured. {error}")
        return None


def _curve(network: SegNode, source: SourceData, times: int) -> Curve:
    with tqdm(total=len(source.dataset), desc=f"{source.name}, over solve time") as bar:
        curve = error_curve(
            Predictor(network),
            source.dataset,
            times=times,
            classes=source.scored,
            on_picture=lambda index, run: bar.update(),
        )
    scores, agreement = 100 - curve.truth.dataset, 100 - curve.final.dataset
    print(f"{source.name}: mIoU {scores[0]:.1f} at t = 0, {scores[-1]:.1f} at T")
    return Curve(
        pictures=len(source.dataset),
        times=tuple(curve.times.round(4).tolist()),
        mean_iou=tuple(scores.round(3).tolist()),
        agreement=tuple(agreement.round(3).tolist()),
        largest_dip_of_agreement=round(float(max(0.0, -np.diff(agreement).min())), 3),
    )


def _trained_with(folder: Path) -> str | None:
    """The solver that training used, where it used one alone."""
    run = Training.of(folder).last
    solvers = run.settings.get("solvers", ()) if run else ()
    return solvers[0] if len(solvers) == 1 else None


def _solvers(network: SegNode, source: SourceData, trained: str | None, failed: dict[str, str]) -> dict[str, float]:
    default = network.solver
    doubled = [] if default.adaptive else [SolverConfig(default.method, steps=2 * default.steps)]
    others = [
        SolverConfig("euler", 4),
        SolverConfig("midpoint", 2),
        SolverConfig("rk4", 4),
        SolverConfig("dopri5", rtol=1e-3, atol=1e-3),
    ]
    mean_iou = {}
    own = [parse_solver(trained)] if trained else []
    for solver in dict.fromkeys((default, *doubled, *others, *own)):
        measure = partial(evaluate, network, source.dataset, solver, inference=ALIKE)
        scores = _measure_or_note(f"{source.name} {solver.name}", failed, measure)
        if scores is not None:
            mean_iou[solver.name] = round(scores.mean_iou(source.scored), 3)
            print(f"{source.name} {solver.name}: {mean_iou[solver.name]}")
    return mean_iou


if __name__ == "__main__":
    launch(lambda: main(tyro.cli(Settings, description=__doc__)))
