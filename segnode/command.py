"""How a script reports errors: one sentence, never a traceback."""

import re
import sys
from collections.abc import Callable
from io import TextIOWrapper
from pathlib import Path

from segnode.errors import SegNodeError


def launch(main: Callable[[], object]) -> None:
    """Call `main`; an error the user can correct ends the process with one sentence on standard error and the status 1.

    A `~` at the start of a path is the home folder wherever the path stands: a shell expands it only at the start of a
    word, not in `--out=~/x` or `folder:~/x`. Letters that the terminal cannot show are written as escapes, as
    `f\\xfcr`.
    """
    sys.argv[1:] = [with_home(word) for word in sys.argv[1:]]
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        main()
    except SegNodeError as error:
        sys.exit(str(error))
    except OSError as error:
        if error.strerror is None:
            raise
        place = "A file" if error.filename is None else str(error.filename)
        sys.exit(f"{place} could not be read or written ({error.strerror}): check the disk and the permissions.")


def with_home(word: str) -> str:
    """`word` of a command line with the home folder in place of a `~` that begins a path."""
    return re.sub(r"(^|[=:])~(?=/|,|$)", lambda match: match[1] + str(Path.home()), word)
