"""Provenance: where a number comes from, written beside every result of a script."""

import json
import os
import platform
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

import torch

from segnode.disk import atomic_write

_PACKAGES = ("torch", "torchdiffeq", "numpy", "pillow", "kornia", "torchmetrics")


def provenance(seed: int | None = None) -> dict[str, Any]:
    """The command, code revision, versions, hardware, thread count and seed of this process."""
    return {
        "command": " ".join(["python", *sys.argv]),
        "revision": _revision(),
        "versions": {"python": platform.python_version(), **{name: metadata.version(name) for name in _PACKAGES}},
        "hardware": _hardware(),
        "threads": torch.get_num_threads(),
        "seed": seed,
    }


def short_revision(revision: str) -> str:
    """A recorded revision in short, for display."""
    commit, _, changed = revision.partition("-")
    return f"{commit[:10]}, with changes not yet committed" if changed else commit[:10]


def write_results(path: Path, results: dict[str, Any]) -> None:
    """`results` as JSON at `path`, in one step, making its folder if need be.

    Bytes that Python took from a path or a command line without knowing their letters are written as they were.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(results, indent=2, default=str, ensure_ascii=False) + "\n"
    atomic_write(path, text.encode("utf-8", "surrogateescape").decode("utf-8", "replace").encode())


def _revision() -> str:
    """The commit of the code, with `-changed` where tracked code differs from it; `unknown` outside a checkout."""
    code = Path(__file__).parent
    try:
        commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=code, capture_output=True, text=True, check=True)
        measured_by = ("segnode", "app", "scripts", ":!scripts/results")
        changed = subprocess.run(["git", "diff", "--quiet", "HEAD", "--", *measured_by], cwd=code.parent, check=False)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return commit.stdout.strip() + ("-changed" if changed.returncode else "")


def _hardware() -> str:
    if torch.cuda.is_available():
        return f"{torch.cuda.get_device_name()} x {torch.cuda.device_count()}"
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{names[0] if names else platform.machine()}, {os.cpu_count()} cores"
