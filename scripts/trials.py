"""Choose training settings by short runs, each scored on a held-out drive and a held-out walk.

    python scripts/trials.py --camvid data/CamVid --labelme data/LabelMeFacade --out scripts/results/trials.json

Every trial has the same number of iterations and differs from the first in one setting. A drive of CamVid's training
split and a walk of LabelMeFacade's are held out, so that both validation splits stay unseen.
"""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import tyro

from segnode.command import launch
from segnode.disk import refuse_unwritable
from segnode.provenance import provenance, write_results
from segnode.train.config import MANY_SOLVERS, TrainConfig
from segnode.train.loop import Trainer

DRIVE, WALK = "0006R0", "05june05"


@dataclass(frozen=True)
class Settings:
    """Command-line settings; the comments are the help texts."""

    # Folder of CamVid.
    camvid: Path
    # Folder of LabelMeFacade.
    labelme: Path
    # The JSON written, after each trial.
    out: Path = Path("scripts/results/trials.json")
    # Where trials leave their weights.
    work: Path = Path("runs/trials")
    # Names of the trials to run; all when not given. Those in `out` already are left as they are.
    only: tuple[str, ...] = ()
    # Length of a trial.
    iterations: int = 250
    # Train in bfloat16.
    bfloat16: bool = True


def main(settings: Settings) -> None:
    """Run what is missing, write after each."""
    refuse_unwritable(settings.out)
    for name, changes in variants(settings).items():
        if name in read_trials(settings.out) or (settings.only and name not in settings.only):
            continue
        config = replace(first(settings), out=settings.work / name, **changes)
        (result,) = Trainer(config).run()
        entry = {"changes": {key: str(value) for key, value in changes.items()}, **result}
        # Read again: another process may have written its trial meanwhile.
        trials = read_trials(settings.out) | {name: entry}
        write_results(settings.out, {"provenance": provenance(config.seed), "first": str(config), "trials": trials})
    for name, trial in read_trials(settings.out).items():
        print(name, trial)


def read_trials(out: Path) -> dict[str, Any]:
    """The trials that `out` holds, by name."""
    return json.loads(out.read_text(encoding="utf-8"))["trials"] if out.exists() else {}


def first(settings: Settings) -> TrainConfig:
    """What every trial shares."""
    return TrainConfig(
        data=mix(settings, camvid=1, labelme=1.2, streets=0.6),
        validate=(
            f"camvid:{settings.camvid},split=train,only={DRIVE}",
            f"labelme-facade:{settings.labelme},split=train,only={WALK}",
            "streets:,seeds=200000-200019",
        ),
        out=settings.work,
        resume=True,
        solvers=MANY_SOLVERS,
        iterations=settings.iterations,
        validate_every=settings.iterations,
        save_every=settings.iterations,
        crop=(256, 256),
        warmup=40,
        average=0.98,
        precision="bfloat16" if settings.bfloat16 else "float32",
    )


def mix(settings: Settings, camvid: float, labelme: float, streets: float) -> tuple[str, ...]:
    """Training sets with their shares; a share of 0 leaves one out."""
    shares = {
        f"camvid:{settings.camvid},split=train,without={DRIVE},weight={camvid}": camvid,
        f"labelme-facade:{settings.labelme},split=train,without={WALK},weight={labelme}": labelme,
        f"streets:,seeds=0-299,weight={streets}": streets,
    }
    return tuple(text for text, share in shares.items() if share)


def variants(settings: Settings) -> dict[str, dict[str, Any]]:
    """One change each."""
    return {
        "first": {},
        "group-norm": {"layout": ("norm=group",)},
        "rate-5e-4": {"rate": 5e-4},
        "rate-5e-3": {"rate": 5e-3},
        "sgd-0.1": {"optimizer": "sgd", "rate": 0.1, "decay": 0.0},
        "crop-320": {"crop": (320, 320), "batch_size": 5},
        "no-streets": {"data": mix(settings, camvid=1, labelme=1.2, streets=0)},
        "no-balance": {"balance": 0.0},
    }


if __name__ == "__main__":
    launch(lambda: main(tyro.cli(Settings, description=__doc__)))
