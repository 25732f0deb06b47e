import ctypes
import subprocess
import sys

import pytest

GLIBC = sys.platform == "linux" and hasattr(ctypes.CDLL(None), "malloc_trim")

#: In a process of its own: what other tests freed would be taken for what this one did.
FREED = """
import threading
from pathlib import Path
import numpy as np
from app.memory import give_back

def resident():
    return int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1]) * 4096

def work():
    kept = [np.ones(8192) for _ in range(3200)]  # 200 MiB, each too small for a mapping of its own
    last = np.ones(64)
    del kept
    lasting.append(last)  # above them, so that the arena cannot shrink from its end

lasting = []
thread = threading.Thread(target=work)
thread.start()
thread.join()
before = resident()
give_back()
print(before - resident())
"""


@pytest.mark.skipif(not GLIBC, reason="only glibc keeps freed memory for its threads")
def test_what_a_thread_freed_goes_back_to_the_system() -> None:
    told = subprocess.run([sys.executable, "-c", FREED], capture_output=True, text=True, check=True)
    assert int(told.stdout) > 100 * 2**20
