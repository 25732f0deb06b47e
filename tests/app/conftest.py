"""A tiny untrained checkpoint for the page, its environment, and the page served to a browser."""

import json
import os
from collections.abc import Generator
from pathlib import Path

import pytest
import torch
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from streamlit.components.v2 import manifest_scanner

from app.solving import store
from scripts.probe import RETURNING
from scripts.serving import CHROMIUM, FLAGS, ROOT, serving
from segnode import ModelConfig, SegNode
from segnode.data.classes import CAMVID
from tests.app.browser import GUARD, Server, Tab

NAME = "segnode-tiny"
BUNDLED = ROOT / "checkpoints" / "segnode-streets"


@pytest.fixture(scope="session")
def checkpoints(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder like `checkpoints/`: a list, and one network of a few thousand parameters."""
    folder = tmp_path_factory.mktemp("checkpoints")
    torch.manual_seed(3)
    network = SegNode(ModelConfig(11, widths=(4, 8), stem_width=4, modules=1, blocks=1), CAMVID)
    for convolution in network.head.convs:
        torch.nn.init.normal_(convolution.weight)
        torch.nn.init.zeros_(convolution.bias)
    network.save_pretrained(folder / NAME)
    entry = {"name": NAME, "repository": None, "commit": None, "folder": NAME, "about": "Tiny", "automatic": "special"}
    (folder / "index.json").write_text(json.dumps([entry]))
    return folder


@pytest.fixture(autouse=True)
def _fresh(checkpoints: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[None]:
    """Every test starts with the tiny checkpoint and no run on the cache, in one thread: there is little to share."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    monkeypatch.setenv("SEGNODE_CHECKPOINTS", str(checkpoints))
    store.shared.clear()
    monkeypatch.setattr(manifest_scanner, "scan_component_manifests", list)  # AppTest reads every package's, each run
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Generator[Server]:
    """The real command with an empty home and no network, on the bundled weights."""
    folder = tmp_path_factory.mktemp("server")
    (folder / "guard").mkdir()
    (folder / "guard" / "sitecustomize.py").write_text(GUARD)
    environment = os.environ | {
        "HOME": str(folder),
        "PYTHONPATH": os.pathsep.join([str(folder / "guard"), os.environ.get("PYTHONPATH", "")]),
        "GUARD_LOG": str(folder / "reached"),
        "HF_HOME": str(folder / "hub"),
        "STREAMLIT_SERVER_FILE_WATCHER_TYPE": "none",
        "OMP_NUM_THREADS": "1",  # on a busy machine threads wait for each other
    }
    environment.pop("SEGNODE_CHECKPOINTS", None)
    with serving(folder / "output", environment) as served:
        yield Server(served.url, folder / "reached", BUNDLED)


@pytest.fixture(scope="module")
def chromium() -> Generator[Browser]:
    """One Chromium for a file: while it runs, Playwright keeps a loop in this thread, which others might want."""
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("No Chromium to open the page in: install it, CI must not go without.")
        pytest.skip("No Chromium on this machine, so the page was not opened in a browser.")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture(scope="module")
def context(chromium: Browser) -> BrowserContext:
    """A person's browser, whose tabs share what they have downloaded."""
    opened = chromium.new_context(viewport={"width": 1366, "height": 768})
    opened.add_init_script(RETURNING)
    return opened


@pytest.fixture
def tab(context: BrowserContext, server: Server) -> Generator[Tab]:
    """A new tab, held to have complained of nothing and asked nobody else."""
    opened = Tab(context, server)
    yield opened
    opened.check()
    opened.page.close()
