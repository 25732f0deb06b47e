"""What the README says of the compact comparison."""

import sys
from pathlib import Path

import pytest

from segnode.results.comparison import Comparison
from tests.results.made_up import comparison, seeds

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("aligned", [True, False])
def test_the_readme_concludes_nothing_from_misaligned_networks(aligned: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(ROOT / "scripts"), *sys.path])
    import readme_results

    names = ("segnode", "baseline", "hrnetv2")
    values = comparison(**{name: seeds(name, 50.0 + index) for index, name in enumerate(names)})
    text = readme_results.compared(Comparison.from_json(values | {"aligned": aligned}))
    assert ("SegNode 50.0, HRNetV2 52.0: -2.0 points" in text) == aligned
    assert ("Misaligned" in text) == (not aligned)
    assert "| 50.0 | 1 |" in text
