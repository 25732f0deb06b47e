"""Perspective views out of a panorama whose colours are its angles."""

import io
import tarfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from segnode.errors import DataError
from tests.scripts.loading import load

photographs = load("photographs")
ROWS, COLUMNS = 180, 360


@pytest.fixture
def angles() -> np.ndarray:
    """A panorama: red is degrees to the right of its middle, from -90 to 90 (beyond, 0), green degrees up, plus 90."""
    right = np.arange(COLUMNS) + 0.5 - COLUMNS / 2
    up = ROWS / 2 - np.arange(ROWS) - 0.5
    red = np.where(np.abs(right) < 90, right + 90, 0)
    planes = np.broadcast_arrays(red[None], up[:, None] + 90, 0)
    return np.round(np.stack(planes, axis=-1)).astype(np.uint8)


def test_the_middle_looks_where_it_is_told(angles: np.ndarray) -> None:
    view = photographs.perspective(angles, yaw=30, pitch=10, across=60, width=101, height=101)
    assert view[50, 50, :2] == pytest.approx([120, 100], abs=1)


def test_the_edges_are_as_far_apart_as_the_field_of_view(angles: np.ndarray) -> None:
    view = photographs.perspective(angles, yaw=0, pitch=0, across=60, width=400, height=300)
    assert view[150, 0, 0] == pytest.approx(60, abs=1)
    assert view[150, -1, 0] == pytest.approx(120, abs=1)
    assert view[0, 200, 1] > view[-1, 200, 1]


def test_straight_lines_stay_straight(angles: np.ndarray) -> None:
    """A camera shows equal tangents, not equal angles."""
    view = photographs.perspective(angles, yaw=0, pitch=0, across=90, width=201, height=11)
    quarter = float(view[5, 150, 0]) - 90
    assert quarter == pytest.approx(np.degrees(np.arctan(0.5)), abs=1)


def test_a_view_over_the_seam_is_whole() -> None:
    bright = np.full((ROWS, COLUMNS, 3), 200, dtype=np.uint8)
    assert (photographs.perspective(bright, yaw=180, pitch=0, across=90, width=64, height=48) == 200).all()


def test_an_archive_without_the_photograph_is_told(tmp_path: Path) -> None:
    archive = tmp_path / "other-1.0.tar.gz"
    with tarfile.open(archive, "w:gz") as files:
        data = io.BytesIO()
        Image.new("RGB", (8, 8)).save(data, "JPEG")
        member = tarfile.TarInfo("other-1.0/picture.jpg")
        member.size = len(data.getvalue())
        files.addfile(member, io.BytesIO(data.getvalue()))
    with pytest.raises(DataError, match="pass the source distribution"):
        photographs.main(photographs.Settings(archive, archive, tmp_path))
