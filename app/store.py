"""What outlives a rerun: drawn scenes and finished runs."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from app import pictures
from app.controls import Choice
from app.networks import Loaded
from app.pictures import Picture
from app.runs import Run, measured
from app.sharing import Shelf, Turns
from segnode import SolverConfig
from segnode.data.classes import CAMVID

SHARED_BYTES = 200_000_000
OWN_BYTES = 60_000_000
LONGEST_QUEUE = 16


@dataclass(frozen=True)
class Solved:
    """A picture, the network that segmented it, and how."""

    picture: Picture
    network: Loaded
    run: Run


def picture(choice: Choice) -> Picture:
    """The picture asked for. Raises `ImageError` for an upload that is none."""
    if choice.upload is not None:
        return _upload(choice.upload.file_id, choice.upload)
    return _scene(choice.seed)


def solved(
    picture: Picture,
    network: Loaded,
    solver: SolverConfig,
    frames: int,
    on_progress: Callable[[float | None], None],
) -> Solved:
    """The run of these four, from the shelf where it was made before.

    on_progress: called with the share done, or None while others solve. What it raises (Streamlit's own way to end
    a run that was overtaken by a newer choice) ends the solve and frees the turn. Raises `SegNodeError`.
    """
    key = (network.identity, picture.key, solver, frames)
    shelf = shared() if picture.shared else _own()
    run = shelf.get(key)
    if run is None:
        with _turns().turn(lambda: on_progress(None)):
            run = shelf.get(key) or _solve(picture, network, solver, frames, on_progress)
            shelf.put(key, run)
    return Solved(picture, network, run)


def _solve(
    picture: Picture,
    network: Loaded,
    solver: SolverConfig,
    frames: int,
    on_progress: Callable[[float | None], None],
) -> Run:
    def report(share: float) -> None:
        on_progress(min(max(share, 0.0), 1.0))

    trajectory = network.predictor.trajectory(picture.image, frames, solver, on_progress=report)
    truth = picture.truth if network.classes.names == CAMVID.names else None
    return measured(trajectory, solver, truth, network.classes)


@st.cache_resource(max_entries=64, show_spinner=False)
def _scene(seed: int) -> Picture:
    return pictures.scene(seed)


@st.cache_resource(scope="session", max_entries=2, show_spinner=False)
def _upload(file_id: str, _file: UploadedFile) -> Picture:  # noqa: ARG001 - Streamlit tells files apart by their id
    return pictures.own(_file.getvalue(), _file.name)


@st.cache_resource(show_spinner=False)
def shared() -> Shelf:
    """The runs of generated scenes, for everybody."""
    return Shelf(SHARED_BYTES)


def _own() -> Shelf:
    """The runs of this session's own pictures; they go when it ends."""
    return st.session_state.setdefault("own_runs", Shelf(OWN_BYTES))


@st.cache_resource(show_spinner=False)
def _turns() -> Turns:
    return Turns(LONGEST_QUEUE)
