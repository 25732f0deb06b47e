"""Check the recipes' optimizer settings: 300 steps of each family of networks, in float32 and bfloat16.

    python scripts/stability.py --data camvid:data/CamVid,split=train

Each trial takes the settings of the recipe it names and a small form of everything else, which one core runs in about
a minute: narrow streams, small crops and batches, untrained weights. For ImageNet, parts of the pictures of `data` get
1,000 labels at random. The rate follows the recipe's schedule, so these are the first steps of the full run: with a
warm-up of 500 they reach 0.6 of the highest rate. SegNode's recipes with SGD are tried with a warm-up of 100 as well,
which reaches all of it, and without warm-up and clipping. Trials that the JSON holds already are not run again.
"""

import math
import tempfile
import time
from dataclasses import asdict, dataclass, replace
from itertools import islice
from pathlib import Path
from statistics import fmean
from typing import Any

import segnode.threads  # noqa: F401 - before torch

import numpy as np
import tyro
from accelerate.state import AcceleratorState
from PIL import Image
from train import RECIPES

from segnode.command import launch
from segnode.disk import refuse_unwritable
from segnode.results.schema import Provenance
from segnode.results.stability import Outcome, Stability, Trial
from segnode.train.config import TrainConfig
from segnode.train.loop import Trainer
from segnode.train.recipe import read_recipe
from segnode.train.sources import open_source

_SEGNODE = ("widths=[8,16,32,64]", "stem_width=12")
_MIDPOINT = 'solver={"method": "midpoint", "steps": 2}'
#: Narrow layouts, by the recipe: one a family.
LAYOUTS: dict[str, tuple[str, ...]] = {
    "imagenet-segnode": _SEGNODE,
    "camvid-segnode": _SEGNODE,
    "camvid-segnode-ocr": _SEGNODE,
    "imagenet-baseline": _SEGNODE,
    "camvid-baseline": _SEGNODE,
    "camvid-hrnetv2": ("width=6", "stem=8"),
    "camvid-unode": ("width=8", _MIDPOINT),
    "camvid-nodes-unet": ("width=6", _MIDPOINT),
}
SEGNODE = ("imagenet-segnode", "camvid-segnode", "camvid-segnode-ocr")
#: What SegNode's recipes are tried with as well, in float32.
MORE: dict[str, dict[str, Any]] = {
    "warm-up of 100": {"warmup": 100},
    "without warm-up and clipping": {"warmup": 0, "clip": 1e9},
}
_LABELS = 1000
#: Settings of a trial written to the JSON beside its result.
_FORM = (
    *("network", "layout", "batch_size", "crop", "solvers", "gradient", "optimizer", "rate", "warmup", "clip", "decay"),
    *("average", "precision"),
)


@dataclass(frozen=True)
class Settings:
    """Command-line settings; the comments are the help texts."""

    # The data set whose pictures are trained on, as `segnode.train.sources` names it.
    data: str = "streets:,seeds=0-99"
    # The JSON written, after each trial.
    out: Path = Path("scripts/results/stability.json")
    # Recipes to try; all families when not given.
    only: tuple[str, ...] = ()
    # Steps of a trial.
    iterations: int = 300
    # Pictures a step.
    batch_size: int = 4
    # Rows and columns of each.
    crop: int = 64


def main(settings: Settings) -> None:
    """Run what is missing, write after each."""
    refuse_unwritable(settings.out)
    for name, (recipe, changes) in variants().items():
        if name in read_trials(settings.out) or (settings.only and recipe not in settings.only):
            continue
        with tempfile.TemporaryDirectory() as work:
            config = small(settings, recipe, Path(work), changes)
            form = {field: getattr(config, field) for field in _FORM}
            outcome = run_trial(config, settings.iterations)
        trials = read_trials(settings.out) | {name: Trial(recipe=recipe, **form, **asdict(outcome))}
        Stability(Provenance.here(config.seed), settings.data, trials).write(settings.out)
        print(name, outcome)


def read_trials(out: Path) -> dict[str, Trial]:
    """The trials that `out` holds, by name."""
    return dict(Stability.read(out).trials) if out.exists() else {}


def variants() -> dict[str, tuple[str, dict[str, Any]]]:
    """The trials by name: the recipe, and what differs from it."""
    trials: dict[str, tuple[str, dict[str, Any]]] = {}
    for recipe in LAYOUTS:
        for precision in ("float32", "bfloat16"):
            trials[f"{recipe}, {precision}"] = (recipe, {"precision": precision})
        if recipe in SEGNODE:
            for words, changes in MORE.items():
                trials[f"{recipe}, float32, {words}"] = (recipe, {"precision": "float32", **changes})
    return trials


def small(settings: Settings, recipe: str, work: Path, changes: dict[str, Any]) -> TrainConfig:
    """The run of `recipe` in its small form, in the folder `work`."""
    config = read_recipe(RECIPES / f"{recipe}.toml").config
    data = settings.data
    if config.data[0].startswith("imagenet:"):
        write_randomly_labelled(settings, work / "pictures")
        data = f"imagenet:{work / 'pictures'},split=train"
    return replace(
        config,
        layout=LAYOUTS[recipe],
        data=(data,),
        validate=(),
        init=None,
        public=None,
        out=work / "run",
        batch_size=settings.batch_size,
        accumulate=1,
        crop=(settings.crop, settings.crop),
        resize=(),
        class_weights=(),
        workers=1,
        device="cpu",
        **changes,
    )


def write_randomly_labelled(settings: Settings, folder: Path) -> None:
    """A part of a picture for each of 1,000 classes, in ImageNet's layout."""
    dataset = open_source(settings.data).dataset
    draws = np.random.default_rng(0)
    side = 2 * settings.crop
    for label in range(_LABELS):
        image = dataset[int(draws.integers(len(dataset)))][0]
        top, left = (int(draws.integers(max(1, length - side))) for length in image.shape[:2])
        place = folder / "train" / f"n{label:08d}"
        place.mkdir(parents=True)
        Image.fromarray(image[top : top + side, left : left + side]).save(place / "picture.JPEG")


def run_trial(config: TrainConfig, steps: int) -> Outcome:
    """How the first `steps` of a run go."""
    AcceleratorState._reset_state(reset_partial_state=True)  # a process keeps its precision for good
    trainer = Trainer(config)
    losses: list[float] = []
    norms: list[float] = []
    rate, not_finite, began = 0.0, None, time.monotonic()
    for images, labels in islice(trainer.batches(), steps):
        rate = max(rate, trainer.set_rate())
        losses.append(trainer.step(images, labels).item())
        norms.append(trainer.gradient_norm.item())
        trainer.progress.done += 1
        if not (math.isfinite(losses[-1] + norms[-1]) and finite(trainer)):
            not_finite = trainer.progress.done
            break
    return Outcome(
        steps=trainer.progress.done,
        not_finite=not_finite,
        first_loss=rounded(fmean(losses[:10])),
        last_loss=rounded(fmean(losses[-10:])),
        highest_loss=rounded(max(losses)),
        highest_gradient_norm=rounded(max(norms)),
        highest_rate=rounded(rate),
        seconds=round(time.monotonic() - began),
    )


def finite(trainer: Trainer) -> bool:
    """Whether all weights and running statistics are finite."""
    return all(bool(tensor.isfinite().all()) for tensor in trainer.network.state_dict().values())


def rounded(value: float) -> float | None:
    """Four digits of `value`; none where it is not finite, which JSON cannot hold."""
    return float(f"{value:.4g}") if math.isfinite(value) else None


if __name__ == "__main__":
    launch(lambda: main(tyro.cli(Settings, description=__doc__)))
