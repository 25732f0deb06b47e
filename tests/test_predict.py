import time
from collections.abc import Callable

import jaxtyping
import numpy as np
import pytest
import torch

from segnode import ModelConfig, Predictor, SegNode, SolverConfig
from segnode.data.classes import CAMVID
from segnode.errors import ConfigError, ImageError, SolveStopped
from segnode.familiarity import Familiarity, fitted
from segnode.predict import batch_of
from segnode.types import Depths, ImageArray

CLASSES = 11


@pytest.fixture(scope="module")
def model() -> SegNode:
    torch.manual_seed(0)
    return SegNode(ModelConfig(CLASSES, (8, 16), 8, modules=1, blocks=1), CAMVID, SolverConfig("rk4", 2)).eval()


def picture(rows: int, columns: int) -> ImageArray:
    return np.random.default_rng(0).integers(0, 256, (rows, columns, 3), dtype=np.uint8)


def test_trajectory_of_a_picture(model: SegNode) -> None:
    run = Predictor(model).trajectory(picture(41, 58))
    assert run.times.tolist() == np.linspace(0, 1, 17).tolist()
    assert run.step_times.tolist() == [0, 0.5, 1]
    assert run.labels.shape == run.confidence.shape == (17, 41, 58)
    assert run.probabilities.shape == (17, CLASSES, 12, 16)
    assert run.nfe == 8
    assert run.seconds > 0


def test_labels_and_confidence_are_those_of_forward(model: SegNode) -> None:
    image = picture(40, 56)
    run = Predictor(model).trajectory(image, [1.0])
    with torch.no_grad():
        probability = model(torch.from_numpy(image).permute(2, 0, 1)[None] / 255)[0].softmax(0)
    best, labels = probability.max(0)
    assert (run.labels[0] == labels.numpy()).mean() > 0.999  # but for ties
    assert np.allclose(run.confidence[0], best.numpy(), atol=1e-5)


def test_confidence_is_the_share_of_the_winner(model: SegNode) -> None:
    run = Predictor(model).trajectory(picture(32, 32), 5)
    assert (run.confidence >= 1 / CLASSES).all()
    assert (run.confidence <= 1 + 1e-6).all()
    assert abs(run.probabilities.astype(float).sum(1) - 255).max() <= CLASSES


def test_large_pictures_are_worked_on_small_and_answered_at_their_size(model: SegNode) -> None:
    run = Predictor(model, max_pixels=64 * 48).trajectory(picture(120, 160), 2)
    assert run.labels.shape == (2, 120, 160)
    assert run.probabilities.shape == (2, CLASSES, 12, 16)


@pytest.mark.parametrize("frames", [2, 5, 33])
def test_cost_does_not_depend_on_the_frames(model: SegNode, frames: int) -> None:
    assert Predictor(model).trajectory(picture(32, 32), frames, SolverConfig("midpoint", 3)).nfe == 6


def test_goes_beyond_the_trained_end(model: SegNode) -> None:
    run = Predictor(model).trajectory(picture(32, 32), 5, until=2.0)
    assert run.times[-1] == run.step_times[-1] == 2


def test_familiarity_is_the_same_under_every_solver_and_end(model: SegNode) -> None:
    image, plain = picture(40, 56), Predictor(model)
    assert plain.trajectory(image, 2).familiarity is None
    sample = np.stack([plain.statistics(picture(32, 32)), plain.statistics(image)])
    predictor = Predictor(model, familiarity=fitted([sample], [sample], "ab" * 32))
    assert predictor.familiarity is not None
    alone = predictor.familiarity.judge(predictor.statistics(image))
    for method in ("euler", "rk4", "dopri5", "bosh3", "adaptive_heun"):
        for until in (0.5, 2.0):
            judged = predictor.trajectory(image, 3, SolverConfig(method), until=until).familiarity
            assert judged is not None
            assert judged.distance == pytest.approx(alone.distance, rel=1e-4)


def test_familiarity_costs_no_evaluation(model: SegNode) -> None:
    sample = Predictor(model).statistics(picture(40, 56))[None]
    predictor = Predictor(model, familiarity=fitted([sample], [sample], "ab" * 32))
    for solver in (SolverConfig("midpoint", 3), SolverConfig("dopri5")):
        runs = [one.trajectory(picture(40, 56), 5, solver) for one in (Predictor(model), predictor)]
        assert runs[0].nfe == runs[1].nfe
        assert np.array_equal(runs[0].labels, runs[1].labels)


def test_seconds_are_of_the_solve_alone(model: SegNode, monkeypatch: pytest.MonkeyPatch) -> None:
    sample = Predictor(model).statistics(picture(40, 56))[None]
    predictor = Predictor(model, familiarity=fitted([sample], [sample], "ab" * 32))
    monkeypatch.setattr(Familiarity, "judge", lambda *_: time.sleep(0.5))
    began = time.perf_counter()
    run = predictor.trajectory(picture(40, 56), 5)
    assert time.perf_counter() - began - run.seconds >= 0.5


def test_a_familiarity_of_another_network_is_refused(model: SegNode) -> None:
    sample = np.zeros((1, 7), np.float32)
    with pytest.raises(ConfigError, match="7 statistics is of another network"):
        Predictor(model, familiarity=fitted([sample], [sample], "ab" * 32))


def test_progress_rises_and_false_stops(model: SegNode) -> None:
    predictor, seen = Predictor(model), []
    predictor.trajectory(picture(32, 32), on_progress=lambda share: seen.append(share))
    assert seen == sorted(seen)
    assert seen[0] == 0
    assert seen[-1] <= 1
    with pytest.raises(SolveStopped):
        predictor.trajectory(picture(32, 32), on_progress=lambda share: share < 0.5)
    assert predictor.trajectory(picture(32, 32), 2).nfe == 8  # the lock was let go


@pytest.mark.parametrize(
    "image", [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 3)), np.zeros((0, 4, 3), np.uint8), None]
)
def test_arrays_that_are_no_pictures_are_refused(
    model: SegNode, image: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)  # people run without the tests' check of shapes
    with pytest.raises(ImageError, match="A picture"):
        Predictor(model).trajectory(image)


@pytest.mark.parametrize("turned", [lambda x: x[..., ::-1], np.flipud, np.fliplr, lambda x: np.rot90(x, 2)])
def test_pictures_that_run_backwards_in_memory_are_taken(
    model: SegNode, turned: Callable[[ImageArray], ImageArray]
) -> None:
    image = turned(picture(40, 56))
    backwards, forwards = (Predictor(model).trajectory(each, 2) for each in (image, image.copy()))
    assert np.array_equal(backwards.labels, forwards.labels)
    assert np.array_equal(backwards.confidence, forwards.confidence)
    with torch.no_grad():
        assert torch.equal(model(batch_of(image)), model(batch_of(image.copy())))


def test_frames_may_be_counted_in_any_whole_number(model: SegNode) -> None:
    for count in (np.int64(5), np.uint8(5), 5):
        assert Predictor(model).trajectory(picture(32, 32), count).times.tolist() == [0, 0.25, 0.5, 0.75, 1]


@pytest.mark.parametrize("until", [0.3, 0.7, 1.2])
@pytest.mark.parametrize("kind", [np.float64, np.float32])
def test_times_that_rounding_takes_past_the_end_are_the_end(model: SegNode, until: float, kind: type) -> None:
    times = np.arange(0, until + 0.05, 0.1).astype(kind)
    run = Predictor(model).trajectory(picture(32, 32), times, until=until)
    assert len(run.times) == len(times)
    assert run.times[-1] <= until
    assert run.times[-1] == pytest.approx(until)


@pytest.mark.parametrize("times", [[0.0, float("nan"), 1.0], [float("nan")], [0.0, float("nan")], np.array([np.nan])])
def test_times_that_are_no_numbers_are_refused(model: SegNode, times: Depths) -> None:
    with pytest.raises(ConfigError, match="increase strictly within 0 and 1"):
        Predictor(model).trajectory(picture(32, 32), times)


@pytest.mark.parametrize("times", [5.0, "all", ["a"], [None], [[0.0, 1.0]]])
def test_times_that_are_neither_a_number_nor_depths_are_refused(
    model: SegNode, times: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)
    with pytest.raises(ConfigError, match="a whole number of frames, or depths"):
        Predictor(model).trajectory(picture(32, 32), times)


@pytest.mark.parametrize("device", ["cuda:99", "nonsense", "xpu"])
def test_a_device_that_is_not_there_is_told(model: SegNode, device: str) -> None:
    with pytest.raises(ConfigError, match=f"There is no device '{device}' here: use cpu"):
        Predictor(model, device=device)


def test_frames_out_of_range_are_refused(model: SegNode) -> None:
    with pytest.raises(ConfigError, match="2 to 257 frames"):
        Predictor(model).trajectory(picture(32, 32), 1)
    with pytest.raises(ConfigError, match="increase"):
        Predictor(model).trajectory(picture(32, 32), [0.5, 0.2])
