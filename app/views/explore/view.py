"""Explore: one picture, one solve, time under the hand."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.components.scrubber import component as scrubber
from app.solving import networks, store
from app.solving.choice import Choice
from app.solving.networks import Loaded
from app.solving.notice import NO_TRUTH, notice, picked
from app.solving.pictures import Picture
from app.solving.store import Solved
from app.ui import glossary
from app.ui.text import plain
from app.views.explore import controls, downloads, player
from segnode.errors import SegNodeError
from segnode.familiarity import Judged

T = TypeVar("T")


def page() -> None:
    """The whole view. What cannot be had is told in a sentence, and what was there before stays."""
    with st.container(key="working"):
        working = st.empty()
    notices = st.container(key="notices")
    entries = _or_last(notices, "entries", networks.checkpoints) or ()
    row = st.container(horizontal=True, key="controls", gap="xsmall", vertical_alignment="center")
    with row:
        choice = controls.read(entries)
    honest = st.container(key="honest")
    preview = st.empty()
    picture = _or_last(notices, "picture", lambda: store.picture(choice))
    network = _or_last(notices, "network", lambda: _network(choice, picture, working))
    if picture is not None and network is not None:
        judged = store.judged(choice.checkpoint, picture)
        picture = _with_truth(notices, picture, choice, network)
        if "solved" not in st.session_state:
            _bare(preview.container(key="preview"), picture, "about to be segmented")
        _or_last(notices, "solved", lambda: _solved(choice, picture, network, judged, working))
        preview.empty()
    working.empty()
    shown: Solved | None = st.session_state.get("solved")
    if shown is not None:
        with row:
            downloads.offer(shown.picture, shown.run, shown.network.classes)
        _show_notice(honest, shown)
        (player if choice.plain else scrubber).show(shown)
    elif picture is not None:
        with st.container(key="unsolved"):
            _bare(st.container(), picture, "not segmented")
            st.caption("No model, so no segmentation yet: choose one under Model.")


def _bare(place: DeltaGenerator, picture: Picture, state: str) -> None:
    place.image(picture.image, width="stretch", output_format="PNG", alt=f"{picture.title}, {state}")


def _show_notice(place: DeltaGenerator, shown: Solved) -> None:
    """A calm word above the result where its labels cannot be taken at their word."""
    judged = shown.run.familiarity
    why = picked(shown.network.name, shown.judged) if shown.judged else ""
    words = notice(judged, shown.run.truth is not None, shown.network.classes.names, why)
    if shown.picture.key.startswith("street") and shown.run.truth is None:
        words = f"{NO_TRUTH} {words}"
    if words is None:
        return
    if judged is not None and not judged.unfamiliar:
        place.caption(words, help=glossary.meanings()["familiarity"])
    else:
        place.info(words, icon=":material/info:")


def _or_last(notices: DeltaGenerator, name: str, make: Callable[[], T | None]) -> T | None:
    """What `make` gives, kept for this session as `name`; where it fails, its sentence and what was kept before."""
    try:
        made = make()
    except SegNodeError as error:
        notices.error(plain(str(error)), icon=":material/error:")
        made = None
    if made is not None:
        st.session_state[name] = made
    return st.session_state.get(name)


def _with_truth(notices: DeltaGenerator, picture: Picture, choice: Choice, network: Loaded) -> Picture:
    try:
        return store.with_truth(picture, choice, network.classes)
    except SegNodeError as error:
        notices.error(plain(str(error)), icon=":material/error:")
        return picture


def _network(choice: Choice, picture: Picture | None, working: DeltaGenerator) -> Loaded | None:
    if choice.checkpoint is None:
        return None
    if st.session_state.get("loaded") != choice.checkpoint:
        working.progress(0.0, "Loading the model")

    def on_progress(share: float | None) -> None:
        waiting = "Waiting for another solve"
        working.progress(share or 0.0, waiting if share is None else "Looking which model knows this picture")

    found = store.network(choice.checkpoint, picture, on_progress)
    st.session_state["loaded"] = choice.checkpoint
    return found


def _solved(
    choice: Choice, picture: Picture, network: Loaded, judged: Mapping[str, Judged], working: DeltaGenerator
) -> Solved:
    def on_progress(share: float | None) -> None:
        working.progress(share or 0.0, "Waiting for another solve" if share is None else f"Solving: {share:.0%}")

    found = store.solved(picture, network, choice.solver, choice.frames, on_progress, choice.until)
    return replace(found, judged=judged)
