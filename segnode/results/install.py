"""What the README's first command takes: what `scripts/install.py` writes."""

from dataclasses import dataclass

from segnode.results.schema import PositiveInt, Provenance, Result


@dataclass(frozen=True)
class Install(Result):
    """Time of one installation, and the disk space of the environment it made."""

    CONTENT = "measurements of the installation"
    COMMAND = "python scripts/install.py"

    provenance: Provenance
    seconds: PositiveInt
    bytes: PositiveInt
