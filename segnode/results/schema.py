"""A result on disk: a frozen dataclass as JSON, and back, checked by pydantic."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, TypeAdapter, ValidationError

from segnode.errors import DataError
from segnode.provenance import provenance, short_revision, write_results

#: A number that is one: neither infinite nor not a number.
Finite = Annotated[float, Field(allow_inf_nan=False)]
Positive = Annotated[float, Field(allow_inf_nan=False, gt=0)]
PositiveInt = Annotated[int, Field(gt=0)]
#: From 0 to 100.
Percent = Annotated[float, Field(allow_inf_nan=False, ge=0, le=100)]
#: Of a field that the JSON leaves out where it is None, False or empty, its default.
LEFT_OUT = Field(exclude_if=lambda value: not value)


@dataclass(frozen=True)
class Result:
    """A kind of result. CONTENT: what a file of it holds, in the plural. COMMAND: that writes it."""

    CONTENT: ClassVar[str]
    COMMAND: ClassVar[str]

    @classmethod
    def read(cls, path: Path) -> Self:
        """The result at `path`. Raises `DataError` where the file is missing or holds another."""
        try:
            return _adapter(cls).validate_json(path.read_bytes(), strict=True, extra="forbid")
        except FileNotFoundError as error:
            raise DataError(f"There are no {cls.CONTENT} to show ({path.name}): run {cls.COMMAND}.") from error
        except OSError as error:
            raise DataError(
                f"{path.name} could not be read ({error.strerror}): check the disk and the permissions."
            ) from error
        except ValidationError as error:
            raise DataError(
                f"{path.name} does not hold the {cls.CONTENT} ({_first(error)}): write it again with {cls.COMMAND}."
            ) from error

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """The result that `to_json` gives as `values`. Raises `DataError` for any other."""
        try:
            return _adapter(cls).validate_json(json.dumps(values), strict=True, extra="forbid")
        except ValidationError as error:
            raise DataError(f"What was measured are no {cls.CONTENT} ({_first(error)}): measure again.") from error

    def to_json(self) -> dict[str, Any]:
        """Plain values, by their keys in the file."""
        return _adapter(type(self)).dump_python(self, mode="json", by_alias=True)

    def write(self, path: Path) -> None:
        """Write it at `path`, whole or not at all. Raises `OSError`."""
        write_results(path, self.to_json())


@dataclass(frozen=True)
class Provenance:
    """Where a result comes from; see `segnode.provenance`. chromium, streamlit: versions, where a page was measured."""

    command: str
    revision: str
    versions: Mapping[str, str]
    hardware: str
    threads: int
    seed: int | None
    chromium: Annotated[str | None, LEFT_OUT] = None
    streamlit: Annotated[str | None, LEFT_OUT] = None

    @classmethod
    def here(cls, seed: int | None = None) -> Self:
        """Of this process."""
        return cls(**provenance(seed))

    @property
    def origin(self) -> str:
        """Command, revision and machine, for people."""
        return f"{self.command}; revision {short_revision(self.revision)}; {self.hardware}"


def _first(error: ValidationError) -> str:
    """The first thing that is wrong, and where."""
    first = error.errors()[0]
    return f"{'.'.join(map(str, first['loc'])) or 'the file'}: {first['msg'].removeprefix('Value error, ')}"


@cache
def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
