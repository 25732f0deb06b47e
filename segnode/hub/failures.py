"""What went wrong with the Hub, in a sentence without addresses or tokens."""

import errno
from collections.abc import Generator
from contextlib import contextmanager

import httpx2  # the HTTP client of huggingface_hub 2, whose errors it lets through
from huggingface_hub.errors import (
    EntryNotFoundError,
    FileMetadataError,
    GatedRepoError,
    HfHubHTTPError,
    LocalEntryNotFoundError,
    LocalTokenNotFoundError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
    RevisionNotFoundError,
    XetDownloadError,
)

from segnode.errors import HubError

LOGIN = "log in with `hf auth login`, or give a token"


@contextmanager
def hub_errors(name: str, revision: str | None = None) -> Generator[None]:
    """Turn what huggingface_hub raises inside into one `HubError` about the repository `name`."""
    at = f"{name} at revision {revision}" if revision else name
    try:
        yield
    # RuntimeError: a failed upload, and hf_xet's own errors; ValueError: a refused card, or an answer not the Hub's.
    except (httpx2.HTTPError, httpx2.InvalidURL, XetDownloadError, OSError, RuntimeError, ValueError) as error:
        cause = _cause(error)
        sentence = _refusal(cause, name, at) if isinstance(cause, HfHubHTTPError) else _trouble(cause, at)
        raise HubError(sentence) from error


def _cause(error: Exception) -> BaseException:
    """What huggingface_hub wrapped in an error that says less."""
    wraps = isinstance(error, (RuntimeError, ValueError, LocalEntryNotFoundError)) and not isinstance(
        error, HfHubHTTPError
    )
    return error.__cause__ if wraps and error.__cause__ is not None else error


def _refusal(error: HfHubHTTPError, name: str, at: str) -> str:
    """The Hub answered with a refusal."""
    status = error.response.status_code
    by_kind = (
        (GatedRepoError, f"{name} is gated on the Hub: ask for access on its page there, then {LOGIN}."),
        (
            RepositoryNotFoundError,
            f"The Hub has no repository {name} that you may see: check the spelling, or if it is private {LOGIN}.",
        ),
        (RevisionNotFoundError, f"The Hub has no {at}: give a branch, a tag or a commit that {name} has."),
        (EntryNotFoundError, f"A file of {at} is missing on the Hub: give a revision that holds a whole checkpoint."),
    )
    by_status = {
        400: f"The Hub found a mistake in what was sent for {at}: check the names and the front matter of the card.",
        401: f"The Hub does not know who you are, which {name} demands: {LOGIN} that is still valid.",
        403: f"The Hub does not allow this token to do that with {name}: give one with the right to.",
        429: "The Hub has had too many requests from here: wait a few minutes and try again.",
    }
    otherwise = (
        f"The Hub has an internal problem (error {status}): try again later."
        if status >= 500
        else f"The Hub refused the request for {at} (error {status}): check the name and the revision."
    )
    return next((text for kind, text in by_kind if isinstance(error, kind)), by_status.get(status, otherwise))


def _trouble(error: BaseException, at: str) -> str:
    """The Hub did not answer, or the problem is on this machine."""
    by_kind = (
        (
            OfflineModeIsEnabled,
            f"{at} is not in the cache and the Hub is switched off by HF_HUB_OFFLINE: unset it to download.",
        ),
        (LocalTokenNotFoundError, f"{at} needs a token and none is stored here: {LOGIN}."),
        (LocalEntryNotFoundError, f"{at} is not in the cache and was not fetched: go online and try again."),
        (
            (httpx2.TransportError, httpx2.InvalidURL, TimeoutError),
            f"The Hub cannot be reached for {at}: check the connection, and HF_ENDPOINT if it is set.",
        ),
        (FileMetadataError, f"What answers for {at} is not a Hub: check HF_ENDPOINT and any proxy."),
    )
    by_number = {
        **dict.fromkeys(
            (errno.ENOSPC, errno.EDQUOT),
            f"The disk is full, so {at} was not transferred: free some space, or give another cache_dir.",
        ),
        **dict.fromkeys(
            (errno.EACCES, errno.EPERM, errno.EROFS),
            f"The cache folder cannot be written, so {at} was not transferred: give a cache_dir that can.",
        ),
    }
    number = error.errno if isinstance(error, OSError) else None
    otherwise = f"The transfer of {at} failed ({type(error).__name__}): try again, with force_download if it persists."
    return next((text for kind, text in by_kind if isinstance(error, kind)), by_number.get(number, otherwise))
