import hashlib
import json
import math
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy
import torch

from segnode import Predictor, SegNode
from segnode.checkpoint import FAMILIARITY
from segnode.errors import CheckpointError
from segnode.familiarity import QUANTILE, Familiarity, Judged, Usual, fitted, load, most_familiar, save, statistics
from segnode.streets import render_street
from segnode.types import ImageArray

BUNDLED = Path(__file__).parents[1] / "checkpoints" / "segnode-streets"
WEIGHTS = "ab" * 32
STATISTICS = 20


def sample(pictures: int, seed: int, centre: float = 0.0, scale: float = 1.0) -> np.ndarray:
    """Statistics of pictures, each drawn from one normal distribution."""
    drawn = np.random.default_rng(seed).normal(centre, scale, (pictures, STATISTICS))
    return drawn.astype(np.float32)


@pytest.fixture(scope="module")
def usual() -> Familiarity:
    return fitted([sample(300, 0), sample(100, 1)], [sample(400, 2), sample(200, 3)], WEIGHTS)


@pytest.fixture
def folder(usual: Familiarity, tmp_path: Path) -> Path:
    save(tmp_path, usual)
    return tmp_path


def test_statistics_are_means_spreads_and_entropy() -> None:
    waves = torch.tensor([1.0, -1.0] * 8).reshape(1, 1, 4, 4)
    slope = (torch.cat([waves * 3 + 7, waves * 0], 1), waves[..., :2, :2] * 5)
    spreads = [3 + 1e-3, 1e-3, 5 + 1e-3]
    channels = [7 / spreads[0], 0, 0, *map(math.log, spreads)]
    undecided = torch.zeros(1, 4, 3, 3)
    decided = torch.cat([torch.full((1, 1, 3, 3), 50.0), torch.zeros(1, 3, 3, 3)], 1)
    assert statistics(slope, undecided) == pytest.approx([*channels, math.log(4)], abs=1e-5)
    assert statistics(slope, decided) == pytest.approx([*channels, 0], abs=1e-5)


def test_distance_in_closed_form() -> None:
    axes = np.array([[0.6], [0.8], [0]], np.float32)
    of = ([0, 1, 2, 3], [1, 2, 4, 0.5], axes, [4], 0.25)
    usual = Usual(*(np.asarray(values, np.float32) for values in of))
    far = [[0, 1, 2, 3], [0.6, 1 + 2 * 0.8, 2, 3], [0, 1, 6, 3], [-0.8, 1 + 2 * 0.6, 2, 3], [0, 1, 2, 4], [0, 1, 2, 1]]
    expected = [0, math.sqrt(1 / 4 / 3), math.sqrt(4 / 3), math.sqrt(4 / 3), 2 / 1.65, 0]
    assert usual.distances(np.array(far, np.float32)) == pytest.approx(expected, abs=1e-6)


def test_statistics_that_go_together_are_learnt() -> None:
    """A picture as near to the mean in each statistic is farther where it breaks what all training pictures share."""
    one = np.random.default_rng(0).normal(size=(500, 1))
    both = np.repeat(one, 8, 1) + np.random.default_rng(1).normal(scale=0.1, size=(500, 8))
    usual = Usual.fit([both.astype(np.float32)])
    alike, broken = np.ones((1, 8), np.float32), np.array([[1, -1] * 4], np.float32)
    assert usual.distances(broken) > 5 * usual.distances(alike)


def test_what_is_drawn_like_the_training_pictures_is_familiar(usual: Familiarity) -> None:
    judged = [usual.judge(row) for row in sample(300, 5)]
    assert np.mean([one.unfamiliar for one in judged]) == pytest.approx(1 - QUANTILE, abs=0.02)
    assert np.mean([one.nearer for one in judged]) == pytest.approx(0.5, abs=0.05)
    assert np.mean([one.distance for one in judged]) == pytest.approx(1, abs=0.1)


def test_what_is_far_is_not(usual: Familiarity) -> None:
    for elsewhere in (sample(50, 6, centre=3), sample(50, 7, scale=4)):
        assert all(usual.judge(row).unfamiliar and usual.judge(row).nearer == 1 for row in elsewhere)


def test_the_most_familiar_is_told_by_shares_then_by_thresholds() -> None:
    near, far = Judged(2.0, 0.3, 3.0), Judged(0.9, 0.6, 1.0)
    assert most_familiar({"far": far, "near": near}) == "near"
    beyond, further = Judged(6.0, 1.0, 3.0), Judged(5.0, 1.0, 1.0)
    assert most_familiar({"further": further, "beyond": beyond}) == "beyond"
    assert most_familiar({"beyond": beyond, "further": further, "far": far}) == "far"


def test_the_general_network_takes_what_no_other_is_familiar_with() -> None:
    near, familiar, beyond = Judged(0.5, 0.1, 1.0), Judged(0.9, 0.8, 1.0), Judged(2.0, 0.99, 1.0)
    assert most_familiar({"streets": familiar, "all": near}, general="all") == "streets"
    assert most_familiar({"streets": beyond, "all": near}, general="all") == "all"
    assert most_familiar({"streets": beyond, "all": Judged(9.0, 1.0, 1.0)}, general="all") == "all"
    assert most_familiar({"streets": beyond}, general="all") == "streets"


def test_every_set_counts_the_same() -> None:
    few, many = sample(10, 0), sample(1000, 1, centre=2)
    both = fitted([few, many], [few], WEIGHTS)
    assert both.usual.mean == pytest.approx((few.mean(0) + many.mean(0)) / 2, abs=1e-5)
    near, far = sample(30, 2), sample(900, 3, centre=5)
    assert fitted([sample(99, 4)], [near, far], WEIGHTS).judge(near.mean(0)).nearer < 0.5
    halves = fitted([sample(99, 4)], [near, far], WEIGHTS).quantiles
    assert halves[49] < 2 < 4 < halves[51]


def test_a_channel_that_never_varied_has_a_scale() -> None:
    flat = sample(20, 0)
    flat[:, 3] = 1.5
    assert fitted([flat], [flat], WEIGHTS).usual.scale[3] == pytest.approx(0.01)


def test_what_is_saved_is_loaded(folder: Path, usual: Familiarity) -> None:
    again = load(folder, WEIGHTS)
    assert again is not None
    assert again.threshold == usual.threshold
    assert np.array_equal(again.quantiles, usual.quantiles)
    for name, values in vars(usual.usual).items():
        assert np.array_equal(getattr(again.usual, name), values)
    assert [path.name for path in folder.iterdir()] == [FAMILIARITY]


def test_a_checkpoint_without_one_has_none(tmp_path: Path) -> None:
    assert load(tmp_path, WEIGHTS) is None


def test_one_of_other_weights_is_refused(folder: Path) -> None:
    with pytest.raises(CheckpointError, match="measured with other weights"):
        load(folder, "cd" * 32)


@pytest.mark.parametrize("damage", ["flipped", "cut", "empty", "foreign", "large"])
def test_a_damaged_file_is_refused(folder: Path, damage: str) -> None:
    path = folder / FAMILIARITY
    data = path.read_bytes()
    foreign = safetensors.numpy.save({"mean": np.zeros(3, np.float32)}, {"weights": WEIGHTS, "sha256": ""})
    path.write_bytes(
        {
            "flipped": data[:-1] + bytes([data[-1] ^ 1]),
            "cut": data[:-9],
            "empty": b"",
            "foreign": foreign,
            "large": data + bytes(1_000_000),
        }[damage]
    )
    with pytest.raises(CheckpointError, match=r"run scripts/familiarity.py again, or delete") as error:
        load(folder, WEIGHTS)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "change",
    [
        {"scale": np.zeros(STATISTICS, np.float32)},
        {"scale": np.ones(STATISTICS - 1, np.float32)},
        {"mean": np.full(STATISTICS, np.nan, np.float32)},
        {"axes": np.zeros((STATISTICS, 5), np.float32)},
        {"variances": np.zeros(STATISTICS - 2, np.float32)},
        {"rest": np.zeros((), np.float32)},
        {"quantiles": np.zeros(5, np.float32)},
        {"quantiles": np.linspace(1, 0, 101, dtype=np.float32)},
        {"quantiles": np.linspace(0, 1, 101, dtype=np.float64)},
    ],
)
def test_values_that_cannot_be_reckoned_with_are_refused(
    folder: Path, usual: Familiarity, change: dict[str, np.ndarray]
) -> None:
    arrays = {**vars(usual.usual), "quantiles": usual.quantiles} | change
    digest = hashlib.sha256(b"".join(arrays[name].tobytes() for name in sorted(arrays))).hexdigest()
    (folder / FAMILIARITY).write_bytes(safetensors.numpy.save(arrays, {"weights": WEIGHTS, "sha256": digest}))
    with pytest.raises(CheckpointError, match="does not hold a network's familiarity"):
        load(folder, WEIGHTS)


@pytest.fixture(scope="module")
def bundled() -> Predictor:
    model = SegNode.from_pretrained(BUNDLED)
    assert model.source is not None
    assert model.source.sha256 is not None
    familiarity = load(BUNDLED, model.source.sha256)
    assert familiarity is not None
    return Predictor(model, familiarity=familiarity)


def test_the_bundled_network_knows_a_street(bundled: Predictor) -> None:
    judged = bundled.trajectory(render_street(100_003).image, [1.0]).familiarity
    assert judged is not None
    assert not judged.unfamiliar


@pytest.mark.parametrize("what", ["noise", "flat", "inverted"])
def test_the_bundled_network_knows_what_is_none(bundled: Predictor, what: str) -> None:
    street = render_street(100_002).image
    image: ImageArray = {
        "noise": np.random.default_rng(0).integers(0, 256, street.shape, np.uint8),
        "flat": np.full_like(street, 128),
        "inverted": 255 - street,
    }[what]
    judged = bundled.trajectory(image, [1.0]).familiarity
    assert judged is not None
    assert judged.unfamiliar
    assert judged.nearer >= QUANTILE


def test_the_results_are_of_the_bundled_weights(bundled: Predictor) -> None:
    results = json.loads((BUNDLED / "familiarity.json").read_text())
    assert bundled.familiarity is not None
    assert results["weights_sha256"] == bundled.familiarity.weights
    assert results["threshold"]["distance"] == pytest.approx(bundled.familiarity.threshold, abs=1e-3)
