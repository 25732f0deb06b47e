"""Dataset-level scores of a network, and its answers as files."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Protocol, runtime_checkable

from PIL import Image

from segnode.config import SolverConfig
from segnode.data.classes import ClassSet
from segnode.data.flips import swaps_of
from segnode.data.images import Dataset
from segnode.disk import atomic_write
from segnode.errors import ConfigError, DataError
from segnode.inference import PLAIN, Inference, predict
from segnode.metrics import Scores
from segnode.model.network import Network
from segnode.types import LabelArray

#: Folder, beside the answers, of those in the ids and under the names of a test server.
SUBMISSION = "submission"


@runtime_checkable
class Submittable(Protocol):
    """A data set whose test server wants other ids and names than ours."""

    def submission(self, labels: LabelArray) -> LabelArray:
        """Train ids as the ids the server wants."""
        ...

    def submission_name(self, index: int) -> str:
        """The file the server wants for a picture."""
        ...


def evaluate(
    network: Network,
    dataset: Dataset,
    solver: SolverConfig | None = None,
    inference: Inference = PLAIN,
    on_picture: Callable[[int, LabelArray], object] = lambda index, labels: None,
) -> Scores:
    """Scores of `network` over all of `dataset`, each picture at its own size; one picture is in memory at a time.

    solver: of a SegNode, in place of the one in `inference`. on_picture: called with each picture's index and answer.
    Raises `ConfigError` where the classes do not fit, and as `segnode.inference.predict` and `Scores.update` do.
    """
    if len(dataset.classes) != len(network.classes):
        raise ConfigError(
            f"The data set has {len(dataset.classes)} classes and the network {len(network.classes)}: evaluate it on a"
            " data set with the classes it was trained for."
        )
    inference = inference if solver is None else replace(inference, solver=solver)
    scores = Scores(len(network.classes))
    for index in range(len(dataset)):
        image, truth = dataset[index]
        labels = predict(network, image, inference, swaps_of(dataset))
        scores.update(labels, truth)
        on_picture(index, labels)
    return scores


def save_answer(folder: Path, dataset: Dataset, index: int, labels: LabelArray) -> None:
    """Write `labels` of a picture to `folder` as a PNG of train ids in the colours of their classes.

    For a data set that is `Submittable` also as its server wants them, in `SUBMISSION` below. Raises `DataError` when
    the disk refuses.
    """
    _save(folder / f"{Path(dataset.name(index)).name}.png", _coloured(labels, dataset.classes))
    if isinstance(dataset, Submittable):
        _save(folder / SUBMISSION / dataset.submission_name(index), Image.fromarray(dataset.submission(labels)))


def _coloured(labels: LabelArray, classes: ClassSet) -> Image.Image:
    image = Image.fromarray(labels)
    image.putpalette([part for colour in classes.palette for part in colour])
    return image


def _save(path: Path, image: Image.Image) -> None:
    buffer = BytesIO()
    image.save(buffer, format="PNG")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic_write(path, buffer.getvalue())
    except OSError as error:
        raise DataError(
            f"{path} could not be written ({error.strerror}): free some space, or choose another folder."
        ) from error
