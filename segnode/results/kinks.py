"""How far the kinks of f hold a solver's order back: what `scripts/kinks.py` writes."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from segnode.analysis.convergence import Convergence
from segnode.config import SolverConfig
from segnode.results.schema import Provenance, Result


@dataclass(frozen=True)
class Kinks(Result):
    """Convergence of each method with f as it is, and with softplus in place of its ReLU. pictures: indices of
    `data`."""

    CONTENT = "orders with and without kinks"
    COMMAND = "python scripts/kinks.py"

    provenance: Provenance
    weights_sha256: str | None
    data: Annotated[str, Field(alias="set")]
    pictures: tuple[int, ...]
    reference: SolverConfig
    relu: tuple[Convergence, ...]
    softplus: tuple[Convergence, ...]
