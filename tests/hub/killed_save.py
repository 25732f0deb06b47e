"""Kill saves with SIGKILL, before and after each of their system calls and at random, and say what was left.

Run by test_checkpoint in a process of its own, which forks one child a save: python tests/hub/killed_save.py <folder>
"""

import itertools
import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from segnode import checkpoint
from segnode.errors import CheckpointError

OLD = {"weight": torch.zeros(200, 200)}
NEW = {"weight": torch.ones(200, 200)}
CALLS = ("fsync", "replace")


def left(folder: Path) -> str:
    """What can be loaded from `folder` now."""
    try:
        saved = checkpoint.load(folder)
    except CheckpointError:
        return "refused"
    for name, tensors in (("old", OLD), ("new", NEW)):
        if saved.settings == {"which": name} and torch.equal(saved.tensors["weight"], tensors["weight"]):
            return name
    return "torn"


def die_at(moment: int) -> None:
    """Arrange for SIGKILL at the given one of the moments before and after each system call."""
    moments = itertools.count()

    def deadly(call: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*arguments: Any) -> Any:
            if next(moments) == moment:
                os.kill(os.getpid(), signal.SIGKILL)
            result = call(*arguments)
            if next(moments) == moment:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        return wrapped

    for name in CALLS:
        setattr(os, name, deadly(getattr(os, name)))


def killed(work: Callable[[], None], after_s: float | None = None) -> bool:
    """Whether `work`, in a child, was killed: by itself, or by us after a while."""
    child = os.fork()
    if child == 0:
        work()
        os._exit(0)
    if after_s is not None:
        time.sleep(after_s)
        os.kill(child, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def steps(folder: Path) -> list[str]:
    """What each moment leaves, until a save lives through them all."""
    outcomes = []
    for moment in itertools.count():
        checkpoint.save(folder, OLD, {"which": "old"})

        def work(moment: int = moment) -> None:
            die_at(moment)
            checkpoint.save(folder, NEW, {"which": "new"})

        if not killed(work):
            return outcomes
        outcomes.append(left(folder))
    raise AssertionError("counted to infinity")


def at_random(folder: Path, times: int = 25) -> list[str]:
    """What is left of a process that does nothing but save, old and new in turn."""

    def work() -> None:
        while True:
            checkpoint.save(folder, NEW, {"which": "new"})
            checkpoint.save(folder, OLD, {"which": "old"})

    outcomes = []
    for _ in range(times):
        checkpoint.save(folder, OLD, {"which": "old"})
        killed(work, after_s=random.uniform(0.001, 0.03))
        outcomes.append(left(folder))
    return outcomes


if __name__ == "__main__":
    torch.set_num_threads(1)
    where = Path(sys.argv[1])
    sys.stdout.write(json.dumps({"steps": steps(where / "steps"), "random": at_random(where / "random")}))
