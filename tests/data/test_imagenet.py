"""ImageNet's loader against tiny folders, sorted by class and not."""

import numpy as np
import pytest

from segnode.data.imagenet import Classified, ImageNet
from segnode.errors import DataError
from tests.data.layouts import picture, save, write_imagenet

WNIDS = ("n02119789", "n01440764", "n03000684")


def flat(root, files):
    for seed, name in enumerate(files):
        save(root / "val" / name, picture(seed), format="JPEG")


def test_numbers_classes_in_alphabetical_order(tmp_path):
    data = ImageNet(write_imagenet(tmp_path, WNIDS), "train")
    assert isinstance(data, Classified)
    assert data.classes.names == ("n01440764", "n02119789", "n03000684")
    assert [data[i][1] for i in range(len(data))] == [0, 0, 1, 1, 2, 2]
    assert data.name(2) == "n02119789_0"
    assert data[0][0].shape == (18, 24, 3)
    assert data[0][0].dtype == np.uint8


def test_a_split_that_lacks_a_class_numbers_the_rest_alike(tmp_path):
    write_imagenet(tmp_path, WNIDS)
    data = ImageNet(write_imagenet(tmp_path, WNIDS[:1], "val"), "val")
    assert [data[i][1] for i in range(len(data))] == [1, 1]
    assert len(data.classes) == 3


def test_reads_the_flat_validation_set_by_either_list(tmp_path):
    files = ["ILSVRC2012_val_00000002.JPEG", "ILSVRC2012_val_00000001.JPEG"]
    flat(tmp_path, files)
    (tmp_path / "val.txt").write_text(f"{files[1]} {WNIDS[2]}\n{files[0]} {WNIDS[0]}\n")
    data = ImageNet(tmp_path, "val")
    assert [(data.name(i), data.classes.names[data[i][1]]) for i in range(2)] == [
        ("ILSVRC2012_val_00000001", WNIDS[2]),
        ("ILSVRC2012_val_00000002", WNIDS[0]),
    ]
    (tmp_path / "LOC_val_solution.csv").write_text(
        f"ImageId,PredictionString\nILSVRC2012_val_00000001,{WNIDS[1]} 85 1 499 272 \n"
        f"ILSVRC2012_val_00000002,{WNIDS[0]} 1 2 3 4 {WNIDS[0]} 5 6 7 8\n"
    )
    data = ImageNet(tmp_path, "val")
    assert [data.classes.names[data[i][1]] for i in range(2)] == [WNIDS[1], WNIDS[0]]


def test_says_what_is_missing(tmp_path):
    with pytest.raises(DataError, match=r"no folder .* with ImageNet: .*www\.image-net\.org"):
        ImageNet(tmp_path / "nowhere", "train")
    with pytest.raises(DataError, match="no split 'test' with classes: choose train or val"):
        ImageNet(tmp_path, "test")
    with pytest.raises(DataError, match=r"needs the folder .*train, which is not there"):
        ImageNet(tmp_path, "train")
    (tmp_path / "train").mkdir()
    with pytest.raises(DataError, match="has no pictures in folders named by wnid"):
        ImageNet(tmp_path, "train")


def test_says_what_its_lists_lack(tmp_path):
    flat(tmp_path, ["a.JPEG", "b.JPEG"])
    with pytest.raises(DataError, match=r"has no folders named by wnid: sort its pictures .* LOC_val_solution\.csv"):
        ImageNet(tmp_path, "val")
    (tmp_path / "val.txt").write_text(f"a.JPEG {WNIDS[0]}\n")
    with pytest.raises(DataError, match=r"^b\.JPEG is in no line of .*val\.txt: get the complete list"):
        ImageNet(tmp_path, "val")
    (tmp_path / "val.txt").write_text("a.JPEG\n")
    with pytest.raises(DataError, match=r"val\.txt has a line 'a\.JPEG': each must read"):
        ImageNet(tmp_path, "val")
    (tmp_path / "LOC_val_solution.csv").write_text("name,class\na,b\n")
    with pytest.raises(DataError, match=r"LOC_val_solution\.csv is not the table of the download"):
        ImageNet(tmp_path, "val")
    write_imagenet(tmp_path, WNIDS[:1])
    write_imagenet(tmp_path, WNIDS[1:], "val")
    with pytest.raises(DataError, match="has the class n01440764, which train lacks"):
        ImageNet(tmp_path, "val")
