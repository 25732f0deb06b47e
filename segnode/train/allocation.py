"""Process settings for training steps of equal shapes: keep freed memory, tune convolutions."""

import ctypes
import platform
from collections.abc import Generator
from contextlib import contextmanager

import torch

# Of glibc's mallopt: blocks from this size on are mapped again each time; free memory beyond this is given back.
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_KEPT_BYTES = 2**30


def keep_freed_memory() -> bool:
    """Let glibc keep what is freed, up to 1 GiB, for the rest of the process; whether it does.

    A step of training frees and takes hundreds of large blocks. By default glibc maps each again and the system clears
    it, which takes a seventh of a step on a CPU. Nothing is done where the C library is another.
    """
    if platform.libc_ver()[0] != "glibc":
        return False
    libc = ctypes.CDLL("libc.so.6")
    return all(libc.mallopt(name, _KEPT_BYTES) == 1 for name in (_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD))


@contextmanager
def tuned_convolutions() -> Generator[None]:
    """Within, cuDNN times its algorithms for each new shape and keeps the fastest; a CPU is left as it is.

    It pays where every step has the same shapes; pictures of a validation, each of its own size, would wait for it.
    """
    before = torch.backends.cudnn.benchmark
    torch.backends.cudnn.benchmark = True
    try:
        yield
    finally:
        torch.backends.cudnn.benchmark = before
