"""The app's list of checkpoints."""

import json
from pathlib import Path
from typing import Any

import pytest

from segnode.errors import CheckpointError
from segnode.hub import catalogue

ENTRY = {
    "name": "streets",
    "repository": "someone/streets",
    "commit": "a" * 40,
    "folder": "streets",
    "about": "Streets by day",
    "automatic": "special",
}


def written(folder: Path, entries: Any) -> Path:
    path = folder / "index.json"
    path.write_text(json.dumps(entries))
    return path


def test_entries_are_read_in_order(tmp_path: Path) -> None:
    bundled = {**ENTRY, "name": "trial", "repository": None, "commit": None, "folder": "trial"}
    published, local = catalogue(written(tmp_path, [ENTRY, bundled]))
    assert (published.name, published.repository, published.commit) == ("streets", "someone/streets", "a" * 40)
    assert published.folder == tmp_path / "streets"
    assert published.published
    assert not local.published


def test_the_projects_own_list_is_in_order() -> None:
    entries = catalogue(Path(__file__).parents[2] / "checkpoints" / "index.json")
    assert entries[0].name == "segnode-streets"


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ({}, "JSON list"),
        ([], "at least one"),
        (["streets"], "other keys"),
        ([{**ENTRY, "extra": 1}], "other keys"),
        ([{"name": "streets"}], "other keys"),
        ([{**ENTRY, "name": " "}], "no name"),
        ([{**ENTRY, "name": 3}], "no name"),
        ([{**ENTRY, "commit": "main"}], "40 hex digits"),
        ([{**ENTRY, "commit": 7}], "40 hex digits"),
        ([{**ENTRY, "commit": None}], "or neither"),
        ([{**ENTRY, "repository": "a b"}], "owner/name"),
        ([{**ENTRY, "repository": ["a/b"]}], "owner/name"),
        ([{**ENTRY, "about": ""}], "what it knows"),
        ([{**ENTRY, "automatic": "yes"}], "special, general or null"),
        ([{**ENTRY, "folder": "../elsewhere"}], "beside that file"),
        ([{**ENTRY, "folder": "/elsewhere"}], "beside that file"),
        ([{**ENTRY, "folder": ".."}], "beside that file"),
        ([ENTRY, ENTRY], "more than once"),
    ],
)
def test_an_entry_amiss_is_a_sentence(tmp_path: Path, entries: Any, said: str) -> None:
    with pytest.raises(CheckpointError, match=said):
        catalogue(written(tmp_path, entries))


def test_a_list_amiss_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="cannot be read"):
        catalogue(tmp_path / "absent.json")
    (tmp_path / "index.json").write_text("[{")
    with pytest.raises(CheckpointError, match="not valid JSON"):
        catalogue(tmp_path / "index.json")
