"""Impossible settings in a link: taken out of the address before a widget fails on them, and reported on the page."""

import re
from collections.abc import Generator
from contextlib import contextmanager

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.components.scrubber.component import PANELS
from app.ui.choosing import REFUSED, drop
from app.ui.text import plain
from app.views.explore import controls
from app.views.learn.lessons import LESSONS, MOST_STEPS
from app.views.learn.progress import DONE
from app.views.paper.cost import controls as cost_controls

#: Lowest and highest of every setting that is a whole number, on any page.
NUMBERS = {
    **{key: (low, high) for key, (low, high, *_) in controls.RANGES.items()},
    "opacity": (0, 100),
    "divide": (0, 100),
    "batch": cost_controls.BATCHES,
    "width": cost_controls.SIDES,
    "height": cost_controls.SIDES,
    "solve_steps": cost_controls.STEPS,
    "lesson": (1, len(LESSONS)),
    "step": (1, MOST_STEPS),
}
_PANEL = "|".join(PANELS)
#: How the browser writes its other settings.
FORMS = {
    "t": r"\d{1,2}(\.\d+)?(e-\d+)?",
    "pins": r"(\d{1,4}-\d{1,4})?(_(\d{1,4}-\d{1,4})?){0,3}",
    "hatch": "true",
    "loop": "true",
    "speed": "0.25|0.5|2",
    "present": "1",
    "hide": f"({_PANEL})(,({_PANEL}))*",
    "done": DONE,
}
_LONGEST = 30


@contextmanager
def checked() -> Generator[None]:
    """A context to draw the page in; above it stands which settings of the address are not possible.

    Empty values and bad numbers are found before, and the script begins again without; unknown options are found by
    `choosing.known` as the page is drawn.
    """
    place = st.empty()
    faulty = {key: values[-1] for key in st.query_params if not fits(key, values := st.query_params.get_all(key))}
    if faulty and drop(faulty):
        st.rerun()
    _tell(place)
    yield
    _tell(place)
    st.session_state.pop(REFUSED, None)


def _tell(place: DeltaGenerator) -> None:
    if asked := st.session_state.get(REFUSED):
        place.info(plain(sentence(asked)), icon=":material/link_off:")


def fits(key: str, values: list[str]) -> bool:
    """Whether the values of a setting in the address could be meant: each is written as the page writes it.

    None is empty; a whole number has no more than ten digits and is in its range.
    """
    if not all(value.strip() for value in values):
        return False
    if key in FORMS:
        return all(re.fullmatch(FORMS[key], value) for value in values)
    return key not in NUMBERS or all(_within(value, *NUMBERS[key]) for value in values)


def sentence(dropped: dict[str, str]) -> str:
    """The message about settings that the address asks for and that are not possible."""
    several = len(dropped) > 1
    asked = " and ".join(f"{key[:_LONGEST]}={value[:_LONGEST]}" for key, value in dropped.items())
    return (
        f"This link asks for {asked}, which {'are' if several else 'is'} not possible: the"
        f" default{'s are' if several else ' is'} shown instead."
    )


def _within(value: str, low: int, high: int) -> bool:
    return re.fullmatch(r"[0-9]{1,10}", value) is not None and low <= int(value) <= high
