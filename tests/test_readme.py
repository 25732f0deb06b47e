"""The READMEs keep their promises: their commands run, their numbers are those that were measured."""

import re
import shlex
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import tyro

from segnode.results.install import Install
from segnode.results.kinks import Kinks
from segnode.results.training_speed import TrainingSpeed
from tests.data.layouts import write_camvid
from tests.scripts.loading import SCRIPTS, load

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
OF_SCRIPTS = (SCRIPTS / "README.md").read_text(encoding="utf-8")
PAGE = SCRIPTS / "results" / "README.md"


def commands(text: str, language: str = "sh") -> list[str]:
    """The blocks of code of one language."""
    return re.findall(rf"```{language}\n(.*?)\n```", text, re.DOTALL)


def test_ci_runs_the_readmes_test_command() -> None:
    tests = [command for command in commands(README) if "pytest" in command]
    assert len(tests) == 1
    assert tests[0] in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_the_python_runs_and_prints_what_its_comments_say(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (code,) = commands(README, "python")
    assert len([line for line in code.splitlines() if line]) <= 11
    monkeypatch.chdir(ROOT)
    exec(compile(code, "README.md", "exec"), {})
    printed = capsys.readouterr().out.splitlines()
    assert printed[:2] == ["(17, 360, 480) uint8", "16 evaluations of f, however many frames"]
    start, end = map(int, re.findall(r"(\d+)%", printed[2]))
    assert start < 60 < 85 < end


@pytest.mark.parametrize("text", [README, OF_SCRIPTS], ids=["README.md", "scripts/README.md"])
@pytest.mark.usefixtures("fresh_group")
def test_a_run_of_ones_own_is_trained_and_evaluated(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (block,) = [block for block in commands(text) if "evaluate.py" in block]
    *trained, evaluated = [shlex.split(line) for line in block.splitlines()]
    monkeypatch.chdir(tmp_path)
    for split in ("train", "val"):
        write_camvid(tmp_path / "data" / "CamVid", split)
    train, evaluate = load("train"), load("evaluate")
    for words in trained:
        config, recipe = train.parse_args(words[words.index("scripts/train.py") + 1 :])
        if recipe is None:  # a recipe is trained in tests of recipes, at their size
            train.main(replace(config, iterations=1, batch_size=2, crop=(64, 64), device="cpu"), None)
    assert evaluated[:2] == ["python", "scripts/evaluate.py"]
    settings = tyro.cli(evaluate.Settings, args=evaluated[2:])
    evaluate.main(replace(settings, solver_checks=False))
    assert (settings.checkpoint / "evaluation.json").is_file()


def test_results_are_those_of_the_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(SCRIPTS), *sys.path])
    script = load("readme")
    assert script.BEGIN + script.summary() + script.END in README
    assert PAGE.read_text(encoding="utf-8") == script.results()


def test_installing_takes_what_was_measured() -> None:
    measured = Install.read(SCRIPTS / "results" / "install.json")
    minutes, size = measured.seconds / 60, measured.bytes / 1e9
    assert f"about {minutes:.1f} minutes and {size:.1f} GB" in README.replace("\n", " ")


def test_what_the_results_say_of_kinks_is_what_was_measured() -> None:
    measured = Kinks.read(SCRIPTS / "results" / "kinks.json")
    kinked, smooth = ({m.method: m.order for m in methods} for methods in (measured.relu, measured.softplus))
    assert kinked["rk4"] < 2.7
    assert smooth["rk4"] > 3.5


def test_what_is_said_of_training_on_a_processor_is_what_was_measured() -> None:
    measured = TrainingSpeed.read(SCRIPTS / "results" / "training_speed.json")
    assert "more than twice the pictures in the same time at equal scores" in OF_SCRIPTS.replace("\n", " ")
    assert measured.times_as_fast > 2
    assert all(measured.after.mean_iou[data] >= score for data, score in measured.before.mean_iou.items())


def test_every_file_it_names_is_there() -> None:
    named = re.findall(r"`((?:app|segnode|scripts|checkpoints|tests)/[\w/.]*)`", README)
    assert len(named) > 12
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_script_is_listed_with_what_its_first_line_says() -> None:
    listed = dict(re.findall(r"\| `(\w+)\.py` \| (.*) \|", OF_SCRIPTS))
    for name, words in listed.items():
        first = (SCRIPTS / f"{name}.py").read_text(encoding="utf-8").splitlines()[0]
        assert first.removeprefix("r").strip('"') == words, name
    commands_of_files = {path.stem for path in SCRIPTS.glob("*.py") if "__main__" in path.read_text(encoding="utf-8")}
    assert commands_of_files - {"train"} == set(listed)


@pytest.mark.parametrize("path", [ROOT / "README.md", SCRIPTS / "README.md", PAGE], ids=str)
def test_what_it_links_and_shows_is_there(path: Path) -> None:
    for name in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
        assert "://" in name or (path.parent / name).exists(), name
