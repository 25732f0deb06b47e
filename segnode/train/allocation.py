"""Memory that a training step frees, kept for the next one."""

import ctypes
import platform

# Of glibc's mallopt: blocks from this size on are mapped anew each time; free memory beyond this is given back.
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_KEPT_BYTES = 2**30


def keep_freed_memory() -> bool:
    """Let glibc keep what is freed, up to 1 GiB, for the rest of the process; whether it does.

    A step of training frees and takes hundreds of large blocks. By default glibc maps each anew and the system clears
    it, which takes a seventh of a step on a CPU. Nothing is done where the C library is another.
    """
    if platform.libc_ver()[0] != "glibc":
        return False
    libc = ctypes.CDLL("libc.so.6")
    return all(libc.mallopt(name, _KEPT_BYTES) == 1 for name in (_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD))
