"""What follows from networks trained fold by fold."""

from pathlib import Path

import pytest

from segnode.results.folds import Fold, Network, Run, Study, Terms
from segnode.results.schema import Provenance
from tests.results.made_up import origin

ORIGIN = Provenance(**origin("folds"))


def run(network: str, fold: str, rate: float, seed: int, score: float) -> Run:
    return Run(network, fold, rate, seed, 100, 10.0, 60.0, score, "0" * 40)


def study(*runs: Run, rates: tuple[float, ...] = (1e-3, 3e-3)) -> Study:
    folds = {name: Fold(f"without {name}", f"only {name}") for name in ("a", "b", "c")}
    networks = {name: Network(name, 1000, 0.5) for name in ("ours", "theirs")}
    terms = Terms(12.0, 8, (192, 192), (0.5, 1.5), rates)
    return Study(ORIGIN, ORIGIN, "Three drives", terms, folds, networks, runs)


def searched(network: str, low: list[float], high: list[float]) -> list[Run]:
    """The first seed of all folds at both rates."""
    return [
        run(network, fold, rate, 0, score)
        for rate, scores in ((1e-3, low), (3e-3, high))
        for fold, score in zip("abc", scores, strict=True)
    ]


def test_a_rate_is_chosen_by_the_other_folds() -> None:
    found = study(*searched("ours", low=[10, 40, 40], high=[90, 30, 30]))
    assert found.rate("ours", "a") == 1e-3  # though the other did far better on a itself
    assert found.rate("ours", "b") == 3e-3
    assert found.scores("ours") == {("a", 0): 10, ("b", 0): 30, ("c", 0): 30}


def test_a_rate_is_open_until_all_of_the_other_folds_are_through() -> None:
    runs = searched("ours", low=[10, 40, 40], high=[90, 30, 30])
    assert study(*runs[:-1]).rate("ours", "a") is None
    assert study(*runs[:-1]).rate("ours", "c") is not None
    assert study(rates=(1e-3,)).rate("ours", "a") == 1e-3


def test_networks_are_compared_pair_by_pair() -> None:
    ours = [run("ours", fold, 1e-3, seed, score) for fold, seed, score in (("a", 0, 50), ("b", 0, 60), ("b", 1, 63))]
    theirs = [run("theirs", fold, 1e-3, seed, score) for fold, seed, score in (("a", 0, 48), ("b", 0, 56), ("c", 0, 9))]
    found = study(*ours, *theirs, rates=(1e-3,)).difference("ours", "theirs")
    assert found is not None
    assert (found.points, found.pairs) == (3.0, 2)
    assert found.error == pytest.approx(1.0)
    assert found.clear is True


def test_one_pair_tells_nothing_for_sure_and_none_nothing() -> None:
    one = study(run("ours", "a", 1e-3, 0, 50), run("theirs", "a", 1e-3, 0, 40), rates=(1e-3,))
    difference = one.difference("ours", "theirs")
    assert difference is not None
    assert (difference.points, difference.error, difference.clear) == (10.0, None, None)
    assert study(rates=(1e-3,)).difference("ours", "theirs") is None


def test_a_study_is_written_and_read_as_the_same(tmp_path: Path) -> None:
    written = study(*searched("ours", low=[10, 40, 40], high=[90, 30, 30]))
    written.write(tmp_path / "study.json")
    assert Study.read(tmp_path / "study.json") == written
