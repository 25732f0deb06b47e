"""Cityscapes' loader against tiny folders in the official layout."""

import numpy as np
import pytest

from segnode.data.cityscapes import CITYSCAPES, LABEL_IDS, Cityscapes
from segnode.data.images import Dataset
from segnode.errors import DataError
from segnode.streets import render_street
from tests.data.layouts import id_map, picture, save, write_cityscapes

# What the benchmark says, written out by hand: labelIds in the order of their train ids.
COUNTED = [7, 8, 11, 12, 13, 17, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 31, 32, 33]


def names(data):
    return [data.name(i).removesuffix("_leftImg8bit") for i in range(len(data))]


def test_maps_label_ids_to_the_nineteen_classes(tmp_path):
    data = Cityscapes(write_cityscapes(tmp_path), "train")
    image, labels = data[1]
    wanted = np.array([COUNTED.index(i) if i in COUNTED else 255 for i in range(34)], dtype=np.uint8)
    assert isinstance(data, Dataset)
    assert names(data) == ["aachen_000000_000019", "ulm_000001_000019"]
    np.testing.assert_array_equal(image, picture(1))
    np.testing.assert_array_equal(labels, wanted[id_map(1, 34)])
    assert [CITYSCAPES.names[i] for i in (0, 11, 18)] == ["road", "person", "bicycle"]
    assert CITYSCAPES.palette[13] == (0, 0, 142)


def test_takes_train_ids_where_only_they_are_there(tmp_path):
    write_cityscapes(tmp_path, names=["aachen_000000_000019"], trained=True)
    write_cityscapes(tmp_path, names=["aachen_000000_000019", "bochum_000000_000313"])
    (tmp_path / "gtFine/train/aachen/aachen_000000_000019_gtFine_labelIds.png").unlink()
    data = Cityscapes(tmp_path, "train")
    ids = id_map(0, 20)
    np.testing.assert_array_equal(data[0][1], np.where(ids == 19, 255, ids))
    assert set(np.unique(data[1][1])) == {*range(19), 255}


def test_joins_splits(tmp_path):
    write_cityscapes(tmp_path, names=["aachen_000000_000019"])
    write_cityscapes(tmp_path, "val", names=["munster_000000_000019"])
    extra = ["troisdorf_000000_000073", "troisdorf_000000_000074"]
    write_cityscapes(tmp_path, "train_extra", "gtCoarse", extra)
    everything = ["aachen_000000_000019", "munster_000000_000019", "troisdorf_000000_000074"]
    assert names(Cityscapes(tmp_path, "train+val+coarse")) == everything
    assert names(Cityscapes(tmp_path, "trainextra")) == everything[2:]  # The black picture is left out.
    assert names(Cityscapes(tmp_path, "train+val")) == everything[:2]
    assert Cityscapes(tmp_path, "coarse")[0][1].max() == 255


def test_the_test_split_counts_no_pixel(tmp_path):
    data = Cityscapes(write_cityscapes(tmp_path, "test", names=["berlin_000000_000019"]), "test")
    image, labels = data[0]
    np.testing.assert_array_equal(image, picture(0))
    assert labels.shape == image.shape[:2]
    assert (labels == 255).all()


def test_answers_the_test_server_in_its_own_ids(tmp_path):
    data = Cityscapes(write_cityscapes(tmp_path, "test", names=["berlin_000000_000019"]), "test")
    sent = data.submission(np.array([[0, 18, 255], [1, 10, 13]], dtype=np.uint8))
    assert sent.tolist() == [[7, 33, 0], [8, 23, 26]]
    assert sent.dtype == np.uint8
    assert data.submission_name(0) == "berlin_000000_000019.png"


def test_a_street_goes_out_as_label_ids_and_comes_back(tmp_path):
    write_cityscapes(tmp_path, names=["ulm_000001_000019"])
    scene = render_street(3, 96, 64)
    save(tmp_path / "leftImg8bit/train/ulm/ulm_000001_000019_leftImg8bit.png", scene.image)
    data = Cityscapes(tmp_path, "train")
    save(tmp_path / "gtFine/train/ulm/ulm_000001_000019_gtFine_labelIds.png", data.submission(scene.labels))
    np.testing.assert_array_equal(data[0][1], scene.labels)
    assert len(LABEL_IDS) == len(CITYSCAPES)


def test_says_what_is_missing(tmp_path):
    with pytest.raises(DataError, match=r"no folder .* with Cityscapes: .*www\.cityscapes-dataset\.com\.$"):
        Cityscapes(tmp_path / "nowhere", "train")
    with pytest.raises(DataError, match=r"needs the folder .*leftImg8bit/train, .* get it from www\.cityscapes"):
        Cityscapes(tmp_path, "train")
    write_cityscapes(tmp_path)
    with pytest.raises(DataError, match=r"needs the folder .*leftImg8bit/val, which is not there"):
        Cityscapes(tmp_path, "train+val")
    (tmp_path / "gtFine/train/ulm/ulm_000001_000019_gtFine_labelIds.png").unlink()
    with pytest.raises(DataError, match=r"has no labels .*ulm_000001_000019_gtFine_labelIds\.png for ulm"):
        Cityscapes(tmp_path, "train")
    (tmp_path / "leftImg8bit" / "val").mkdir()
    (tmp_path / "gtFine" / "val").mkdir()
    with pytest.raises(DataError, match="lists no pictures"):
        Cityscapes(tmp_path, "val")


@pytest.mark.parametrize(("split", "sentence"), [("fine", "no split 'fine'"), ("coarse+trainextra", "pictures twice")])
def test_refuses_strange_splits(tmp_path, split, sentence):
    with pytest.raises(DataError, match=sentence):
        Cityscapes(tmp_path, split)


def test_refuses_unknown_ids(tmp_path):
    data = Cityscapes(write_cityscapes(tmp_path), "train")
    ids = id_map(0, 34)
    ids[0, 0] = 34
    save(tmp_path / "gtFine/train/aachen/aachen_000000_000019_gtFine_labelIds.png", ids)
    with pytest.raises(DataError, match="hold unknown ids 34: only 0, 1"):
        data[0]
