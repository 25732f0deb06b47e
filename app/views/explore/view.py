"""Explore: one picture, one solve, and time to move through."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.components.scrubber import component as scrubber
from app.solving import networks, store
from app.solving.choice import Automatic, Choice, OnHub
from app.solving.networks import Loaded
from app.solving.notice import NO_TRUTH, notice, picked
from app.solving.pictures import Picture
from app.solving.state import Asked, State, follow, keep_view
from app.solving.store import Solved
from app.ui import glossary
from app.ui.style import add_style
from app.ui.text import plain
from app.views.explore import compare, controls, downloads, player
from segnode.errors import SegNodeError
from segnode.familiarity import Judged
from segnode.hub import Entry

T = TypeVar("T")


def page() -> None:
    """The whole view. What cannot be had is told in a sentence, and what was there before stays.

    The pills stand above what they name, so they are drawn after it; on the first visit, before the first solve.
    """
    add_style(__file__)
    with st.container(key="working"):
        working = st.empty()
    notices = st.container(key="notices")
    entries = _or_none(notices, networks.checkpoints) or ()
    controls.check(entries)
    compare.check(entries)
    state = follow(controls.usual(entries))
    row = st.container(horizontal=True, key="controls", gap="xsmall", vertical_alignment="center")
    notice_place = st.container(key="picture-notice")
    preview = st.empty()
    expected = None
    if state.drawn is None:
        expected = controls.awaited(state.asked, _expected(state.asked, entries))
        with row:
            controls.draw(state, entries, expected)
    _solve(state, entries, notices, preview, working)
    working.empty()
    shown = state.drawn
    if shown is None:
        if state.picture is not None:
            with st.container(key="unsolved"):
                _bare(st.container(), state.picture, "not segmented")
                st.caption("No model, so no segmentation yet: choose one under Model.")
        return
    drawn = controls.labels(shown)
    if expected is None:
        with row:
            controls.draw(state, entries, drawn)
    elif expected != drawn:
        st.rerun()
    with row:
        compare.offer(state)
        downloads.offer(shown)
    _show_notice(notice_place, shown)
    if state.asked.plain:
        player.show(shown, state.held)
    else:
        scrubber.show(shown, keep_view, state.restored, state.held)
    _or_none(notices, lambda: compare.picture(state))


def _solve(
    state: State, entries: Sequence[Entry], notices: DeltaGenerator, preview: DeltaGenerator, working: DeltaGenerator
) -> None:
    """Bring what is drawn to what is chosen, as far as it can be had."""
    choice = controls.choice(state, entries)
    picture = state.picture = _or_none(notices, lambda: store.picture(choice)) or state.picture
    result = _or_none(notices, lambda: _network(choice.checkpoint, picture, working))
    if result is None and isinstance(choice.checkpoint, OnHub):
        _offer_bundled(notices, state)
        if state.network is None:
            checkpoint = controls.bundled(state.asked.model, entries)
            result = _or_none(notices, lambda: _network(checkpoint, picture, working))
    network = state.network = result or state.network
    if picture is None or network is None:
        return
    marked = _or_none(notices, lambda: store.with_truth(picture, choice, network.classes)) or picture
    if state.drawn is None:
        _bare(preview.container(key="preview"), picture, "about to be segmented")
    judged = store.judged(choice.checkpoint, picture)
    automatic = result is not None and isinstance(choice.checkpoint, Automatic)
    drawn = _or_none(notices, lambda: _solved(choice, marked, network, judged, automatic, working))
    state.drawn, state.held = drawn or state.drawn, None
    if drawn is not None:
        on_progress = _solving(working, "Solving A")
        state.held = _or_none(notices, lambda: compare.solved(state, entries, picture, choice.frames, on_progress))
    preview.empty()


def _offer_bundled(notices: DeltaGenerator, state: State) -> None:
    """A button that leaves a model of the Hub that cannot be had."""
    if state.usual.model:
        with notices:
            st.button(f"Use {plain(state.asked.model)} instead", key="way-out", on_click=controls.use_bundled)


def _expected(asked: Asked, entries: Sequence[Entry]) -> str:
    """What the model is likely to be called, as its pill has it."""
    if asked.hub:
        return asked.hub
    if asked.model == controls.AUTOMATIC and not asked.picture:
        automatic = controls.bundled(asked.model, entries)
        if isinstance(automatic, Automatic):
            return f"{asked.model}: {networks.for_streets(automatic).name}"
    return asked.model or "none"


def _bare(place: DeltaGenerator, picture: Picture, state: str) -> None:
    place.image(picture.image, width="stretch", output_format="PNG", alt=f"{picture.title}, {state}")


def _show_notice(place: DeltaGenerator, shown: Solved) -> None:
    """A sentence above the result where its labels may not be reliable."""
    judged = shown.run.familiarity
    why = picked(shown.network.name, shown.judged) if shown.judged else ""
    words = notice(judged, shown.run.truth is not None, shown.network.classes.names, why)
    if shown.picture.seed is not None and shown.run.truth is None:
        words = f"{NO_TRUTH} {words}"
    if words is None:
        return
    if judged is not None and not judged.unfamiliar:
        place.caption(words, help=glossary.meanings()["familiarity"])
    else:
        place.info(words, icon=":material/info:")


def _or_none(notices: DeltaGenerator, make: Callable[[], T | None]) -> T | None:
    """What `make` gives; None where it fails, with its sentence."""
    try:
        return make()
    except SegNodeError as error:
        notices.error(plain(str(error)), icon=":material/error:")
        return None


def _network(
    checkpoint: Entry | OnHub | Automatic | None, picture: Picture | None, working: DeltaGenerator
) -> Loaded | None:
    if checkpoint is None:
        return None
    if st.session_state.get("loaded") != checkpoint:
        working.progress(0.0, "Loading the model")

    def on_progress(share: float | None) -> None:
        waiting = "Waiting for another solve"
        working.progress(share or 0.0, waiting if share is None else "Finding the model that fits this picture")

    result = store.network(checkpoint, picture, on_progress)
    st.session_state["loaded"] = checkpoint
    return result


def _solved(
    choice: Choice,
    picture: Picture,
    network: Loaded,
    judged: Mapping[str, Judged],
    automatic: bool,
    working: DeltaGenerator,
) -> Solved:
    on_progress = _solving(working, "Solving")
    result = store.solved(picture, network, choice.solver, choice.frames, on_progress, choice.until)
    return replace(result, judged=judged, automatic=automatic)


def _solving(working: DeltaGenerator, what: str) -> Callable[[float | None], None]:
    """What shows the progress of a solve, and that it waits for others."""

    def on_progress(share: float | None) -> None:
        working.progress(share or 0.0, "Waiting for another solve" if share is None else f"{what}: {share:.0%}")

    return on_progress
