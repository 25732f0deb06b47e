"""Fetching a checkpoint's files from the Hub, or from its cache on this disk."""

from pathlib import Path

import httpx2
from huggingface_hub import HfApi, ModelInfo, constants, is_offline_mode, snapshot_download
from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError, OfflineModeIsEnabled

from segnode.checkpoint import CARD, CONFIG, FAMILIARITY, MAX_CONFIG_BYTES, MAX_WEIGHTS_BYTES, PICKLES, WEIGHTS
from segnode.disk import free_bytes
from segnode.errors import HubError
from segnode.hub.failures import hub_errors
from segnode.hub.names import is_commit
from segnode.hub.reach import model_info

#: The last is optional, as the card is.
FILES = (CONFIG, WEIGHTS, CARD, FAMILIARITY)


def pull(
    name: str,
    *,
    revision: str | None,
    cache_dir: str | Path | None,
    token: str | bool | None,
    local_files_only: bool,
    force_download: bool,
) -> Path:
    """The folder in the cache that holds `name` at `revision`; it is named after the commit.

    A full commit in the cache is taken from there without a request. A branch is asked for, and taken from the cache
    where nobody answers. Raises `HubError`.
    """
    offline = local_files_only or is_offline_mode()
    if force_download and offline:
        raise HubError("A new download was asked for with the Hub switched off: drop force_download, or go online.")
    if not force_download and (offline or is_commit(revision)):
        cached = _cached(name, revision, cache_dir)
        if cached is not None:
            return cached
    with hub_errors(name, revision):
        if local_files_only:
            raise LocalEntryNotFoundError(name)
        if offline:
            raise OfflineModeIsEnabled
        try:
            info = model_info(HfApi(token=token), name, revision)
        except (httpx2.TransportError, TimeoutError, HfHubHTTPError) as error:
            answered = isinstance(error, HfHubHTTPError) and error.response.status_code < 500
            cached = None if answered or force_download else _cached(name, revision, cache_dir)
            if cached is None:
                raise
            return cached
        _must_be_loadable(info, name, cache_dir)
        folder = snapshot_download(
            name,
            revision=revision,
            cache_dir=cache_dir,
            token=token,
            force_download=force_download,
            allow_patterns=list(FILES),
        )
    return Path(folder)


def _cached(name: str, revision: str | None, cache_dir: str | Path | None) -> Path | None:
    """The folder in the cache, when the settings and the weights are both there."""
    try:
        folder = Path(
            snapshot_download(
                name, revision=revision, cache_dir=cache_dir, local_files_only=True, allow_patterns=list(FILES)
            )
        )
    except LocalEntryNotFoundError:
        return None
    return folder if (folder / CONFIG).is_file() and (folder / WEIGHTS).is_file() else None


def _must_be_loadable(info: ModelInfo, name: str, cache_dir: str | Path | None) -> None:
    """Refuse before downloading what could not be loaded after."""
    sizes = {file.rfilename: file.size or 0 for file in info.siblings or ()}
    if WEIGHTS not in sizes:
        pickled = any(Path(file).suffix.lower() in PICKLES for file in sizes)
        why = " but only a pickle, which can run code when opened and so was not fetched" if pickled else ""
        raise HubError(f"{name} on the Hub has no {WEIGHTS}{why}: ask its owner for safetensors.")
    if CONFIG not in sizes:
        raise HubError(f"{name} on the Hub has no {CONFIG}, so it is no SegNode checkpoint: choose another.")
    small = max(sizes[CONFIG], sizes.get(FAMILIARITY, 0))
    if sizes[WEIGHTS] > MAX_WEIGHTS_BYTES or small > MAX_CONFIG_BYTES:
        raise HubError(
            f"{name} on the Hub is far larger than any SegNode ({sizes[WEIGHTS] / 1e9:.1f} GB): choose another."
        )
    if (free := free_bytes(Path(cache_dir or constants.HF_HUB_CACHE))) < sizes[WEIGHTS]:
        raise HubError(
            f"{name} needs {sizes[WEIGHTS] / 1e6:.0f} MB of disk and {free / 1e6:.0f} MB are free: free some space, or"
            " give another cache_dir."
        )
