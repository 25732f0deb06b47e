"""The app's list of checkpoints: one small JSON file beside their folders."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from segnode.disk import expand_home
from segnode.errors import CheckpointError, HubError
from segnode.hub.names import checked_repository, is_commit

_KEYS = ("name", "repository", "commit", "folder", "about", "automatic")


@dataclass(frozen=True)
class Entry:
    """A checkpoint of the app.

    name: as shown. repository, commit: where it is published, both None while it is not. folder: the bundled copy, the
    Hub's offline mirror. about: in a few words what it knows. automatic: whether it may be picked for a picture without
    being chosen: special, where the picture is of the kind it knows; general, where it is of no other's kind.
    """

    name: str
    repository: str | None
    commit: str | None
    folder: Path
    about: str
    automatic: Literal["special", "general"] | None

    @property
    def published(self) -> bool:
        """Whether the Hub has it."""
        return self.repository is not None


def catalogue(path: str | Path) -> tuple[Entry, ...]:
    """The entries of the list at `path`, folders made relative to it. Raises `CheckpointError` for a faulty one."""
    path = expand_home(path)
    try:
        entries = json.loads(path.read_bytes())
    except OSError as error:
        raise CheckpointError(
            f"The list of checkpoints {path} cannot be read ({error.strerror}): restore it."
        ) from error
    except (ValueError, RecursionError) as error:
        raise CheckpointError(f"The list of checkpoints {path} is not valid JSON: restore it.") from error
    if not isinstance(entries, list) or not entries:
        raise CheckpointError(f"The list of checkpoints {path} must be a JSON list of at least one entry: add it.")
    checked = tuple(_entry(entry, path) for entry in entries)
    names = [entry.name for entry in checked]
    if doubles := sorted({name for name in names if names.count(name) > 1}):
        raise CheckpointError(f"{path} has {doubles[0]!r} more than once: give every entry its own name.")
    return checked


def _entry(values: Any, path: Path) -> Entry:
    if not isinstance(values, dict) or set(values) != set(_KEYS):
        raise CheckpointError(f"An entry of {path} has other keys than {', '.join(_KEYS)}: give it exactly these.")
    name, repository, commit, folder, about, automatic = (values[key] for key in _KEYS)
    if not isinstance(name, str) or not name.strip():
        raise CheckpointError(f"An entry of {path} has no name: give it a short one.")
    if not isinstance(about, str) or not about.strip():
        raise CheckpointError(f"{name} in {path} does not say what it knows: fill in about, in a few words.")
    if automatic not in ("special", "general", None):
        raise CheckpointError(f"automatic of {name} in {path} must be special, general or null: correct it.")
    if not isinstance(folder, str) or not folder or Path(folder).name != folder or folder == "..":
        raise CheckpointError(f"The folder of {name} in {path} must be the name of one beside that file: correct it.")
    if (repository is None) != (commit is None):
        raise CheckpointError(f"{name} in {path} needs both its repository and its commit, or neither: complete it.")
    if repository is not None:
        if not isinstance(commit, str) or not is_commit(commit):
            raise CheckpointError(f"The commit of {name} in {path} must have 40 hex digits: pin the full commit.")
        try:
            checked_repository(str(repository))
        except HubError as error:
            raise CheckpointError(
                f"The repository of {name} in {path} must be owner/name on the Hub: correct it."
            ) from error
    return Entry(name, repository, commit, path.parent / folder, about, automatic)
