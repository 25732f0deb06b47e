"""How a script meets the person who runs it: a sentence where something cannot be, never a traceback."""

import sys
from collections.abc import Callable

from segnode.errors import SegNodeError


def launch(main: Callable[[], object]) -> None:
    """Call `main`; what a person can mend ends the process with one sentence on standard error and the status 1.

    Letters that the terminal does not know are written as escapes, as `f\\xfcr`.
    """
    sys.stdout.reconfigure(errors="backslashreplace")  # ty: ignore[unresolved-attribute]
    try:
        main()
    except SegNodeError as error:
        sys.exit(str(error))
    except OSError as error:
        if error.strerror is None:
            raise
        place = "A file" if error.filename is None else str(error.filename)
        sys.exit(f"{place} could not be read or written ({error.strerror}): check the disk and the permissions.")
