"""The plain player, for a browser that cannot draw the scrubber: the same content, drawn by the server."""

import streamlit as st

from app.solving.pictures import colours, overlay
from app.solving.runs import Run
from app.solving.state import current
from app.solving.store import Solved
from app.solving.wording import INTRO, about
from app.ui import theme
from app.ui.text import plain
from app.views.explore import error_curve, panels

#: The frame shown first, as a share of T: late enough to see something, early enough to see it unfinished.
OPENS_AT = 0.25
OPACITY = 0.6


@st.fragment
def show(solved: Solved, held: Solved | None = None) -> None:
    """Let a person move through a solve. Only this part reruns. held: the run it is compared with."""
    picture, run, network = solved.picture, solved.run, solved.network
    classes = network.classes
    palette = colours(classes)
    ink = theme.ink_for(st.context.theme.type)
    st.caption(INTRO)
    st.html(f"<style>\n:root {{ --aspect: {picture.aspect:.4f}; }}\n</style>")
    with st.container(horizontal=True, key="board", gap="large"):
        with st.container(key="stage", gap="xsmall"):
            shown = st.container(key="picture")
            frame = _time(run)
            figure = error_curve.error_curve(run.times, run.step_times, run.to_final, run.to_truth, now=frame, ink=ink)
            st.plotly_chart(figure, key="curve", theme=None, config=theme.NO_TOOLBAR, alt=_curve_in_words(run, frame))
        with st.container(key="side"):
            st.html(panels.legend(run, frame, classes, palette.tolist()))
            st.html(panels.facts(run, frame, "This solve" if held is None else f"Run B, at t = {run.names[frame]}"))
            if held is not None:
                st.html(panels.facts(held.run, len(held.run.times) - 1, "Run A, at its end"))
            st.caption(plain(about(network.name, network.parameters, network.commit, network.bundled)))
    with shown:
        mixed = overlay(picture.image, run.labels[frame], palette, OPACITY)
        st.image(mixed, width="stretch", output_format="PNG", alt=panels.described(picture.title, run, frame, classes))
        with st.container(key="badge"):
            st.html(panels.badge(run, frame))


def _time(run: Run) -> int:
    """The slider, and the frame it stands on: the one nearest to the time of the view, as the address had it last."""
    names = run.names
    asked = float(current().view.get("t", OPENS_AT * run.times[-1]))
    st.session_state["t"] = names[abs(run.times - asked).argmin()]
    with st.container(horizontal=True, key="time", vertical_alignment="center", gap="small"):
        chosen = st.select_slider("Solve time t", names, key="t", on_change=_keep_time, label_visibility="collapsed")
        st.html(f"<p>t = {chosen}</p>")
    return names.index(chosen)


def _keep_time() -> None:
    st.query_params["t"] = st.session_state["t"]
    current().view["t"] = st.session_state["t"]


def _curve_in_words(run: Run, frame: int) -> str:
    words = f"At t = {run.names[frame]} the error is {run.to_final[frame]:.1f} % against the final answer"
    return words if run.to_truth is None else f"{words} and {run.to_truth[frame]:.1f} % against the ground truth"
