"""Freed memory that is kept costs no page faults when it is taken again."""

import platform
import subprocess
import sys

from segnode.train.allocation import keep_freed_memory

CODE = """
import resource, sys
from segnode.train.allocation import keep_freed_memory
import torch
if sys.argv[1] == "keep":
    assert keep_freed_memory()
faults = []
for _ in range(20):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    torch.ones(1 << 24)
    faults.append(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
print(sorted(faults)[len(faults) // 2])  # the first few find their place
"""


def faults(word: str) -> int:
    done = subprocess.run([sys.executable, "-c", CODE, word], capture_output=True, text=True, check=True)
    return int(done.stdout)


def test_a_large_block_is_taken_again_without_page_faults() -> None:
    if platform.libc_ver()[0] != "glibc":
        assert not keep_freed_memory()
        return
    assert faults("keep") < 100
    assert faults("default") > 100
