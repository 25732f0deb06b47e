"""How far a training run is: what its state saves beside weights and settings."""

import math
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Progress:
    """What a run has done so far.

    done: iterations. seconds: spent on training. best: highest mean score of a validation, in percent. history: the
    validations. curve: iteration and loss, each time it was logged. starts: iteration and provenance of each start.
    """

    done: int = 0
    seconds: float = 0.0
    best: float = -math.inf
    history: list[dict[str, Any]] = field(default_factory=list)
    curve: list[tuple[int, float]] = field(default_factory=list)
    starts: list[dict[str, Any]] = field(default_factory=list)
