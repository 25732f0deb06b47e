"""The state that a killed run resumes from, one file for each save; the newest two are kept.

A file is written whole or not at all and its SHA-256 stands beside it, so that a damaged one is known as such.
"""

import hashlib
import io
import logging
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from filelock import FileLock, Timeout

from segnode.disk import free_bytes, write_together
from segnode.errors import CheckpointError, ConfigError

_LOG = logging.getLogger(__name__)
_KEPT = 2


def refuse_unwritable_out(folder: Path) -> None:
    """Raise `ConfigError` where a run could not write into `folder`, or not make it."""
    existing = folder.absolute()
    while not os.path.lexists(existing):
        existing = existing.parent
    if not existing.is_dir():
        raise ConfigError(f"{existing} is not a folder, so nothing can be saved in {folder}: choose another --out.")
    if not os.access(existing, os.W_OK | os.X_OK):
        raise ConfigError(f"Nothing may be written into {existing}: change its permissions, or choose another --out.")


@contextmanager
def lock_folder(folder: Path) -> Generator[None]:
    """Within, `folder` (made where it is missing) is locked for this run; a killed run's lock ends with its process.

    Raises `ConfigError` where another run has locked it, or nothing can be written there.
    """
    lock = FileLock(folder / ".lock")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire(blocking=False)
    except Timeout as error:
        raise ConfigError(f"Another run is at work in {folder}: wait for its end, or choose another --out.") from error
    except OSError as error:
        raise ConfigError(f"Nothing can be written into {folder} ({error.strerror}): choose another --out.") from error
    try:
        yield
    finally:
        lock.release()


def refuse_full_disk(folder: Path, weights: int) -> None:
    """Raise `ConfigError` where the disk has no room for what a run keeps in `folder`.

    weights: bytes of the network's tensors. A state has at most four times these: the weights, their average and what
    AdamW remembers. The newest two are there while the next is written, and so are two checkpoints.
    """
    replaced = [file for pattern in ("state-*.pt", "*/*.safetensors") for file in folder.glob(pattern)]
    needed = ((_KEPT + 1) * 4 + 3) * weights - sum(file.stat().st_size for file in replaced)
    if (free := free_bytes(folder)) < needed:
        raise ConfigError(
            f"The weights and states of this run need up to {needed / 1e6:.0f} MB in {folder}, and {free / 1e6:.0f} MB"
            " are free: free some space, or choose another --out."
        )


def save_state(folder: Path, position: int, state: dict[str, Any]) -> None:
    """Write `state` (tensors and plain values) at `position` of the run, and delete all but the two newest.

    States past `position` are those a run went back from.

    Raises `OSError` when the disk refuses; what was saved before is then left as it is.
    """
    buffer = io.BytesIO()
    torch.save(state, buffer)
    data = buffer.getvalue()
    path = folder / f"state-{position:09d}.pt"
    # The sum first: a crash between the two leaves a sum without a state, which nobody looks for.
    write_together({_sum(path): hashlib.sha256(data).hexdigest().encode(), path: data})
    paths = _newest_first(folder)
    here = paths.index(path)
    for old in [*paths[:here], *paths[here + _KEPT :]]:
        old.unlink(missing_ok=True)
        _sum(old).unlink(missing_ok=True)


def load_state(folder: Path) -> dict[str, Any] | None:
    """The newest undamaged state in `folder`, or None where there is no state.

    Says so when it passes over a damaged one. Raises `CheckpointError` when all states are damaged.
    """
    paths = _newest_first(folder)
    for path in paths:
        try:
            data = path.read_bytes()
            intact = hashlib.sha256(data).hexdigest() == _sum(path).read_text(encoding="ascii")
        except (OSError, UnicodeDecodeError) as error:
            _LOG.warning("%s cannot be read (%s): going back to the one before it.", path, error)
            continue
        if intact:
            return torch.load(io.BytesIO(data), map_location="cpu", weights_only=True)
        _LOG.warning("%s does not match its SHA-256, so it is damaged: going back to the one before it.", path)
    if paths:
        raise CheckpointError(f"Every training state in {folder} is damaged: choose another --out to start again.")
    return None


def refuse_other_run(folder: Path) -> None:
    """Raise `ConfigError` where `folder` holds states already, which a run from the beginning would replace."""
    if paths := _newest_first(folder):
        position = int(paths[0].stem.removeprefix("state-"))
        raise ConfigError(
            f"{folder} holds a run already, saved at iteration {position}: add --resume to go on with it, or choose"
            " another --out."
        )


def _newest_first(folder: Path) -> list[Path]:
    return sorted(folder.glob("state-*.pt"), reverse=True)


def _sum(path: Path) -> Path:
    return path.with_suffix(".sha256")
