"""Where a checkpoint came from."""

from dataclasses import dataclass
from pathlib import Path

from segnode.disk import expand_home
from segnode.errors import CheckpointError
from segnode.hub.names import checked_repository, checked_revision, folder_of, is_commit
from segnode.hub.pull import pull


@dataclass(frozen=True)
class Source:
    """Where a checkpoint came from.

    name: as asked. folder: where its files are on this disk. revision: as asked. commit: the 40 hex digits the Hub
    resolved it to, None for a folder. sha256: of the weights, in hex, once they were read.
    """

    name: str
    folder: Path
    revision: str | None = None
    commit: str | None = None
    sha256: str | None = None


def locate(
    name_or_path: str | Path,
    *,
    revision: str | None = None,
    cache_dir: str | Path | None = None,
    token: str | bool | None = None,
    local_files_only: bool = False,
    force_download: bool = False,
) -> Source:
    """The checkpoint in a folder, or of `owner/name` on the Hub, fetched if need be.

    A `Path`, an existing folder and whatever looks like a path (a leading `.`, `/` or `~`, a backslash, more than one
    slash, a first part that is a folder here or `checkpoints`) are local; one that is missing raises `CheckpointError`
    and is never asked of the Hub. From the Hub come `config.json`, `model.safetensors`, `README.md` and
    `familiarity.safetensors` alone. Raises `HubError`, within seconds, where it cannot give the first two.
    """
    folder = folder_of(name_or_path)
    if folder is not None:
        if revision is not None:
            raise CheckpointError(
                f"{folder} is a folder, which has no revision {revision!r}: leave the revision out, or give owner/name"
                " on the Hub."
            )
        return Source(str(name_or_path), folder)
    name = checked_repository(str(name_or_path))
    folder = pull(
        name,
        revision=checked_revision(revision),
        cache_dir=None if cache_dir is None else expand_home(cache_dir),
        token=token,
        local_files_only=local_files_only,
        force_download=force_download,
    )
    return Source(name, folder, revision, folder.name if is_commit(folder.name) else None)
