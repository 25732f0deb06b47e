"""axe-core, which looks a page over for what keeps people out: fetched once from the npm registry, checked, kept."""

import hashlib
import io
import os
import tarfile
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

VERSION = "4.14.1"
SHA256 = "e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745"
_ADDRESS = f"https://registry.npmjs.org/axe-core/-/axe-core-{VERSION}.tgz"


def source(folder: Path) -> str:
    """axe-core's one script, from `folder` or the registry. Skips the test where neither has it."""
    kept = folder / f"axe-{VERSION}.js"
    if not kept.is_file():
        try:
            with urllib.request.urlopen(_ADDRESS, timeout=30) as answer:
                package = answer.read()
        except OSError as error:
            pytest.skip(f"axe-core could not be fetched from the npm registry: {error}")
        assert hashlib.sha256(package).hexdigest() == SHA256, (
            f"{_ADDRESS} is not the package these tests were made with"
        )
        with tarfile.open(fileobj=io.BytesIO(package)) as files:
            script = files.extractfile("package/axe.min.js")
            assert script is not None
            folder.mkdir(parents=True, exist_ok=True)
            part = kept.with_suffix(f".{os.getpid()}")  # tests run in several processes
            part.write_bytes(script.read())
            part.replace(kept)
    return kept.read_text(encoding="utf-8")


def violations(page: Page, script: str) -> list[str]:
    """What axe-core objects to on the page as it stands: its rule, the place, and why.

    Streamlit gives its area for dropped files both a name and the role of a part without one; it is left out.
    """
    page.evaluate(script)
    run = "axe.run({ exclude: '[data-testid=stFileUploaderDropzone]' }, { resultTypes: ['violations'] })"
    results: list[dict[str, Any]] = page.evaluate(run)["violations"]
    return [
        f"{rule['id']}: {node['target'][0]}: {node['failureSummary'].splitlines()[-1].strip()}"
        for rule in results
        for node in rule["nodes"]
    ]
