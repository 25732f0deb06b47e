"""LabelMeFacade's loader against tiny folders in its layout."""

import numpy as np
import pytest

from segnode.data.classes import CAMVID
from segnode.data.labelme_facade import SHARED, LabelMeFacade
from segnode.errors import ConfigError, DataError
from tests.data.layouts import id_map, save, write_labelme_facade

# various, building, car, door, pavement, road, sky, vegetation, window
IN_CAMVID = np.array([255, 1, 8, 1, 4, 3, 0, 5, 1], dtype=np.uint8)


def test_speaks_camvids_classes(tmp_path):
    data = LabelMeFacade(write_labelme_facade(tmp_path), "train")
    image, labels = data[1]
    assert data.classes is CAMVID
    assert (len(data), data.name(1), image.shape) == (2, "ulm__2", (18, 24, 3))
    np.testing.assert_array_equal(labels, IN_CAMVID[id_map(1, 9)])


def test_shares_six_classes_and_teaches_no_other(tmp_path):
    labels = LabelMeFacade(write_labelme_facade(tmp_path, "val"), "val")[0][1]
    assert [CAMVID.names[i] for i in SHARED] == ["sky", "building", "road", "pavement", "tree", "car"]
    assert set(np.unique(labels)) == {*SHARED, 255}


def test_says_what_is_missing(tmp_path):
    with pytest.raises(DataError, match=r"no folder .* with LabelMeFacade"):
        LabelMeFacade(tmp_path / "nowhere", "train")
    write_labelme_facade(tmp_path)
    with pytest.raises(DataError, match=r"LabelMeFacade needs the list .*val\.txt"):
        LabelMeFacade(tmp_path, "val")
    (tmp_path / "labels" / "ulm__2.png").unlink()
    with pytest.raises(DataError, match=r"has no labels .* for ulm__2\.jpg"):
        LabelMeFacade(tmp_path, "train")
    (tmp_path / "train.txt").write_text("")
    with pytest.raises(DataError, match="lists no pictures"):
        LabelMeFacade(tmp_path, "train")


def test_a_place_can_be_held_out(tmp_path):
    root = write_labelme_facade(tmp_path)
    held, rest = LabelMeFacade(root, "train", only="ulm__2"), LabelMeFacade(root, "train", without="ulm__2")
    assert [held.name(i) for i in range(len(held))] == ["ulm__2"]
    assert "ulm__2" not in [rest.name(i) for i in range(len(rest))]
    assert len(rest) == 1
    with pytest.raises(DataError, match=r"No picture of .* is left"):
        LabelMeFacade(root, "train", only="nowhere")


def test_labels_may_be_the_teachers(tmp_path):
    root = write_labelme_facade(tmp_path)
    taught = np.clip(id_map(5, 12), 0, 11)
    for name in ("boston__1", "ulm__2"):
        save(root / "teacher" / f"{name}.png", taught)
    labels = LabelMeFacade(root, "train", labels="teacher")[0][1]
    np.testing.assert_array_equal(labels, np.where(taught == 11, 255, taught))
    with pytest.raises(ConfigError, match="people or teacher, not 'nobody'"):
        LabelMeFacade(root, "train", labels="nobody")
