"""What scripts/page.py prints of its measurements, and that it asks for a browser first."""

import json
from pathlib import Path

import pytest

from tests.scripts.loading import SCRIPTS, load


def test_every_part_of_the_committed_measurement_is_summed_up() -> None:
    results = json.loads((SCRIPTS / "results" / "page.json").read_text(encoding="utf-8"))
    lines = load("page").summary(results).splitlines()
    parts = [line.partition(",")[0].partition(":")[0] for line in lines]
    drags = sum(len(speeds) for speeds in results["drag"].values())
    assert parts == (
        ["drag"] * drags
        + ["opening"] * len(results["opening"])
        + ["payload"] * len(results["payload"])
        + ["building", "memory"]
    )


def test_without_a_browser_it_ends_with_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = load("page")
    monkeypatch.setattr(script, "CHROMIUM", None)
    with pytest.raises(SystemExit, match="There is no Chromium to open the page in: install chromium"):
        script.main(script.Settings(out=tmp_path / "page.json"))
    assert not (tmp_path / "page.json").exists()
