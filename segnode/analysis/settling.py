"""When pixels get their final label, over many pictures: by class, by thickness of the true region, right and wrong.

A pixel settles at the first frame from which its label is that of T to the end, see `segnode.analysis.decided`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from segnode.analysis.components import components, thickness
from segnode.analysis.decided import decided_frame
from segnode.data.images import Dataset
from segnode.predict import Predictor

#: Right pixels of a class from which its mean in one picture counts.
ENOUGH = 200
#: Classes of thickness: pixels of the side of the largest square in a region, from each up to the next.
THICKNESS = (1, 3, 7, 13, 25)


@dataclass(frozen=True)
class Settling:
    """Depths at which pixels settle, from 0 to 1 as shares of T; means over all pixels that count.

    right, wrong: at T. classes: of the pixels right at T, by true class; None where there is none. picture_means: for
    each picture, of the classes with `ENOUGH` right pixels, one mean each. thickness: of the right pixels, by the
    least thickness of the true region. final_at_start: share of right pixels that have their final label at t = 0.
    lost: share of pixels right at T/2 and wrong at T; gained: the reverse. regions: connected regions of the labels of
    a picture at t = 0 and at T, the mean.
    """

    pictures: int
    right: float
    wrong: float
    classes: Mapping[str, float | None]
    picture_means: tuple[Mapping[str, float], ...]
    thickness: Mapping[str, float | None]
    final_at_start: float
    lost: float
    gained: float
    regions: tuple[float, float]

    def later(self, one: str, other: str) -> tuple[int, int]:
        """In how many pictures the class `one` settled later than `other`, and how many have enough of both."""
        pairs = [(means[one], means[other]) for means in self.picture_means if one in means and other in means]
        return sum(a > b for a, b in pairs), len(pairs)


def settling(predictor: Predictor, dataset: Dataset, indices: Iterable[int], frames: int = 33) -> Settling:
    """Over the pictures `indices` of `dataset`, each solved once and read at `frames` depths, an odd number.

    `right` and `wrong` are 0 where no pixel is. Raises as `Predictor.trajectory` does.
    """
    names = predictor.model.classes.names
    columns: list[np.ndarray] = []  # of each pixel that counts: true class, thickness, settled, right at T, at T/2
    regions, means = [], []
    for index in indices:
        image, truth = dataset[index]
        labels = predictor.trajectory(image, frames).labels
        settled = decided_frame(labels) / (frames - 1)
        right, half = labels[-1] == truth, labels[frames // 2] == truth
        counted = truth < len(names)
        regions.append([components(labels[frame]).max() + 1 for frame in (0, -1)])
        means.append(
            {
                name: float(settled[of].mean())
                for number, name in enumerate(names)
                if (of := right & (truth == number)).sum() >= ENOUGH
            }
        )
        rows = (truth, thickness(truth, THICKNESS[-1]), settled, right, half)
        columns.append(np.stack([row[counted].astype(np.float32) for row in rows]))
    true, thick, settled, right, half = np.concatenate(columns, axis=1)
    right, half = right > 0, half > 0

    def mean(of: np.ndarray) -> float | None:
        return float(settled[of].mean(dtype=float)) if of.any() else None

    return Settling(
        pictures=len(columns),
        right=mean(right) or 0.0,
        wrong=mean(~right) or 0.0,
        classes={name: mean(right & (true == number)) for number, name in enumerate(names)},
        picture_means=tuple(means),
        thickness={
            str(low): mean(right & (thick >= low) & (thick < high))
            for low, high in zip(THICKNESS, (*THICKNESS[1:], np.inf), strict=True)
        },
        final_at_start=float((settled[right] == 0).mean()) if right.any() else 0.0,
        lost=float((half & ~right).mean()),
        gained=float((right & ~half).mean()),
        regions=(float(np.mean(regions, axis=0)[0]), float(np.mean(regions, axis=0)[1])),
    )
