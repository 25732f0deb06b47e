"""A training that was killed and resumed against one that was not: what `scripts/resume.py` writes."""

from dataclasses import dataclass

from segnode.results.schema import Finite, Positive, PositiveInt, Provenance, Result


@dataclass(frozen=True)
class Kill:
    """When a run was killed, the iteration it had resumed at, and the last it had saved."""

    after_seconds: Finite
    resumed_at: int
    saved: int


@dataclass(frozen=True)
class Sha256:
    """Of the weights of both runs."""

    undisturbed: str
    killed: str


@dataclass(frozen=True)
class Resume(Result):
    """All of it. tensors: how many were compared. differing: names of those that are not equal to the bit."""

    CONTENT = "outcomes of resuming"
    COMMAND = "python scripts/resume.py"

    provenance: Provenance
    run: str
    iterations: PositiveInt
    seconds_undisturbed: Positive
    kills: tuple[Kill, ...]
    tensors: PositiveInt
    differing: tuple[str, ...]
    weights_sha256: Sha256
