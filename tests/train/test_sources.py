"""Data sets by one word: each kind opens, its options reach it, and what is wrong is said."""

from pathlib import Path

import pytest

from segnode.data.cityscapes import CITYSCAPES
from segnode.errors import ConfigError, DataError
from segnode.train.sources import open_classified, open_source
from tests.data.layouts import (
    id_map,
    write_camvid,
    write_camvid_original,
    write_cityscapes,
    write_clothing,
    write_folder,
    write_imagenet,
    write_labelme_facade,
    write_lip,
    write_mapillary,
    write_pascal_context,
)

LABELS = [{"name": "a", "readable": "A", "color": [0, 0, 0], "evaluate": True}]


def write_two_drives(root: Path) -> Path:
    colours = id_map(0, 1)[..., None].repeat(3, axis=2)
    return write_camvid_original(root, {"0006R0_f00930": colours, "0016E5_00390": colours})


def write_worn(root: Path) -> Path:
    return write_clothing(root, ("null", "skin", "jeans"))


def write_vistas(root: Path) -> Path:
    return write_mapillary(root, "config_v2.0.json", "v2.0/labels", LABELS)


@pytest.mark.parametrize(
    ("kind", "write", "options", "length", "classes"),
    [
        ("cityscapes", write_cityscapes, "split=train", 2, 19),
        ("camvid", write_camvid, "split=train,without=0006R0", 1, 11),
        ("camvid-original", write_two_drives, "split=train,only=0016E5", 1, 11),
        ("lip", write_lip, "split=train", 2, 20),
        ("pascal-context", write_pascal_context, "split=train", 2, 59),
        ("pascal-context", write_pascal_context, "split=train,background=true", 2, 60),
        ("mapillary", write_vistas, "split=train,version=v2.0", 2, 1),
        ("labelme-facade", write_labelme_facade, "split=train,only=ulm", 1, 11),
        ("clothing", write_worn, "split=train", 2, 3),
        ("folder", write_folder, "split=train,weight=3", 1, 2),
    ],
)
def test_opens_every_kind(tmp_path, kind, write, options, length, classes):
    text = f"{kind}:{write(tmp_path)},{options}"
    source = open_source(text)
    assert (source.name, len(source.dataset), len(source.dataset.classes)) == (text, length, classes)
    assert source.weight == (3 if "weight" in options else 1)
    assert (source.scored is None) == (kind != "labelme-facade")
    assert source.dataset[0][1].shape == (18, 24)


def test_joins_the_splits_of_cityscapes(tmp_path):
    write_cityscapes(tmp_path)
    write_cityscapes(tmp_path, "val", names=["munster_000000_000019"])
    write_cityscapes(tmp_path, "train_extra", "gtCoarse", ["wuppertal_000000_000000"])
    source = open_source(f"cityscapes:{tmp_path},split=train+val+coarse,weight=0.5")
    assert (len(source.dataset), source.weight, source.dataset.classes) == (4, 0.5, CITYSCAPES)


def test_opens_streets_without_a_folder():
    assert len(open_source("streets:,seeds=5-9").dataset) == 5


def test_keeps_classified_pictures_apart(tmp_path):
    text = f"imagenet:{write_imagenet(tmp_path, ['n01440764', 'n02119789'])},split=train,weight=2"
    source = open_classified(text)
    assert (len(source.dataset), source.weight, source.dataset[3][1]) == (4, 2, 1)
    with pytest.raises(ConfigError, match="one class a picture, no labels to segment by: it is for pretraining only"):
        open_source(text)
    with pytest.raises(ConfigError, match=r"no data set kind 'camvid' .*: choose one of imagenet\.$"):
        open_classified("camvid:/x,split=train")


@pytest.mark.parametrize(
    ("text", "error", "sentence"),
    [
        ("vistas:/x,split=train", ConfigError, "no data set kind 'vistas' .*: choose one of cityscapes, camvid,"),
        ("lip:/x,splt=train", ConfigError, "an option lip does not know, 'splt': choose from split, weight"),
        ("lip:/x", ConfigError, "does not say its split: add one, like lip:/x,split=train"),
        ("lip:/nowhere,split=train", DataError, "no folder /nowhere with LIP"),
        ("pascal-context:/x,split=train,background=yes", ConfigError, "background is true or false .* not 'yes'"),
        ("cityscapes:/x,split=train+fine", DataError, "no split 'fine'"),
        ("streets:/x", ConfigError, "Streets are named like"),
        ("streets:,weight=0", ConfigError, "weight in .* must be above 0"),
    ],
)
def test_says_what_is_wrong(text, error, sentence):
    with pytest.raises(error, match=sentence):
        open_source(text)
