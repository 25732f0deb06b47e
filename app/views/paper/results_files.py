"""JSON that a script wrote, for the page: read once, checked, and where it cannot be shown one sentence says why."""

import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import streamlit as st

from segnode.errors import DataError
from segnode.provenance import short_revision

Shown = TypeVar("Shown")

#: Where the scripts write.
FOLDER = Path(__file__).parents[3] / "scripts" / "results"


def load(path: Path, parse: Callable[[dict[str, Any]], Shown], what: str, command: str) -> Shown:
    """What `parse` makes of the JSON at `path`, from memory while the file stays as it is.

    what: the file holds, in the plural. command: that writes it. Raises `DataError` where the file is missing or
    `parse` cannot read it.
    """
    try:
        stamp = path.stat().st_mtime_ns
    except OSError as error:
        raise DataError(f"There are no {what} to show ({path.name}): run {command}.") from error
    return _read(path, stamp, parse, what, command)


@st.cache_resource(max_entries=8, show_spinner=False)
def _read(path: Path, stamp: int, _parse: Callable[[dict[str, Any]], Any], what: str, command: str) -> Any:  # noqa: ARG001 - the stamp tells a replaced file apart
    try:
        return _parse(json.loads(path.read_bytes()))
    except (OSError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError) as error:
        raise DataError(
            f"{path.name} does not hold the {what} ({type(error).__name__}: {error}): write it again with {command}."
        ) from error


def number(value: Any) -> float:
    """A finite number. Raises `ValueError` for any other."""
    if isinstance(value, bool) or not math.isfinite(found := float(value)):
        raise ValueError("it holds a number that is none")
    return found


def positive(value: Any) -> float:
    """A number above zero. Raises `ValueError` for any other."""
    if (found := number(value)) <= 0:
        raise ValueError("it holds a measure that is not above zero")
    return found


def percent(value: Any) -> float:
    """A number from 0 to 100. Raises `ValueError` for any other."""
    if not 0 <= (found := number(value)) <= 100:
        raise ValueError("it holds a share that is not within 0 and 100")
    return found


def origin(held: Mapping[str, Any]) -> str:
    """Command, revision and machine behind a result, as plain text."""
    return f"{held['command']}; revision {short_revision(str(held['revision']))}; {held['hardware']}"
