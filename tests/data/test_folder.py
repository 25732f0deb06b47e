"""A person's own folder of pictures."""

import json

import numpy as np
import pytest

from segnode.data.folder import Folder
from segnode.errors import DataError
from tests.data.layouts import id_map, picture, save, write_folder


def names(data):
    return [data.name(i) for i in range(len(data))]


def test_reads_every_ending(tmp_path):
    data = Folder(write_folder(tmp_path, ["a", "b", "c", "d"], endings=[".png", ".JPG", ".webp", ".jpeg"]))
    assert names(data) == ["a", "b", "c", "d"]
    np.testing.assert_array_equal(data[0][0], picture(0))
    np.testing.assert_array_equal(data[2][1], id_map(2, 2))
    assert [data[i][0].shape for i in range(4)] == [(18, 24, 3)] * 4


def test_classes_have_colours_of_their_own(tmp_path):
    plain = Folder(write_folder(tmp_path / "plain", classes={"names": [f"class {i}" for i in range(30)]})).classes
    assert len(set(plain.palette)) == 30
    given = {"names": ["wall", "roof"], "palette": [[1, 2, 3], [4, 5, 6]]}
    assert Folder(write_folder(tmp_path / "given", classes=given)).classes.palette == ((1, 2, 3), (4, 5, 6))


def test_ignores_what_it_is_told_to_ignore(tmp_path):
    write_folder(tmp_path, classes={"names": ["wall", "roof"], "ignore": 9})
    ids = id_map(0, 2)
    ids[0, :3] = 9, 255, 1
    save(tmp_path / "labels" / "a.png", ids, palette=True)
    assert Folder(tmp_path)[0][1][0, :3].tolist() == [255, 255, 1]
    ids[0, 0] = 2
    save(tmp_path / "labels" / "a.png", ids)
    with pytest.raises(DataError, match=r"a\.png hold unknown ids 2: only 0, 1, 9, 255 mean"):
        Folder(tmp_path)[0]


@pytest.mark.parametrize("bits", [1, 2, 4])
def test_reads_ids_of_few_bits(tmp_path, bits):
    write_folder(tmp_path, ["a"], classes={"names": [f"class {i}" for i in range(16)]})
    ids = id_map(0, 2**bits)
    save(tmp_path / "labels" / "a.png", ids, palette=True, bits=bits)
    np.testing.assert_array_equal(Folder(tmp_path)[0][1], ids)


def test_splits_by_lists(tmp_path):
    write_folder(tmp_path)
    (tmp_path / "train.txt").write_text("c\na\n")
    assert names(Folder(tmp_path, "train")) == ["c", "a"]
    assert len(Folder(tmp_path)) == 3
    with pytest.raises(DataError, match=r"needs the list .*val\.txt"):
        Folder(tmp_path, "val")
    (tmp_path / "val.txt").write_text("z\n")
    with pytest.raises(DataError, match=r"val\.txt lists z, which is not in images/"):
        Folder(tmp_path, "val")


def test_splits_by_name_without_lists(tmp_path):
    write_folder(tmp_path, [f"street {i}" for i in range(120)])
    train, val = names(Folder(tmp_path, "train")), names(Folder(tmp_path, "val"))
    assert sorted(train + val) == names(Folder(tmp_path))
    assert 5 <= len(val) <= 20
    write_folder(tmp_path, ["another", "and another"])
    assert set(val) <= set(names(Folder(tmp_path, "val")))
    assert set(train) <= set(names(Folder(tmp_path, "train")))


@pytest.mark.parametrize("count", [2, 3, 5])
def test_few_pictures_leave_no_side_empty(tmp_path, count):
    write_folder(tmp_path, [f"p{i}" for i in range(count)])
    assert len(Folder(tmp_path, "val")) >= 1
    assert len(Folder(tmp_path, "train")) + len(Folder(tmp_path, "val")) == count


@pytest.mark.parametrize(
    ("classes", "sentence"),
    [
        ([1], "is not an object"),
        ({"names": ["a", "b"], "colour": 1}, "has entries colour: give names"),
        ({}, "must give 2 to 254 names"),
        ({"names": ["a"]}, "must give 2 to 254 names"),
        ({"names": ["a", 3]}, "must give 2 to 254 names"),
        ({"names": ["a", "a"]}, "must be present and distinct"),
        ({"names": ["a", "b"], "ignore": 256}, "ignore as 256: make it one id"),
        ({"names": ["a", "b"], "palette": [[0, 0, 300], [0, 0, 0]]}, "gives a palette that is not"),
        ({"names": ["a", "b"], "palette": {"a": 1}}, "gives a palette that is not"),
        ({"names": ["a", "b"], "palette": [[0, 0, 0]]}, "2 classes need 2 colours, not 1"),
    ],
)
def test_refuses_bad_classes(tmp_path, classes, sentence):
    with pytest.raises(DataError, match=rf"classes\.json.*{sentence}"):
        Folder(write_folder(tmp_path, classes=classes))


def test_refuses_what_is_no_json(tmp_path):
    (write_folder(tmp_path) / "classes.json").write_text("{names:")
    with pytest.raises(DataError, match=r"classes\.json is not readable JSON"):
        Folder(tmp_path)


def test_says_what_is_missing(tmp_path):
    with pytest.raises(DataError, match=r"no folder .*nowhere with pictures"):
        Folder(tmp_path / "nowhere")
    with pytest.raises(DataError, match=r"classes\.json is missing: write it as \{\"names\""):
        Folder(tmp_path)
    (tmp_path / "classes.json").write_text(json.dumps({"names": ["wall", "roof"]}))
    with pytest.raises(DataError, match=r"no folder .*images with the pictures"):
        Folder(tmp_path)
    (tmp_path / "images").mkdir()
    with pytest.raises(DataError, match="lists no pictures"):
        Folder(tmp_path)
    save(tmp_path / "images" / "a.png", picture(0))
    with pytest.raises(DataError, match=r"has no labels .*a\.png for a\.png"):
        Folder(tmp_path)
    save(tmp_path / "images" / "a.jpg", picture(0))
    with pytest.raises(DataError, match=r"holds both a\.jpg and a\.png"):
        Folder(tmp_path)
    with pytest.raises(DataError, match="no split 'test'"):
        Folder(tmp_path, "test")


def test_refuses_labels_that_are_colours(tmp_path):
    write_folder(tmp_path)
    save(tmp_path / "labels" / "a.png", picture(0))
    with pytest.raises(DataError, match=r"a\.png are not a PNG of one 8-bit channel"):
        Folder(tmp_path)[0]
    save(tmp_path / "labels" / "a.png", id_map(0, 2), format="JPEG")
    with pytest.raises(DataError, match=r"a\.png are not a PNG of one 8-bit channel"):
        Folder(tmp_path)[0]
