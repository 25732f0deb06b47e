"""A against B: the present run is kept as A, and what is chosen from then on is B, on the same picture."""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

import streamlit as st

from app.solving import store
from app.solving.pictures import Picture
from app.solving.state import RUN, State, current
from app.solving.store import Solved
from app.solving.wording import METHODS, run_name
from app.ui import theme
from app.ui.choosing import drop
from app.ui.text import plain
from app.views import results_files
from app.views.explore import controls
from app.views.explore.accuracy_cost import Point, accuracy_cost, measured_as
from segnode.config import FIXED_METHODS
from segnode.errors import SegNodeError
from segnode.hub import Entry
from segnode.results.accuracy_cost import AccuracyCost, SetScores

#: What a comparison begins with: one step of the simplest solver against eight of a good one.
FIRST, SECOND = {"solver": "euler", "steps": 1}, {"solver": "rk4", "steps": 8}

_DATA = {"streets": "generated streets", "camvid": "CamVid, validation", "folder": "everyday scenes, validation"}


def check(entries: Sequence[Entry]) -> None:
    """Take run A out of the address where it is not possible."""
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
    try:
        network = None if choice.checkpoint is None else store.network(choice.checkpoint, picture, on_progress)
        if network is None:
            return None
        marked = store.with_truth(picture, choice, network.classes)
        return store.solved(marked, network, choice.solver, frames, on_progress, choice.until)
    except SegNodeError as error:
        raise SegNodeError(f"Run A is not drawn: {error}") from error


def offer(state: State) -> None:
    """A pill that begins and ends a comparison. It names what is drawn as A."""
    held = state.held
    label = "Compare" if held is None else f"A **{plain(name(held))}**"
    with st.popover(label, key="pill-compare"):
        if held is None:
            st.caption("Hold this run as A. Whatever you choose then is B, and both are drawn at the same t.")
            st.button("Hold this run as A", key="hold", on_click=_hold, width="stretch")
            st.button("Begin with euler-1 against rk4-8", key="begin", on_click=_begin, width="stretch")
            return
        st.caption("B is what the other settings choose: solver, steps, tolerance, T or model. Both use this picture.")
        st.button("Swap A and B", key="swap", on_click=_swap, width="stretch")
        st.button("Hold B as A", key="hold", on_click=_hold, width="stretch")
        st.button("End the comparison", key="release", on_click=_release, width="stretch")


def picture(state: State) -> None:
    """Accuracy against evaluations of f, with the session's runs of this picture placed on it."""
    drawn, held = state.drawn, state.held
    if drawn is None or held is None:
        return
    runs = [_point("A", held), _point("B", drawn)]
    for run in (held, drawn):
        _remember(state, run)
    scores = _scores(drawn)
    if scores is None:
        return
    data, result = scores
    same = drawn.network.identity
    tried = state.tried.get((drawn.picture.key, same), {})
    now = {run.name for run in runs}
    others = [Point("", each, *numbers) for each, numbers in tried.items() if each not in now]
    letters = {"A": held, "B": drawn}
    measured = {
        letter: measured_as(run.run)
        for letter, run in letters.items()
        if run.network.identity == same and measured_as(run.run) in result.variants and _ends_at_t(run)
    }
    figure = accuracy_cost(result, measured, others + runs, theme.ink_for(st.context.theme.type))
    with st.container(key="accuracy-cost", gap="xsmall"):
        st.html("<h2>Accuracy against evaluations of f</h2>")
        st.plotly_chart(figure, key="accuracy-cost-figure", theme=None, config=theme.NO_TOOLBAR, alt=_in_words(runs))
        own = "Diamonds: this session's runs, scored on this picture. " if drawn.run.truth is not None else ""
        st.caption(
            f"{own}Lines: {plain(drawn.network.name)} on {result.pictures} pictures of {plain(data)}; rings: the"
            " solvers of A and B there."
        )


def _point(letter: str, run: Solved) -> Point:
    errors = run.run.to_truth
    return Point(letter, name(run), run.run.nfe, None if errors is None else 100 - float(errors[-1]))


def _remember(state: State, run: Solved) -> None:
    point = _point("", run)
    if point.miou is not None:
        runs = state.tried.setdefault((run.picture.key, run.network.identity), {})
        runs[point.name] = (point.evaluations, point.miou)


def _scores(run: Solved) -> tuple[str, SetScores] | None:
    """What was measured of a run's network on pictures like its own, and on which; None where nothing was."""
    file = f"accuracy_cost/{run.network.name}.json"
    source = run.network.predictor.model.source
    if not run.network.bundled or source is None or not (results_files.FOLDER / file).is_file():
        return None
    result = results_files.load(AccuracyCost, file)
    if result.weights_sha256 != source.sha256:
        return None
    of_streets = [each for each in result.sets.items() if each[0].startswith("streets:")]
    data, scores = (of_streets if run.picture.seed is not None and of_streets else list(result.sets.items()))[0]
    return _DATA.get(data.partition(":")[0], "a validation set"), scores


def _ends_at_t(run: Solved) -> bool:
    return math.isclose(run.end, 1)


def _in_words(runs: Sequence[Point]) -> str:
    parts = [
        f"{run.letter}, {run.name}: {run.evaluations} evaluations"
        + ("" if run.miou is None else f", mIoU {run.miou:.1f} %")
        for run in runs
    ]
    return f"Accuracy against evaluations of f. {'; '.join(parts)}."


def name(run: Solved) -> str:
    """Its solver, in a few letters."""
    return run_name(run)


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
