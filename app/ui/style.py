"""The style sheet beside a page."""

from functools import cache
from pathlib import Path

import streamlit as st


def add_style(page: str) -> None:
    """Add the `style.css` that lies beside the file `page` to what is shown."""
    st.html(f"<style>\n{_sheet(page)}\n</style>")


@cache
def _sheet(page: str) -> str:
    return Path(page).with_name("style.css").read_text(encoding="utf-8")
