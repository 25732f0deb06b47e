"""How weights came about: `training.json` beside them, one entry a run, and what a card tells of it."""

import json
import re
from pathlib import Path
from typing import Any

from segnode.checkpoint import EVALUATION
from segnode.disk import atomic_write
from segnode.errors import CheckpointError
from segnode.ode import TABLEAUS
from segnode.train.config import TrainConfig

TRAINING = "training.json"
#: In the name of a data set: how often it is drawn from, not what it is.
_WEIGHT = re.compile(r"(?<!\\),weight=[^,]*")


def write_record(config: TrainConfig, name: str, run: dict[str, Any]) -> None:
    """Write `run` beside the weights `name` of `config.out`, behind the runs of the weights it began with."""
    write_runs(config.out / name, [*(read_record(config.init) if config.init else []), run])


def write_runs(folder: Path, runs: list[dict[str, Any]]) -> None:
    """Write `runs`, first to last, beside the weights in `folder`."""
    text = json.dumps({"runs": runs}, indent=1, default=str) + "\n"
    atomic_write(folder / TRAINING, text.encode())


def read_record(folder: Path) -> list[dict[str, Any]]:
    """The runs behind the weights in `folder`, first to last; none where none were recorded.

    Raises `CheckpointError` for a record that cannot be read.
    """
    return (_read(folder / TRAINING) or {"runs": []})["runs"]


def facts(folder: Path) -> dict[str, Any]:
    """What the card of the weights in `folder` tells of their training and of how they did (`segnode.hub.Facts`)."""
    runs = read_record(folder)
    evaluation = _read(folder / EVALUATION)
    told: dict[str, Any] = {"results": _results(evaluation) if evaluation else {}}
    if runs:
        last = runs[-1]["starts"][-1]
        told |= {
            "data": [f"{name} ({count} pictures)" for name, count in _pictures(runs).items()],
            "command": "\n".join(run["starts"][-1]["command"] for run in runs),
            "revision": last["revision"],
            "hardware": last["hardware"],
            "seconds": sum(run["seconds"] for run in runs),
        }
    return told


def _pictures(runs: list[dict[str, Any]]) -> dict[str, int]:
    """The pictures of each data set that any of `runs` was trained on: what the first learned, the last starts from."""
    return {_WEIGHT.sub("", name): count for run in runs for name, count in run["data"].items()}


def _results(evaluation: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for name, found in evaluation.get("scores", {}).items():
        for measure in ("mIoU", "pixel_accuracy", "mean_accuracy"):
            told[f"{measure.replace('_', ' ')} on {name}{_how(evaluation)}"] = found[measure]
    for name, found in evaluation["sets"].items():
        told[f"mIoU on {name}, at 480x360 pixels at most"] = found["mIoU"][-1]
        told[f"mIoU on {name}, the same at t = 0"] = found["mIoU"][0]
        told[f"agreement with the final answer on {name} at t = 0"] = found["agreement"][0]
    for solver, score in evaluation.get("solvers", {}).get("mIoU", {}).items():
        told[f"mIoU on {evaluation['solvers']['set']} under {solver}"] = score
    for method in evaluation.get("convergence", {}).get("methods", []):
        errors = ", ".join(f"{error:.1e} at {n}" for n, error in zip(method["steps"], method["errors"], strict=True))
        told[f"relative error of the state under {method['method']}, by steps"] = errors
        held = ", held to about 2 by the kinks of f's ReLU" if TABLEAUS[method["method"]].order > 2 else ""
        told[f"observed order of {method['method']}{held}"] = method["order"]
    told |= {f"{what}: not measured": why for what, why in evaluation.get("failed", {}).items()}
    return told


def _how(evaluation: dict[str, Any]) -> str:
    """What was done to the pictures beside looking at them once."""
    inference = evaluation["inference"]
    scales = inference["scales"]
    said = [f"at scales {', '.join(map(str, scales))}"] if list(scales) != [1.0] else []
    said += [f"at {' x '.join(map(str, inference['size']))}"] if inference["size"] else []
    said += ["with flips"] if inference["flip"] else []
    said += ["in windows"] if inference["window"] else []
    return f" {' '.join(said)}" if said else ""


def _read(path: Path) -> dict[str, Any] | None:
    if not path.exists():
        return None
    try:
        return json.loads(path.read_bytes())
    except ValueError as error:
        raise CheckpointError(f"{path} is not valid JSON: restore it, or delete it to go without.") from error
