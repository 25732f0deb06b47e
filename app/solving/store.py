"""What is kept across reruns of the page: pictures, networks and finished runs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from app.solving import networks, pictures
from app.solving.choice import Automatic, Choice, OnHub
from app.solving.gallery import PHOTOGRAPHED, Photograph
from app.solving.memory import release_freed_memory
from app.solving.networks import Loaded, Pick
from app.solving.pictures import Picture
from app.solving.runs import Run
from app.solving.sharing import FairQueue, RunCache
from segnode import SolverConfig
from segnode.data.classes import CAMVID, ClassSet
from segnode.familiarity import Judged
from segnode.hub import Entry

SHARED_BYTES = 200_000_000
OWN_BYTES = 60_000_000
LONGEST_QUEUE = 16


@dataclass(frozen=True)
class Solved:
    """A picture, the network that segmented it, and how.

    judged: as from `judged`, by name of the network. automatic: whether the network was picked for the picture.
    """

    picture: Picture
    network: Loaded
    run: Run
    judged: Mapping[str, Judged] = field(default_factory=dict)
    automatic: bool = False

    @property
    def end(self) -> float:
        """Where the solve ends, in multiples of the T the network was trained for."""
        return float(self.run.times[-1]) / self.network.predictor.model.until


def picture(choice: Choice) -> Picture:
    """The picture asked for. Raises `ImageError` for an upload that is none."""
    if choice.upload is not None:
        return _upload(choice.upload.file_id, choice.upload)
    if choice.photograph is not None:
        return _photograph(choice.photograph)
    return _scene(choice.seed)


def network(
    checkpoint: Entry | OnHub | Automatic, picture: Picture | None, on_progress: Callable[[float | None], None]
) -> Loaded | None:
    """The network asked for; None where it is to be picked for a picture that is not there.

    on_progress: as in `solved`. Raises `SegNodeError` where it cannot be had.
    """
    if not isinstance(checkpoint, Automatic):
        return networks.loaded(checkpoint)
    if picture is None:
        return None
    if picture.shared:
        return networks.loaded(networks.for_streets(checkpoint))
    result = _picked(checkpoint, picture)
    if result is None:
        with _turns().turn(lambda: on_progress(None)):
            result = networks.pick(checkpoint, picture, on_progress)
        st.session_state["picked"] = ((checkpoint, picture.key), result)
    return result.network


def judged(checkpoint: object, picture: Picture) -> Mapping[str, Judged]:
    """How familiar `picture` is to each network that was tried for it, by name; nothing where none was to be picked."""
    result = _picked(checkpoint, picture)
    return result.judged if result else {}


def _picked(checkpoint: object, picture: Picture) -> Pick | None:
    """What was picked last, where it was among the same networks and for the same picture."""
    key, result = st.session_state.get("picked", (None, None))
    return result if key == (checkpoint, picture.key) else None


def with_truth(picture: Picture, choice: Choice, classes: ClassSet) -> Picture:
    """`picture` with the truth that a model of `classes` can be held against: the mask that was sent, or a scene's own.

    Raises `ImageError` for a mask that does not fit; the picture is as good without it.
    """
    if picture.shared:
        return picture if classes.names == CAMVID.names else replace(picture, truth=None)
    if choice.mask is None:
        return picture
    return _marked(picture.key, choice.mask.file_id, classes, picture, choice.mask)


def solved(
    picture: Picture,
    network: Loaded,
    solver: SolverConfig,
    frames: int,
    on_progress: Callable[[float | None], None],
    until: float = 1.0,
) -> Solved:
    """The run of these settings, from the cache where it was computed before.

    picture: its truth, if any, in the network's classes; see `with_truth`. until: as a multiple of the network's own T.
    on_progress: called with the share done, or None while others solve. What it raises (Streamlit's own way to end
    a run that was overtaken by a newer choice) ends the solve and frees the turn. Raises `SegNodeError`.
    """
    key = (network.identity, picture.key, solver, frames, until)
    cache = shared() if picture.shared else _own()
    run = cache.get(key)
    if run is None:
        with _turns().turn(lambda: on_progress(None)):
            run = cache.get(key) or _solve(picture, network, solver, frames, on_progress, until)
            cache.put(key, run)
    return Solved(picture, network, run)


def _solve(
    picture: Picture,
    network: Loaded,
    solver: SolverConfig,
    frames: int,
    on_progress: Callable[[float | None], None],
    until: float,
) -> Run:
    def report(share: float) -> None:
        on_progress(min(max(share, 0.0), 1.0))

    predictor = network.predictor
    trajectory = predictor.trajectory(
        picture.image, frames, solver, until=until * predictor.model.until, on_progress=report
    )
    run = Run.from_trajectory(trajectory, solver, picture.truth, network.classes)
    del trajectory
    release_freed_memory()
    return run


@st.cache_resource(max_entries=64, show_spinner=False)
def _scene(seed: int) -> Picture:
    return pictures.scene(seed)


@st.cache_resource(max_entries=len(PHOTOGRAPHED), show_spinner=False)
def _photograph(chosen: Photograph) -> Picture:
    return pictures.photograph(chosen)


@st.cache_resource(scope="session", max_entries=2, show_spinner=False)
def _upload(file_id: str, _file: UploadedFile) -> Picture:  # noqa: ARG001 - Streamlit tells files apart by their id
    with decoding().turn(stop_if_left):
        return pictures.from_upload(_file.getvalue(), _file.name)


@st.cache_resource(scope="session", max_entries=2, show_spinner=False)
def _marked(
    key: str,  # noqa: ARG001 - with the file's id and the classes, it tells marked pictures apart
    file_id: str,  # noqa: ARG001
    classes: ClassSet,
    _picture: Picture,
    _file: UploadedFile,
) -> Picture:
    with decoding().turn(stop_if_left):
        return pictures.with_mask(_picture, _file.getvalue(), _file.name, classes)


@st.cache_resource(show_spinner=False)
def shared() -> RunCache:
    """The runs of generated scenes, for everybody."""
    return RunCache(SHARED_BYTES)


def _own() -> RunCache:
    """The runs of this session's own pictures; they go when it ends."""
    return st.session_state.setdefault("own_runs", RunCache(OWN_BYTES))


@st.cache_resource(show_spinner=False)
def _turns() -> FairQueue:
    return FairQueue(LONGEST_QUEUE)


@st.cache_resource(show_spinner=False)
def decoding() -> FairQueue:
    """The queue for decoding uploads, apart from that of solves. One at a time: 40 million pixels take about 1 GB."""
    return FairQueue(LONGEST_QUEUE)


def stop_if_left() -> None:
    """Let Streamlit end this run where its visitor left or chose again, as any look at the session's state does.

    Showing progress would do so too, but nothing may be shown from inside a cached function.
    """
    _ = "picture" in st.session_state
