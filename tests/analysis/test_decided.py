"""When each pixel was decided, on trajectories short enough to follow by eye."""

import numpy as np

from segnode.analysis.decided import decided_frame


def test_each_pixel_is_decided_when_its_label_differs_for_the_last_time() -> None:
    paths = {(1, 1, 1, 1): 0, (2, 1, 1, 1): 1, (1, 2, 1, 1): 2, (1, 1, 2, 1): 3, (2, 1, 2, 1): 3, (3, 2, 1, 1): 2}
    labels = np.array(list(paths), np.uint8).T[:, None]
    assert decided_frame(labels).tolist() == [list(paths.values())]


def test_one_frame_decides_all() -> None:
    assert (decided_frame(np.zeros((1, 2, 3), np.uint8)) == 0).all()
