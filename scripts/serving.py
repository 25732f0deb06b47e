"""The page as people get it: the README's command in a process of its own, and the Chromium to open it with."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
#: Nothing but this machine can be reached, and Chromium asks nothing of its own.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost",
)
_START_SECONDS = 120


@dataclass(frozen=True)
class Served:
    """The running page. url: its address. pid: of the server."""

    url: str
    pid: int


@contextmanager
def serving(
    output: Path,
    environment: Mapping[str, str] = os.environ,
    folder: Path = ROOT,
    main: Path = ROOT / "app" / "main.py",
    port: int | None = None,
) -> Generator[Served]:
    """`streamlit run` of `main` from `folder`, ready to answer inside.

    output: the file that takes what it prints. environment: what the server gets. port: a free one where None. Raises
    `RuntimeError` where it does not start.
    """
    port = port or free_port()
    script = os.path.relpath(main, folder)
    command = [str(Path(sys.executable).with_name("streamlit")), "run", script, "--server.port", str(port)]
    alone = {**environment, "STREAMLIT_SERVER_HEADLESS": "true"}  # opens no browser of its own
    with output.open("w") as printed:
        process = subprocess.Popen(command, cwd=folder, env=alone, stdout=printed, stderr=subprocess.STDOUT)
        try:
            _await_health(process, port, output)
            yield Served(f"http://localhost:{port}/", process.pid)
        finally:
            process.terminate()
            process.wait(20)


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def _await_health(process: subprocess.Popen, port: int, output: Path) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"The page did not start: {output.read_text()}")
