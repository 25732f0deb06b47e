import subprocess
import sys

import pytest

ALLOCATED = 200 * 2**20

#: In a process of its own: what other tests freed would be taken for what this one did.
FREED = f"""
import resource
import threading
from pathlib import Path
import numpy as np
from app.solving.memory import release_freed_memory

def resident():
    return int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1]) * resource.getpagesize()

def work():
    kept = [np.ones(8192) for _ in range({ALLOCATED} // 65536)]  # each too small for a mapping of its own
    last = np.ones(64)
    del kept
    lasting.append(last)  # above them, so that the arena cannot shrink from its end

lasting = []
thread = threading.Thread(target=work)
before = resident()
thread.start()
thread.join()
release_freed_memory()
print(resident() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells how much memory is held")
def test_what_a_thread_freed_goes_back_to_the_system() -> None:
    """However much of it the allocator lets go by itself, next to nothing is left after `release_freed_memory`."""
    told = subprocess.run([sys.executable, "-c", FREED], capture_output=True, text=True, check=True)
    assert int(told.stdout) < ALLOCATED / 10
