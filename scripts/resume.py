"""Check that a killed and resumed run ends with the weights of an uninterrupted one, bit for bit.

    python scripts/resume.py --kills 20

Trains a small network once in peace, then once more with a SIGKILL at random moments and `--resume` after each, and
compares every tensor of both: weights, moving average, optimizer. Its network has batch normalization, dropout and
several solvers, its data two sets, so that whatever is drawn by chance is drawn. Writes scripts/results/resume.json.
"""

import hashlib
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import segnode.threads  # noqa: F401 - before torch

import numpy as np
import torch
import tyro

from segnode.checkpoint import WEIGHTS
from segnode.command import launch
from segnode.disk import refuse_unwritable
from segnode.results.resume import Kill, Resume, Sha256
from segnode.results.schema import Provenance
from segnode.train.state import load_state

TRAIN = Path(__file__).parent / "train.py"
RUN = (
    "--data streets:,seeds=0-5 streets:,seeds=10-13,weight=0.5 --validate streets:,seeds=20-20 --device cpu"
    " --layout widths=[8,8] stem_width=8 blocks=1 head=ocr --solvers euler-1 midpoint-1 heun-1 --gradient checkpoint"
    " --batch-size 2 --crop 48 48 --warmup 5 --log-every 5 --save-every 4 --validate-every 40"
)


@dataclass(frozen=True)
class Settings:
    """Command-line settings; the comments are the help texts."""

    # How often the run is killed.
    kills: int = 20
    # Length of the run; at least a few iterations a kill.
    iterations: int = 400
    # The JSON written.
    out: Path = Path("scripts/results/resume.json")
    # Of the moments of killing.
    seed: int = 0


def main(settings: Settings) -> None:
    """Run both, compare, write, and fail where a bit differs."""
    refuse_unwritable(settings.out)
    with TemporaryDirectory() as folder:
        peace, war = Path(folder) / "peace", Path(folder) / "war"
        began = time.monotonic()
        _start(peace, settings.iterations).wait()
        took = time.monotonic() - began
        training = float(_state(peace)["seconds"])
        kills = _killed_again_and_again(war, settings, startup=took - training, training=training)
        differing = differences(_state(peace), _state(war))
        results = Resume(
            provenance=Provenance.here(settings.seed),
            run=RUN,
            iterations=settings.iterations,
            seconds_undisturbed=round(took, 1),
            kills=tuple(kills),
            tensors=len(_tensors(_state(peace))),
            differing=tuple(differing),
            weights_sha256=Sha256(_sha256(peace), _sha256(war)),
        )
    results.write(settings.out)
    print(f"{len(kills)} kills, {results.tensors} tensors compared, {len(differing)} differ")
    sha256 = results.weights_sha256
    if len(kills) < settings.kills or differing or sha256.undisturbed != sha256.killed:
        sys.exit(f"Resuming is not proved: see {settings.out}.")


def _killed_again_and_again(out: Path, settings: Settings, startup: float, training: float) -> list[Kill]:
    """Train to the end, killed on the way. startup, training: seconds an undisturbed run takes
    before its steps and for them.

    Each time it may first save some more, however fast the machine is at that moment; then it is killed at random.
    """
    moments = np.random.default_rng(settings.seed)
    share = settings.iterations // (2 * settings.kills)  # half, so that there is a run left to kill
    kills: list[Kill] = []
    while len(kills) < settings.kills:
        resumed_at = _done(out)
        wanted = resumed_at + int(moments.integers(share + 1))
        longest = startup if wanted == resumed_at else training / settings.kills
        pause = float(moments.uniform(0, 0.5 * longest))
        began = time.monotonic()
        running = _start(out, settings.iterations)
        while _done(out) < wanted and running.poll() is None:
            time.sleep(0.02)
        try:
            running.wait(pause)
            break  # it came to its end first
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()
        kills.append(Kill(round(time.monotonic() - began, 2), resumed_at, _done(out)))
    _start(out, settings.iterations).wait()
    return kills


def _start(out: Path, iterations: int) -> subprocess.Popen[bytes]:
    words = [*RUN.split(), "--iterations", str(iterations), "--out", str(out), "--resume"]
    return subprocess.Popen([sys.executable, str(TRAIN), *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _done(out: Path) -> int:
    """Iterations that are safe on disk."""
    state = load_state(out)
    return int(state["done"]) if state else 0


def _state(out: Path) -> dict[str, Any]:
    state = load_state(out)
    if state is None:
        sys.exit(f"The run {out} left no state: start it by hand to see why.")
    return state


def _tensors(state: Any, path: str = "") -> dict[str, Any]:
    """Every tensor and number that further training depends on, by where it stands."""
    if isinstance(state, dict):
        inner = {key: value for key, value in state.items() if path or key in ("network", "average", "optimizer")}
    elif isinstance(state, list | tuple):
        inner = dict(enumerate(state))
    else:
        return {path: state}
    return {name: leaf for key, value in inner.items() for name, leaf in _tensors(value, f"{path}/{key}").items()}


def differences(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """Names of what is not the same to the bit."""
    left, right = _tensors(one), _tensors(other)
    return sorted({name for name in left.keys() | right.keys() if not _same(left.get(name), right.get(name))})


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, torch.Tensor) and isinstance(other, torch.Tensor):
        return one.dtype == other.dtype and torch.equal(one, other)
    return one == other


def _sha256(out: Path) -> str:
    return hashlib.sha256((out / "model" / WEIGHTS).read_bytes()).hexdigest()


if __name__ == "__main__":
    launch(lambda: main(tyro.cli(Settings, description=__doc__)))
