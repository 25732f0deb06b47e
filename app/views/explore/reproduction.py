"""How a run can be made again: the name of its files, its record as JSON, and a Python script.

None of them holds text that a person typed, or the name of a person's file.
"""

import hashlib
import json
import re
from dataclasses import fields
from functools import cache
from importlib import metadata
from typing import Any

from app.solving.pictures import Picture
from app.solving.store import Solved
from app.solving.wording import tolerance
from segnode import SolverConfig
from segnode.provenance import provenance

_SCRIPT = '''"""A run of SegNode Explorer, made again: start it in the folder of the project, at commit {revision}."""

{imports}

{picture}
model = SegNode.from_pretrained({model})
solver = SolverConfig({solver})
trajectory = Predictor(model).trajectory(image, {frames}, solver, until={end} * model.until)
labels = trajectory.labels  # frames x rows x columns: the number of a class in model.classes.names
print(f"{{trajectory.nfe}} evaluations of f, labels {{labels.shape}}, t = 0 to {{trajectory.times[-1]:g}}")
'''
_FILE = """path = Path({path}){note}
image = open_upload(path.read_bytes(), path.name)
"""


def stem(shown: Solved) -> str:
    """What files of a run are called: by picture, model, solver, its steps or tolerance, and T."""
    picture, network, solver = shown.picture, shown.network, shown.run.solver
    scene = picture.stem if picture.shared else f"{picture.stem}-{_sha256(picture)[:8]}"
    model = "-".join(filter(None, [network.name, network.commit and network.commit[:7]]))
    effort = f"-{tolerance(solver)}" if solver.adaptive else ""
    parts = (scene, model, f"{solver.name}{effort}", f"{shown.end:g}T")
    return "_".join(re.sub(r"[^A-Za-z0-9.-]+", "-", part.replace("_", "-")) for part in parts)


def record(shown: Solved) -> dict[str, Any]:
    """A run's provenance and measurements, for JSON. Errors in percent, sizes in pixels."""
    picture, network, run = shown.picture, shown.network, shown.run
    source = network.predictor.model.source
    end = {"error_against_truth": None if run.to_truth is None else round(float(run.to_truth[-1]), 3)}
    return {
        "app": {"name": "SegNode Explorer", "version": metadata.version("segnode"), **_code()},
        "picture": {
            "name": picture.stem.removeprefix("segnode-"),
            "seed": picture.seed,
            "rows": picture.image.shape[0],
            "columns": picture.image.shape[1],
            "sha256": _sha256(picture),
        },
        "model": {
            "name": network.name,
            "commit": network.commit,
            "weights_sha256": source and source.sha256,
            "parameters": network.parameters,
            "T": network.predictor.model.until,
        },
        "solver": _settings(run.solver),
        "T": float(f"{shown.end:g}"),
        "frames": len(run.times),
        "measured": {
            "evaluations": run.nfe,
            "seconds": round(run.seconds, 4),
            "step_times": run.step_times.tolist(),
            "refused": list(run.refused),
            "mean_confidence": round(float(run.confidence[-1]), 5),
            **end,
        },
    }


def script(shown: Solved) -> str:
    """Python that makes the run again, started in the project's folder; a person's own picture must lie there, too."""
    picture, source = shown.picture, shown.network.predictor.model.source
    standard, imports = [], ["from segnode import Predictor, SegNode, SolverConfig"]
    if picture.seed is not None:
        imports.append("from segnode.streets import render_street")
        lines = f"image = render_street({picture.seed}).image\n"
    else:
        standard.append("from pathlib import Path")
        imports.append("from segnode.data.uploads import open_upload")
        kept = f"app/photographs/{picture.key.partition(' ')[2]}.webp" if picture.shared else "your-picture.png"
        lines = _FILE.format(path=json.dumps(kept), note="" if picture.shared else "  # your file")
        rows, columns = picture.image.shape[:2]
        if (rows, columns) != picture.sent:
            standard += ["", "import numpy as np", "from PIL import Image"]
            lines += f"image = np.asarray(Image.fromarray(image).resize({(columns, rows)}, Image.Resampling.LANCZOS))\n"
    folder = f"checkpoints/{shown.network.name}"
    model = json.dumps(folder)
    if source and source.commit:
        model = f"{json.dumps(source.name)}, revision={json.dumps(source.commit)}"
    solver = ", ".join(f"{name}={json.dumps(value)}" for name, value in _settings(shown.run.solver).items())
    return _SCRIPT.format(
        revision=_code()["revision"],
        imports="\n".join([*standard, *([""] if standard else []), *imports]),
        picture=lines.rstrip(),
        model=model,
        solver=solver,
        frames=len(shown.run.times),
        end=f"{shown.end:g}",
    )


@cache
def _code() -> dict[str, Any]:
    """The code's commit and the versions of what it runs on."""
    whole = provenance()
    return {name: whole[name] for name in ("revision", "versions", "hardware", "threads")}


def _settings(solver: SolverConfig) -> dict[str, Any]:
    """The method, and the settings that it uses: steps, or tolerances."""
    used = ("method", "rtol", "atol", "max_evaluations") if solver.adaptive else ("method", "steps")
    return {field.name: getattr(solver, field.name) for field in fields(solver) if field.name in used}


def _sha256(picture: Picture) -> str:
    """SHA-256, in hex, of the pixels that were segmented: rows x columns x 3 bytes, in that order."""
    return hashlib.sha256(picture.image.tobytes()).hexdigest()
