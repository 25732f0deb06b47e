"""What the README says of the compact comparison."""

import sys
from pathlib import Path

import pytest

from tests.app.views.paper.accuracy.test_comparison import made_up, seeds

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("aligned", [True, False, None])
def test_the_readme_concludes_nothing_from_misaligned_networks(
    aligned: bool | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path", [str(ROOT / "scripts"), *sys.path])
    import readme

    names = ("segnode", "baseline", "hrnetv2")
    held = made_up(**{name: seeds(name, 50.0 + index) for index, name in enumerate(names)}) | {"aligned": aligned}
    held["provenance"]["speed"] |= {"threads": 1}
    for network in held["networks"].values():
        network["mIoU"] = [run["mIoU"] for run in network["runs"]]
    text = readme.comparison_section(held)
    assert ("SegNode comes out" in text) == (aligned is True)
    assert ("Misaligned" in text) == (aligned is not True)
    assert "| 50.0 | 1 |" in text
