"""What a person sees of a script: results, or one sentence."""

import errno
import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from segnode.command import launch, with_home
from segnode.data.classes import CAMVID
from segnode.errors import CheckpointError
from segnode.model.baseline import Baseline
from tests.data.layouts import write_camvid

SCRIPTS = sorted(
    path
    for path in (Path(__file__).parents[1] / "scripts").glob("*.py")
    if "\ndef main(" in path.read_text(encoding="utf-8") or "__main__" in path.read_text(encoding="utf-8")
)


def failing(error: Exception) -> Callable[[], None]:
    def main() -> None:
        raise error

    return main


def test_what_cannot_be_is_one_sentence() -> None:
    with pytest.raises(SystemExit) as ended:
        launch(failing(CheckpointError("No weights: give some.")))
    assert ended.value.code == "No weights: give some."  # which Python prints, with the status 1


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), "A file could not be read or written (No space left"),
        (PermissionError(errno.EACCES, "Permission denied", "there"), "there could not be read or written (Permission"),
    ],
)
def test_a_disk_that_refuses_is_one_sentence(error: OSError, said: str) -> None:
    with pytest.raises(SystemExit) as ended:
        launch(failing(error))
    assert str(ended.value.code).startswith(said)


def test_a_mistake_of_ours_is_not_hidden() -> None:
    with pytest.raises(KeyError):
        launch(failing(KeyError("ours")))


def test_a_terminal_that_knows_few_letters_gets_escapes(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.BytesIO()
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="ascii", write_through=True))
        launch(lambda: sys.stdout.write("für\n"))
        assert written.getvalue() == b"f\\xfcr\n"


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_every_script_is_started_so(script: Path) -> None:
    text = script.read_text(encoding="utf-8")
    assert "    launch(" in text[text.index("__main__") :]


@pytest.mark.parametrize(
    "environment",
    [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}],
    ids=["output in ASCII", "names in ASCII"],
)
def test_evaluate_works_in_a_folder_whose_letters_the_terminal_does_not_know(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    place = tmp_path / "für"
    torch.manual_seed(0)
    Baseline(CAMVID, (8, 8), 8, modules=1, blocks=1).save_pretrained(place / "ä")
    root = write_camvid(place / "CamVid", "val")
    done = subprocess.run(
        [sys.executable, "scripts/evaluate.py", place / "ä", "--data", f"camvid:{root},split=val"],
        env={**os.environ, **environment},
        cwd=SCRIPTS[0].parents[1],
        capture_output=True,
        check=False,
    )
    assert (done.returncode, b"Traceback" in done.stderr) == (0, False), done.stderr
    assert (place / "ä" / "evaluation.json").is_file()
    assert b": mIoU" in done.stdout


def test_a_home_folder_is_meant_wherever_a_path_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/someone")
    words = ["~/x", "--out=~/x", "folder:~/x,split=train", "camvid:~,split=val", "a~b", "x/~/y", "--rate=1"]
    home = "/home/someone"
    wanted = [f"{home}/x", f"--out={home}/x", f"folder:{home}/x,split=train", f"camvid:{home},split=val", *words[4:]]
    assert [with_home(word) for word in words] == wanted
    monkeypatch.setattr(sys, "argv", ["script", words[1]])
    seen: list[str] = []
    launch(lambda: seen.extend(sys.argv))
    assert seen == ["script", wanted[1]]
