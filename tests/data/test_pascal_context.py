"""PASCAL-Context's loader against tiny folders in the layout of VOC2010."""

import numpy as np
import pytest

from segnode.data.pascal_context import PASCAL_CONTEXT, PASCAL_CONTEXT_60, PascalContext
from segnode.errors import DataError
from tests.data.layouts import id_map, save, write_pascal_context


def test_background_is_not_counted(tmp_path):
    data = PascalContext(write_pascal_context(tmp_path), "train")
    ids = id_map(1, 60).astype(int)
    assert (len(data), data.name(1), len(data.classes)) == (2, "2008_2", 59)
    np.testing.assert_array_equal(data[1][1], np.where(ids == 0, 255, ids - 1))


def test_background_is_the_first_of_sixty(tmp_path):
    data = PascalContext(write_pascal_context(tmp_path), "train", background=True)
    np.testing.assert_array_equal(data[0][1], id_map(0, 60))
    assert data.classes is PASCAL_CONTEXT_60


def test_classes_stand_in_their_order():
    assert [PASCAL_CONTEXT.names[i] for i in (0, 36, 58)] == ["aeroplane", "person", "wood"]
    assert PASCAL_CONTEXT_60.names[1:] == PASCAL_CONTEXT.names


@pytest.mark.parametrize("below", ["", "VOC2010", "VOCdevkit/VOC2010"])
def test_finds_its_folder_from_above(tmp_path, below):
    write_pascal_context(tmp_path / below)
    assert len(PascalContext(tmp_path, "train")) == 2


def test_says_what_is_missing(tmp_path):
    with pytest.raises(DataError, match=r"no folder .* with PASCAL-Context: .*host\.robots\.ox\.ac\.uk"):
        PascalContext(tmp_path / "nowhere", "train")
    with pytest.raises(DataError, match="no split 'test': choose train or val"):
        PascalContext(tmp_path, "test")
    write_pascal_context(tmp_path)
    with pytest.raises(DataError, match=r"needs the list .*SegmentationContext/val\.txt"):
        PascalContext(tmp_path, "val")
    ids = id_map(0, 60)
    ids[0, 0] = 60
    save(tmp_path / "SegmentationClassContext" / "2008_1.png", ids)
    with pytest.raises(DataError, match=r"2008_1\.png hold unknown ids 60"):
        PascalContext(tmp_path, "train")[0]
    (tmp_path / "SegmentationClassContext" / "2008_1.png").unlink()
    with pytest.raises(DataError, match=r"has no labels .*2008_1\.png"):
        PascalContext(tmp_path, "train")
