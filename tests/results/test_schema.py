"""Committed results: each is read and, written again, the same."""

import json
from pathlib import Path

import pytest

from segnode.errors import DataError
from segnode.results.accuracy_cost import AccuracyCost
from segnode.results.automatic import Automatic
from segnode.results.bench import Bench
from segnode.results.comparison import Comparison
from segnode.results.cost import Costs
from segnode.results.evaluation import Evaluation
from segnode.results.familiarity import FamiliarityResult
from segnode.results.gallery import Gallery
from segnode.results.install import Install
from segnode.results.kinks import Kinks
from segnode.results.learn import Learn
from segnode.results.page import Page
from segnode.results.resume import Resume
from segnode.results.schema import Result
from segnode.results.stability import Stability
from segnode.results.table1 import Table1
from segnode.results.threads import Threads
from segnode.results.training import Training
from segnode.results.training_speed import TrainingSpeed
from segnode.results.trajectory_error import ErrorRecord
from tests.results import made_up, records

ROOT = Path(__file__).parents[2]
KINDS: dict[str, type[Result]] = {
    "scripts/results/comparison.json": Comparison,
    "scripts/results/cost.json": Costs,
    "scripts/results/table1.json": Table1,
    "scripts/results/trajectory_error/*.json": ErrorRecord,
    "scripts/results/accuracy_cost/*.json": AccuracyCost,
    "scripts/results/automatic.json": Automatic,
    "scripts/results/bench.json": Bench,
    "scripts/results/kinks.json": Kinks,
    "scripts/results/learn.json": Learn,
    "scripts/results/page.json": Page,
    "scripts/results/resume.json": Resume,
    "checkpoints/*/familiarity.json": FamiliarityResult,
    "checkpoints/*/evaluation.json": Evaluation,
    "checkpoints/*/training.json": Training,
    "scripts/results/gallery.json": Gallery,
    "scripts/results/install.json": Install,
    "scripts/results/stability.json": Stability,
    "scripts/results/threads.json": Threads,
    "scripts/results/training_speed.json": TrainingSpeed,
}
COMMITTED = [(path, kind) for pattern, kind in KINDS.items() for path in sorted(ROOT.glob(pattern))]


def test_every_kind_has_a_committed_file_and_every_result_a_kind() -> None:
    assert {kind for _, kind in COMMITTED} == set(KINDS.values())
    results = {*(ROOT / "scripts/results").rglob("*.json"), *ROOT.glob("checkpoints/*/*.json")}
    assert {path for path in results if path.name != "config.json"} == {path for path, _ in COMMITTED}


@pytest.mark.parametrize(("path", "kind"), COMMITTED, ids=[f"{p.parent.name}/{p.name}" for p, _ in COMMITTED])
def test_a_committed_file_is_the_same_when_written_again(path: Path, kind: type[Result], tmp_path: Path) -> None:
    kind.read(path).write(tmp_path / "again.json")
    again, committed = (json.loads(file.read_bytes()) for file in (tmp_path / "again.json", path))
    assert again == committed


@pytest.mark.parametrize("kind", sorted(set(KINDS.values()), key=lambda kind: kind.__name__))
@pytest.mark.parametrize("data", made_up.UNREADABLE, ids=lambda data: repr(data[:8]))
def test_what_cannot_be_read_is_one_sentence(kind: type[Result], data: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_bytes(data)
    with pytest.raises(
        DataError, match=rf"^x\.json does not hold the {kind.CONTENT} \(.*\): write it again with python "
    ):
        kind.read(tmp_path / "x.json")


def test_a_missing_file_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"There are no costs .*x\.json.: run python scripts/cost\.py\."):
        Costs.read(tmp_path / "x.json")


def test_the_field_at_fault_is_named() -> None:
    values = records.made_up().to_json()
    values["truth"]["p90"] = "much"
    with pytest.raises(DataError, match=r"truth\.p90: Input should be a valid"):
        ErrorRecord.from_json(values)
    del values["truth"]["p90"]
    with pytest.raises(DataError, match=r"truth\.p90: Field required"):
        ErrorRecord.from_json(values)
