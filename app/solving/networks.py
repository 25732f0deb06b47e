"""Networks ready to solve: the bundled checkpoints, and any of the Hub; kept across reruns."""

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import streamlit as st

from app.solving.choice import Automatic, OnHub
from app.solving.pictures import Picture
from segnode import Predictor, SegNode, familiarity
from segnode.checkpoint import CONFIG, FAMILIARITY, WEIGHTS
from segnode.data.classes import CAMVID, ClassSet
from segnode.errors import CheckpointError
from segnode.familiarity import Familiarity, Judged, most_familiar
from segnode.hub import Entry, catalogue
from segnode.hub.names import checked_repository
from segnode.results.checkpoint import summary


@dataclass(frozen=True)
class Loaded:
    """A network ready to solve.

    name: an entry's, or owner/name on the Hub. commit: what the Hub resolved it to, None for a folder. identity: tells
    networks apart wherever runs are kept; see `_identity`. bundled: whether it is of the app's own list.
    """

    predictor: Predictor
    name: str
    commit: str | None
    identity: str
    parameters: int
    bundled: bool

    @property
    def classes(self) -> ClassSet:
        """What the labels mean."""
        return self.predictor.model.classes


@dataclass(frozen=True)
class Pick:
    """The network picked for a picture. judged: by name, how familiar the picture is to each that was weighed."""

    network: Loaded
    judged: Mapping[str, Judged] = field(default_factory=dict)


def checkpoints() -> tuple[Entry, ...]:
    """The list of bundled checkpoints, in `checkpoints/` or the folder that SEGNODE_CHECKPOINTS names.

    Raises `CheckpointError` for a list that is missing or faulty.
    """
    folder = os.environ.get("SEGNODE_CHECKPOINTS") or Path(__file__).parents[2] / "checkpoints"
    return catalogue(Path(folder) / "index.json")


def loaded(checkpoint: Entry | OnHub) -> Loaded:
    """The network asked for. Raises `SegNodeError` where it cannot be had."""
    if isinstance(checkpoint, Entry):
        return _bundled(checkpoint, _stamp(checkpoint.folder))
    return loaded_from_hub(checked_repository(checkpoint.name), checkpoint.revision)


def for_streets(automatic: Automatic) -> Entry:
    """The first entry with the classes of generated streets, or else the first."""
    know = (entry for entry in automatic.entries if summary(entry.folder).classes == CAMVID.names)
    return next(know, automatic.entries[0])


def pick(automatic: Automatic, picture: Picture, on_progress: Callable[[float], None]) -> Pick:
    """The network that `picture` is most familiar to, from one evaluation of f with each; see `most_familiar`.

    on_progress: called with the share done, 0 to 1. A network without a familiarity file is never picked, unless none
    has one: then the first is, and `judged` is empty. Raises `SegNodeError` where one cannot be loaded.
    """
    networks, judged = {}, {}
    for index, entry in enumerate(automatic.entries):
        on_progress(index / len(automatic.entries))
        networks[entry.name] = network = loaded(entry)
        if usual := network.predictor.familiarity:
            judged[entry.name] = usual.judge(network.predictor.statistics(picture.image))
    if not judged:
        return Pick(networks[automatic.entries[0].name])
    general = next((entry.name for entry in automatic.entries if entry.automatic == "general"), None)
    best = most_familiar(judged, general)
    return Pick(networks[best], {name: each for name, each in judged.items() if name == best or name != general})


@st.cache_resource(max_entries=8, show_spinner=False)
def _bundled(entry: Entry, stamp: tuple[int, ...]) -> Loaded:  # noqa: ARG001 - the stamp tells replaced files apart
    if entry.published and not entry.folder.is_dir():
        return _loaded(SegNode.from_pretrained(str(entry.repository), revision=entry.commit), entry.name, bundled=True)
    return _loaded(SegNode.from_pretrained(entry.folder), entry.name, bundled=True)


@st.cache_resource(max_entries=2, ttl="1h", show_spinner=False)
def loaded_from_hub(name: str, revision: str | None) -> Loaded:
    return _loaded(SegNode.from_pretrained(name, revision=revision), name, bundled=False)


def _loaded(model: SegNode, name: str, bundled: bool) -> Loaded:
    source = model.source
    assert source is not None
    assert source.sha256 is not None
    parameters = sum(parameter.numel() for parameter in model.parameters())
    predictor = Predictor(model, familiarity=_usual(source.folder, source.sha256))
    return Loaded(predictor, name, source.commit, _identity(model, name, bundled), parameters, bundled)


def _identity(model: SegNode, name: str, bundled: bool) -> str:
    """The SHA-256, in hex, of all that makes an answer and what the page says of it.

    Weights alone do not: under another T, other classes or another owner, the same ones are another network.
    """
    source = model.source
    assert source is not None
    parts = (bundled, name, source.commit, source.sha256, model.settings())
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _usual(folder: Path, sha256: str) -> Familiarity | None:
    """The familiarity of these weights; None without a file, or where it is damaged or of other weights."""
    try:
        return familiarity.load(folder, sha256)
    except CheckpointError:
        return None  # the network is as good without it, and the page says that it is missing


def _stamp(folder: Path) -> tuple[int, ...]:
    """When each file that a network is made of was written; 0 where it is missing."""
    files = (folder / name for name in (CONFIG, WEIGHTS, FAMILIARITY))
    return tuple(file.stat().st_mtime_ns if file.is_file() else 0 for file in files)
