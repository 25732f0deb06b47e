"""A against B: the present run is held as A, whatever is chosen then is B, on the same picture."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

import streamlit as st

from app.solving import store
from app.solving.choice import Automatic
from app.solving.pictures import Picture
from app.solving.state import RUN, State, current
from app.solving.store import Solved
from app.solving.wording import METHODS, run_name
from app.ui.choosing import drop
from app.ui.text import plain
from app.views.explore import controls
from segnode.config import FIXED_METHODS
from segnode.hub import Entry

#: What a comparison begins with: one step of the simplest solver against eight of a good one.
FIRST, SECOND = {"solver": "euler", "steps": 1}, {"solver": "rk4", "steps": 8}


def check(entries: Sequence[Entry]) -> None:
    """Take a run A that cannot be out of the address."""
    asked = st.query_params.get("a")
    if asked is not None and not _possible(asked, controls.models(entries)):
        drop({"a": asked})


def _possible(run: str, models: Sequence[str]) -> bool:
    match = re.fullmatch(RUN, run)
    if match is None:
        return False
    solver, effort, until, model = match.groups()
    low, high, _ = controls.RANGES["steps"]
    fixed = solver in FIXED_METHODS and effort.isdecimal() and low <= int(effort) <= high
    return (
        solver in METHODS
        and (fixed or (solver not in FIXED_METHODS and effort in controls.TOLERANCES))
        and (until is None or until in controls.ENDS)
        and (model is None or model in models or "/" in model)
    )


def solved(
    state: State,
    entries: Sequence[Entry],
    picture: Picture,
    frames: int,
    on_progress: Callable[[float | None], None],
) -> Solved | None:
    """Run A on `picture`, whose truth may be any network's; None where none is held. Raises `SegNodeError`."""
    asked = state.asked.held
    if asked is None:
        return None
    choice = controls.choice(replace(state, asked=asked), entries)
    network = None if choice.checkpoint is None else store.network(choice.checkpoint, picture, on_progress)
    if network is None:
        return None
    marked = store.with_truth(picture, choice, network.classes)
    run = store.solved(marked, network, choice.solver, frames, on_progress, choice.until)
    return replace(run, automatic=isinstance(choice.checkpoint, Automatic))


def offer(state: State) -> None:
    """A pill that begins and ends a comparison. It names what is drawn as A."""
    held = state.held
    label = "Compare" if held is None else f"A **{plain(name(held))}**"
    with st.popover(label, icon=":material/compare:", key="pill-compare"):
        if held is None:
            st.caption("Hold this run as A. Whatever you choose then is B, and both are drawn on one clock.")
            st.button("Hold this run as A", key="hold", on_click=_hold, width="stretch")
            st.button("Begin with euler-1 against rk4-8", key="begin", on_click=_begin, width="stretch")
            return
        st.caption("B is what the other settings choose: solver, steps, tolerance, T or model. Both see this picture.")
        st.button("Swap A and B", key="swap", on_click=_swap, width="stretch")
        st.button("Hold B as A", key="hold", on_click=_hold, width="stretch")
        st.button("End the comparison", key="release", on_click=_release, width="stretch")


def name(run: Solved) -> str:
    """Its solver, in a few letters."""
    return run_name(run.run, run.network.predictor.model.until)


def _hold() -> None:
    state = current()
    _arrange(state)
    state.choose(a=state.asked.run)


def _begin() -> None:
    state = current()
    _arrange(state)
    state.choose(a=replace(state.asked, **FIRST).run, **SECOND)


def _swap() -> None:
    state = current()
    if (other := state.asked.held) is not None:
        state.choose(a=state.asked.run, **{key: getattr(other, key) for key in _OF_A_RUN})


def _release() -> None:
    state = current()
    of_both = {"left": "a", "right": "a", "show": "difference"}
    state.arranged = {key: "" for key, value in of_both.items() if st.query_params.get(key) == value}
    state.choose(a="")


def _arrange(state: State) -> None:
    """A comparison opens with A left of the divider, unless two pictures are shown as it is."""
    if not state.asked.a and st.query_params.get("view", "overlay") == "overlay":
        state.arranged = {"view": "divider", "left": "a", "right": ""}


_OF_A_RUN = ("solver", "steps", "tolerance", "T", "model", "hub", "revision")
