"""Write the results in README.md from the committed JSON.

python scripts/readme.py
"""

import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
CHECKPOINT = ROOT / "checkpoints" / "segnode-streets"
BENCH = ROOT / "scripts" / "results" / "bench.json"
BEGIN, END = "<!-- results: written by scripts/readme.py -->\n", "<!-- end of results -->"


def main() -> None:
    """Replace what stands between the two marks."""
    readme = ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")
    if BEGIN not in text or END not in text:
        sys.exit("README.md has lost the marks its results stand between: restore them.")
    before, _, rest = text.partition(BEGIN)
    readme.write_text(before + BEGIN + results() + END + rest.partition(END)[2], encoding="utf-8")


def results() -> str:
    """The tables, as Markdown."""
    return f"{_scores(_read(CHECKPOINT / 'evaluation.json'))}\n{_speed(_read(BENCH))}\n"


def _scores(evaluation: dict[str, Any]) -> str:
    rows = [
        f"| {name} | {found['pictures']} | {found['mIoU'][0]:.1f} | {found['mIoU'][-1]:.1f}"
        f" | {found['agreement'][0]:.1f} |"
        for name, found in evaluation["sets"].items()
    ]
    solvers = ", ".join(f"{name} {score:.1f}" for name, score in evaluation["solvers"]["mIoU"].items())
    orders = ", ".join(f"{m['method']} {m['order']:.1f}" for m in evaluation["convergence"]["methods"])
    return "\n".join(
        [
            "`checkpoints/segnode-streets`, dataset-level mIoU in percent at 480x360, single scale, no flips:",
            "",
            "| set | pictures | at t = 0 | at T | agreement of t = 0 with T |",
            "|---|---|---|---|---|",
            *rows,
            "",
            f"Is it an ODE? Under other solvers, on {evaluation['solvers']['set']}: {solvers}. Observed order of the"
            f" state's error: {orders}. {_source(evaluation, 'checkpoints/segnode-streets/evaluation.json')}",
            "",
        ]
    )


def _speed(bench: dict[str, Any]) -> str:
    frames = [
        f"| 17 frames, {name} | {found['frames_17_ms']:.0f} ms"
        f" | {found['frames_17_to_last_frame']:.2f} x one frame at T;"
        f" solving again for each: {found['solve_again_to_frames_17']:.1f} x |"
        for name, found in bench["frames"].items()
    ]
    loops = [
        f"| solve, {name} | {found['ours_ms']:.0f} ms | torchdiffeq takes {found['torchdiffeq_best_to_ours']:.2f} x |"
        for name, found in bench["loop"].items()
    ]
    gradients = [
        f"| gradient, {name} | {found['ms']:.0f} ms | {found['time_to_backprop']:.2f} x the time and"
        f" {found['peak_to_backprop']:.2f} x the peak memory of backprop ({found['peak_mib']:.0f} MiB);"
        f" relative error {found['error']:.0e} |"
        for name, found in bench["gradients"].items()
    ]
    return "\n".join(
        [
            f"Speed and memory, {bench['picture']}, one picture:",
            "",
            "| what | time | next to |",
            "|---|---|---|",
            *frames,
            *loops,
            *gradients,
            "",
            f"Gradients are those of midpoint-4 in training mode. {_source(bench, 'scripts/results/bench.json')}",
            "",
        ]
    )


def _source(results_: dict[str, Any], path: str) -> str:
    where = results_["provenance"]
    commit, _, changed = where["revision"].partition("-")
    revision = f"{commit[:10]}, with changes not yet committed" if changed else commit[:10]
    return f"Source: `{path}` ({where['hardware']}, {where['threads']} threads, revision {revision})."


def _read(path: Path) -> dict[str, Any]:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        sys.exit(f"{path.relative_to(ROOT)} is not there: run the script that writes it first.")


if __name__ == "__main__":
    main()
