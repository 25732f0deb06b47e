"""The error over solve time: by hand on label maps made up, and by the scores on a tiny network."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from segnode import ModelConfig, Predictor, SegNode, SolverConfig, Trajectory
from segnode.analysis.errors import error_curve
from segnode.data.classes import CAMVID, ClassSet
from segnode.errors import DataError
from segnode.metrics import Scores, miou_error
from segnode.streets import Streets
from segnode.types import FrameLabels, ImageArray, LabelArray


@pytest.fixture(scope="module")
def predictor() -> Predictor:
    torch.manual_seed(1)
    return Predictor(SegNode(ModelConfig(11, (8, 16), 8, modules=1, blocks=1), CAMVID, SolverConfig("heun", 2)))


def labels(*rows: list[int]) -> np.ndarray:
    return np.array(rows, dtype=np.uint8)


class Told:
    """Pictures of four pixels whose truth we choose; the first pixel of a picture is its number."""

    classes = ClassSet.numbered(3)

    def __init__(self, *truths: LabelArray) -> None:
        self.truths = truths

    def __len__(self) -> int:
        return len(self.truths)

    def __getitem__(self, index: int) -> tuple[ImageArray, LabelArray]:
        return np.full((*self.truths[index].shape, 3), index, dtype=np.uint8), self.truths[index]

    def name(self, index: int) -> str:
        return str(index)


class Scripted(Predictor):
    """Answers with frames we choose, as a fixed grid of two steps would, and counts its solves."""

    def __init__(self, *answers: FrameLabels) -> None:
        super().__init__(SegNode(ModelConfig(3, (4,), 4, modules=1, blocks=1), Told.classes))
        self.answers = answers
        self.solves = 0

    def trajectory(self, image: ImageArray, times: int, *_: object, **__: object) -> Trajectory:
        self.solves += 1
        frames = self.answers[image[0, 0, 0]]
        return replace(super().trajectory(image, times), labels=frames, step_times=np.array([0, 0.5, 1]), nfe=4)


TRUTHS = (labels([0, 0, 1, 1]), labels([0, 255, 255, 255]))
ANSWERS = (
    np.stack([labels([0, 0, 0, 0]), labels([0, 0, 1, 2]), labels([0, 0, 1, 1])]),
    np.stack([labels([1, 0, 0, 0]), labels([0, 0, 0, 2]), labels([0, 0, 0, 0])]),
)


def test_errors_by_hand() -> None:
    curve = error_curve(Scripted(*ANSWERS), Told(*TRUTHS), times=3)
    # Picture 0 holds classes 0 and 1: IoU (1/2, 0), (1, 1/2), (1, 1). Picture 1 holds class 0: IoU 0, 1, 1.
    np.testing.assert_allclose(curve.truth.pictures, [[75, 25, 0], [100, 0, 0]])
    # All pixels: class 0 IoU 2/5, 3/3, 3/3; class 1 IoU 0/3, 1/2, 2/2; class 2, never true, 0 while it is predicted.
    np.testing.assert_allclose(curve.truth.iou, [[40, 0, np.nan], [100, 50, np.nan], [100, 100, np.nan]])
    np.testing.assert_allclose(curve.truth.dataset, [100 - 40 / 2, 100 - 150 / 3, 0])
    assert curve.times.tolist() == [0, 0.5, 1]


def test_a_pictures_classes_are_those_of_its_reference_at_every_time() -> None:
    curve = error_curve(Scripted(*ANSWERS), Told(*TRUTHS), times=3)
    for index, (answer, truth) in enumerate(zip(ANSWERS, TRUTHS, strict=True)):
        np.testing.assert_allclose(curve.truth.pictures[index], miou_error(answer, truth, 3))
        np.testing.assert_allclose(curve.final.pictures[index], miou_error(answer, answer[-1], 3))
    # The last answer of picture 1 is all of class 0, of which the second frame lacks one pixel in four.
    np.testing.assert_allclose(curve.final.pictures[1], [25, 25, 0])


def test_one_solve_a_picture() -> None:
    scripted, seen = Scripted(*ANSWERS), []
    error_curve(scripted, Told(*TRUTHS), times=3, on_picture=lambda index, run: seen.append((index, run.nfe)))
    assert scripted.solves == 2
    assert seen == [(0, 4), (1, 4)]


@pytest.mark.parametrize("times", [2, 33])
def test_more_times_cost_no_evaluation(predictor: Predictor, times: int) -> None:
    spent = []
    error_curve(predictor, Streets(range(2), 96, 72), times=times, on_picture=lambda _, run: spent.append(run.nfe))
    assert spent == [4, 4]


def test_the_last_frame_is_the_final_answer(predictor: Predictor) -> None:
    curve = error_curve(predictor, Streets(range(2), 96, 72), times=4)
    assert curve.final.dataset[-1] == 0
    assert curve.final.pictures[:, -1].tolist() == [0, 0]
    assert curve.final.dataset[0] > 0


def test_curve_is_the_score_of_each_frame_over_the_whole_set(predictor: Predictor) -> None:
    streets = Streets(range(2), 96, 72)
    curve = error_curve(predictor, streets, times=3)
    for frame in range(3):
        scores = Scores(11)
        for index in range(2):
            image, truth = streets[index]
            scores.update(predictor.trajectory(image, 3).labels[frame], truth)
        assert curve.truth.dataset[frame] == pytest.approx(100 - scores.mean_iou())


def test_the_mean_can_be_restricted_to_shared_classes() -> None:
    curve = error_curve(Scripted(*ANSWERS), Told(*TRUTHS), times=3, classes=(1,))
    np.testing.assert_allclose(curve.truth.dataset, [100, 50, 0])
    np.testing.assert_allclose(curve.truth.pictures, [[100, 50, 0], [np.nan] * 3])


def test_a_picture_without_truth_has_no_error_of_its_own() -> None:
    curve = error_curve(Scripted(*ANSWERS), Told(TRUTHS[0], labels([255] * 4)), times=3)
    np.testing.assert_allclose(curve.truth.pictures, [[75, 25, 0], [np.nan] * 3])
    assert np.isfinite(curve.truth.dataset).all()


def test_a_fixed_grid_costs_its_stages_a_step(predictor: Predictor) -> None:
    curve = error_curve(predictor, Streets(range(2), 96, 72), times=2, solver=SolverConfig("rk4", 3))
    np.testing.assert_allclose(curve.step_times, [0, 1 / 3, 2 / 3, 1], atol=1e-6)
    assert curve.evaluations.tolist() == [0, 4, 8, 12]


@pytest.mark.parametrize(("method", "stages", "before"), [("dopri5", 6, 2), ("bosh3", 3, 2), ("adaptive_heun", 1, 2)])
def test_an_adaptive_solver_costs_its_tries(predictor: Predictor, method: str, stages: int, before: int) -> None:
    solver = replace(SolverConfig(rtol=1e-4, atol=1e-4), method=method)
    runs = []
    curve = error_curve(
        predictor, Streets(range(1), 96, 72), times=2, solver=solver, on_picture=lambda _, run: runs.append(run)
    )
    np.testing.assert_allclose(curve.step_times, runs[0].step_times, atol=1e-6)
    tries = np.diff(curve.evaluations, prepend=0)[1:] - [before, *[0] * (len(runs[0].step_times) - 2)]
    assert (tries % stages == 0).all()
    assert (tries >= stages).all()
    assert curve.evaluations[-1] == runs[0].nfe


def test_the_cost_is_the_mean_over_pictures_that_step_apart(predictor: Predictor) -> None:
    solver, streets = SolverConfig("dopri5", rtol=1e-4, atol=1e-4), Streets(range(3), 96, 72)
    runs = []
    curve = error_curve(predictor, streets, times=2, solver=solver, on_picture=lambda _, run: runs.append(run))
    assert (np.diff(curve.step_times) > 0).all()
    assert (np.diff(curve.evaluations) >= 0).all()
    assert curve.evaluations[0] == 0
    assert curve.evaluations[-1] == pytest.approx(np.mean([run.nfe for run in runs]))
    assert len(curve.step_times) >= max(len(run.step_times) for run in runs)


def test_a_data_set_needs_a_picture(predictor: Predictor) -> None:
    with pytest.raises(DataError, match="There is no picture"):
        error_curve(predictor, Streets(range(0), 96, 72))
