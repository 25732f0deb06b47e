"""Freed memory, returned to the system.

glibc keeps what a thread frees in an arena of that thread's. Each rerun of the page is another thread, so a server
would hold the scratch memory of a solve many times over, long after it was freed.
"""

import ctypes
import sys


def release_freed_memory() -> None:
    """Return freed memory to the system; nothing happens where the allocator is not glibc's."""
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "malloc_trim"):
        libc.malloc_trim(0)
