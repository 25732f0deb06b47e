"""A person's own folder of pictures."""

import json
import os
import unicodedata

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
    with pytest.raises(DataError, match=r"a\.png hold unknown ids 2: only 0, 1, 9, 255 are known"):
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
        ({}, "must give 2 to 255 names"),
        ({"names": ["a"]}, "must give 2 to 255 names"),
        ({"names": "ab"}, "must give 2 to 255 names"),
        ({"names": [f"class {i}" for i in range(256)]}, "must give 2 to 255 names.*, not 256"),
        ({"names": ["a", 3]}, "The class 1 is named 3: give it a name"),
        ({"names": ["a", None]}, "The class 1 is named None: give it a name"),
        ({"names": ["\ud800", "a"]}, r"The class 0 is named '\\ud800': give it a name"),
        ({"names": ["a", [1]]}, r"The class 1 is named \[1\]: give it a name"),
        ({"names": ["a", "a"]}, "must be distinct"),
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


def test_reads_every_ending_of_jpeg_and_labels_in_capitals(tmp_path):
    write_folder(tmp_path, ["a", "b", "c"], endings=[".jfif", ".jpe", ".JPE"])
    (tmp_path / "labels" / "b.png").rename(tmp_path / "labels" / "b.PNG")
    data = Folder(tmp_path)
    assert names(data) == ["a", "b", "c"]
    np.testing.assert_array_equal(data[1][1], id_map(1, 2))
    save(tmp_path / "labels" / "b.png", id_map(1, 2))
    with pytest.raises(DataError, match=r"labels holds both b\.PNG and b\.png: rename one"):
        Folder(tmp_path)


@pytest.mark.parametrize("listed", ["NFC", "NFD"])
@pytest.mark.parametrize(("image", "label"), [("NFC", "NFD"), ("NFD", "NFC"), ("NFD", "NFD")])
def test_an_accent_is_one_however_it_is_written(tmp_path, image, label, listed):
    write_folder(tmp_path, ["caf\u00e9", "b"])
    for folder, form in (("images", image), ("labels", label)):
        path = tmp_path / folder / "caf\u00e9.png"
        path.rename(path.with_name(unicodedata.normalize(form, path.name)))
    assert Folder(tmp_path)[1][1].shape == (18, 24)
    (tmp_path / "train.txt").write_text(unicodedata.normalize(listed, "caf\u00e9"), encoding="utf-8")
    np.testing.assert_array_equal(Folder(tmp_path, "train")[0][1], id_map(0, 2))


def test_a_picture_keeps_its_side_however_its_accent_is_written(tmp_path):
    accents = [f"\u00e9{i}" for i in range(40)]
    composed = Folder(write_folder(tmp_path / "c", accents), "val")
    decomposed = Folder(write_folder(tmp_path / "d", [unicodedata.normalize("NFD", name) for name in accents]), "val")
    assert names(composed) == [unicodedata.normalize("NFC", name) for name in names(decomposed)]


def test_names_that_are_no_text_are_read(tmp_path):
    write_folder(tmp_path, ["a", "b", os.fsdecode(b"caf\xe9")])
    assert len(Folder(tmp_path, "train")) + len(Folder(tmp_path, "val")) == 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be with its mark"])
def test_reads_lists_with_endings_and_of_other_shells(tmp_path, encoding):
    write_folder(tmp_path, ["a.b", "c", "\u00e9"], endings=[".png", ".JPG"])
    text = "a.b.png\r\nc.JPG\r\n\u00e9\r\n"
    data = b"\xfe\xff" + text.encode("utf-16-be") if "mark" in encoding else text.encode(encoding)
    (tmp_path / "train.txt").write_bytes(data)
    assert names(Folder(tmp_path, "train")) == ["a.b", "c", "\u00e9"]


@pytest.mark.parametrize("data", ["a\nb\n".encode("utf-16-le"), b"caf\xe9\n"], ids=["without its mark", "Latin"])
def test_says_how_a_list_is_to_be_saved(tmp_path, data):
    (write_folder(tmp_path) / "train.txt").write_bytes(data)
    with pytest.raises(DataError, match=r"train\.txt cannot be read: save it as plain text in UTF-8"):
        Folder(tmp_path, "train")


@pytest.mark.parametrize("ending", [".tif", ".TIFF", ".bmp"])
def test_says_which_endings_are_read(tmp_path, ending):
    write_folder(tmp_path / "images", endings=[ending.lower()])
    with pytest.raises(
        DataError, match=rf"a{ending}".lower() + " is in a format that is not supported: save it as .jpg or"
    ):
        Folder(tmp_path / "images")
    write_folder(tmp_path / "labels")
    for path in (tmp_path / "labels" / "labels").iterdir():
        path.rename(path.with_suffix(ending))
    with pytest.raises(DataError, match=rf"labels/a{ending} is in a format that is not supported: save it as \.png"):
        Folder(tmp_path / "labels")


def test_a_picture_of_two_kinds_is_read_as_the_one_that_can_be(tmp_path):
    write_folder(tmp_path, ["a", "b"])
    save(tmp_path / "images" / "a.bmp", picture(5))
    save(tmp_path / "images" / "b.tif", picture(5))
    np.testing.assert_array_equal(Folder(tmp_path)[0][0], picture(0))


def test_refuses_masks_whose_object_would_never_count(tmp_path):
    write_folder(tmp_path)
    for seed, name in enumerate("abc"):
        save(tmp_path / "labels" / f"{name}.png", id_map(seed, 2) * 255)
    for split in ("train", "val", None):
        with pytest.raises(DataError, match=r"hold only 0 and 255, and 255 is never counted.*: save roof as 1"):
            Folder(tmp_path, split)
    save(tmp_path / "labels" / "c.png", id_map(2, 2))
    assert len(Folder(tmp_path)) == 3


def test_as_many_classes_as_a_byte_tells_apart(tmp_path):
    write_folder(tmp_path, ["a"], classes={"names": [f"class {i}" for i in range(255)]})
    save(tmp_path / "labels" / "a.png", np.full((18, 24), 254, dtype=np.uint8))
    assert Folder(tmp_path)[0][1].max() == 254


@pytest.mark.parametrize("name", ["classes.json", "train.txt"])
def test_a_folder_in_the_place_of_a_file_is_one_sentence(tmp_path, name):
    root = write_folder(tmp_path)
    (root / "val.txt").write_text("a\n")
    (root / name).unlink(missing_ok=True)
    (root / name).mkdir()
    with pytest.raises(DataError, match=rf"{name} cannot be read \(Is a directory\)"):
        Folder(root, "train")


def test_a_loop_of_links_is_one_sentence(tmp_path):
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(DataError, match=r"no folder .*loop with pictures"):
        Folder(tmp_path / "loop")


def test_refuses_json_without_bottom_and_reads_it_of_other_shells(tmp_path):
    root = write_folder(tmp_path)
    (root / "classes.json").write_text('{"names": ["wall", "t\u00fcr"]}', encoding="utf-16")
    assert Folder(root).classes.names == ("wall", "t\u00fcr")
    (root / "classes.json").write_text("[" * 200_000)
    with pytest.raises(DataError, match=r"classes\.json is not readable JSON"):
        Folder(root)
