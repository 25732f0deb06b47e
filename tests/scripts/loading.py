"""Scripts as modules and as commands: they are no package, and import each other by their file names."""

import importlib
import io
import runpy
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from unittest.mock import patch

SCRIPTS = Path(__file__).parents[2] / "scripts"


def load(name: str) -> ModuleType:
    """The script of this name."""
    sys.path.insert(0, str(SCRIPTS))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(SCRIPTS))


@dataclass(frozen=True)
class Finished:
    """What a command left, named as `subprocess.CompletedProcess` has it."""

    returncode: int
    stdout: str
    stderr: str


def run(*words: object, folder: Path = SCRIPTS.parent) -> Finished:
    """Run a command line that begins with a script in this process, which has imported torch already."""
    argv = [str(word) for word in words]
    out, err, code = io.StringIO(), io.StringIO(), 0
    with (
        chdir(folder),
        redirect_stdout(out),
        redirect_stderr(err),
        patch.object(sys, "argv", argv),
        patch.object(sys, "path", [str(SCRIPTS), *sys.path]),
    ):
        try:
            runpy.run_path(argv[0], run_name="__main__")
        except SystemExit as end:
            if isinstance(end.code, str):  # as the interpreter does
                err.write(f"{end.code}\n")
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
    return Finished(code, out.getvalue(), err.getvalue())
