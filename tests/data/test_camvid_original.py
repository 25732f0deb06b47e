"""The original CamVid against tiny folders in its authors' layout."""

import numpy as np
import pytest

from segnode.data.camvid_original import COLOURS, CamVidOriginal
from segnode.data.classes import CAMVID
from segnode.errors import DataError
from segnode.streets import render_street
from tests.data.layouts import save, write_camvid_original

# The grouping, by hand, of the authors' classes: (colour, place among the eleven, or 255).
SOME = (
    ((128, 128, 128), 0),  # Sky
    ((64, 192, 0), 1),  # Wall
    ((0, 0, 64), 2),  # TrafficCone
    ((128, 0, 192), 3),  # LaneMkgsDriv
    ((64, 192, 128), 4),  # ParkingBlock
    ((192, 192, 0), 5),  # VegetationMisc
    ((0, 64, 64), 6),  # TrafficLight
    ((64, 64, 128), 7),  # Fence
    ((64, 128, 192), 8),  # SUVPickupTruck
    ((192, 128, 64), 9),  # Child
    ((192, 0, 192), 10),  # MotorcycleScooter
    ((0, 0, 0), 255),  # Void
)
BLANK = np.full((4, 5, 3), 128, dtype=np.uint8)


def names(data):
    return [data.name(i) for i in range(len(data))]


def test_groups_the_colours_into_eleven_classes(tmp_path):
    colours = np.array([[colour for colour, _ in SOME]], dtype=np.uint8)
    data = CamVidOriginal(write_camvid_original(tmp_path, {"0006R0_f00930": colours}), "train")
    assert data.classes is CAMVID
    assert data[0][1].tolist() == [[place for _, place in SOME]]


def test_knows_thirty_two_colours_and_uses_every_class():
    assert len(COLOURS) == 32
    assert set(COLOURS.values()) == {*CAMVID.names, None}


def test_a_street_goes_out_as_colours_and_comes_back(tmp_path):
    labels = render_street(5, 96, 64).labels
    first = {name: colour for colour, name in reversed(COLOURS.items()) if name is not None}
    palette = np.array([first[name] for name in CAMVID.names], dtype=np.uint8)
    write_camvid_original(tmp_path, {"0016E5_00390": palette[labels]})
    np.testing.assert_array_equal(CamVidOriginal(tmp_path, "train")[0][1], labels)


def test_splits_as_the_segnet_release_does(tmp_path):
    # Both ends of each piece of the release's lists.
    train = ["0001TP_006690", "0001TP_008520", "0006R0_f00930", "0016E5_00390", "0016E5_08640"]
    val = ["0016E5_07959", "0016E5_08159"]
    test = ["0001TP_008550", "0001TP_010380", "Seq05VD_f00000", "Seq05VD_f05100"]
    write_camvid_original(tmp_path, dict.fromkeys([*train, *val, *test], BLANK))
    for split, wanted in (("train", train), ("val", val), ("test", test)):
        assert names(CamVidOriginal(tmp_path, split)) == wanted
    assert names(CamVidOriginal(tmp_path, "train", without="0016E5")) == train[:3]
    with pytest.raises(DataError, match=r"is left with only='0099' .* names begin 0016E5"):
        CamVidOriginal(tmp_path, "val", only="0099")


def test_says_which_colour_is_strange(tmp_path):
    colours = BLANK.copy()
    colours[2, 3] = 1, 2, 3
    data = CamVidOriginal(write_camvid_original(tmp_path, {"0006R0_f00930": colours}), "train")
    with pytest.raises(DataError, match=r"0006R0_f00930_L\.png hold the colour \(1, 2, 3\), none of CamVid's 32: copy"):
        data[0]


def test_says_what_is_missing(tmp_path):
    with pytest.raises(DataError, match=r"no folder .* with CamVid: .*mi\.eng\.cam\.ac\.uk"):
        CamVidOriginal(tmp_path / "nowhere", "train")
    with pytest.raises(DataError, match=r"needs the folder .*701_StillsRaw_full, which is not there: .*CamVid"):
        CamVidOriginal(tmp_path, "train")
    write_camvid_original(tmp_path, {"0006R0_f00930": BLANK})
    with pytest.raises(DataError, match="no split 'trainval': choose train, val or test"):
        CamVidOriginal(tmp_path, "trainval")
    with pytest.raises(DataError, match="lists no pictures"):
        CamVidOriginal(tmp_path, "test")
    save(tmp_path / "701_StillsRaw_full" / "holiday.png", BLANK)
    with pytest.raises(DataError, match=r"holiday\.png is of none of CamVid's drives"):
        CamVidOriginal(tmp_path, "train")
    (tmp_path / "701_StillsRaw_full" / "holiday.png").unlink()
    (tmp_path / "LabeledApproved_full" / "0006R0_f00930_L.png").unlink()
    with pytest.raises(DataError, match=r"has no labels .*_L\.png for 0006R0_f00930\.png"):
        CamVidOriginal(tmp_path, "train")
