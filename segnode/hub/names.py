"""Telling a folder from a repository on the Hub, without a request."""

import re
from pathlib import Path

from huggingface_hub.errors import HFValidationError
from huggingface_hub.utils import validate_repo_id

from segnode.disk import expand_home
from segnode.errors import CheckpointError, HubError

#: Where the project keeps its own checkpoints, so never the owner of a repository.
BUNDLED = "checkpoints"

_COMMIT = re.compile(r"[0-9a-f]{40}")
_REVISION = re.compile(r"(?!.*(\.\.|//|\.lock$))\w[\w./+-]{0,254}", re.ASCII)


def folder_of(name_or_path: str | Path) -> Path | None:
    """The folder meant, or None where a repository on the Hub is.

    Raises `CheckpointError` for a folder that is meant and not there, so that a typing error is never a query.
    """
    if not str(name_or_path).strip():
        raise CheckpointError("No checkpoint was named: give a folder, or owner/name on the Hub.")
    if "://" in str(name_or_path):
        raise HubError("A web address names no checkpoint: give owner/name on the Hub, without the address before it.")
    try:
        path = expand_home(name_or_path)
        if path.is_dir():
            return path
        parent = Path(path.parts[0]) if len(path.parts) > 1 and not path.is_absolute() else None
        beside = parent is not None and (parent.is_dir() or parent.name == BUNDLED)
        is_file = path.is_file()
    except (OSError, ValueError) as error:
        raise CheckpointError(f"{_short(name_or_path)} cannot be a folder's name: give another.") from error
    if is_file:
        raise CheckpointError(f"{_short(name_or_path)} is a file: give the folder of the checkpoint.")
    if isinstance(name_or_path, Path) or _looks_local(name_or_path):
        raise CheckpointError(
            f"There is no folder {_short(name_or_path)}: check the path, or give owner/name on the Hub."
        )
    if beside:
        raise CheckpointError(
            f"There is no folder {_short(name_or_path)}: check the path; if a repository on the Hub is meant, start"
            f" where there is no folder {parent}."
        )
    return None


def checked_repository(name: str) -> str:
    """`name`, when it is an owner/name the Hub allows; raises `HubError` otherwise."""
    try:
        validate_repo_id(name)
    except HFValidationError as error:
        raise HubError(
            f"{_short(name)} is neither a folder here nor a name the Hub allows: give owner/name, in letters, digits,"
            " '-', '_' and '.'."
        ) from error
    if "/" not in name:
        raise HubError(f"There is no folder {_short(name)} here, and a name on the Hub has an owner: give owner/name.")
    return name


def checked_revision(revision: str | None) -> str | None:
    """`revision`, when git could have it (it becomes part of a path in the cache); raises `HubError` otherwise."""
    if revision is not None and not _REVISION.fullmatch(revision):
        raise HubError(f"{_short(revision)} cannot be a revision: give a branch, a tag or a commit.")
    return revision


def is_commit(revision: str | None) -> bool:
    """Whether `revision` is a full commit, which never changes, and not a branch or a tag, which may."""
    return revision is not None and _COMMIT.fullmatch(revision) is not None


def _looks_local(name: str) -> bool:
    return name.startswith((".", "/", "~")) or "\\" in name or name.count("/") > 1


def _short(name: str | Path) -> str:
    text = repr(str(name))
    return text if len(text) <= 120 else f"{text[:117]}...'"
