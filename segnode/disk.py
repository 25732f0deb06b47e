"""Files written atomically, so that a crash leaves the old one or the new one; and errors of the disk as sentences."""

import errno
import os
import shutil
import time
import uuid
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from segnode.errors import ConfigError, DataError

#: An unfinished file this old belongs to a writer that was killed.
ABANDONED_S = 3600


def atomic_write(path: Path, data: bytes) -> None:
    """Replace `path` by `data`, or leave it as it was: no crash shows half of it. Raises `OSError`."""
    write_together({Path(path): data})


def write_together(files: Mapping[Path, bytes]) -> None:
    """Put every file in place, each in one step, after all of them are safe on disk under temporary names.

    Raises `OSError`, with the files as they were.
    """
    staged: dict[Path, Path] = {}
    try:
        for path, data in files.items():
            _sweep(path)
            staged[path] = path.with_name(f".{path.name}.{uuid.uuid4().hex}.part")
            # "x" gives the permissions of any new file, where `tempfile` would lock everyone else out.
            with staged[path].open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        for path, part in staged.items():
            part.replace(path)
        for parent in {path.parent for path in files}:
            _sync_folder(parent)
    finally:
        for part in staged.values():
            part.unlink(missing_ok=True)


def refuse_unwritable(*files: Path) -> None:
    """Raise `ConfigError` where one of `files` could not be written, before hours of work on its content.

    Their folders are made if need be.
    """
    for path in files:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
            trial = path.with_name(f".{path.name}.{uuid.uuid4().hex}.part")
            trial.open("xb").close()
            trial.unlink()
        except OSError as error:
            raise ConfigError(
                f"{path} cannot be written ({error.strerror}): choose another place, or change who may write there."
            ) from error


@contextmanager
def readable(path: Path) -> Generator[None]:
    """Within, what the system refuses of `path` is a `DataError`; a missing file stays a `FileNotFoundError`."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        if error.errno is None:  # not the system's: Pillow raises these for damaged pictures
            raise
        raise DataError(
            f"{_short(path)} cannot be read ({error.strerror}): check its name and its permissions, and those of the"
            " folders above it."
        ) from error


def expand_home(path: Path | str) -> Path:
    """`path` with the home folder in place of a leading `~`; unchanged where no such home is known."""
    return Path(os.path.expanduser(path))  # noqa: PTH111 - a `Path` of "./~" has lost what tells it from "~"


def free_bytes(folder: Path) -> int:
    """Room on the disk that `folder` is on, or will be once it is made."""
    folder = expand_home(folder).absolute()
    return shutil.disk_usage(next(place for place in (folder, *folder.parents) if place.exists())).free


def _short(path: Path, most: int = 300) -> str:
    """The path; of one too long for a message both ends."""
    text = str(path)
    return text if len(text) <= most else f"{text[: most // 2]}...{text[-most // 2 :]}"


def _sweep(path: Path) -> None:
    """Remove what writers of `path` that were killed left behind."""
    for part in path.parent.glob(f".{path.name}.*.part"):
        with suppress(FileNotFoundError):  # another writer may have just finished with it
            if time.time() - part.stat().st_mtime > ABANDONED_S:
                part.unlink()


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":  # elsewhere a folder cannot be opened
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
