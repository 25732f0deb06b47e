"""LIP's loader against tiny folders in both layouts, and its left and right in the mirror."""

import numpy as np
import pytest
import torch

from segnode.data.augment import Augment
from segnode.data.batches import Cached, Mix, batches
from segnode.data.lip import LIP, LIP_CLASSES, SWAPS
from segnode.errors import DataError
from tests.data.layouts import id_map, save, write_lip


@pytest.mark.parametrize("flat", [False, True])
def test_reads_both_layouts(tmp_path, flat):
    data = LIP(write_lip(tmp_path, flat=flat), "train")
    image, labels = data[1]
    assert (len(data), data.name(1), image.shape) == (2, "3_4", (18, 24, 3))
    np.testing.assert_array_equal(labels, id_map(1, 20))
    assert len(data.classes) == 20


def test_swaps_are_left_and_right_of_one_limb():
    for one, other in SWAPS:
        left, right = LIP_CLASSES.names[one], LIP_CLASSES.names[other]
        assert left == right.replace("right", "left") != right
    sided = [i for i, name in enumerate(LIP_CLASSES.names) if "left" in name or "right" in name]
    assert sorted(id for pair in SWAPS for id in pair) == sided


def test_a_mirrored_left_arm_is_a_right_arm(tmp_path):
    write_lip(tmp_path, names=["1_2"])
    arms = np.full((18, 24), 14, dtype=np.uint8)
    save(tmp_path / "TrainVal_parsing_annotations/train_segmentations/1_2.png", arms)
    mix = Mix([Cached(LIP(tmp_path, "train"))], [1.0], seed=0)
    still = {"scale": (1.0, 1.0), "jitter": 0.0, "aspect": 0.0}
    _, labels = next(batches(mix, Augment((18, 24), **still), 32))
    assert labels.unique().tolist() == [14, 15]
    _, labels = next(batches(mix, Augment((18, 24), flip=False, **still), 32))
    assert torch.equal(labels, torch.full_like(labels, 14))


def test_says_what_is_missing(tmp_path):
    with pytest.raises(DataError, match=r"no folder .* with LIP: .*sysu-hcp\.net/lip"):
        LIP(tmp_path / "nowhere", "train")
    with pytest.raises(DataError, match="no split 'test' with labels: choose train or val"):
        LIP(tmp_path, "test")
    with pytest.raises(DataError, match=r"needs the folder .*TrainVal_images/train_images, which is not there"):
        LIP(tmp_path, "train")
    write_lip(tmp_path)
    (tmp_path / "TrainVal_parsing_annotations/train_segmentations/3_4.png").unlink()
    with pytest.raises(DataError, match=r"has no labels .*3_4\.png for 3_4\.jpg"):
        LIP(tmp_path, "train")
