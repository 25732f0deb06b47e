import errno
import os
from pathlib import Path

import pytest

from segnode.disk import atomic_write, expand_home, refuse_unwritable
from segnode.errors import ConfigError


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


def test_a_place_that_can_be_written_is_left_as_it_was(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_bytes(b"kept")
    refuse_unwritable(kept, tmp_path / "new" / "folder" / "file")
    assert kept.read_bytes() == b"kept"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kept", "new"]
    assert list((tmp_path / "new" / "folder").iterdir()) == []


def test_a_place_that_cannot_be_written_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "file" / "below", tmp_path / "folder", tmp_path / ("a" * 300)):
        with pytest.raises(ConfigError, match=r"cannot be written \(.+\): choose another place"):
            refuse_unwritable(path)

    def read_only(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(Path, "open", read_only)
    with pytest.raises(ConfigError, match="Read-only file system"):
        refuse_unwritable(tmp_path / "new")


def test_a_leading_tilde_is_the_home_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/someone")
    assert expand_home("~/x") == expand_home(Path("~/x")) == Path("/home/someone/x")
    for path in ("a/~/x", "./~/x", "~nobody-of-this-name/x"):
        assert expand_home(path) == Path(path)
