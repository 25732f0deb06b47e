"""A folder of made-up results, which the pages read in place of the committed ones."""

import json
from pathlib import Path

import pytest

from app.views import results_files
from tests.results import made_up


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder."""
    for name, values in (
        ("comparison", made_up.comparison()),
        ("table1", made_up.table1()),
        ("cost", made_up.cost()),
    ):
        (tmp_path / f"{name}.json").write_text(json.dumps(values))
    monkeypatch.setattr(results_files, "FOLDER", tmp_path)
    return tmp_path


@pytest.fixture
def compared(results: Path) -> Path:
    """The file of the compact networks."""
    return results / "comparison.json"


@pytest.fixture
def table1(results: Path) -> Path:
    """The file of Table 1."""
    return results / "table1.json"


@pytest.fixture
def costs(results: Path) -> Path:
    """The file of costs."""
    return results / "cost.json"
