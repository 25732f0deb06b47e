"""Which network Automatic picks for pictures of each kind: what `scripts/automatic.py` writes."""

from collections.abc import Mapping
from dataclasses import dataclass

from segnode.results.schema import Finite, PositiveInt, Provenance, Result


@dataclass(frozen=True)
class Picks:
    """Pictures of one set. kind_of: the networks whose kind these are; none where they are strangers to one.

    picked: the share that each network is picked for. unfamiliar: the share that the page warns of under that network.
    """

    kind_of: tuple[str, ...]
    pictures: PositiveInt
    picked: Mapping[str, Finite]
    unfamiliar: Finite


@dataclass(frozen=True)
class Automatic(Result):
    """All of it. weights: SHA-256 of each network's, in hex. sets: by name."""

    CONTENT = "measurements of what Automatic picks"
    COMMAND = "python scripts/automatic.py"

    provenance: Provenance
    weights: Mapping[str, str]
    sets: Mapping[str, Picks]
