"""The README keeps its promises: its commands are those that are run, its numbers those that were measured."""

import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("readme", ROOT / "scripts" / "readme.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_ci_runs_the_readmes_test_command() -> None:
    commands = re.findall(r"```sh\n(.*?)\n```", README, re.DOTALL)
    tests = [command for command in commands if "pytest" in command]
    assert len(tests) == 1
    assert tests[0] in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_results_are_those_of_the_json(script: ModuleType) -> None:
    assert script.BEGIN + script.results() + script.END in README


def test_what_it_says_of_kinks_is_what_was_measured() -> None:
    measured = json.loads((ROOT / "scripts" / "results" / "kinks.json").read_text(encoding="utf-8"))
    kinked, smooth = ({m["method"]: m["order"] for m in measured[kind]} for kind in ("relu", "softplus"))
    assert kinked["rk4"] < 2.7
    assert smooth["rk4"] > 3.5


def test_every_file_it_names_is_there() -> None:
    table = README[README.index("## What is where") :]
    named = re.findall(r"`((?:app|segnode|scripts|checkpoints)/[\w/.]*)`", table)
    assert len(named) > 15
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_pictures_it_shows_are_there() -> None:
    for name in re.findall(r"!\[[^]]*\]\(([^)]+)\)", README):
        assert (ROOT / name).exists(), name
