"""Train networks on equal terms and score each on what was held out of its training: the paper's central claim.

    python scripts/folds.py camvid speed      # seconds a step, all in turn, on a quiet machine: sets the iterations
    python scripts/folds.py camvid train      # as far as time reaches; goes on where it was stopped
    python scripts/folds.py camvid collect    # what is through, as scripts/results/folds/camvid.json

`camvid`: each drive of CamVid's training split is held out in turn; the rate of a network is the one that did best on
the other drives. `glands`: GlaS, U-Node's own organ, at one rate, scored on its test set, by which nothing is chosen.

The first seed of all networks comes first, in the order of the study, then the next. Minutes are turned into iterations
by the speed measured first, so other work on the machine costs no network anything.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

import segnode.threads  # noqa: F401 - before torch

import tyro

from segnode.analysis.cost import parameters
from segnode.command import launch
from segnode.disk import refuse_unwritable
from segnode.errors import ConfigError
from segnode.results import folds
from segnode.results.folds import Fold, Speed, Terms
from segnode.results.schema import Provenance
from segnode.results.training import Training
from segnode.train.config import TrainConfig
from segnode.train.loop import Trainer
from segnode.train.network import network_of
from segnode.train.sources import open_source
from segnode.train.speed import step_seconds


@dataclass(frozen=True)
class Contestant:
    """A network of a study. title: for people."""

    title: str
    network: str
    layout: tuple[str, ...] = ()
    solvers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """A study before it has results."""

    title: str
    terms: Terms
    folds: dict[str, Fold]
    networks: dict[str, Contestant]


SEGNODE = Contestant("SegNode", "segnode-compact", solvers=("midpoint-2",))
BASELINE = Contestant("Baseline", "baseline-compact")
PLANS = {
    "camvid": Plan(
        "CamVid, each drive of the training split held out in turn",
        Terms(12.0, 8, (192, 192), (0.5, 1.5), (3e-4, 1e-3, 3e-3)),
        {
            drive: Fold(
                f"camvid:data/CamVid,split=train,without={drive}", f"camvid:data/CamVid,split=train,only={drive}"
            )
            for drive in ("0001TP", "0006R0", "0016E5")
        },
        {
            "segnode": SEGNODE,
            "baseline": BASELINE,
            "hrnetv2": Contestant("HRNetV2", "hrnetv2-compact"),
            "euler-4": replace(SEGNODE, title="SegNode by four Euler steps", solvers=("euler-4",)),
            "one-module": replace(SEGNODE, title="SegNode with one module", layout=("modules=1",)),
            "three-modules": replace(SEGNODE, title="SegNode with three modules", layout=("modules=3",)),
        },
    ),
    "glands": Plan(
        "Glands (GlaS), scored on its test set",
        Terms(8.0, 8, (192, 192), (0.7, 1.6), (1e-3,)),
        {"test": Fold("folder:data/Glands,split=train", "folder:data/Glands,split=val")},
        {
            "segnode": SEGNODE,
            "unode": Contestant("U-Node", "unode-compact"),
            "nodes-unet": Contestant("NODEs-UNet", "nodes-unet-compact"),
        },
    ),
}


@dataclass(frozen=True)
class Settings:
    """Command-line settings; the comments are the help texts."""

    # Which networks on which pictures.
    study: Annotated[Literal["camvid", "glands"], tyro.conf.Positional]
    # What to do: see above.
    stage: Annotated[Literal["speed", "train", "collect"], tyro.conf.Positional]
    # Where runs leave their weights.
    work: Path = Path("runs/folds")
    # Folder of the JSON that `collect` writes.
    out: Path = Path("scripts/results/folds")
    # Networks to train; all when not given.
    only: tuple[str, ...] = ()
    # Seeds of `train`.
    seeds: tuple[int, ...] = (0, 1, 2)


def main(settings: Settings) -> None:
    """Do the stage."""
    plan = PLANS[settings.study]
    if unknown := set(settings.only) - set(plan.networks):
        known = ", ".join(plan.networks)
        raise ConfigError(f"There is no network {min(unknown)!r} in {settings.study}: choose from {known}.")
    work = settings.work / settings.study
    if settings.stage == "speed":
        _speed(plan, work).write(work / "speed.json")
    elif settings.stage == "train":
        for config in _configs(plan, work, settings.only or tuple(plan.networks), settings.seeds):
            print(config.out, Trainer(config).run()[-1], flush=True)
    else:
        path = settings.out / f"{settings.study}.json"
        refuse_unwritable(path)
        _collected(plan, work).write(path)


def _configs(plan: Plan, work: Path, networks: tuple[str, ...], seeds: tuple[int, ...]) -> Iterator[TrainConfig]:
    """Runs that are not through, in their order; each is made when those before it are, as a rate is chosen by them."""
    for seed in seeds:
        for name in networks:
            for fold in plan.folds:
                for rate in plan.terms.rates if seed == 0 else (_chosen(plan, work, name, fold),):
                    config = _config(plan, work, name, fold, rate, seed)
                    if _run(config.out, name, fold) is None:
                        yield config


def _config(plan: Plan, work: Path, name: str, fold: str, rate: float, seed: int) -> TrainConfig:
    iterations = int(60 * plan.terms.minutes / _measured_speed(work).seconds_a_step[name])
    return replace(
        _shared(plan, work, name, fold),
        validate=(plan.folds[fold].held_out,),
        out=work / name / fold / f"rate-{rate:g}-seed-{seed}",
        rate=rate,
        iterations=iterations,
        validate_every=iterations,
        warmup=iterations // 20,
        seed=seed,
    )


def _shared(plan: Plan, work: Path, name: str, fold: str) -> TrainConfig:
    """What all runs of a network share."""
    contestant, terms = plan.networks[name], plan.terms
    return TrainConfig(
        data=(plan.folds[fold].train,),
        out=work,
        network=contestant.network,
        layout=contestant.layout,
        solvers=contestant.solvers,
        batch_size=terms.batch_size,
        crop=terms.crop,
        scale=terms.scale,
        average=0.99,
        precision="bfloat16",
        device="cpu",
        resume=True,
    )


def _chosen(plan: Plan, work: Path, name: str, fold: str) -> float:
    """Raises `ConfigError` where runs of the first seed are missing."""
    rate = _collected(plan, work).rate(name, fold)
    if rate is None:
        raise ConfigError(f"The rate of {name} is not known yet: train it with --seeds 0 first.")
    return rate


def _speed(plan: Plan, work: Path) -> Speed:
    """Of all networks in turn."""
    fold = next(iter(plan.folds))
    return Speed(Provenance.here(), step_seconds({name: _shared(plan, work, name, fold) for name in plan.networks}))


def _measured_speed(work: Path) -> Speed:
    path = work / "speed.json"
    if not path.is_file():
        raise ConfigError(f"The speed of each network is not known ({path}): run the stage speed first.")
    return Speed.read(path)


def _collected(plan: Plan, work: Path) -> folds.Study:
    """The study as far as its runs are through."""
    speed = _measured_speed(work)
    networks, runs = {}, []
    for name, contestant in plan.networks.items():
        shared = _shared(plan, work, name, next(iter(plan.folds)))
        classes = open_source(shared.data[0]).dataset.classes
        count = parameters(partial(network_of, shared, classes))
        networks[name] = folds.Network(contestant.title, count, speed.seconds_a_step[name])
        for fold in plan.folds:
            paths = sorted((work / name / fold).glob("rate-*-seed-*"))
            runs += [run for path in paths if (run := _run(path, name, fold))]
    return folds.Study(Provenance.here(), speed.provenance, plan.title, plan.terms, plan.folds, networks, tuple(runs))


def _run(path: Path, network: str, fold: str) -> folds.Run | None:
    """The run in `path`; None where it is not through."""
    record = Training.of(path / "model").last
    if record is None or not record.finished:
        return None
    settings = record.settings
    return folds.Run(
        network=network,
        fold=fold,
        rate=settings["rate"],
        seed=settings["seed"],
        iterations=record.iterations,
        epochs=round(record.iterations * settings["batch_size"] / sum(record.data.values()), 1),
        seconds=float(record.seconds),
        mean_iou=record.history[-1][settings["validate"][0]],
        revision=record.starts[0].revision,
    )


if __name__ == "__main__":
    launch(lambda: main(tyro.cli(Settings, description=__doc__)))
