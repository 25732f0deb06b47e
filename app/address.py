"""What a link asks for that cannot be: taken out of the address before a widget trips over it, and told."""

import math

import streamlit as st
from streamlit.errors import StreamlitAPIException

from app.solving.wording import plain
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
_TOLD = "amiss"
_LONGEST = 30


def tidy() -> None:
    """Where the address holds an empty value, or no number where one belongs: begin again without, and say so.

    To be called before any widget that is bound to the address.
    """
    if (told := st.session_state.pop(_TOLD, None)) is not None:
        st.info(plain(told), icon=":material/link_off:")
    dropped = {key: values[-1] for key in st.query_params if not fits(key, values := st.query_params.get_all(key))}
    dropped = {key: value for key, value in dropped.items() if _drop(key)}
    if dropped:
        st.session_state[_TOLD] = sentence(dropped)
        st.rerun()


def fits(key: str, values: list[str]) -> bool:
    """Whether the values of a setting in the address could be meant: none is empty, and a number is in its range."""
    if not all(value.strip() for value in values):
        return False
    return key not in NUMBERS or all(_within(value, *NUMBERS[key]) for value in values)


def sentence(dropped: dict[str, str]) -> str:
    """What is said of settings that the address asked for in vain."""
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


def _drop(key: str) -> bool:
    try:
        del st.query_params[key]
    except StreamlitAPIException:
        return False  # a widget has it, and keeps what it held
    return True
