"""Short trials of the recipes' optimizer settings: what `scripts/stability.py` writes."""

from collections.abc import Mapping
from dataclasses import dataclass

from segnode.results.schema import Finite, PositiveInt, Provenance, Result


@dataclass(frozen=True)
class Outcome:
    """How a trial went.

    steps: how many were made. not_finite: the first whose loss, gradient or weights were not finite, which ended it.
    first_loss, last_loss: means of ten steps. What was not finite itself is None.
    """

    steps: PositiveInt
    not_finite: PositiveInt | None
    first_loss: Finite | None
    last_loss: Finite | None
    highest_loss: Finite | None
    highest_gradient_norm: Finite | None
    highest_rate: Finite | None
    seconds: int


@dataclass(frozen=True, kw_only=True)
class Trial(Outcome):
    """The settings of a trial, named as in `TrainConfig`, and its outcome. recipe: whose settings they are."""

    recipe: str
    network: str
    layout: tuple[str, ...]
    batch_size: PositiveInt
    crop: tuple[int, int]
    solvers: tuple[str, ...]
    gradient: str
    optimizer: str
    rate: Finite
    warmup: int
    clip: Finite
    decay: Finite
    average: Finite
    precision: str


@dataclass(frozen=True)
class Stability(Result):
    """All trials by name, on pictures of `data`."""

    CONTENT = "trials of optimizer settings"
    COMMAND = "python scripts/stability.py"

    provenance: Provenance
    data: str
    trials: Mapping[str, Trial]
