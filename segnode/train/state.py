"""All that a killed run needs to go on, in one file, written atomically; the one before it is kept."""

import io
import logging
from pathlib import Path
from typing import Any

import torch

from segnode.disk import atomic_write
from segnode.errors import CheckpointError

_LOG = logging.getLogger(__name__)


def save_state(folder: Path, state: dict[str, Any]) -> None:
    """Write `state` (tensors and plain values) to `folder`, keeping the file before it as `state.previous.pt`."""
    buffer = io.BytesIO()
    torch.save(state, buffer)
    path = folder / "state.pt"
    if path.exists():
        path.replace(folder / "state.previous.pt")
    atomic_write(path, buffer.getvalue())


def load_state(folder: Path) -> dict[str, Any] | None:
    """The newest readable state in `folder`, or None where there is none.

    Raises `CheckpointError` when there are files and none can be read.
    """
    paths = [path for name in ("state.pt", "state.previous.pt") if (path := folder / name).exists()]
    for path in paths:
        try:
            return torch.load(path, map_location="cpu", weights_only=True)
        except (RuntimeError, EOFError, OSError, ValueError) as error:
            _LOG.warning("%s cannot be read (%s): trying the one before it.", path, error)
    if paths:
        raise CheckpointError(f"No training state in {folder} can be read: start anew without --resume.")
    return None
