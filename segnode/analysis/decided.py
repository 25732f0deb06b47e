"""When each pixel of a trajectory was decided: the frame from which it keeps its final label to the end.

Between two frames a label may come and go unseen: the resolution is the time between them. The page computes the same
in the browser (`app/components/scrubber/decided.js`).
"""

import numpy as np
from jaxtyping import Int

from segnode.types import FrameLabels


def decided_frame(labels: FrameLabels) -> Int[np.ndarray, "h w"]:
    """Index of the first frame from which each pixel has the label of the last frame in all that follow."""
    differs = labels != labels[-1]
    last = len(labels) - 1 - differs[::-1].argmax(axis=0)
    return np.where(differs.any(axis=0), last + 1, 0)
