"""A result as JSON: one frozen dataclass a kind, written and read by the same fields.

A field is a number, a text, a dataclass, or a tuple, mapping or `Literal` of these. Its key in the JSON is its name,
unless a `Key` says otherwise.
"""

import json
import math
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, ClassVar, Self

from segnode.errors import DataError
from segnode.provenance import provenance, short_revision, write_results


@dataclass(frozen=True)
class Check:
    """What a number must be, beside finite."""

    holds: Callable[[float], bool]
    wanted: str


_POSITIVE = Check(lambda number: number > 0, "above 0")
Positive = Annotated[float, _POSITIVE]
PositiveInt = Annotated[int, _POSITIVE]
Percent = Annotated[float, Check(lambda number: 0 <= number <= 100, "from 0 to 100")]


@dataclass(frozen=True)
class Key:
    """The key of a field in the JSON, where that is no name for Python, such as mIoU."""

    text: str


#: Of a field that the JSON leaves out where it is the default.
LEFT_OUT = "left out where it is the default"


@dataclass(frozen=True)
class Result:
    """A kind of result. CONTENT: what a file of it holds, in the plural. COMMAND: which writes it."""

    CONTENT: ClassVar[str]
    COMMAND: ClassVar[str]

    @classmethod
    def read(cls, path: Path) -> Self:
        """The result at `path`. Raises `DataError` where there is none, or one that lacks or misstates a field."""
        try:
            return _parse(cls, json.loads(path.read_bytes()), "it")
        except FileNotFoundError as error:
            raise DataError(f"There are no {cls.CONTENT} to read ({path.name}): run {cls.COMMAND}.") from error
        except OSError as error:
            raise DataError(
                f"{path.name} cannot be read ({error.strerror}): check its permissions, or write it again with"
                f" {cls.COMMAND}."
            ) from error
        except (ValueError, OverflowError, RecursionError) as error:
            raise DataError(
                f"{path.name} does not hold the {cls.CONTENT} ({error}): write it again with {cls.COMMAND}."
            ) from error

    @classmethod
    def from_json(cls, values: Any) -> Self:
        """The result that `to_json` gives as `values`. Raises `DataError` for any other."""
        try:
            return _parse(cls, values, "it")
        except ValueError as error:
            raise DataError(f"What was measured are no {cls.CONTENT} ({error}): measure again.") from error

    def to_json(self) -> dict[str, Any]:
        """Plain values, by their keys in the file."""
        return _plain(self)

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


def _parse(kind: Any, value: Any, where: str) -> Any:
    """`value` of a JSON as `kind`. where: what it is, for the `ValueError` where it is another."""
    if is_dataclass(kind):
        return _parse_fields(kind, value, where)
    outer = typing.get_origin(kind)
    return _PARSERS[outer](typing.get_args(kind), value, where) if outer else _parse_plain(kind, value, where)


def _parse_annotated(inner: tuple[Any, ...], value: Any, where: str) -> Any:
    found = _parse(inner[0], value, where)
    for check in inner[1:]:
        if isinstance(check, Check):
            _require(check.holds(found), where, check.wanted, value)
    return found


def _parse_union(inner: tuple[Any, ...], value: Any, where: str) -> Any:
    """Of a kind and None, or of several `Literal`."""
    if value is None and types.NoneType in inner:
        return None
    kinds = [each for each in inner if each is not types.NoneType]
    if len(kinds) == 1:
        return _parse(kinds[0], value, where)
    return _parse_literal(tuple(each for kind in kinds for each in typing.get_args(kind)), value, where)


def _parse_literal(inner: tuple[Any, ...], value: Any, where: str) -> Any:
    _require(value in inner, where, f"one of {', '.join(map(repr, inner))}", value)
    return value


def _parse_tuple(inner: tuple[Any, ...], value: Any, where: str) -> tuple[Any, ...]:
    _require(isinstance(value, list | tuple), where, "a list", value)
    kinds = inner[:1] * len(value) if inner[-1] is ... else inner
    _require(len(value) == len(kinds), where, f"a list of {len(kinds)}", value)
    return tuple(_parse(kind, each, f"{where}[{at}]") for at, (kind, each) in enumerate(zip(kinds, value, strict=True)))


def _parse_mapping(inner: tuple[Any, ...], value: Any, where: str) -> Mapping[str, Any]:
    _require(isinstance(value, dict), where, "an object", value)
    return {str(key): _parse(inner[1], each, f"{where}[{key!r}]") for key, each in value.items()}


_PARSERS: dict[Any, Callable[[tuple[Any, ...], Any, str], Any]] = {
    Annotated: _parse_annotated,
    types.UnionType: _parse_union,
    typing.Union: _parse_union,
    typing.Literal: _parse_literal,
    tuple: _parse_tuple,
    Mapping: _parse_mapping,
}


def _parse_fields(kind: Any, value: Any, where: str) -> Any:
    _require(isinstance(value, dict), where, "an object", value)
    found, known = {}, _fields(kind)
    if unknown := set(value) - {each.key for each in known}:
        raise ValueError(f"{where} has a field that is not known, {min(unknown)!r}")
    for each in known:
        if each.key in value:
            inside = each.key if where == "it" else f"{where}.{each.key}"
            found[each.name] = _parse(each.kind, value[each.key], inside)
        elif each.default is MISSING:
            raise ValueError(f"{where} lacks {each.key!r}")
    return kind(**found)


def _parse_plain(kind: Any, value: Any, where: str) -> Any:
    if kind is Any:
        return value
    accepted = int | float if kind is float else kind
    fits = isinstance(value, accepted) and (kind is bool or not isinstance(value, bool))
    _require(fits, where, {float: "a number", int: "an integer", str: "a text", bool: "true or false"}[kind], value)
    _require(kind in (str, bool) or math.isfinite(value), where, "finite", value)
    return float(value) if kind is float else value


def _require(holds: bool, where: str, wanted: str, value: Any) -> None:
    if not holds:
        raise ValueError(f"{where} must be {wanted}, not {str(value)[:40]}")


def _plain(value: Any) -> Any:
    """Dataclasses as dictionaries and tuples as lists, all the way down."""
    if is_dataclass(value):
        pairs = ((each, getattr(value, each.name)) for each in _fields(type(value)))
        return {each.key: _plain(held) for each, held in pairs if not (each.left_out and held == each.default)}
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value


@dataclass(frozen=True)
class _Field:
    name: str
    key: str
    kind: Any
    default: Any
    left_out: bool


@cache
def _fields(kind: Any) -> tuple[_Field, ...]:
    kinds = typing.get_type_hints(kind, include_extras=True)
    found = []
    for each in fields(kind):
        about = getattr(kinds[each.name], "__metadata__", ())
        key = next((part.text for part in about if isinstance(part, Key)), each.name)
        found.append(_Field(each.name, key, kinds[each.name], each.default, LEFT_OUT in about))
    return tuple(found)
