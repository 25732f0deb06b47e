"""Compare five networks at a size two cores can train, with controls, on equal terms: the paper's central claim.

    python scripts/compare.py speed     # seconds a step, all in turn, on a quiet machine: sets the iterations
    python scripts/compare.py search    # each network's optimizer and rate, judged on a drive held out of training
    python scripts/compare.py train     # each with what the search chose, on all of CamVid's training split
    python scripts/compare.py collect   # all of it as scripts/results/comparison.json

The terms are `BUDGET`: the same pictures, changes and batches for all, the same optimizer search (SegNode with one
module and with three takes SegNode's), and the same epochs, unless a network would take longer for them than the
minutes, which then end it. Minutes are turned into iterations by the speed measured first, so other work on the machine
costs nobody anything. `search` and `train` go on where they were stopped, and several processes may share the work by
--only and --seeds. The test split is never read.
"""

import math
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

import segnode.threads  # noqa: F401 - before torch

import torch
import tyro

from segnode.analysis.cost import SIZE, parameters, peak_in_testing, peak_in_training
from segnode.analysis.timing import medians
from segnode.command import launch
from segnode.data.classes import CAMVID
from segnode.disk import refuse_unwritable
from segnode.errors import ConfigError
from segnode.model.network import Network
from segnode.results import comparison as results
from segnode.results.comparison import Budget, Comparison, Searched, Setting, Speed
from segnode.results.schema import Provenance
from segnode.results.training import Run as TrainingRun
from segnode.results.training import Training
from segnode.train.config import TrainConfig
from segnode.train.loop import Trainer
from segnode.train.network import network_of
from segnode.train.sources import open_source
from segnode.train.speed import step_seconds

DRIVE = "0006R0"


@dataclass(frozen=True)
class Contestant:
    """A network of the comparison. title: for people. question: what it is there to answer; empty for the five of the
    paper."""

    title: str
    network: str
    layout: tuple[str, ...] = ()
    solvers: tuple[str, ...] = ()
    question: str = ""
    #: Whose optimizer and rate it takes, where it has no search of its own.
    settings_of: str = ""


BUDGET = Budget(
    epochs=40,
    minutes=24.0,
    search_epochs=6,
    search_minutes=3.6,
    batch_size=8,
    crop=(192, 192),
    scale=(0.5, 1.5),
    validations=4,
)
#: Folder below `--work`: runs from before the networks' streams lay over each other are beside it, and not collected.
ALIGNED = "aligned"
SETTINGS = {
    "adamw-1e-3": Setting("adamw", 1e-3, 0.02),
    "adamw-4e-3": Setting("adamw", 4e-3, 0.02),
    "sgd-0.1": Setting("sgd", 0.1, 0.0),
}
CONTESTANTS = {
    "segnode": Contestant("SegNode", "segnode-compact", (), ("midpoint-2",)),
    "baseline": Contestant("Baseline", "baseline-compact"),
    "hrnetv2": Contestant("HRNetV2", "hrnetv2-compact"),
    "unode": Contestant("U-Node", "unode-compact"),
    "nodes-unet": Contestant("NODEs-UNet", "nodes-unet-compact"),
    "tied": Contestant(
        "Tied residual",
        "baseline-compact",
        ("modules=8", "distinct=2"),
        question="What if it went four times as deep? The same two modules four times in turn, as a residual network"
        " with tied weights: the same f solved by Euler in four steps of length 1, to T = 4. It tells of the depth and"
        " its steps, not of what an ODE is worth.",
    ),
    "one-module": Contestant(
        "One module",
        "segnode-compact",
        ("modules=1",),
        ("midpoint-2",),
        "Does f need two modules? SegNode with one.",
        settings_of="segnode",
    ),
    "three-modules": Contestant(
        "Three modules",
        "segnode-compact",
        ("modules=3",),
        ("midpoint-2",),
        "Would three be better still?",
        settings_of="segnode",
    ),
}


@dataclass(frozen=True)
class Settings:
    """Command-line settings; the comments are the help texts."""

    # What to do: see above.
    stage: Annotated[Literal["speed", "search", "train", "collect"], tyro.conf.Positional]
    # Folder of CamVid.
    camvid: Path = Path("data/CamVid")
    # Where runs leave their weights.
    work: Path = Path("runs/comparison")
    # The JSON that `collect` writes.
    out: Path = Path("scripts/results/comparison.json")
    # Networks to run; all when not given.
    only: tuple[str, ...] = ()
    # Seeds of `train`.
    seeds: tuple[int, ...] = (0,)


def main(settings: Settings) -> None:
    """Do the stage."""
    settings = replace(settings, work=settings.work / ALIGNED)
    if unknown := set(settings.only) - set(CONTESTANTS):
        raise ConfigError(f"There is no contestant {min(unknown)!r}: choose from {', '.join(CONTESTANTS)}.")
    names = [name for name in CONTESTANTS if not settings.only or name in settings.only]
    refuse_unwritable(settings.work / "speed.json" if settings.stage == "speed" else settings.out)
    if settings.stage == "speed":
        _speed(settings).write(settings.work / "speed.json")
    elif settings.stage == "search":
        for name in names:
            for setting in SETTINGS if not CONTESTANTS[name].settings_of else ():
                _run(_search_config(settings, name, setting))
    elif settings.stage == "train":
        for seed in settings.seeds:
            for name in names:
                _run(_train_config(settings, name, seed))
    else:
        _collected(settings).write(settings.out)


def _run(config: TrainConfig) -> None:
    """Train, or go on, or leave a run that is finished as it is."""
    record = _record(config.out)
    if record is None or record.iterations < config.iterations:
        print(config.out, Trainer(config).run()[-1], flush=True)


def _search_config(settings: Settings, name: str, setting: str) -> TrainConfig:
    config = shared_config(settings, name, f"split=train,without={DRIVE}", SETTINGS[setting])
    limit = _iterations(settings, name, BUDGET.search_epochs, BUDGET.search_minutes, _pictures(config.data[0]))
    return replace(
        config,
        validate=(f"camvid:{settings.camvid},split=train,only={DRIVE}",),
        out=settings.work / "search" / name / setting,
        iterations=limit,
        validate_every=limit,
        warmup=limit // 10,
    )


def _train_config(settings: Settings, name: str, seed: int) -> TrainConfig:
    config = shared_config(settings, name, "split=train", SETTINGS[_chosen(settings, name)])
    limit = _iterations(settings, name, BUDGET.epochs, BUDGET.minutes, _pictures(config.data[0]))
    return replace(
        config,
        validate=(f"camvid:{settings.camvid},split=val",),
        out=settings.work / "train" / name / f"seed-{seed}",
        iterations=limit,
        validate_every=math.ceil(limit / BUDGET.validations),
        warmup=limit // 20,
        seed=seed,
    )


def shared_config(settings: Settings, name: str, split: str, setting: Setting) -> TrainConfig:
    """What all runs share."""
    contestant = CONTESTANTS[name]
    return TrainConfig(
        data=(f"camvid:{settings.camvid},{split}",),
        out=settings.work,
        network=contestant.network,
        layout=contestant.layout,
        solvers=contestant.solvers,
        batch_size=BUDGET.batch_size,
        crop=BUDGET.crop,
        scale=BUDGET.scale,
        optimizer=setting.optimizer,
        rate=setting.rate,
        decay=setting.decay,
        average=0.99,
        precision="bfloat16",
        device="cpu",
        resume=True,
    )


def _iterations(settings: Settings, name: str, epochs: int, minutes: float, pictures: int) -> int:
    """Those of the epochs, or of the minutes at the speed measured, whichever are fewer."""
    step = Speed.read(settings.work / "speed.json").seconds_a_step[name]
    return min(math.ceil(epochs * pictures / BUDGET.batch_size), int(60 * minutes / step))


def _pictures(data: str) -> int:
    return len(open_source(data).dataset)


def _chosen(settings: Settings, name: str) -> str:
    """The setting with the best mIoU on the drive held out. Raises `ConfigError` where the search is not through."""
    searched = _searched(settings, CONTESTANTS[name].settings_of or name)
    if missing := [setting for setting in SETTINGS if setting not in searched]:
        raise ConfigError(f"The search of {name} lacks {', '.join(missing)}: run the stage search first.")
    return max(searched, key=lambda setting: searched[setting].mean_iou)


def _searched(settings: Settings, name: str) -> dict[str, Searched]:
    """What each finished run of the search came to."""
    searched = {}
    for setting in SETTINGS:
        config = _search_config(settings, name, setting)
        record = _record(config.out)
        if record and record.iterations == config.iterations:
            searched[setting] = Searched(record.iterations, record.history[-1][config.validate[0]])
    return searched


def _speed(settings: Settings) -> Speed:
    """Of all networks in turn."""
    configs = {name: shared_config(settings, name, "split=train", SETTINGS["adamw-1e-3"]) for name in CONTESTANTS}
    picture = torch.rand(1, 3, *SIZE)
    answers = {
        name: partial(torch.no_grad()(network_of(config, CAMVID).eval()), picture) for name, config in configs.items()
    }
    return Speed(
        provenance=Provenance.here(),
        seconds_a_step=step_seconds(configs),
        seconds_an_answer={name: ms / 1000 for name, ms in medians(answers, rounds=5).items()},
    )


def _collected(settings: Settings) -> Comparison:
    """The comparison as far as its runs are through."""
    speed = Speed.read(settings.work / "speed.json")
    return Comparison(
        provenance={"collected": Provenance.here(), "speed": speed.provenance},
        budget=BUDGET,
        settings=SETTINGS,
        held_out_drive=DRIVE,
        networks={name: _collected_network(settings, name, speed) for name in CONTESTANTS},
        aligned=True,
    )


def _collected_network(settings: Settings, name: str, speed: Speed) -> results.Network:
    config = shared_config(settings, name, "split=train", SETTINGS["adamw-1e-3"])
    runs = tuple(
        _collected_run(record)
        for path in sorted((settings.work / "train" / name).glob("seed-*"))
        if (record := _record(path)) and record.finished
    )

    def build() -> Network:
        return network_of(config, CAMVID)

    return results.Network(
        **asdict(CONTESTANTS[name]),
        searched=_searched(settings, name),
        parameters=parameters(build),
        training_bytes=peak_in_training(build, BUDGET.batch_size, BUDGET.crop),
        testing_bytes=peak_in_testing(build, 1, SIZE),
        seconds_a_step=speed.seconds_a_step[name],
        seconds_an_answer=speed.seconds_an_answer[name],
        runs=runs,
        scores=tuple(run.mean_iou for run in runs),
    )


def _collected_run(record: TrainingRun) -> results.Run:
    """What of a run's record the comparison tells."""
    settings, validated = record.settings, record.settings["validate"][0]
    pictures = next(iter(record.data.values()))
    return results.Run(
        seed=settings["seed"],
        optimizer=settings["optimizer"],
        rate=settings["rate"],
        iterations=record.iterations,
        epochs=round(record.iterations * settings["batch_size"] / pictures, 1),
        seconds=float(record.seconds),
        mean_iou=record.history[-1][validated],
        validations=tuple((int(entry["iteration"]), entry[validated]) for entry in record.history),
        losses=record.loss,
        revision=record.starts[0].revision,
    )


def _record(out: Path) -> TrainingRun | None:
    return Training.of(out / "model").last


if __name__ == "__main__":
    launch(lambda: main(tyro.cli(Settings, description=__doc__)))
