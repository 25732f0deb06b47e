"""Measure how long the README's first command installs, and how much disk space that takes.

python scripts/install.py
"""

import subprocess
import tempfile
import time
from pathlib import Path

from segnode.command import launch
from segnode.results.install import Install
from segnode.results.schema import Provenance

ROOT = Path(__file__).parents[1]
OUT = ROOT / "scripts" / "results" / "install.json"


def main() -> None:
    """Install into a new environment, once, with whatever pip has kept of earlier downloads."""
    with tempfile.TemporaryDirectory() as name:
        environment = Path(name) / "venv"
        began = time.monotonic()
        subprocess.run(["python3.11", "-m", "venv", str(environment)], check=True)
        subprocess.run([environment / "bin" / "pip", "install", "-q", "-r", "requirements.txt"], check=True, cwd=ROOT)
        seconds = time.monotonic() - began
        size = sum(path.lstat().st_size for path in environment.rglob("*"))
    Install(Provenance.here(), round(seconds), size).write(OUT)
    print(f"{seconds:.0f} s, {size / 1e9:.2f} GB")


if __name__ == "__main__":
    launch(main)
