"""Scores against counts made by hand, and against torchmetrics."""

import numpy as np
import pytest
import torch
from torchmetrics.classification import MulticlassAccuracy, MulticlassJaccardIndex

from segnode.errors import ConfigError, DataError
from segnode.metrics import Scores, miou_error


def labels(*rows):
    return np.array(rows, dtype=np.uint8)


def test_counts_by_hand():
    scores = Scores(4)
    scores.update(labels([0, 0, 1, 1], [0, 1, 1, 1]), labels([0, 0, 0, 1], [255, 1, 1, 0]))
    # Class 0: 2 right, 2 missed, 0 too many. Class 1: 3 right, 0 missed, 2 too many. Classes 2 and 3 occur nowhere.
    np.testing.assert_allclose(scores.iou(), [50, 60, np.nan, np.nan])
    assert scores.mean_iou() == pytest.approx(55)
    assert scores.mean_iou([1, 2]) == pytest.approx(60)
    assert scores.pixel_accuracy() == pytest.approx(100 * 5 / 7)
    np.testing.assert_allclose(scores.accuracy(), [50, 100, np.nan, np.nan])
    assert scores.mean_accuracy() == pytest.approx(75)
    assert scores.mean_accuracy([1, 2]) == pytest.approx(100)
    assert scores.pixels() == 7
    assert scores.confusion.tolist() == [[2, 2, 0, 0], [0, 3, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]


def test_a_class_predicted_but_never_true_stays_in_the_mean():
    scores = Scores(3)
    scores.update(labels([0, 2]), labels([0, 0]))
    np.testing.assert_allclose(scores.iou(), [50, np.nan, 0])
    assert scores.mean_iou() == pytest.approx(25)
    assert scores.mean_iou([0, 1]) == pytest.approx(50)  # The pixel of class 2 is still a miss of class 0.
    assert scores.mean_accuracy() == pytest.approx(50)  # It has no pixels of its own to be right about.


def test_is_over_the_data_set_and_no_mean_of_pictures():
    scores = Scores(2)
    scores.update(labels([0, 0, 0, 0]), labels([0, 0, 0, 1]))
    scores.update(labels([1, 1]), labels([1, 1]))
    np.testing.assert_allclose(scores.iou(), [75, 100 * 2 / 3])
    per_picture = (np.mean([75, 0]) + 100) / 2
    assert scores.mean_iou() == pytest.approx(np.mean([75, 200 / 3]))
    assert scores.mean_iou() != pytest.approx(per_picture)


def test_agrees_with_torchmetrics():
    chance = np.random.default_rng(0)
    scores, index = Scores(11), MulticlassJaccardIndex(11, ignore_index=255)
    recall = MulticlassAccuracy(11, average="none", ignore_index=255)
    for _ in range(5):
        truth = chance.integers(0, 9, (30, 40), dtype=np.uint8)  # 9 and 10 are never true,
        prediction = np.where(chance.random((30, 40)) < 0.6, truth, chance.integers(0, 10, (30, 40))).astype(np.uint8)
        truth[chance.random((30, 40)) < 0.1] = 255  # and 10 is never predicted.
        scores.update(prediction, truth)
        for each in (index, recall):
            each.update(torch.from_numpy(prediction).long()[None], torch.from_numpy(truth).long()[None])
    assert np.isnan(scores.iou()).tolist() == [False] * 10 + [True]
    assert scores.mean_iou() == pytest.approx(100 * float(index.compute()), abs=1e-4)
    given = scores.mean_accuracy(range(9)), np.mean(recall.compute()[:9].numpy())
    assert given[0] == pytest.approx(100 * float(given[1]), abs=1e-4)


def test_pixels_not_counted_may_be_predicted_as_anything():
    scores = Scores(2)
    scores.update(labels([0, 1, 7, 255]), labels([0, 1, 255, 255]))
    assert scores.mean_iou() == 100


def test_nothing_counted_is_no_score():
    scores = Scores(2)
    scores.update(labels([0, 1]), labels([255, 255]))
    assert np.isnan([scores.mean_iou(), scores.pixel_accuracy(), *scores.iou()]).all()


def test_error_of_frames_is_over_the_classes_of_the_truth():
    truth = labels([0, 0, 1, 1], [0, 255, 1, 1])
    right = np.where(truth == 255, 2, truth)
    stray = right.copy()
    stray[0, 0] = 2  # No class of the truth: class 0 loses a pixel, and class 2 does not enter the mean.
    frames = np.stack([np.full_like(truth, 2), np.zeros_like(truth), stray, right])
    np.testing.assert_allclose(miou_error(frames, truth, 3), [100, 100 - (300 / 7) / 2, 100 - (200 / 3 + 100) / 2, 0])


@pytest.mark.parametrize(
    ("prediction", "truth", "sentence"),
    [
        (labels([0, 1]), labels([0, 1, 1]), r"shape \(1, 2\) cannot be scored against a truth of shape \(1, 3\)"),
        (np.zeros(3, np.uint8), np.zeros(3, np.uint8), "give both as rows by columns"),
        (np.zeros((2, 2)), np.zeros((2, 2), np.uint8), "must be uint8, not float64 and uint8"),
        (labels([0, 1]), labels([0, 3]), "The truth holds the id 3, which is none of 3 classes"),
        (labels([0, 4]), labels([0, 1]), "The prediction holds the id 4, which is none of 3 classes"),
    ],
)
def test_says_what_cannot_be_scored(prediction, truth, sentence):
    with pytest.raises(DataError, match=sentence):
        Scores(3).update(prediction, truth)


def test_says_what_cannot_be_asked():
    with pytest.raises(ConfigError, match="Scores need 2 to 255 classes, not 1"):
        Scores(1)
    with pytest.raises(ConfigError, match="There is no class 3: choose from 0 to 2"):
        Scores(3).mean_iou([0, 3])
    with pytest.raises(DataError, match="counts no pixel"):
        miou_error(np.zeros((2, 1, 2), np.uint8), labels([255, 255]), 3)
