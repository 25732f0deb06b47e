"""Mapillary Vistas' loader against tiny folders in the layouts of both packages."""

import json

import numpy as np
import pytest

from segnode.data.mapillary import Mapillary
from segnode.errors import DataError
from tests.data.layouts import id_map, picture, write_mapillary


def label(name, color, evaluate=True):
    return {"name": f"object--{name.lower()}", "readable": name, "color": color, "evaluate": evaluate}


LABELS = [label("Bird", [1, 2, 3]), label("Void", [0, 0, 0], False), label("Road", [4, 5, 6]), label("Car", [7, 8, 9])]


def test_takes_classes_from_the_folders_own_config(tmp_path):
    data = Mapillary(write_mapillary(tmp_path, labels=LABELS), "train")
    assert data.classes.names == ("bird", "road", "car")
    assert data.classes.palette == ((1, 2, 3), (4, 5, 6), (7, 8, 9))
    assert (len(data), data.name(0), data[0][0].shape) == (2, "aB1", picture(0).shape)
    np.testing.assert_array_equal(data[1][1], np.array([0, 255, 1, 2])[id_map(1, 4)])


@pytest.mark.parametrize("version", ["v1.2", "v2.0"])
def test_finds_its_version_in_the_later_package(tmp_path, version):
    write_mapillary(tmp_path, f"config_{version}.json", f"{version}/labels", LABELS, "validation")
    assert set(np.unique(Mapillary(tmp_path, "val", version)[0][1])) == {0, 1, 2, 255}
    other = "v2.0" if version == "v1.2" else "v1.2"
    with pytest.raises(DataError, match=r"Mapillary Vistas needs .*config.*\.json, which says what its ids mean"):
        Mapillary(tmp_path, "val", other)


def test_classes_that_read_alike_keep_their_full_names(tmp_path):
    twins = [{**label("Pole", [1, 1, 1]), "name": "object--pole"}, {**label("Pole", [2, 2, 2]), "name": "object--mast"}]
    assert Mapillary(write_mapillary(tmp_path, labels=twins), "train").classes.names == ("object--pole", "object--mast")


def test_the_test_split_counts_no_pixel(tmp_path):
    data = Mapillary(write_mapillary(tmp_path, labels=LABELS, split="testing"), "test")
    assert (data[0][1] == 255).all()


@pytest.mark.parametrize("config", ["{", "[]", "{}", json.dumps({"labels": [{"name": "a"}]}), '{"labels": []}'])
def test_refuses_a_config_that_is_none(tmp_path, config):
    write_mapillary(tmp_path, labels=LABELS)
    (tmp_path / "config.json").write_text(config)
    with pytest.raises(DataError, match=r"config\.json does not list Mapillary's labels"):
        Mapillary(tmp_path, "train")


def test_says_what_is_missing(tmp_path):
    with pytest.raises(DataError, match=r"no folder .* with Mapillary Vistas: .*www\.mapillary\.com/dataset/vistas"):
        Mapillary(tmp_path / "nowhere", "train")
    with pytest.raises(DataError, match="no split 'training': choose train, val or test"):
        Mapillary(tmp_path, "training")
    with pytest.raises(DataError, match=r"no version 'v3' here: choose v1\.2 or v2\.0"):
        Mapillary(tmp_path, "train", "v3")
    with pytest.raises(DataError, match=r"needs the folder .*training, which is not there"):
        Mapillary(tmp_path, "train")
    write_mapillary(tmp_path, labels=LABELS)
    (tmp_path / "training" / "labels" / "cD2.png").unlink()
    with pytest.raises(DataError, match=r"has no labels .*cD2\.png for cD2\.jpg"):
        Mapillary(tmp_path, "train")
