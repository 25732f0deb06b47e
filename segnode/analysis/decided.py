"""When each pixel of a trajectory was decided: the frame from which it keeps its final label to the end.

Between two frames a label may come and go unseen: the resolution is the time between them. The page computes the same
in the browser (`app/components/scrubber/decided.js`).
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Int

from segnode.analysis.components import components
from segnode.types import FrameLabels, LabelArray, Times

#: Share of the picture from which a region is large, and pixels from which one is worth looking at.
LARGE, LEAST = 0.01, 40


@dataclass(frozen=True)
class Spot:
    """A place in a picture to look at: a pixel in the middle of a region.

    label: the train id it ends with. time: dimensionless depth, the median over the region at which it was decided.
    pixels: how many the region has.
    """

    row: int
    column: int
    label: int
    time: float
    pixels: int


@dataclass(frozen=True)
class Spots:
    """What a run shows best; None where it shows none.

    earliest: the large region decided first. latest: the region decided last. restless: the pixel whose label changed
    most often. lost: the largest region that was right at half of T and is wrong at T; only with a truth.
    """

    earliest: Spot | None
    latest: Spot | None
    restless: Spot | None
    lost: Spot | None


def decided_frame(labels: FrameLabels) -> Int[np.ndarray, "h w"]:
    """Index of the first frame from which each pixel has the label of the last frame in all that follow."""
    differs = labels != labels[-1]
    last = len(labels) - 1 - differs[::-1].argmax(axis=0)
    return np.where(differs.any(axis=0), last + 1, 0)


def change_count(labels: FrameLabels) -> Int[np.ndarray, "h w"]:
    """How often each pixel's label changes from one frame to the next."""
    return (labels[1:] != labels[:-1]).sum(axis=0)


def spots(labels: FrameLabels, times: Times, truth: LabelArray | None = None) -> Spots:
    """Places worth looking at in a run whose frames lie at `times`, the last of them T. truth: train ids, 255 nowhere.

    Regions are those of the last frame, or for `lost` of the pixels lost. Of several alike the larger is chosen.
    """
    decided, changes = times[decided_frame(labels)], change_count(labels)
    regions = components(labels[-1])
    sizes = np.bincount(regions.ravel())
    medians = _medians(decided, regions)
    large, seen = sizes >= LARGE * regions.size, sizes >= LEAST
    early = np.lexsort((-sizes, medians, ~large))[0]
    late = np.lexsort((-sizes, -medians, ~seen))[0]
    lost = np.zeros(regions.shape, bool)
    if truth is not None:
        half = int(np.abs(times - times[-1] / 2).argmin())
        lost = (labels[half] == truth) & (labels[-1] != truth)

    def spot(region: Bool[np.ndarray, "h w"]) -> Spot:
        row, column = _middle(region)
        label = int(labels[-1, row, column])
        return Spot(row, column, label, float(np.median(decided[region])), int(region.sum()))

    most = np.zeros(changes.shape, bool)
    most.flat[changes.argmax()] = True
    return Spots(
        spot(regions == early) if large[early] else None,
        spot(regions == late) if seen[late] and medians[late] > 0 else None,
        spot(most) if changes.any() else None,
        spot(_largest(lost)) if lost.any() else None,
    )


def _medians(values: np.ndarray, regions: np.ndarray) -> np.ndarray:
    """Of each region, the median of `values`; of an even number the lower of the two in the middle."""
    order = np.lexsort((values.ravel(), regions.ravel()))
    sizes = np.bincount(regions.ravel())
    ends = np.cumsum(sizes)
    return values.ravel()[order][ends - sizes + (sizes - 1) // 2]


def _largest(mask: np.ndarray) -> np.ndarray:
    """The largest connected region of `mask`, which holds one."""
    regions = components(mask.astype(np.uint8))
    sizes = np.bincount(regions[mask], minlength=int(regions.max()) + 1)
    return regions == sizes.argmax()


def _middle(region: np.ndarray) -> tuple[int, int]:
    """The pixel of `region` nearest to its centre of mass."""
    rows, columns = np.nonzero(region)
    nearest = ((rows - rows.mean()) ** 2 + (columns - columns.mean()) ** 2).argmin()
    return int(rows[nearest]), int(columns[nearest])
