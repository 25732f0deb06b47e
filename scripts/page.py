"""Measure the page in Chromium, served by the real command: drag latency, traffic, loading time and server memory.

python scripts/page.py --out scripts/results/page.json

Takes two to three minutes on two cores that do nothing else.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import tyro
from playwright.sync_api import Browser, sync_playwright
from probe import PATIENCE_MS, WINDOW, drag, message, opening
from serving import CHROMIUM, FLAGS, Served, serving

from app.components.scrubber.component import payload
from app.solving import networks, pictures
from app.solving.packing import packed
from app.solving.runs import Run
from app.solving.store import SHARED_BYTES, Solved
from segnode import SolverConfig
from segnode.command import launch
from segnode.disk import refuse_unwritable
from segnode.provenance import provenance
from segnode.results.page import Page

SOLVERS = {
    "midpoint-4": "",
    "rk4-4": "solver=rk4",
    "midpoint-16": "steps=16",
    "dopri5-1e-3": "solver=dopri5",
}
#: The first of the scenes that memory is looked at with: none that was shown before.
MEMORY_SEED = 200_000


@dataclass(frozen=True)
class Settings:
    """Command-line settings; the comments are the help texts."""

    # The JSON written.
    out: Path = Path("scripts/results/page.json")
    # Movements of a drag.
    drags: int = 240
    # How many times slower the second drag's processor is.
    throttle: int = 4
    # Openings of the page, for a median.
    openings: int = 3
    # Solves of different scenes after which memory is looked at, in five portions.
    runs: int = 50
    # Seed of the scene shown.
    seed: int = 100_003


def main(settings: Settings) -> None:
    """Measure, print, write."""
    if CHROMIUM is None:
        sys.exit("There is no Chromium to open the page in: install chromium.")
    refuse_unwritable(settings.out)
    with ExitStack() as stack:
        chromium = stack.enter_context(sync_playwright()).chromium
        browser = stack.enter_context(chromium.launch(executable_path=CHROMIUM, args=list(FLAGS)))
        output = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "output"
        began = time.perf_counter()
        server = stack.enter_context(serving(output))
        healthy = time.perf_counter()
        cold = opening(browser, server.url)
        drawn = time.perf_counter()
        results = {
            "provenance": provenance(settings.seed)
            | {"chromium": browser.version, "streamlit": metadata.version("streamlit")},
            "picture": "480 x 360",
            "opening": {
                "cold_ms": cold | {"server": 1000 * (healthy - began), "server_to_drawn": 1000 * (drawn - began)},
                "warm_ms": _median_of([opening(browser, server.url) for _ in range(settings.openings)]),
                "warm_new_scene_ms": _median_of(
                    [
                        opening(browser, f"{server.url}?seed={settings.seed + 1 + turn}")
                        for turn in range(settings.openings)
                    ]
                ),
            },
            "drag": {
                show: {
                    name: drag(browser, f"{server.url}?show={show}", settings.drags, rate)
                    for name, rate in (("full_speed", 1), (f"throttled_{settings.throttle}", settings.throttle))
                }
                for show in ("labels", "confidence", "decided")
            },
            "payload": {name: message(browser, f"{server.url}?{words}") for name, words in SOLVERS.items()},
            "building": building(settings.seed),
            "memory": memory(browser, server, settings.runs),
        }
    Page.from_json(results).write(settings.out)
    print(summary(results))


def building(seed: int, rounds: int = 9) -> dict[str, float]:
    """Milliseconds the server takes to pack a solve, once, and to build what it sends, at each rerun."""
    network = networks.loaded(networks.checkpoints()[0])
    picture, solver = pictures.scene(seed), SolverConfig("midpoint", 4)
    trajectory = network.predictor.trajectory(picture.image, 17, solver)
    solved = Solved(picture, network, Run.from_trajectory(trajectory, solver, picture.truth, network.classes))
    return {
        "packing_ms": _median(lambda: packed(trajectory.flow), rounds),
        "payload_ms": _median(lambda: payload(solved), rounds),
    }


def memory(browser: Browser, server: Served, runs: int) -> dict[str, Any]:
    """Resident memory of the server after each fifth of `runs` solves of different scenes in one session.

    With the most frames there are, so that the cache of runs is full after a third of them; the drawn scenes, 64 at
    most, are kept all along.
    """
    with browser.new_context(viewport=WINDOW) as context:
        page = context.new_page()
        page.goto(f"{server.url}?frames=65&seed={MEMORY_SEED}")
        resident = {}
        for run in range(1, runs + 1):
            picture = page.locator(f".over[aria-label*='{MEMORY_SEED + run - 1}']")
            picture.wait_for(timeout=PATIENCE_MS)
            if run % (runs // 5) == 0:
                resident[run] = _resident_mib(server.pid)
            page.get_by_role("button", name="Next scene").click()
    counts, sizes = np.array(list(resident)), np.array(list(resident.values()))
    late = slice(-3, None)
    return {
        "resident_mib": resident,
        "late_slope_mib_a_run": float(np.polyfit(counts[late], sizes[late], 1)[0]),
        "run_mib": 65 * 480 * 360 / 2**20,
        "shelf_cap_mib": SHARED_BYTES / 2**20,
        "scene_mib": 4 * 480 * 360 / 2**20,
        "scenes_cap": 64,
    }


def summary(results: dict[str, Any]) -> str:
    """What was found, for people."""
    lines = []
    for show, speeds in results["drag"].items():
        for name, speed in speeds.items():
            times = "; ".join(
                f"{key.removesuffix('_ms').replace('_', ' ')} {value['median']:.1f} ms, 95th {value['p95']:.1f}"
                for key, value in speed.items()
                if key.endswith("_ms")
            )
            during = speed["during"]
            lines.append(
                f"drag, {show}, {name}: {times}; {during['messages_sent']} messages, {during['requests']} requests"
            )
    for name, marks in results["opening"].items():
        lines.append(f"opening, {name}: " + ", ".join(f"{mark} {ms:.0f}" for mark, ms in marks.items()))
    for name, parts in results["payload"].items():
        lines.append(f"payload, {name}: " + ", ".join(f"{part} {count / 1000:.0f} kB" for part, count in parts.items()))
    lines.append("building: " + ", ".join(f"{name} {ms:.0f}" for name, ms in results["building"].items()))
    server = results["memory"]
    lines.append(
        "memory, MiB: "
        + ", ".join(f"{run} runs {mib:.0f}" for run, mib in server["resident_mib"].items())
        + f"; late slope {server['late_slope_mib_a_run']:.2f} a run"
    )
    return "\n".join(lines)


def _resident_mib(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def _median(run: Callable[[], object], rounds: int) -> float:
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        run()
        taken.append(1000 * (time.perf_counter() - began))
    return statistics.median(taken)


def _median_of(rounds: list[dict[str, float]]) -> dict[str, float]:
    return {name: statistics.median(each[name] for each in rounds) for name in rounds[0]}


if __name__ == "__main__":
    launch(lambda: main(tyro.cli(Settings, description=__doc__)))
