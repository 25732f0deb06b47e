"""What was measured here: figures out of the JSON beside trained weights, and which cell of Table 1 each may fill."""

import json
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import segnode.threads  # noqa: F401 - before torch

import torch
from results_words import COLUMNS, ROWS

from segnode.checkpoint import EVALUATION, RESERVED, read_config
from segnode.data.names import parts
from segnode.errors import CheckpointError, ConfigError
from segnode.model.build import build_model, names
from segnode.model.saved import SavedNetwork
from segnode.results.evaluation import Evaluation
from segnode.results.table1 import Column, Figure
from segnode.results.training import Training

#: Options of a data set that leave all its pictures; a background that counts shows in the number of classes.
_WHOLE = {"split", "weight", "background"}
#: How `build_model` marks a network for two cores.
COMPACT = "-compact"


@dataclass(frozen=True)
class Placed:
    """A figure and the row of the cell it fills; None where it fills none, and `figure.why` says why not."""

    figure: Figure
    row: str | None

    @property
    def cell(self) -> tuple[str | None, str]:
        """Row and column."""
        return self.row, self.figure.column

    @property
    def compact(self) -> bool:
        """Whether it is of a network smaller than, or laid out otherwise than, the full-size ones."""
        return self.figure.network is None or self.figure.network.endswith(COMPACT)


@dataclass(frozen=True)
class _Score:
    """mIoU in percent on a data set, None where no pixel had a label. server: whether its server gave it."""

    data: str
    pictures: int
    mean_iou: float | None
    server: bool = False


@dataclass(frozen=True)
class _Known:
    """A network by its settings. name: for `build_model`, None where it has none. kind: its class."""

    name: str | None
    kind: str
    parameters: int
    classes: int


def figures(folder: Path, server: float | None = None) -> list[Placed]:
    """Of the checkpoint in `folder`, one for each set of the table it was evaluated on.

    server: mIoU in percent that the server gave its answers for Cityscapes test. Raises `CheckpointError` for a folder
    without a checkpoint, or one that was not evaluated as it is now or on Cityscapes test, `DataError` for one without
    its evaluation, and `ConfigError` for no percentage.
    """
    settings, evaluation = read_config(folder), Evaluation.read(folder / EVALUATION)
    if evaluation.weights_sha256 != settings.get("sha256"):
        raise CheckpointError(f"The evaluation in {folder} is of other weights: run scripts/evaluate.py on it again.")
    network = _network(settings)
    trained = tuple(data for run in Training.of(folder).runs for data in run.data)
    scored = [_Score(data, scores.pictures, scores.mean_iou) for data, scores in evaluation.scores.items()]
    if server is not None:
        scored = _with_server_score(folder, scored, server)
    placed = (_figure(folder.name, network, trained, evaluation, score) for score in scored)
    return [figure for figure in placed if figure is not None]


def _figure(
    checkpoint: str,
    network: _Known,
    trained: tuple[str, ...],
    evaluation: Evaluation,
    score: _Score,
) -> Placed | None:
    """A score as a figure; None for a set that the table has no column of, and where no pixel had a label."""
    data, pictures = score.data, score.pictures
    column = next((each for each in COLUMNS if _kind(data) in each.kinds), None)
    if column is None or score.mean_iou is None:
        return None
    mapillary = "mapillary" in map(_kind, trained)
    row = next((r.name for r in ROWS if (r.network, r.mapillary) == (network.name, mapillary)), None)
    why = _unlike_network(network.name, mapillary) or _unlike_data(column, data, pictures, network.classes)
    why = why or _seen(column, trained)
    figure = Figure(
        column=column.name,
        why=why,
        network=network.name,
        kind=network.kind,
        parameters=network.parameters,
        checkpoint=checkpoint,
        split=_options(data).get("split", "all"),
        pictures=pictures,
        mean_iou=score.mean_iou,
        server=score.server,
        inference=evaluation.inference,
        trained_on=tuple(sorted(set(map(_kind, trained)))),
        revision=evaluation.provenance.revision,
    )
    return Placed(figure, None if why else row)


def _unlike_network(name: str | None, mapillary: bool) -> str | None:
    """Why a network has no row in the table, if so. name: as `build_model` has it."""
    if name is None or name.endswith(COMPACT):
        return "it is not the network of the table at its size"
    if any((row.network, row.mapillary) == (name, mapillary) for row in ROWS):
        return None
    return f"the table has no {name} {'with' if mapillary else 'without'} pretraining on Mapillary"


def _unlike_data(column: Column, data: str, pictures: int, classes: int) -> str | None:
    """Why a score on `data` is not one on the column's pictures, if so."""
    options = _options(data)
    if options.get("split") != column.split or set(options) - _WHOLE:
        own = ", ".join(value if key == "split" else f"{key}={value}" for key, value in options.items())
        return f"it is on {own or 'no split'}, the paper's on {column.split}"
    if pictures != column.pictures:
        return f"it is on {pictures} pictures, and {column.name} {column.split} has {column.pictures}"
    return None if classes == column.classes else f"it is over {classes} classes, the paper's over {column.classes}"


def _seen(column: Column, trained: tuple[str, ...]) -> str | None:
    """Why the column's pictures were none to be tested on, if so. trained: data sets behind the weights."""
    for data in trained:
        splits = _options(data).get("split", column.split).split("+")
        if _kind(data) in column.kinds and column.split in splits:
            return f"it was trained on {column.name} {column.split} itself"
    return None


def _with_server_score(folder: Path, scored: list[_Score], mean_iou: float) -> list[_Score]:
    """The scores, with what the server gave for the pictures that have no labels here."""
    if not 0 < mean_iou <= 100:
        raise ConfigError(f"The server's mIoU of {folder} must be a percentage above 0, not {mean_iou}.")
    unlabelled = [score for score in scored if _kind(score.data) == "cityscapes" and score.mean_iou is None]
    if not unlabelled:
        raise CheckpointError(
            f"{folder} was not evaluated on Cityscapes test, so no server can have scored it: run scripts/evaluate.py"
            " with cityscapes:...,split=test first."
        )
    return [replace(s, mean_iou=mean_iou, server=True) if s in unlabelled else s for s in scored]


def _kind(data: str) -> str:
    return parts(data)[0]


def _options(data: str) -> dict[str, str]:
    return parts(data)[2]


def _network(settings: dict[str, Any]) -> _Known:
    """The network of a config.json, whatever its solver; no weights are read."""
    plain = {key: value for key, value in settings.items() if key not in RESERVED}
    with torch.device("meta"):
        network = SavedNetwork.from_settings(plain)
    parameters, classes = sum(each.numel() for each in network.parameters()), len(network.classes)
    own = _layout(network.settings())
    name = next((name for name in names() if _named_layout(name, classes) == own), None)
    return _Known(name, type(network).__name__, parameters, classes)


@cache
def _named_layout(name: str, num_classes: int) -> dict[str, Any]:
    with torch.device("meta"):
        return _layout(build_model(name, num_classes).settings())


def _layout(settings: dict[str, Any]) -> dict[str, Any]:
    """What decides the weights' shapes and the function they make."""
    layout = {"network": settings["network"], **settings.get("model", {}), **settings.get("layout", {})}
    layout.pop("solver", None)
    return json.loads(json.dumps(layout))  # tuples and lists are one there
