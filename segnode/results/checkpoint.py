"""What the files beside a checkpoint's weights say of it, for its card and for the app's list."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from segnode.checkpoint import EVALUATION, MAX_CONFIG_BYTES, read_config
from segnode.data.classes import ClassSet
from segnode.data.names import title
from segnode.errors import CheckpointError, DataError
from segnode.hub import Record
from segnode.inference import Inference
from segnode.ode import TABLEAUS
from segnode.results.evaluation import Converging, Evaluation
from segnode.results.training import Run, Training

#: Beside the weights, for the list: a small picture; see `scripts/chooser_picture.py`.
PICTURE = "picture.webp"
#: In the name of a data set: how often it is drawn from and what its classes become, not which pictures it has.
_USE = re.compile(r"(?<!\\),(?:weight|as)=[^,]*")


@dataclass(frozen=True)
class Summary:
    """A checkpoint in the list; what is missing or of other weights is None or empty.

    classes: their names. mean_iou: in percent, of the first data set it was scored on. data: what that is called.
    picture: a small WebP.
    """

    classes: tuple[str, ...]
    mean_iou: float | None
    data: str
    picture: bytes | None


def summary(folder: Path) -> Summary:
    """What is known of the checkpoint in `folder` before it is loaded; never raises for a faulty file."""
    try:
        config = read_config(folder)
        classes = ClassSet.from_dict(config["classes"]).names
    except (CheckpointError, KeyError, TypeError, ValueError):
        config, classes = {}, ()
    mean_iou, data = None, ""
    try:
        evaluation = Evaluation.read(folder / EVALUATION)
    except DataError:
        evaluation = None
    if evaluation and evaluation.scores and evaluation.weights_sha256 == config.get("sha256"):
        source, scores = next(iter(evaluation.scores.items()))
        mean_iou, data = scores.mean_iou, title(source)
    picture = folder / PICTURE
    fits = picture.is_file() and picture.stat().st_size < MAX_CONFIG_BYTES
    return Summary(classes, mean_iou, data, picture.read_bytes() if fits else None)


def record(folder: Path) -> Record:
    """What the card of the weights in `folder` says of all their training runs and of their scores.

    Raises `DataError` where a file that says it cannot be read.
    """
    path = folder / EVALUATION
    results = dict(_results(Evaluation.read(path))) if path.exists() else {}
    runs = Training.of(folder).runs
    if not runs:
        return Record(results=results)
    last = runs[-1].starts[-1]
    return Record(
        data=_pictures(runs),
        commands=tuple(run.starts[-1].command for run in runs),
        revision=last.revision,
        hardware=last.hardware,
        seconds=sum(run.seconds for run in runs),
        anytime=runs[-1].settings.get("anytime", 0.0),
        results=results,
    )


def _pictures(runs: Sequence[Run]) -> dict[str, int]:
    """The pictures of each data set that any of `runs` was trained on: what the first learned, the last starts from."""
    return {_USE.sub("", name): count for run in runs for name, count in run.data.items()}


def _results(evaluation: Evaluation) -> Iterator[tuple[str, float | str | None]]:
    how = _how(evaluation.inference)
    for name, scores in evaluation.scores.items():
        yield f"mIoU on {name}{how}", scores.mean_iou
        yield f"pixel accuracy on {name}{how}", scores.pixel_accuracy
        yield f"mean accuracy on {name}{how}", scores.mean_accuracy
    for name, curve in evaluation.curves.items():
        yield f"mIoU on {name}, at 480x360 pixels at most", curve.mean_iou[-1]
        yield f"mIoU on {name}, at 480x360 pixels at most, at t = 0", curve.mean_iou[0]
        yield f"pixels of {name} that have their final label at t = 0", curve.agreement[0]
    if evaluation.solvers:
        for solver, score in evaluation.solvers.mean_iou.items():
            yield f"mIoU on {evaluation.solvers.data} under {solver}", score
        yield "is it an ODE", evaluation.solvers.verdict
    if evaluation.convergence:
        yield from _convergence(evaluation.convergence)
    for what, why in evaluation.failed.items():
        yield f"{what}: not measured", why


def _convergence(measured: Converging) -> Iterator[tuple[str, float | str]]:
    for method in measured.methods:
        errors = ", ".join(f"{error:.1e} at {n}" for n, error in zip(method.steps, method.errors, strict=True))
        yield f"relative error of the state under {method.method}, by steps", errors
        held = ", held to about 2 by the kinks of f's ReLU" if TABLEAUS[method.method].order > 2 else ""
        yield f"observed order of {method.method}{held}", method.order


def _how(inference: Inference) -> str:
    """What was done to the pictures beside looking at them once."""
    words = [f"at scales {', '.join(map(str, inference.scales))}"] if inference.scales != (1.0,) else []
    words += [f"at {' x '.join(map(str, inference.size))}"] if inference.size else []
    words += ["with flips"] if inference.flip else []
    words += ["in windows"] if inference.window else []
    return f" {' '.join(words)}" if words else ""
