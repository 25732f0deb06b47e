import ctypes
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from app.memory import give_back

GLIBC = sys.platform == "linux" and hasattr(ctypes.CDLL(None), "malloc_trim")
MIB = 2**20


def resident() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1]) * 4096


@pytest.mark.skipif(not GLIBC, reason="only glibc keeps freed memory for its threads")
def test_what_a_thread_freed_goes_back_to_the_system() -> None:
    def work() -> None:
        kept = [np.ones(8192) for _ in range(3200)]  # 200 MiB, each too small for a mapping of its own
        last = np.ones(64)
        del kept
        lasting.append(last)  # above them, so that the arena cannot shrink from its end

    lasting: list[np.ndarray] = []
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    before = resident()
    give_back()
    assert before - resident() > 30 * MIB  # of 200: glibc itself gives back the arenas that end up empty
