import os
from pathlib import Path

import pytest

from segnode.disk import atomic_write


def test_a_failed_write_leaves_the_old_file_and_no_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    atomic_write(path, b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space left"):
            atomic_write(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
    atomic_write(path, b"new")
    assert path.read_bytes() == b"new"


def test_rests_of_killed_writers_are_swept(tmp_path: Path) -> None:
    old, recent = tmp_path / ".file.1.part", tmp_path / ".file.2.part"
    old.write_bytes(b"")
    recent.write_bytes(b"")
    os.utime(old, (0, 0))
    atomic_write(tmp_path / "file", b"new")
    assert not old.exists()
    assert recent.exists()
