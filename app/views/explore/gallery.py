"""The gallery: a dialog of pictures that show something. A photograph is kept in the address, a street by its seed."""

from collections.abc import Callable

import streamlit as st

from app.solving.gallery import PHOTOGRAPHED, STREETS, Photograph, Street, photograph
from app.ui.choosing import known
from app.ui.text import plain

#: A photograph's name in the address.
KEY = "picture"


def offer(choose: Callable[[Street | Photograph], None]) -> None:
    """A pill that opens the gallery. choose: called with the picture that a person clicks."""
    if st.button("Gallery", icon=":material/photo_library:", key="pill-gallery"):
        _gallery(choose)


def chosen() -> Photograph | None:
    """The photograph that the address asks for, if any; a name that is none is told of."""
    known(KEY, [picture.name for picture in PHOTOGRAPHED])
    return photograph(str(st.query_params.get(KEY, "")))


def show(picture: Photograph | None) -> None:
    """Put a photograph into the address, or take the one that is there out of it."""
    st.query_params.pop(KEY, None)
    if picture is not None:
        st.query_params[KEY] = picture.name


@st.dialog("Gallery", width="large")
def _gallery(choose: Callable[[Street | Photograph], None]) -> None:
    with st.container(horizontal=True, key="gallery", gap="small"):
        for item in (*STREETS, *PHOTOGRAPHED):
            if st.button(_card(item), key=f"gallery-{item.name}", on_click=choose, args=(item,)):
                st.rerun()  # which closes the dialog
    st.caption(
        "Streets are generated, with exact labels, and none was used in training. Photographs have no truth to be held"
        " against: MIT licence, © Panoramax team and Adrien Pavie."
    )


def _card(item: Street | Photograph) -> str:
    """A thumbnail above its title and caption, as Markdown."""
    return f"![](app/static/gallery/{item.name}.webp) **{plain(item.title)}** {item.caption}"
