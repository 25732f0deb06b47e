"""Cost: memory, time and parameters of all networks, beside the paper's, and a calculator for other settings."""

from functools import partial

import streamlit as st

from app.ui import theme
from app.ui.choosing import choose_one
from app.ui.style import add_style
from app.ui.text import plain
from app.views.paper.cost import controls, words
from app.views.paper.cost.figures import NARROW, WIDE, Shown, Time, cost_picture, family_ink
from app.views.results_files import load
from segnode.errors import DataError
from segnode.results.cost import Costs

#: By what the page, and so a link to it, calls them.
TIMES: dict[str, Time] = {"Training time": "training", "Testing time": "testing"}
SHOWN: dict[str, Shown] = {"Three networks": "main", "All": "all"}


def page() -> None:
    """The whole view; where there are no results, the one sentence that says what to run."""
    add_style(__file__)
    with st.container(key="cost"):
        st.html("<h2>What it costs</h2><p>The paper's Table 2, and the same networks measured here</p>")
        try:
            found = _costs()
        except DataError as error:
            st.error(plain(str(error)), icon=":material/error:")
            return
        beside, picture = st.columns([2, 5], gap="large")
        if said := words.findings(found):
            with beside, st.container(key="cost-findings"):
                st.html(said)
        with picture:
            _picture(found)
        _calculator(found)
        with st.container(key="cost-more"):
            with st.expander("All networks in numbers"), st.container(key="cost-table"):
                st.html(words.table(found))
                st.caption(words.left_open(found))
            with st.expander("What the findings leave open"), st.container(key="cost-words"):
                st.html(words.claims(found))
            with st.expander("How it was measured"):
                st.caption(words.how_measured(found))
                st.caption(words.source(found))


def _costs() -> Costs:
    """The committed costs. Raises `DataError` where there are none, or no formulas for the calculator."""
    found = load(Costs, "cost.json")
    if not found.calculator:
        raise DataError("cost.json has no calculator yet: run python scripts/cost.py --parts calculator.")
    return found


def _picture(found: Costs) -> None:
    with st.container(horizontal=True, key="cost-time"):
        chosen = choose_one("Time", list(TIMES), "timed")
        shown = SHOWN[choose_one("Points", list(SHOWN), "points")]
    time, ink = TIMES[chosen], theme.ink_for(st.context.theme.type)
    st.html(words.key(partial(family_ink, ink=ink)))
    told = f"{chosen} over training memory of {'three' if shown == 'main' else 'all'} networks, the paper's and ours"
    # A figure does not know its width: the style sheet shows the one whose names fit.
    for name, frame in (("wide", WIDE), ("narrow", NARROW)):
        with st.container(key=f"cost-{name}"):
            figure = cost_picture(found, time, shown, frame, ink)
            st.plotly_chart(figure, key=f"cost-picture-{name}", theme=None, config=theme.NO_TOOLBAR, alt=told)
            if figure.layout.meta:
                st.caption(words.numbered(figure.layout.meta))
    with st.expander("How to read the picture"):
        st.caption(words.below_picture(found, time))


def _calculator(found: Costs) -> None:
    with st.container(key="cost-calculator"):
        st.html("<h3>Calculator</h3>")
        asking, told = st.columns([2, 3], gap="large")
        with asking:
            chosen, asked = controls.read(found)
        answers = {name: network.estimate(asked, found.limit_gib) for name, network in found.calculator.items()}
        with told:
            ink = theme.ink_for(st.context.theme.type)
            st.html(words.answer(found, chosen, answers, asked, partial(family_ink, ink=ink)))
            with st.expander("How exact is it?"):
                st.caption(f"{words.calculator_error(found)} {words.GRADIENTS}")
