"""Choices that are kept in the address; one that a link asks for and that does not exist is removed and reported."""

from collections.abc import Collection, Sequence

import streamlit as st
from streamlit.errors import StreamlitAPIException

#: Session key of the impossible settings that the address asked for and the page has not reported yet.
REFUSED = "refused"


def choose_one(label: str, options: Sequence[str], key: str) -> str:
    """What is chosen among `options`, at first their first. key: its name in the address."""
    known(key, options)
    return st.segmented_control(
        label,
        options,
        default=options[0],
        required=True,
        key=key,
        bind="query-params",
        label_visibility="collapsed",
        wrap=True,
    )


def known(key: str, options: Collection[str]) -> None:
    """Take `key` out of the address where it is none of `options`, as the address has them, and remember to say so.

    To be called before its widget, which shows the default without a word. Several values may be asked for.
    """
    if strange := [value for value in st.query_params.get_all(key) if value not in options]:
        drop({key: strange[0]})


def drop(settings: dict[str, str]) -> bool:
    """Take these out of the address and remember to say so; whether any could be. Those that a widget has stay."""
    dropped = {key: value for key, value in settings.items() if _removed(key)}
    st.session_state[REFUSED] = st.session_state.get(REFUSED, {}) | dropped
    return bool(dropped)


def _removed(key: str) -> bool:
    try:
        del st.query_params[key]
    except StreamlitAPIException:
        return False  # a widget has it, and keeps what it held
    return True
