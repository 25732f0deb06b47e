"""The gallery: a dialog of pictures that show something."""

from collections.abc import Callable

import streamlit as st

from app.solving.gallery import PHOTOGRAPHED, STREETS, Photograph, Street
from app.ui.text import plain


def offer(choose: Callable[[Street | Photograph], None]) -> None:
    """A pill that opens the gallery. choose: called with the picture that a person clicks."""
    if st.button("Gallery", icon=":material/photo_library:", key="pill-gallery"):
        _gallery(choose)


@st.dialog("Gallery", width="large")
def _gallery(choose: Callable[[Street | Photograph], None]) -> None:
    with st.container(horizontal=True, key="gallery", gap="small"):
        for item in (*STREETS, *PHOTOGRAPHED):
            if st.button(_card(item), key=f"gallery-{item.name}", on_click=choose, args=(item,)):
                st.rerun()  # which closes the dialog
    st.caption(
        "Streets are generated, with exact labels, and none was used in training. Photographs have no ground"
        " truth: MIT licence, © Panoramax team and Adrien Pavie."
    )


def _card(item: Street | Photograph) -> str:
    """A thumbnail above its title and caption, as Markdown."""
    return f"![](app/static/gallery/{item.name}.webp) **{plain(item.title)}** {item.caption}"
