"""How well unfamiliar pictures are told from usual ones: what `scripts/familiarity.py` writes beside the weights."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from segnode.results.schema import LEFT_OUT, Finite, Positive, PositiveInt, Provenance, Result


@dataclass(frozen=True)
class Sets:
    """Names of the data sets, by their use."""

    training: tuple[str, ...]
    held_out: tuple[str, ...]
    check: tuple[str, ...]
    strangers: tuple[str, ...]


@dataclass(frozen=True)
class Threshold:
    """The distance from which a picture is unfamiliar, and the share of usual pictures below it."""

    quantile: Positive
    distance: Positive


@dataclass(frozen=True)
class Judged:
    """Pictures of one set. unfamiliar: the share that is warned of. distance: percentiles."""

    pictures: PositiveInt
    unfamiliar: Finite
    distance: Mapping[str, Finite]


@dataclass(frozen=True)
class Auroc:
    """How well each measure alone separates a set from the held-out pictures: 0.5 is chance."""

    distance: Finite
    confidence: Finite
    entropy: Finite


@dataclass(frozen=True)
class Compared(Judged):
    """Pictures of one set, held against the held-out ones. files: names, of a folder's."""

    auroc: Auroc
    files: Annotated[str, LEFT_OUT] = ""


@dataclass(frozen=True)
class FamiliarityResult(Result):
    """All of it. training, held_out, check, strangers: by the name of the set. held_out_of: what those are held out of,
    in words."""

    CONTENT = "measurements of familiarity"
    COMMAND = "python scripts/familiarity.py"

    provenance: Provenance
    weights_sha256: str | None
    sets: Sets
    held_out_of: str
    threshold: Threshold
    training: Mapping[str, Judged]
    held_out: Mapping[str, Judged]
    check: Mapping[str, Compared]
    strangers: Mapping[str, Compared]
