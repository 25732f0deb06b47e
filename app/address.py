"""What a link asks for that cannot be: taken out of the address before a widget trips over it, and told."""

import math
from collections.abc import Generator
from contextlib import contextmanager

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.ui.choosing import REFUSED, drop
from app.ui.text import plain
from app.views.explore import controls
from app.views.paper.cost import controls as cost_controls

#: Lowest and highest of every setting that is a number, on any page.
NUMBERS = {
    **{key: (low, high) for key, (low, high, *_) in controls.RANGES.items()},
    "t": (0, 100),
    "opacity": (0, 100),
    "batch": cost_controls.BATCHES,
    "width": cost_controls.SIDES,
    "height": cost_controls.SIDES,
    "solve_steps": cost_controls.STEPS,
}
_LONGEST = 30


@contextmanager
def checked() -> Generator[None]:
    """Within, the page is drawn; above it stands what the address asks for that cannot be.

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
    """Whether the values of a setting in the address could be meant: none is empty, and a number is in its range."""
    if not all(value.strip() for value in values):
        return False
    return key not in NUMBERS or all(_within(value, *NUMBERS[key]) for value in values)


def sentence(dropped: dict[str, str]) -> str:
    """What is said of settings that the address asks for and cannot be."""
    several = len(dropped) > 1
    asked = " and ".join(f"{key[:_LONGEST]}={value[:_LONGEST]}" for key, value in dropped.items())
    return (
        f"This link asks for {asked}, which {'are' if several else 'is'} not possible: the"
        f" default{'s are' if several else ' is'} shown instead."
    )


def _within(value: str, low: float, high: float) -> bool:
    try:
        number = float(value)
    except ValueError:
        return False
    return math.isfinite(number) and low <= number <= high
