"""Asking the Hub with a deadline: an answer, or none, within a few seconds."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

from huggingface_hub import HfApi, ModelInfo

#: Long enough for a slow line, short enough to wait for in front of a page.
ANSWER_WITHIN_S = 3.5

T = TypeVar("T")


def model_info(api: HfApi, name: str, revision: str | None = None) -> ModelInfo:
    """What the Hub knows of a repository, files and their sizes included: one request, no retries.

    Raises `TimeoutError` without an answer in `ANSWER_WITHIN_S`, and what huggingface_hub raises otherwise.
    """
    return _within(
        ANSWER_WITHIN_S,
        lambda: api.model_info(name, revision=revision, timeout=ANSWER_WITHIN_S, files_metadata=True),
    )


def _within(seconds: float, call: Callable[[], T]) -> T:
    """The result of `call`, if it comes in time; a late one is dropped.

    A client's own timeout counts again for every address of a host and not at all for looking the host up, which
    adds up to half a minute. The thread is a daemon, so that the exit does not wait for it either.
    """
    outcome: Future[T] = Future()

    def run() -> None:
        try:
            outcome.set_result(call())
        except Exception as error:  # noqa: BLE001 - raised again below, in the thread that asked
            outcome.set_exception(error)

    Thread(target=run, daemon=True, name="segnode-hub").start()
    return outcome.result(timeout=seconds)
