"""Runs small enough for a test."""

import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from segnode import SegNode
from segnode.train.config import TrainConfig
from segnode.train.sources import open_source

TINY = {
    "data": ("streets:,seeds=0-5",),
    "layout": ("widths=[8,8]", "stem_width=8", "blocks=1"),
    "batch_size": 2,
    "crop": (48, 48),
    "iterations": 6,
    "warmup": 1,
    "save_every": 2,
    "log_every": 2,
    "solvers": ("midpoint-1", "euler-2"),
    "device": "cpu",
}


def config(out: Path, **changes: object) -> TrainConfig:
    return TrainConfig(out=out, **{**TINY, **changes})


def weights(folder: Path) -> dict[str, torch.Tensor]:
    return SegNode.from_pretrained(folder / "model").state_dict()


def one_label(folder: Path, label: int) -> None:
    """A folder of one picture in both splits, of the streets' classes, each pixel of which has this label."""
    for part in ("images", "labels"):
        (folder / part).mkdir(parents=True)
    names = open_source("streets:,seeds=0-0").dataset.classes.names
    (folder / "classes.json").write_text(json.dumps({"names": list(names)}))
    Image.fromarray(np.zeros((40, 60, 3), np.uint8)).save(folder / "images/a.png")
    Image.fromarray(np.full((40, 60), label, np.uint8)).save(folder / "labels/a.png")
    for split in ("train", "val"):
        (folder / f"{split}.txt").write_text("a\n")
