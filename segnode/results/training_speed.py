"""Two ways to train one network on the same number of pictures: what `scripts/training_speed.py` writes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from segnode.results.schema import Percent, Positive, PositiveInt, Provenance, Result


@dataclass(frozen=True)
class TrainedRun:
    """One run. command to threads: of its last start. pictures: seen in training. mean_iou: in percent, by data set."""

    command: str
    revision: str
    hardware: str
    threads: PositiveInt
    pictures: PositiveInt
    seconds: PositiveInt
    pictures_a_second: Positive
    mean_iou: Annotated[Mapping[str, Percent], Field(alias="mIoU")]


@dataclass(frozen=True)
class TrainingSpeed(Result):
    """Both runs, and the ratio of their pictures a second."""

    CONTENT = "speeds of two training runs"
    COMMAND = "python scripts/training_speed.py"

    provenance: Provenance
    before: TrainedRun
    after: TrainedRun
    times_as_fast: Positive
