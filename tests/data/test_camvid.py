"""CamVid's loader against tiny folders in the layout of the SegNet release."""

import numpy as np
import pytest

from segnode.data.camvid import CamVid
from segnode.data.classes import CAMVID
from segnode.data.images import Dataset
from segnode.errors import DataError
from tests.data.layouts import id_map, picture, save, write_camvid

DRIVES = ("0001TP_1", "0006R0_1", "0006R0_2", "0016E5_1")


def test_gives_the_picture_and_its_train_ids(tmp_path):
    data = CamVid(write_camvid(tmp_path), "train")
    image, labels = data[1]
    ids = id_map(1, 12)
    assert isinstance(data, Dataset)
    assert data.classes is CAMVID
    assert (len(data), data.name(1)) == (2, "0006R0_f00930")
    np.testing.assert_array_equal(image, picture(1))
    np.testing.assert_array_equal(labels, np.where(ids == 11, 255, ids))
    assert (image.dtype, labels.dtype) == (np.uint8, np.uint8)


@pytest.mark.parametrize("prefix", ["", "/SegNet/CamVid/", "C:\\SegNet\\CamVid\\", "./"])
def test_takes_lists_made_on_other_machines(tmp_path, prefix):
    data = CamVid(str(write_camvid(tmp_path, "val", prefix=prefix)), "val")
    assert len(data) == 2
    assert data[0][0].shape == (18, 24, 3)


def test_holds_a_drive_out(tmp_path):
    write_camvid(tmp_path, names=DRIVES)
    only = CamVid(tmp_path, "train", only="0006R0")
    rest = CamVid(tmp_path, "train", without="0006R0")
    assert [only.name(i) for i in range(len(only))] == ["0006R0_1", "0006R0_2"]
    assert [rest.name(i) for i in range(len(rest))] == ["0001TP_1", "0016E5_1"]


def test_names_the_drives_there_are(tmp_path):
    with pytest.raises(DataError, match="names begin 0001TP, 0006R0, 0016E5"):
        CamVid(write_camvid(tmp_path, names=DRIVES), "train", only="0099")


def test_wants_its_folder_and_list(tmp_path):
    with pytest.raises(DataError, match=r"no folder .*nowhere with CamVid: give the folder"):
        CamVid(tmp_path / "nowhere", "train")
    with pytest.raises(DataError, match=r"CamVid needs the list .*test\.txt, which is not there"):
        CamVid(write_camvid(tmp_path), "test")


def test_refuses_an_empty_list_and_a_strange_line(tmp_path):
    write_camvid(tmp_path)
    (tmp_path / "train.txt").write_text("\n \n")
    with pytest.raises(DataError, match="lists no pictures"):
        CamVid(tmp_path, "train")
    (tmp_path / "train.txt").write_text("0001TP_006690.png\n")
    with pytest.raises(DataError, match=r"line '0001TP_006690.png': each must read 'train/x.png trainannot/x.png'"):
        CamVid(tmp_path, "train")
    (tmp_path / "train.txt").write_bytes(b"\xff\xfe\x00\xd8")
    with pytest.raises(DataError, match="save it as plain text"):
        CamVid(tmp_path, "train")


def test_misses_files_before_anything_is_read(tmp_path):
    write_camvid(tmp_path)
    (tmp_path / "trainannot" / "0006R0_f00930.png").unlink()
    with pytest.raises(DataError, match=r"has no labels .* for 0006R0_f00930\.png"):
        CamVid(tmp_path, "train")
    (tmp_path / "train" / "0001TP_006690.png").unlink()
    with pytest.raises(DataError, match=r"lists .*0001TP_006690\.png, which is not there"):
        CamVid(tmp_path, "train")


def test_says_which_ids_are_unknown_and_where(tmp_path):
    data = CamVid(write_camvid(tmp_path), "train")
    ids = id_map(0, 12)
    ids[3, :2] = 12, 200
    save(tmp_path / "trainannot" / "0001TP_006690.png", ids)
    with pytest.raises(DataError, match=r"0001TP_006690\.png hold unknown ids 12, 200: only 0, 1, .*, 11 are known"):
        data[0]


def test_refuses_labels_of_another_size(tmp_path):
    data = CamVid(write_camvid(tmp_path), "train")
    save(tmp_path / "trainannot" / "0001TP_006690.png", id_map(0, 11, width=20))
    with pytest.raises(DataError, match=r"is 24 x 18 but its labels .* are 20 x 18: save both at one size"):
        data[0]


def test_refuses_damaged_files(tmp_path):
    data = CamVid(write_camvid(tmp_path), "train")
    for folder, what in (("train", "picture"), ("trainannot", "labels")):
        path = tmp_path / folder / "0001TP_006690.png"
        whole = path.read_bytes()
        path.write_bytes(whole[: len(whole) // 2])
        with pytest.raises(DataError, match=f"The {what} .*0001TP_006690.png cannot be read"):
            data[0]
        path.write_bytes(whole)
    assert data[0][1].shape == (18, 24)
