"""Measure solve times under different OpenMP settings, on idle and on busy cores.

python scripts/threads.py --out scripts/results/threads.json
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch  # before segnode, which would change the settings: only the environment may here
import tyro

from segnode import Predictor, SegNode, SolverConfig
from segnode.command import launch
from segnode.results.schema import Provenance
from segnode.results.threads import Solves, Threads
from segnode.streets import render_street

#: Environment of OpenMP; torch's wheels contain GNU's (libgomp), which does not know KMP_BLOCKTIME.
ENVIRONMENTS: dict[str, dict[str, str]] = {
    "two threads that spin": {"OMP_WAIT_POLICY": "ACTIVE"},
    "as libgomp has it": {},
    "two threads that sleep": {"OMP_WAIT_POLICY": "PASSIVE"},
    "two threads that do not spin": {"GOMP_SPINCOUNT": "0"},
    "one thread": {"OMP_NUM_THREADS": "1"},
}
_OURS = ("OMP_NUM_THREADS", "OMP_WAIT_POLICY", "GOMP_SPINCOUNT")
_BUSY = "while True: pass"


@dataclass(frozen=True)
class Settings:
    """Command-line settings; the comments are the help texts."""

    # Folder of the network that solves.
    checkpoint: Path = Path("checkpoints/segnode-streets")
    # The JSON written.
    out: Path = Path("scripts/results/threads.json")
    # Numbers of other busy processes.
    busy: tuple[int, ...] = (0, 2)
    # Solves for a median, after one that is not counted.
    solves: int = 3
    # Measure in this process, as it was started, and print seconds.
    alone: bool = False


def main(settings: Settings) -> None:
    """Measure each way in a process of its own, then print and write."""
    if settings.alone:
        print(json.dumps({"threads": torch.get_num_threads(), "each": seconds(settings)}))
        return
    measured: dict[str, dict[str, Solves]] = {name: {} for name in ENVIRONMENTS}
    for busy in settings.busy:
        with others(busy):
            for name, variables in ENVIRONMENTS.items():
                measured[name][f"{busy} busy processes more"] = measure(variables, settings)
    Threads(
        provenance=Provenance.here(),
        cores=os.cpu_count() or 1,
        solve="midpoint-4 of one street, 17 frames; median seconds, and all",
        environments=ENVIRONMENTS,
        seconds=measured,
    ).write(settings.out)
    print(settings.out.read_text(encoding="utf-8"))


def measure(variables: dict[str, str], settings: Settings) -> Solves:
    """Seconds of solves in a process with `variables` added to its environment."""
    environment = {key: value for key, value in os.environ.items() if key not in _OURS} | variables
    command = [sys.executable, __file__, "--alone", "--checkpoint", str(settings.checkpoint)]
    answer = subprocess.run(
        [*command, "--solves", str(settings.solves)], env=environment, capture_output=True, text=True, check=True
    )
    printed = json.loads(answer.stdout)
    each = tuple(round(one, 2) for one in printed["each"])
    return Solves(printed["threads"], statistics.median(each), each, load=round(os.getloadavg()[0], 1))


def seconds(settings: Settings) -> list[float]:
    """Of each solve in this process."""
    predictor, picture = Predictor(SegNode.from_pretrained(settings.checkpoint)), render_street(100_003).image
    predictor.trajectory(picture, 17, SolverConfig())
    each = []
    for _ in range(settings.solves):
        began = time.perf_counter()
        predictor.trajectory(picture, 17, SolverConfig())
        each.append(time.perf_counter() - began)
    return each


@contextmanager
def others(count: int) -> Generator[None]:
    """So many processes that do nothing but keep a core busy, while inside."""
    running = [subprocess.Popen([sys.executable, "-c", _BUSY]) for _ in range(count)]
    try:
        yield
    finally:
        for process in running:
            process.kill()
            process.wait()


if __name__ == "__main__":
    launch(lambda: main(tyro.cli(Settings, description=__doc__)))
