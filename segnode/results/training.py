"""How weights came about: `training.json` beside them, one entry a run."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Self

from segnode.results.schema import LEFT_OUT, Finite, PositiveInt, Provenance, Result

TRAINING = "training.json"


@dataclass(frozen=True, kw_only=True)
class Start(Provenance):
    """One start of a run: its first is at iteration 0, each later one resumes."""

    iteration: int


@dataclass(frozen=True, kw_only=True)
class Run:
    """One training run.

    data: pictures by the name of the data set. seconds: spent on training. settings: as `TrainConfig` had them at the
    time. history: of each validation its iteration, its seconds and the mIoU in percent by data set. loss: iteration
    and loss, each time it was logged. prior_subtracted: see `scripts/prior.py`. The first runs did not record their
    parameters, class weights and loss.
    """

    data: Mapping[str, PositiveInt]
    parameters: PositiveInt | None = None
    processes: PositiveInt = 1
    iterations: int
    class_weights: tuple[Finite, ...] = ()
    seconds: int
    settings: Mapping[str, Any]
    starts: tuple[Start, ...]
    history: tuple[Mapping[str, int | Finite], ...]
    loss: tuple[tuple[int, Finite], ...] = ()
    prior_subtracted: Annotated[Finite | None, LEFT_OUT] = None

    def __post_init__(self) -> None:
        if not self.starts:
            raise ValueError("the run was never started")

    @property
    def finished(self) -> bool:
        """Whether it took all the iterations it was to take."""
        return self.iterations >= self.settings["iterations"]


@dataclass(frozen=True)
class Training(Result):
    """The runs behind some weights, first to last: those of the checkpoint that each started from come before it."""

    CONTENT = "records of training runs"
    COMMAND = "python scripts/train.py"

    runs: tuple[Run, ...]

    @classmethod
    def of(cls, folder: Path) -> Self:
        """The runs behind the weights in `folder`, none where none were recorded. Raises as `read` does."""
        path = folder / TRAINING
        return cls.read(path) if path.exists() else cls(())

    @property
    def last(self) -> Run | None:
        """The run that made the weights; None where none was recorded."""
        return self.runs[-1] if self.runs else None
