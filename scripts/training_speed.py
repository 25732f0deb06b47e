"""Compare two ways to train one network on the same number of pictures: pictures a second, and final scores.

    python scripts/training_speed.py runs/before runs/after --out scripts/results/training_speed.json

Each is the folder of a run of scripts/train.py that validated on data held out. Seconds are those of its own clock,
without validations; scores are measured here, at the revision of this script.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from segnode.command import launch
from segnode.disk import refuse_unwritable
from segnode.errors import ConfigError
from segnode.model.saved import open_network
from segnode.results.schema import Provenance
from segnode.results.training import TRAINING, Training
from segnode.results.training_speed import TrainedRun, TrainingSpeed
from segnode.train.evaluate import evaluate
from segnode.train.sources import open_source


@dataclass(frozen=True)
class Settings:
    """Command-line settings; the comments are the help texts."""

    # The run as it was, and the faster one.
    runs: Annotated[tuple[Path, Path], tyro.conf.Positional]
    # The JSON written.
    out: Path = Path("scripts/results/training_speed.json")


def main(settings: Settings) -> None:
    """Score both, write, print. Raises `ConfigError` for runs that are not of the same pictures."""
    refuse_unwritable(settings.out)
    before, after = (measure(folder) for folder in settings.runs)
    if before.pictures != after.pictures or list(before.mean_iou) != list(after.mean_iou):
        raise ConfigError("The runs saw other numbers of pictures, or were validated on other data: make them alike.")
    ratio = after.pictures_a_second / before.pictures_a_second
    TrainingSpeed(Provenance.here(), before, after, round(ratio, 2)).write(settings.out)
    print(f"{ratio:.2f} times the pictures a second; {before.mean_iou} before, {after.mean_iou} after.")


def measure(folder: Path) -> TrainedRun:
    """What one run did, and how its weights score on its validation sets."""
    model = folder / "model"
    run = Training.read(model / TRAINING).runs[-1]
    pictures = run.iterations * run.settings["batch_size"]
    network = open_network(model)
    sources = [open_source(text) for text in run.settings["validate"]]
    start = run.starts[-1]
    return TrainedRun(
        command=start.command,
        revision=start.revision,
        hardware=start.hardware,
        threads=start.threads,
        pictures=pictures,
        seconds=run.seconds,
        pictures_a_second=round(pictures / run.seconds, 2),
        mean_iou={
            source.name: round(evaluate(network, source.dataset).mean_iou(source.scored), 2) for source in sources
        },
    )


if __name__ == "__main__":
    launch(lambda: main(tyro.cli(Settings, description=__doc__)))
