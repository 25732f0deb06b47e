"""Training recipes: every setting of a run, with whose choice it is.

A recipe is a TOML file that stands alone:

    title = "SegNode on CamVid"
    table = "CamVid"                 # the column of the paper's Table 1; row: its row
    row = "SegNode"
    expect = "what to expect, and whose figure it is"
    cost = "memory and time, and whether measured"

    [paper]                          # settings the paper states
    rate = 0.1
    [hrnet]                          # those of HRNet's public configuration, where the paper says nothing
    crop = [512, 1024]
    [chosen]                         # the rest that is not `TrainConfig`'s default
    data = ["camvid:data/CamVid,split=train"]
    [evaluation]                     # how the result is scored: options of scripts/evaluate.py
    data = ["camvid:data/CamVid,split=test"]
    predictions = "answers"          # a folder in that of the run
"""

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from segnode.errors import ConfigError
from segnode.train.config import TrainConfig

#: Whose choice a setting is: the sections of a recipe.
SOURCES = ("paper", "hrnet", "chosen")
_TEXTS = ("title", "row", "table", "expect", "cost")

_Settings = TypeVar("_Settings")


@dataclass(frozen=True)
class Recipe:
    """name: of the file. row, table: its place in the paper's Table 1. expect, cost: what to expect of it.
    config: the run. source: whose choice each setting is; one that is not there is `TrainConfig`'s default.
    evaluation: options of scripts/evaluate.py, none where nothing is evaluated."""

    name: str
    title: str
    row: str
    table: str
    expect: str
    cost: str
    config: TrainConfig
    source: dict[str, str]
    evaluation: dict[str, Any]


def read_recipe(path: Path) -> Recipe:
    """The recipe at `path`. Raises `ConfigError` for an invalid file, naming what is wrong with it."""
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        known = ", ".join(sorted(file.stem for file in path.parent.glob("*.toml")))
        raise ConfigError(f"There is no recipe {path.stem}: choose one of {known}.") from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"The recipe {path} cannot be read ({error}): correct it.") from error
    if missing := [name for name in _TEXTS if not isinstance(entries.get(name), str)]:
        raise ConfigError(f"The recipe {path} does not say its {missing[0]}: add it as text.")
    if unknown := set(entries) - {*_TEXTS, *SOURCES, "evaluation"}:
        raise ConfigError(f"The recipe {path} has an entry {min(unknown)!r} that no recipe has: drop it.")
    settings, source = _settings(path, entries)
    return Recipe(
        name=path.stem,
        **{name: entries[name] for name in _TEXTS},
        config=build_settings(f"The recipe {path}", TrainConfig, {"out": str(Path("runs") / path.stem), **settings}),
        source=source,
        evaluation=_section(path, entries, "evaluation"),
    )


def build_settings(where: str, kind: type[_Settings], values: dict[str, Any]) -> _Settings:
    """A dataclass `kind` built from a recipe's `values`, texts as paths where the field is a path.

    where: what holds them, for messages. Raises `ConfigError` for an unknown name, and for a value of the wrong type.
    """
    if unknown := set(values) - {field.name for field in fields(kind)}:  # ty: ignore[invalid-argument-type]
        raise ConfigError(f"{where} sets the unknown setting {min(unknown)!r}: drop it, or correct its name.")
    hints = get_type_hints(kind)
    try:
        return kind(**{name: _convert(name, value, hints[name]) for name, value in values.items()})
    except (TypeError, ConfigError) as error:
        raise ConfigError(f"{where} is not right: {error}") from error


def _settings(path: Path, entries: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """The settings of a run, and whose choice each is."""
    settings: dict[str, Any] = {}
    source: dict[str, str] = {}
    for section in SOURCES:
        for name, value in _section(path, entries, section).items():
            if name in source:
                raise ConfigError(f"The recipe {path} has {name} twice, of {source[name]} and {section}: keep one.")
            settings[name], source[name] = value, section
    return settings, source


def _section(path: Path, entries: dict[str, Any], name: str) -> dict[str, Any]:
    """The entries of a section, lists as the tuples that dataclasses hold."""
    values = entries.get(name, {})
    if not isinstance(values, dict):
        raise ConfigError(f"The recipe {path} has {name} as a value: make it a section, [{name}].")
    return {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}


def _convert(name: str, value: Any, hint: Any) -> Any:
    """`value` as the type `hint` of a field. Raises `ConfigError` where it cannot be that."""
    kinds = get_args(hint) if isinstance(hint, UnionType) else (hint,)
    if isinstance(value, str) and Path in kinds:
        return Path(value)
    if isinstance(value, int) and not isinstance(value, bool) and float in kinds:
        return float(value)
    if not any(_has_type(value, kind) for kind in kinds):
        words = " or ".join(_type_name(kind) for kind in kinds if kind is not NoneType)
        raise ConfigError(f"{name} must be {words}, not {value!r}.")
    return value


def _has_type(value: Any, kind: Any) -> bool:
    parts = get_args(kind)
    if get_origin(kind) is Literal:
        return value in parts
    if get_origin(kind) is not tuple:
        return isinstance(value, kind) and isinstance(value, bool) == (kind is bool)
    if not isinstance(value, tuple):
        return False
    types = parts[:1] * len(value) if parts[-1] is Ellipsis else parts
    return len(value) == len(types) and all(
        _has_type(one, each) or (each is float and _has_type(one, int)) for one, each in zip(value, types, strict=True)
    )


def _type_name(kind: Any) -> str:
    """The type in plain words, for a message."""
    parts = get_args(kind)
    if get_origin(kind) is Literal:
        return " or ".join(map(repr, parts))
    if get_origin(kind) is tuple:
        name = {str: "texts", int: "whole numbers", float: "numbers"}[parts[0]]
        return f"a list of {name}" if parts[-1] is Ellipsis else f"a list of {len(parts)} {name}"
    return {str: "text", int: "a whole number", float: "a number", bool: "true or false", Path: "a path"}[kind]
