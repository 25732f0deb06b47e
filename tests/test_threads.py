"""OpenMP's threads are told how to wait before torch is loaded, by whatever loads it first."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
#: Put before everything else: notes what OpenMP would be told when torch is first asked for, and ends there.
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


def told(tmp_path: Path, *words: str, **environment: str) -> str:
    """What a Python that runs `words` has told OpenMP when it first asks for torch; empty where it never does."""
    (tmp_path / "sitecustomize.py").write_text(WATCH)
    clean = {key: value for key, value in os.environ.items() if key != "OMP_WAIT_POLICY"}
    clean |= {"PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])} | environment
    done = subprocess.run([sys.executable, *words], cwd=ROOT, env=clean, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.rpartition("WAITS ")[2].strip() if "WAITS" in done.stdout else ""


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_script_is_told_before_torch(tmp_path: Path, script: str) -> None:
    assert told(tmp_path, f"scripts/{script}", "--help") in ("PASSIVE", "")


@pytest.mark.parametrize("module", ["segnode", "segnode.predict", "app.main"])
def test_library_and_page_are_told_before_torch(tmp_path: Path, module: str) -> None:
    assert told(tmp_path, "-c", f"import {module}") == "PASSIVE"


def test_what_was_set_stays(tmp_path: Path) -> None:
    assert told(tmp_path, "-c", "import segnode", OMP_WAIT_POLICY="ACTIVE") == "ACTIVE"
