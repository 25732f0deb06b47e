"""OpenMP's threads are set to sleep while they wait before torch is loaded, by whatever loads it first."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from segnode.results.threads import Threads

ROOT = Path(__file__).parents[1]
#: Put before everything else: notes what OpenMP would read when torch is first asked for, and ends there.
WATCH = """
import os, sys
class Watch:
    def find_spec(self, name, path=None, target=None):
        if name == "torch":
            print("WAITS", os.environ.get("OMP_WAIT_POLICY"), flush=True)
            os._exit(0)
sys.meta_path.insert(0, Watch())
"""
SCRIPTS = sorted(path.name for path in (ROOT / "scripts").glob("*.py") if path.name != "threads.py")


def wait_policy(tmp_path: Path, *words: str, **environment: str) -> str:
    """OpenMP's wait policy when a Python that runs `words` first asks for torch; empty where it never does."""
    (tmp_path / "sitecustomize.py").write_text(WATCH)
    clean = {key: value for key, value in os.environ.items() if key != "OMP_WAIT_POLICY"}
    clean |= {"PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])} | environment
    done = subprocess.run([sys.executable, *words], cwd=ROOT, env=clean, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.rpartition("WAITS ")[2].strip() if "WAITS" in done.stdout else ""


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_script_sets_it_before_torch(tmp_path: Path, script: str) -> None:
    assert wait_policy(tmp_path, f"scripts/{script}", "--help") in ("PASSIVE", "")


@pytest.mark.parametrize("module", ["segnode", "segnode.predict", "app.main"])
def test_library_and_page_set_it_before_torch(tmp_path: Path, module: str) -> None:
    assert wait_policy(tmp_path, "-c", f"import {module}") == "PASSIVE"


def test_what_was_set_stays(tmp_path: Path) -> None:
    assert wait_policy(tmp_path, "-c", "import segnode", OMP_WAIT_POLICY="ACTIVE") == "ACTIVE"


def test_what_is_said_of_sleeping_threads_is_what_was_measured() -> None:
    measured = Threads.read(ROOT / "scripts" / "results" / "threads.json").seconds
    idle, busy = (
        {name: solves[f"{count} busy processes more"].median for name, solves in measured.items()} for count in (0, 2)
    )
    assert idle["two threads that spin"] < idle["two threads that sleep"]
    assert busy["two threads that sleep"] <= 0.5 * busy["two threads that spin"]
    assert idle["one thread"] <= idle["two threads that sleep"]
