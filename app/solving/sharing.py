"""What people's pages share: a cache of finished runs, and a queue for the processor."""

import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Generator, Hashable
from contextlib import contextmanager

from app.solving.runs import Run
from segnode.errors import SegNodeError


class BusyError(SegNodeError):
    """Too many people are waiting already."""


class RunCache:
    """Finished runs, the least recently used given up first; safe from several threads.

    max_bytes: of runs kept, though the newest run stays whatever its size.
    """

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self._runs: OrderedDict[Hashable, Run] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Run | None:
        """The run of `key`, which is now the most recently used; None when it is not here."""
        with self._lock:
            if key in self._runs:
                self._runs.move_to_end(key)
            return self._runs.get(key)

    def put(self, key: Hashable, run: Run) -> None:
        """Keep `run`, and give up others until all fit."""
        with self._lock:
            self._runs[key] = run
            self._runs.move_to_end(key)
            while len(self._runs) > 1 and sum(kept.nbytes for kept in self._runs.values()) > self.max_bytes:
                self._runs.popitem(last=False)


class FairQueue:
    """A lock that is given in the order of asking, with a limit on those who wait.

    longest: how many may wait.
    """

    def __init__(self, longest: int) -> None:
        self.longest = longest
        self._changed = threading.Condition()
        self._waiting: deque[object] = deque()
        self._taken = False

    @contextmanager
    def turn(self, on_wait: Callable[[], None], every_s: float = 0.2) -> Generator[None]:
        """Hold the processor inside. on_wait: called while others have it; what it raises gives up the place.

        every_s: seconds between two calls of it. Raises `BusyError` when `longest` others wait already.
        """
        self._take(on_wait, every_s)
        try:
            yield
        finally:
            with self._changed:
                self._taken = False
                self._changed.notify_all()

    def _take(self, on_wait: Callable[[], None], every_s: float) -> None:
        """Wait for the turn in the order of coming, then take it."""
        ticket = object()

        def due() -> bool:
            return not self._taken and self._waiting[0] is ticket

        with self._changed:
            if len(self._waiting) >= self.longest:
                raise BusyError(f"{len(self._waiting)} people are waiting already: try again in a minute.")
            self._waiting.append(ticket)
        taken = False
        try:
            while not taken:
                with self._changed:
                    taken = self._changed.wait_for(due, every_s)
                    self._taken = self._taken or taken
                if not taken:
                    on_wait()  # outside of the lock: it may take its time, and may raise
        finally:
            with self._changed:
                self._waiting.remove(ticket)
                self._changed.notify_all()  # where this one gave up, the next may be first now
