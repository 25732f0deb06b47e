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
"""

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from segnode.errors import ConfigError
from segnode.train.config import TrainConfig

#: Whose choice a setting is: the sections of a recipe.
SOURCES = ("paper", "hrnet", "chosen")
_WORDS = ("title", "row", "table", "expect", "cost")


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
    """The recipe at `path`. Raises `ConfigError` for a file that is none, naming what is wrong with it."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        known = ", ".join(sorted(file.stem for file in path.parent.glob("*.toml")))
        raise ConfigError(f"There is no recipe {path.stem}: choose one of {known}.") from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"The recipe {path} cannot be read ({error}): mend it.") from error
    if missing := [name for name in _WORDS if not isinstance(told.get(name), str)]:
        raise ConfigError(f"The recipe {path} does not tell its {missing[0]}: add it as text.")
    if strange := set(told) - {*_WORDS, *SOURCES, "evaluation"}:
        raise ConfigError(f"The recipe {path} has an entry {min(strange)!r} that no recipe has: drop it.")
    settings, source = _settings(path, told)
    return Recipe(
        name=path.stem,
        **{name: told[name] for name in _WORDS},
        config=_made(path, TrainConfig, {"out": Path("runs") / path.stem, **settings}),
        source=source,
        evaluation=_plain(told.get("evaluation", {})),
    )


def _settings(path: Path, told: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """The settings of a run, and whose choice each is."""
    settings: dict[str, Any] = {}
    source: dict[str, str] = {}
    for section in SOURCES:
        for name, value in told.get(section, {}).items():
            if name in source:
                raise ConfigError(f"The recipe {path} has {name} twice, of {source[name]} and {section}: keep one.")
            settings[name], source[name] = value, section
    settings = _plain(settings)
    for name in ("init", "public", "out"):
        if name in settings:
            settings[name] = Path(settings[name])
    return settings, source


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """Lists as the tuples that dataclasses hold."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}


def _made(path: Path, kind: type[Any], values: dict[str, Any]) -> Any:
    if strange := set(values) - {field.name for field in fields(kind)}:
        raise ConfigError(f"The recipe {path} sets {min(strange)!r}, which a {kind.__name__} does not have: drop it.")
    try:
        return kind(**values)
    except (TypeError, ConfigError) as error:
        raise ConfigError(f"The recipe {path} is not right: {error}") from error
