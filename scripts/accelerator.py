r"""Train and time networks on one accelerator in half an hour, in stages that can be stopped and resumed.

First, on a machine with internet access: re-encode the pictures to be small enough to send, and download packages.

    python scripts/accelerator.py --pack data --data runs/packed
    python scripts/accelerator.py --wheels runs/wheels

On the accelerator, whose commands end after ten minutes: repeat until it prints that all is done (three or four times).

    for wheel in runs/wheels/*.whl; do python3 -m zipfile -e $wheel runs/site; done
    export PYTHONPATH=$PWD:$PWD/runs/site
    python3 scripts/accelerator.py --resume --stop-after 9 --revision COMMIT

The stages: `streets`, the compact network with up to two million crops; `times`, Table 2's on CUDA; `w48`, SegNode,
baseline and HRNetV2 at the paper's width on CamVid from scratch, 6.5 minutes each; `distil`, SegNode-W48 into the
compact one. The results to copy back are in OUT/back: one JSON and the compact weights. A test on any CPU, in a minute
or two:

    python scripts/accelerator.py --small --out runs/small
"""

import json
import math
import shutil
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any, Literal, get_args

import segnode.threads  # noqa: F401 - before torch

import torch
import tyro
from cost import ROWS, times
from PIL import Image

from segnode.command import launch
from segnode.data.decode import read_image
from segnode.data.images import folder_of, pictures_in, read_list
from segnode.disk import atomic_write, refuse_unwritable
from segnode.errors import ConfigError
from segnode.model.saved import open_network
from segnode.provenance import provenance, write_results
from segnode.results.training import TRAINING
from segnode.train.config import TrainConfig
from segnode.train.recipe import read_recipe
from segnode.train.resident import ResidentTrainer

Stage = Literal["streets", "times", "w48", "distil"]
STAGES: tuple[Stage, ...] = get_args(Stage)
W48 = ("segnode-w48", "baseline-w48", "hrnetv2-w48")
#: Minutes of training of each network, by stage.
MINUTES = {"streets": 6.0, "w48": 6.5, "distil": 2.0}
CROPS = 2_000_000
RECIPE = Path(__file__).parent / "recipes" / "compact-segnode.toml"
#: Packages such machines lack beside torch and its dependencies; huggingface-hub is there in another version.
CARRIED = (
    *("kornia", "kornia-rs", "tyro", "docstring-parser", "typeguard"),
    *("httpx2", "httpcore2", "truststore", "huggingface-hub"),
)
PLATFORMS = ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64")
#: WebP settings of packed pictures; those used for scoring lose almost nothing.
TRAINED, SCORED = {"quality": 70}, {"quality": 95}
#: Such a machine accepts 64 MiB in all; the code takes 18 of them, the packages 8.
PACK_MIB = 37
#: Tiny networks for --small, by the beginning of a network's name.
SMALL = {
    "segnode": ("segnode-compact", ("widths=[8,8]", "stem_width=8", "modules=1", "blocks=1")),
    "baseline": ("baseline-compact", ("widths=[8,8]", "stem_width=8", "modules=1", "blocks=1")),
    "hrnetv2": ("hrnetv2-compact", ("width=2", "stem=4")),
}


@dataclass(frozen=True)
class Settings:
    """Command-line settings; the comments are the help texts."""

    # Stages to run, in this order.
    stage: tuple[Stage, ...] = STAGES
    # Folder with CamVid and LabelMeFacade, as --pack writes it.
    data: Path = Path("runs/packed")
    # Folder of states and results; its folder `back` holds what to copy back.
    out: Path = Path("runs/accelerator")
    # Minutes of training of each network, instead of the stage's default.
    minutes: float | None = None
    # Minutes after which this command saves its state and ends.
    stop_after: float = 9.0
    # Resume from `out`; finished stages are kept.
    resume: bool = False
    # Tiny networks and a few steps, as a test on a CPU.
    small: bool = False
    # Seed of all random numbers.
    seed: int = 0
    # Commit of the code, where this is not a git checkout.
    revision: str | None = None
    # Only re-encode the pictures of this folder into `data`.
    pack: Path | None = None
    # Only download the packages into this folder.
    wheels: Path | None = None

    def __post_init__(self) -> None:
        for name in ("minutes", "stop_after"):
            if (value := getattr(self, name)) is not None and not 0 < value < math.inf:
                raise ConfigError(f"{name} must be above 0, not {value}.")

    @property
    def back(self) -> Path:
        """Folder of the results to copy back."""
        return self.out / "back"


def main(settings: Settings) -> None:
    """Pack, download, or run the stages until the time is over."""
    if settings.pack:
        print(f"{pack(settings.pack, settings.data) / 2**20:.1f} MiB in {settings.data}")
        return
    if settings.wheels:
        download(settings.wheels)
        return
    path = settings.back / "accelerator.json"
    refuse_unwritable(path)
    if path.is_file() and not settings.resume:
        raise ConfigError(f"{path} holds results already: add --resume to go on, or choose another --out.")
    results: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {"runs": {}}
    results = {**results, "card": card(), "driver": driver()}
    stop_at = time.monotonic() + 60 * settings.stop_after
    for name in pieces(settings.stage):
        if name in results["runs"]:
            continue
        if time.monotonic() < stop_at:
            measured = measure_times(settings) if name == "times" else train_network(settings, name, stop_at)
            if measured is not None:
                results["runs"][name] = {"provenance": run_provenance(settings), **measured}
                write_results(path, results)
                print(name, "is done.", flush=True)
        if name not in results["runs"]:
            print(f"The time is over during {name}: run the same command with --resume to continue.")
            return
    print(f"All is done: {path}")


def pieces(stages: tuple[Stage, ...]) -> list[str]:
    """The runs of the stages, in order."""
    return [name for stage in STAGES if stage in stages for name in (W48 if stage == "w48" else (stage,))]


def measure_times(settings: Settings) -> dict[str, Any]:
    """Table 2's times, in the form of `cuda` in scripts/results/cost.json."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    if settings.small:
        rows = [row for row in ROWS if row.name.startswith("SegNode, euler")]
        return {"device": card(), "networks": times((1, 1), device, rows, (64, 64))}
    if device == "cpu":
        raise ConfigError("Times are measured on CUDA, which is not here: use scripts/cost.py, or add --small.")
    return {"device": card(), "networks": times((3, 9), device)}


def train_network(settings: Settings, name: str, stop_at: float) -> dict[str, Any] | None:
    """The results of a run, its compact weights copied to `back`; None where it has to be resumed later."""
    config = config_of(settings, name)
    teacher = open_network(settings.out / W48[0] / "model") if name == "distil" else None
    trainer = ResidentTrainer(config, stop_at, teacher)
    trainer.run()
    if trainer.share < 1:
        return None
    if name not in W48:
        target = settings.back / name
        target.mkdir(parents=True, exist_ok=True)
        for file in ("model.safetensors", "config.json", TRAINING):
            shutil.copy(config.out / "model" / file, target / file)
    pictures = trainer.progress.done * config.batch_size
    return asdict(trainer.record()) | {
        "pictures": pictures,
        "pictures_a_second": round(pictures / trainer.progress.seconds, 1),
    }


def config_of(settings: Settings, name: str) -> TrainConfig:
    """The settings of a run. Raises `ConfigError` for missing data or weights."""
    camvid = f"camvid:{settings.data}/CamVid"
    streets = "streets:,seeds=0-3" if settings.small else "streets:,seeds=0-2399"
    facades = f"labelme-facade:{settings.data}/LabelMeFacade,split=train,labels=teacher"
    common = replace(
        read_recipe(RECIPE).config,
        data=(f"{camvid},split=train", facades, streets),
        validate=(f"{camvid},split=val",),
        out=settings.out / name,
        minutes=settings.minutes or MINUTES["w48" if name in W48 else name],
        average=0.999,
        workers=12,
        # Only the end is scored, and what is read back from the device is seldom.
        validate_every=10**9,
        save_every=500,
        log_every=100,
        seed=settings.seed,
        resume=settings.resume,
    )
    if name in W48:
        config = replace(
            common,
            data=(f"{camvid},split=train",),
            network=name,
            solvers=("midpoint-2",) if name.startswith("segnode") else (),
            batch_size=32,
            crop=(352, 480),
            rate=1e-3,
            iterations=10**6,
        )
    else:
        # As the shipped weights' last run, at a larger batch: few evaluations first, half the pixels in the loss.
        config = replace(
            common,
            early_solvers=("midpoint-1",),
            early=0.7,
            loss_stride=2,
            batch_size=256,
            rate=4e-3,
            iterations=CROPS // 256,
        )
    if name == "distil":
        config = replace(config, init=_streets(settings), rate=1e-3, early_solvers=(), early=0.0)
    return shrink(config) if settings.small else config


def shrink(config: TrainConfig) -> TrainConfig:
    """The run with a tiny network, for a few steps."""
    network, layout = SMALL[config.network.partition("-")[0]]
    few = {
        "iterations": 6 if config.network in W48 else 16,
        "minutes": None,
        "batch_size": 2,
        "crop": (64, 64),
        "workers": 1,
        "warmup": 2,
    }
    return replace(config, network=network, layout=layout, save_every=4, log_every=1, **few)


def _streets(settings: Settings) -> Path:
    path = settings.out / "streets" / "model"
    if not path.is_dir():
        raise ConfigError(f"Distillation starts from {path}, which is missing: run the stage streets first.")
    return path


def run_provenance(settings: Settings) -> dict[str, Any]:
    """Provenance, with the revision that was given."""
    values = provenance(settings.seed)
    return values | {"revision": settings.revision} if settings.revision else values


def card() -> str:
    """The accelerator's name, or cpu."""
    return torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu"


def driver() -> str | None:
    """The accelerator's driver; None where there is none."""
    command = ["nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[0].strip()
    except (OSError, subprocess.CalledProcessError, IndexError):
        return None


def pack(source: Path, target: Path) -> int:
    """What is trained on and scored of `source` in its own layouts in `target`, pictures re-encoded; its bytes.

    CamVid whole, of LabelMeFacade the training pictures with the teacher's labels. Labels stay as they are, and files
    keep their names: what a file is, its first bytes tell. Raises `DataError` for a folder unfit, `ConfigError` where
    it came to over `PACK_MIB`.
    """
    camvid, facades = (folder_of(source / name, name) for name in ("CamVid", "LabelMeFacade"))
    names = read_list(facades / "train.txt", "LabelMeFacade")
    pictures = {
        **dict.fromkeys(pictures_in(camvid / "train", ".png"), TRAINED),
        **dict.fromkeys(pictures_in(camvid / "val", ".png"), SCORED),
        **dict.fromkeys((facades / "images" / f"{name}.jpg" for name in names), TRAINED),
    }
    for path, how in pictures.items():
        buffer = BytesIO()
        Image.fromarray(read_image(path)).save(buffer, "WEBP", **how)
        _write(target / path.relative_to(source), buffer.getvalue())
    kept = [camvid / "train.txt", camvid / "val.txt", facades / "train.txt"]
    kept += [path for split in ("train", "val") for path in pictures_in(camvid / f"{split}annot", ".png")]
    kept += [facades / "teacher" / f"{name}.png" for name in names]
    for path in kept:
        _write(target / path.relative_to(source), path.read_bytes())
    size = sum(path.stat().st_size for path in target.rglob("*") if path.is_file())
    if size > PACK_MIB * 2**20:
        raise ConfigError(f"{target} came to {size / 2**20:.0f} MiB, over {PACK_MIB}: lower the quality of pictures.")
    return size


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    atomic_write(path, data)


def download(folder: Path) -> None:
    """The packages of `CARRIED` as wheels, in the versions here. Raises `ConfigError` where pip cannot."""
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--dest", str(folder)]
    command += ["--python-version", "3.12", "--implementation", "cp"]
    command += [word for platform in PLATFORMS for word in ("--platform", platform)]
    done = subprocess.run([*command, *(f"{name}=={version(name)}" for name in CARRIED)], check=False)
    if done.returncode:
        raise ConfigError("pip could not download all packages, as printed above: correct that and try again.")


if __name__ == "__main__":
    launch(lambda: main(tyro.cli(Settings, description=__doc__)))
