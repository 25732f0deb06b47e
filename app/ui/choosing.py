"""One of a few things to show, chosen in a row of buttons and kept in the address."""

from collections.abc import Sequence

import streamlit as st


def one_of(label: str, options: Sequence[str], key: str) -> str:
    """What is chosen among `options`, at first their first. key: its name in the address."""
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
