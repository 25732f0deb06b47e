"""Results that scripts wrote, for the page: read once, and again where a file is replaced."""

from pathlib import Path
from typing import TypeVar

import streamlit as st

from segnode.results.schema import Result

Kind = TypeVar("Kind", bound=Result)

#: Where the scripts write.
FOLDER = Path(__file__).parents[2] / "scripts" / "results"


def load(kind: type[Kind], name: str) -> Kind:
    """The result in the file `name` of `FOLDER`, from memory while the file stays as it is. Raises `DataError`."""
    path = FOLDER / name
    stamp = path.stat().st_mtime_ns if path.exists() else 0
    return _read(path, stamp, kind)


@st.cache_resource(max_entries=32, show_spinner=False)
def _read(path: Path, stamp: int, _kind: type[Kind]) -> Kind:  # noqa: ARG001 - the stamp tells a replaced file apart
    return _kind.read(path)
