"""A Hub of our own, and a client that asks no other."""

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from huggingface_hub import close_session, constants
from huggingface_hub.utils import disable_progress_bars, enable_progress_bars

from tests.hub.server import LoopbackHub
from tests.hub.tiny import Tiny


@pytest.fixture
def server() -> Iterator[LoopbackHub]:
    hub = LoopbackHub()
    yield hub
    hub.stop()


@pytest.fixture
def hub(server: LoopbackHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopbackHub]:
    """The server, as this process's Hub, with an empty cache and no token; huggingface_hub reads these at import."""
    monkeypatch.setattr(constants, "ENDPOINT", server.url)
    monkeypatch.setattr(
        constants, "HUGGINGFACE_CO_URL_TEMPLATE", server.url + "/{repo_id}/resolve/{revision}/{filename}"
    )
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(tmp_path / "no-token"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    for name in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    disable_progress_bars()
    close_session()
    yield server
    close_session()
    enable_progress_bars()


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses before another attempt, which are not made: huggingface_hub makes up to five."""
    made: list[float] = []
    monkeypatch.setattr(time, "sleep", made.append)
    return made


@pytest.fixture
def environment(server: LoopbackHub, tmp_path: Path) -> dict[str, str]:
    """What a person would set in a shell to use the server as the Hub, for a process of its own."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(("HF_", "HUGGING_FACE_"))},
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),  # wherever the package was found here
        "HF_ENDPOINT": server.url,
        "HF_HOME": str(tmp_path / "home"),
        "HF_HUB_DISABLE_XET": "1",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "NO_PROXY": "127.0.0.1,localhost",
    }


@pytest.fixture
def network() -> Tiny:
    return Tiny(4, seed=3)


@pytest.fixture
def files(network: Tiny, tmp_path: Path) -> dict[str, bytes]:
    """The three files of a whole checkpoint."""
    network.save_pretrained(tmp_path / "saved")
    return {file.name: file.read_bytes() for file in (tmp_path / "saved").iterdir()}
