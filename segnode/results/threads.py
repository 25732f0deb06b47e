"""Solve times by how OpenMP's threads wait for each other: what `scripts/threads.py` writes."""

from collections.abc import Mapping
from dataclasses import dataclass

from segnode.results.schema import Finite, Positive, PositiveInt, Provenance, Result


@dataclass(frozen=True)
class Solves:
    """Seconds of each solve and their median. threads: of the process. load: of the machine, the mean of a minute."""

    threads: PositiveInt
    median: Positive
    each: tuple[Positive, ...]
    load: Finite


@dataclass(frozen=True)
class Threads(Result):
    """All of it. solve: what was solved, in words. environments: variables by the name of the setting. seconds: by
    setting, then by how many other processes were busy."""

    CONTENT = "solve times by OpenMP setting"
    COMMAND = "python scripts/threads.py"

    provenance: Provenance
    cores: PositiveInt
    solve: str
    environments: Mapping[str, Mapping[str, str]]
    seconds: Mapping[str, Mapping[str, Solves]]
