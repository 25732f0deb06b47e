"""Tiny random data sets in their official layouts, written for a test."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

WIDTH, HEIGHT = 24, 18


def picture(seed: int, width: int = WIDTH, height: int = HEIGHT) -> np.ndarray:
    """Random colours, rows x columns x 3."""
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def id_map(seed: int, count: int, width: int = WIDTH, height: int = HEIGHT) -> np.ndarray:
    """Random ids below `count`, each at least once."""
    ids = np.random.default_rng(seed).integers(0, count, (height, width), dtype=np.uint8)
    ids.ravel()[:count] = np.arange(count)
    return ids


def save(path: Path, array: np.ndarray, palette: bool = False, **options: Any) -> Path:
    """Write an array as a picture, a two-dimensional one as grey or palette."""
    path.parent.mkdir(parents=True, exist_ok=True)
    image = Image.fromarray(array)
    if palette:
        image.putpalette([value for i in range(256) for value in (i, 255 - i, 7 * i % 256)])
    image.save(path, **options)
    return path


def write_camvid(
    root: Path, split: str = "train", names: Sequence[str] = ("0001TP_006690", "0006R0_f00930"), prefix: str = ""
) -> Path:
    """CamVid as in the SegNet release: grey labels of ids 0 to 11; `prefix` before each path of the list."""
    lines = []
    for seed, name in enumerate(names):
        save(root / split / f"{name}.png", picture(seed))
        save(root / f"{split}annot" / f"{name}.png", id_map(seed, 12))
        lines.append(f"{prefix}{split}/{name}.png {prefix}{split}annot/{name}.png")
    root.mkdir(parents=True, exist_ok=True)
    (root / f"{split}.txt").write_text("\n".join(lines) + "\n")
    return root


def write_labelme_facade(root: Path, split: str = "train", names: Sequence[str] = ("boston__1", "ulm__2")) -> Path:
    """LabelMeFacade: palette labels of ids 0 to 8."""
    for seed, name in enumerate(names):
        save(root / "images" / f"{name}.jpg", picture(seed))
        save(root / "labels" / f"{name}.png", id_map(seed, 9), palette=True)
    (root / f"{split}.txt").write_text("\n".join(names) + "\n")
    return root


def write_folder(
    root: Path, names: Sequence[str] = ("a", "b", "c"), classes: Any = None, endings: Sequence[str] = (".png",)
) -> Path:
    """A person's own folder, with two classes unless `classes` says otherwise; endings by turns."""
    for seed, name in enumerate(names):
        save(root / "images" / f"{name}{endings[seed % len(endings)]}", picture(seed))
        save(root / "labels" / f"{name}.png", id_map(seed, 2))
    (root / "classes.json").write_text(json.dumps({"names": ["wall", "roof"]} if classes is None else classes))
    return root
