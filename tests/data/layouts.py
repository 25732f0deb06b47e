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


def write_clothing(root: Path, classes: Sequence[str], names: Sequence[str] = ("0004", "0006")) -> Path:
    """Clothing Co-Parsing: palette labels of ids of `classes`."""
    for seed, name in enumerate(names):
        save(root / "images" / f"{name}.jpg", picture(seed))
        save(root / "labels" / f"{name}.png", id_map(seed, len(classes)), palette=True)
    (root / "classes.txt").write_text("\n".join(classes) + "\n")
    (root / "train.txt").write_text("\n".join(names) + "\n")
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


def write_cityscapes(
    root: Path,
    split: str = "train",
    kind: str = "gtFine",
    names: Sequence[str] = ("aachen_000000_000019", "ulm_000001_000019"),
    trained: bool = False,
) -> Path:
    """Cityscapes, a folder a city: labelIds 0 to 33, or labelTrainIds 0 to 18 and 255; none for the split `test`."""
    for seed, name in enumerate(names):
        city = name.split("_")[0]
        save(root / "leftImg8bit" / split / city / f"{name}_leftImg8bit.png", picture(seed))
        if split != "test":
            file = f"{name}_{kind}_{'labelTrainIds' if trained else 'labelIds'}.png"
            ids = id_map(seed, 20 if trained else 34)
            save(root / kind / split / city / file, np.where(ids == 19, 255, ids).astype(np.uint8) if trained else ids)
    return root


def write_camvid_original(root: Path, labels: dict[str, np.ndarray]) -> Path:
    """The original CamVid: a random picture for each array of colours."""
    for seed, (name, colours) in enumerate(labels.items()):
        height, width = colours.shape[:2]
        save(root / "701_StillsRaw_full" / f"{name}.png", picture(seed, width, height))
        save(root / "LabeledApproved_full" / f"{name}_L.png", colours)
    return root


def write_lip(root: Path, split: str = "train", names: Sequence[str] = ("1_2", "3_4"), flat: bool = False) -> Path:
    """LIP: grey labels of ids 0 to 19; `flat` as mmsegmentation keeps it."""
    images, labels = ("", "") if flat else ("TrainVal_images", "TrainVal_parsing_annotations")
    for seed, name in enumerate(names):
        save(root / images / f"{split}_images" / f"{name}.jpg", picture(seed))
        save(root / labels / f"{split}_segmentations" / f"{name}.png", id_map(seed, 20))
    return root


def write_pascal_context(root: Path, split: str = "train", names: Sequence[str] = ("2008_1", "2008_2")) -> Path:
    """PASCAL-Context in the folder of VOC2010: palette labels of ids 0 to 59."""
    for seed, name in enumerate(names):
        save(root / "JPEGImages" / f"{name}.jpg", picture(seed))
        save(root / "SegmentationClassContext" / f"{name}.png", id_map(seed, 60), palette=True)
    lists = root / "ImageSets" / "SegmentationContext"
    lists.mkdir(parents=True, exist_ok=True)
    (lists / f"{split}.txt").write_text("\n".join(names) + "\n")
    return root


def write_mapillary(
    root: Path,
    config: str = "config.json",
    inside: str = "labels",
    labels: Sequence[dict[str, Any]] = (),
    split: str = "training",
) -> Path:
    """Mapillary Vistas: palette labels of as many ids as the config lists; none in `testing`."""
    for seed, name in enumerate(("aB1", "cD2")):
        save(root / split / "images" / f"{name}.jpg", picture(seed))
        if split != "testing":
            save(root / split / inside / f"{name}.png", id_map(seed, len(labels)), palette=True)
    (root / config).write_text(json.dumps({"labels": list(labels), "version": "1.2"}))
    return root


def write_imagenet(root: Path, wnids: Sequence[str], split: str = "train", each: int = 2) -> Path:
    """ImageNet with a folder a class."""
    for number, wnid in enumerate(wnids):
        for i in range(each):
            save(root / split / wnid / f"{wnid}_{i}.JPEG", picture(10 * number + i), format="JPEG")
    return root
