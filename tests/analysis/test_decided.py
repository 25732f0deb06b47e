"""When each pixel was decided, on trajectories short enough to follow by eye."""

import numpy as np

from segnode.analysis.decided import Spot, change_count, decided_frame, spots


def test_each_pixel_is_decided_when_its_label_differs_for_the_last_time() -> None:
    paths = {(1, 1, 1, 1): 0, (2, 1, 1, 1): 1, (1, 2, 1, 1): 2, (1, 1, 2, 1): 3, (2, 1, 2, 1): 3, (3, 2, 1, 1): 2}
    labels = np.array(list(paths), np.uint8).T[:, None]
    assert decided_frame(labels).tolist() == [list(paths.values())]


def test_one_frame_decides_all() -> None:
    assert (decided_frame(np.zeros((1, 2, 3), np.uint8)) == 0).all()


def test_places_worth_looking_at_in_a_run_followed_by_eye() -> None:
    labels = np.zeros((5, 20, 30), np.uint8)
    labels[1:, :10] = 1  # decided at 1 of 4
    labels[:3, 12:19, 2:9], labels[3:, 12:19, 2:9] = 5, 2  # decided at 3
    labels[:, 15, 25] = (3, 4, 3, 4, 3)
    truth = labels[-1].copy()
    truth[13:16, 3:6], truth[17, 6:8] = 5, 5  # right until 2, wrong from 3
    found = spots(labels, np.linspace(0, 1, 5), truth)
    assert found.earliest == Spot(14, 16, 0, 0.0, 600 - 300 - 49 - 1)
    assert found.latest == Spot(15, 5, 2, 0.75, 49)
    assert found.restless == Spot(15, 25, 3, 1.0, 1)
    assert found.lost == Spot(14, 4, 2, 0.75, 9)
    assert change_count(labels)[15, 25] == 4


def test_a_run_that_never_changes_shows_no_late_and_no_restless_place() -> None:
    found = spots(np.zeros((3, 8, 8), np.uint8), np.linspace(0, 1, 3))
    assert found.earliest is not None
    assert (found.latest, found.restless, found.lost) == (None, None, None)
