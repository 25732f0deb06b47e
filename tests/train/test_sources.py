"""Data sets by one word: each kind opens, its options reach it, and what is wrong is said."""

import builtins
import errno
import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from segnode.data.cityscapes import CITYSCAPES
from segnode.data.names import parts
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


def write_classified(root: Path) -> Path:
    return write_imagenet(root, ("n01", "n02"))


def write_flat(root: Path) -> Path:
    """ImageNet's validation set without folders, with the table of its classes."""
    (write_classified(root) / "train").rename(root / "sorted")
    (root / "val").mkdir()
    rows = ["ImageId,PredictionString"]
    for path in sorted((root / "sorted").glob("*/*")):
        path.rename(root / "val" / path.name)
        rows.append(f"{path.stem},{path.parent.name} 1 2 3 4")
    (root / "LOC_val_solution.csv").write_text("\n".join(rows))
    return root


LABELLED = [
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
]
#: Every loader on a tiny folder in its layout: kind, who writes it, options.
EVERY = [
    *(case[:3] for case in LABELLED if case[0] not in ("pascal-context", "folder")),
    ("pascal-context", write_pascal_context, "split=train"),
    ("folder", write_folder, "weight=3"),
    ("imagenet", write_classified, "split=train"),
    ("imagenet", write_flat, "split=val"),
]
Write = Callable[[Path], Path]


def opened(text: str):
    return (open_classified if text.startswith("imagenet") else open_source)(text).dataset


@pytest.mark.parametrize(("kind", "write", "options", "length", "classes"), LABELLED)
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


@pytest.mark.parametrize("name", ["Smith, J", ", ", "a,b,c=d", "back\\slash"])
def test_a_comma_of_a_folder_stands_after_a_backslash(tmp_path, name):
    write_folder(tmp_path / name)
    source = open_source(f"folder:{tmp_path}/{name.replace(',', chr(92) + ',')},split=train,weight=2")
    assert (len(source.dataset), source.weight) == (1, 2)
    if "," in name:
        with pytest.raises(ConfigError, match="an option folder does not know"):
            open_source(f"folder:{tmp_path}/{name},split=train")


def test_a_comma_without_a_backslash_is_explained():
    with pytest.raises(ConfigError, match=r"does not know, ' J'.*; a comma in a folder's name is written \\,"):
        open_source("folder:/x/Smith, J,split=train")


def test_opens_streets_without_a_folder():
    assert len(open_source("streets:,seeds=5-9").dataset) == 5


def test_keeps_classified_pictures_apart(tmp_path):
    text = f"imagenet:{write_imagenet(tmp_path, ['n01440764', 'n02119789'])},split=train,weight=2"
    source = open_classified(text)
    assert (len(source.dataset), source.weight, source.dataset[3][1]) == (4, 2, 1)
    with pytest.raises(ConfigError, match="one class a picture, no label maps: it is for pretraining only"):
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


class Refusals:
    """Notes what is asked of the system about files below `root`: function and path. It refuses to answer `refused`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
        self.root, self.asked, self.refused = str(root), {}, None
        for module, names in ((os, ("stat", "listdir", "scandir")), (io, ("open",)), (builtins, ("open",))):
            for name in names:
                monkeypatch.setattr(module, name, self.watched(getattr(module, name)))

    def watched(self, call):
        def answer(path, *rest, **options):
            if isinstance(path, str | Path) and str(path).startswith(self.root):
                self.asked[call.__name__, str(path)] = None
                if self.refused == (call.__name__, str(path)):
                    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
            return call(path, *rest, **options)

        return answer


@pytest.mark.parametrize(("kind", "write", "options"), EVERY)
def test_whatever_the_system_refuses_is_one_sentence(tmp_path, monkeypatch, kind: str, write: Write, options: str):
    text = f"{kind}:{write(tmp_path / 'data')},{options}"
    refusals = Refusals(monkeypatch, tmp_path)
    assert opened(text)[0][0].size
    questions = list(refusals.asked)
    assert len(questions) > 5
    for refusals.refused in questions:
        with pytest.raises(DataError, match=r"^\S+ cannot be read \(Permission denied\): check its .*\.$"):
            opened(text)[0]


@pytest.mark.parametrize(("kind", "write", "options"), EVERY)
@pytest.mark.parametrize("name", ["x" * 300, "x/" * 3000], ids=["a part", "all of it"])
def test_a_name_too_long_is_one_sentence(tmp_path, kind: str, write: Write, options: str, name: str):
    with pytest.raises(DataError, match=r"x cannot be read \(File name too long\): check its name") as raised:
        opened(f"{kind}:{tmp_path}/{name},{options}")
    assert len(str(raised.value)) < 500


@pytest.mark.parametrize(("kind", "write", "options"), EVERY)
def test_a_home_folder_is_meant_in_every_data_set(tmp_path, monkeypatch, kind: str, write: Write, options: str):
    monkeypatch.setenv("HOME", str(tmp_path))
    write(tmp_path / "data")
    assert len(opened(f"{kind}:~/data,{options}")) > 0
    with pytest.raises(DataError, match="no folder ~nobody-of-this-name/data"):
        opened(f"{kind}:~nobody-of-this-name/data,{options}")


def test_reads_what_a_name_is_made_of():
    assert parts(r"folder:C:\a\, b,split=val,weight=2") == ("folder", r"C:\a, b", {"split": "val", "weight": "2"})
    assert parts("streets:,seeds=0-9") == ("streets", "", {"seeds": "0-9"})


@pytest.mark.parametrize("text", ["[" * 200_000, "{", "\ud800".encode("utf-16", "surrogatepass").hex(), "[1]", "7"])
@pytest.mark.parametrize(
    ("kind", "write", "options", "file"),
    [
        ("mapillary", write_vistas, "split=train,version=v2.0", "config_v2.0.json"),
        ("folder", write_folder, "", "classes.json"),
    ],
)
def test_json_that_cannot_be_read_is_one_sentence(tmp_path, kind, write: Write, options, file, text):
    (write(tmp_path) / file).write_text(text)
    with pytest.raises(DataError, match=rf"{file} .*: (correct|give|copy) ") as raised:
        opened(f"{kind}:{tmp_path},{options}".rstrip(","))
    assert "\n" not in str(raised.value)
    assert len(str(raised.value)) < 400


@pytest.mark.parametrize("names", [["a"] * 2, ["x" * 200], [str(number) for number in range(256)]])
def test_clothing_says_what_is_wrong_with_its_classes(tmp_path, names):
    (write_worn(tmp_path) / "classes.txt").write_text("\n".join(names))
    with pytest.raises(DataError, match=r"classes\.txt(:| lists 256 classes).*: (rename|give|drop) "):
        open_source(f"clothing:{tmp_path},split=train")
