"""A result on disk: any frozen dataclass as JSON, and back, checked."""

from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import Field, TypeAdapter, ValidationError

from segnode.errors import DataError
from segnode.provenance import write_results

Result = TypeVar("Result")

#: A number that is one: neither infinite nor not a number.
Finite = Annotated[float, Field(allow_inf_nan=False)]
Positive = Annotated[float, Field(allow_inf_nan=False, gt=0)]
#: From 0 to 100.
Percent = Annotated[float, Field(allow_inf_nan=False, ge=0, le=100)]


def read(path: Path, kind: type[Result], what: str, command: str) -> Result:
    """The `kind` that the JSON at `path` holds.

    what: it is, in the plural. command: that writes it. Raises `DataError` where the file is missing or holds another.
    """
    try:
        return TypeAdapter(kind).validate_json(path.read_bytes())
    except FileNotFoundError as error:
        raise DataError(f"There are no {what} to show ({path.name}): run {command}.") from error
    except OSError as error:
        raise DataError(
            f"{path.name} could not be read ({error.strerror}): check the disk and the permissions."
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        raise DataError(
            f"{path.name} does not hold the {what} ({place}: {first['msg']}): write it again with {command}."
        ) from error


def write(path: Path, result: Any) -> None:
    """`result`, a dataclass, as JSON at `path`, whole or not at all."""
    write_results(path, TypeAdapter(type(result)).dump_python(result, mode="json"))
