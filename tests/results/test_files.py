"""Results on disk: what was written comes back, and what is none is told in a sentence."""

import json
from pathlib import Path

import pytest

from segnode.errors import DataError
from segnode.results import accuracy_cost, files
from segnode.results.accuracy_cost import AccuracyCost, SetScores, Variant

RESULTS = Path(__file__).parents[2] / "scripts" / "results"
#: Committed results, and what reads each.
COMMITTED = dict.fromkeys(sorted((RESULTS / "accuracy_cost").glob("*.json")), accuracy_cost.read)


@pytest.mark.parametrize("path", COMMITTED, ids=lambda path: path.name)
def test_what_is_read_is_written_as_it_was(path: Path, tmp_path: Path) -> None:
    files.write(tmp_path / path.name, COMMITTED[path](path))
    assert json.loads((tmp_path / path.name).read_bytes()) == json.loads(path.read_bytes())


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "the file: Invalid JSON"),
        ("[]", "the file: "),
        ("{}", "provenance: Field required"),
        ('{"provenance": {}, "weights_sha256": null, "sets": {"a": {"pictures": "many"}}}', "sets.a.pictures: "),
    ],
)
def test_what_is_no_result_is_told_in_a_sentence(text: str, why: str, tmp_path: Path) -> None:
    path = tmp_path / "found.json"
    path.write_text(text)
    with pytest.raises(DataError, match=r"found\.json does not hold the scores against cost") as refusal:
        accuracy_cost.read(path)
    assert why in str(refusal.value)
    assert "scripts/accuracy_cost.py" in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_what_is_not_there_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="There are no scores against cost to show"):
        accuracy_cost.read(tmp_path / "none.json")


def test_numbers_that_are_none_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "found.json"
    scores = SetScores(1, "rk4-1", {"rk4-1": Variant(50.0, 4.0, float("nan"))}, {})
    path.write_text(json.dumps({"provenance": {}, "weights_sha256": None, "sets": {"a": _plain(scores)}}))
    with pytest.raises(DataError, match=r"state_error"):
        accuracy_cost.read(path)


def _plain(scores: SetScores) -> dict[str, object]:
    variant = scores.variants["rk4-1"]
    return {
        "pictures": 1,
        "full": scores.full,
        "variants": {"rk4-1": {"miou": 50.0, "evaluations": 4.0, "state_error": variant.state_error}},
        "order": {},
    }


def test_what_half_the_evaluations_cost() -> None:
    scores = SetScores(
        pictures=2,
        full="rk4-1",
        variants={
            "rk4-1": Variant(70.0, 4, 0.1),
            "rk4-2": Variant(70.05, 8, 0.01),
            "euler-8": Variant(69.8, 8, 0.1),
            "euler-1": Variant(50.0, 1, 0.6),
            "regions, a": Variant(68.5, 2, None),
            "midpoint-1": Variant(67.0, 2, 0.3),
            "stopped at 0.5": Variant(66.0, 4, None),
            "stopped at 1": Variant(69.5, 8, None),
        },
        order={},
    )
    assert scores.within(0.5)[0] == "regions, a"
    assert scores.within(0.25)[0] == "euler-1"
    assert scores.loss("regions, a") == pytest.approx(1.5)
    assert scores.stopped_half() == pytest.approx(3.5)
    assert scores.spread() == pytest.approx(0.25)
    assert AccuracyCost({}, None, {"a": scores}).sets["a"].full == "rk4-1"
