"""The page's settings are its own, whatever folder it is started from."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from scripts.serving import ROOT, serving
from tests.app.browser import GUARD, Server, Tab


@pytest.mark.parametrize("elsewhere", [True, False])
def test_the_settings_are_read_from_any_folder(
    elsewhere: bool, checkpoints: Path, context: BrowserContext, tmp_path: Path
) -> None:
    """The theme is the page's own, and nothing is asked of a web service on the way up."""
    (tmp_path / "guard").mkdir()
    (tmp_path / "guard" / "sitecustomize.py").write_text(GUARD)
    environment = os.environ | {
        "HOME": str(tmp_path),
        "PYTHONPATH": os.pathsep.join([str(tmp_path / "guard"), str(ROOT)]),
        "GUARD_LOG": str(tmp_path / "reached"),
        "SEGNODE_CHECKPOINTS": str(checkpoints),
        "STREAMLIT_SERVER_FILE_WATCHER_TYPE": "none",
    }
    with serving(tmp_path / "output", environment, tmp_path if elsewhere else ROOT) as served:
        tab = Tab(context, Server(served.url, tmp_path / "reached", checkpoints))
        tab.page.emulate_media(color_scheme="light")
        page = tab.open()
        back = page.locator(".stApp").evaluate("(part) => getComputedStyle(part).backgroundColor")
        assert re.findall(r"\d+", back)[:3] == ["251", "250", "248"]
        tab.check()
        page.close()
    assert (tmp_path / "reached.armed").exists()
    printed = (tmp_path / "output").read_text()
    assert "URL: http://localhost:" in printed
    assert "External URL" not in printed
