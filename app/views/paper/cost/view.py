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
            result = _costs()
        except DataError as error:
            st.error(plain(str(error)), icon=":material/error:")
            return
        beside, picture = st.columns([2, 5], gap="large")
        if said := words.findings(result):
            with beside, st.container(key="cost-findings"):
                st.html(said)
        with picture:
            _picture(result)
        _calculator(result)
        with st.container(key="cost-more"):
            with st.expander("All networks in numbers"), st.container(key="cost-table"):
                st.html(words.table(result))
                st.caption(words.left_open(result))
            with st.expander("What the findings leave open"), st.container(key="cost-words"):
                st.html(words.claims(result))
            with st.expander("How it was measured"):
                st.caption(words.how_measured(result))
                st.caption(words.source(result))


def _costs() -> Costs:
    """The committed costs. Raises `DataError` where there are none, or no formulas for the calculator."""
    result = load(Costs, "cost.json")
    if not result.calculator:
        raise DataError("cost.json has no calculator yet: run python scripts/cost.py --parts calculator.")
    return result


def _picture(result: Costs) -> None:
    with st.container(horizontal=True, key="cost-time"):
        chosen = choose_one("Time", list(TIMES), "timed")
        shown = SHOWN[choose_one("Points", list(SHOWN), "points")]
    time, ink = TIMES[chosen], theme.ink_for(st.context.theme.type)
    st.html(words.key(partial(family_ink, ink=ink)))
    lines = f"{chosen} over training memory of {'three' if shown == 'main' else 'all'} networks, the paper's and ours"
    # A figure does not know its width: the style sheet shows the one whose names fit.
    for name, frame in (("wide", WIDE), ("narrow", NARROW)):
        with st.container(key=f"cost-{name}"):
            figure = cost_picture(result, time, shown, frame, ink)
            st.plotly_chart(figure, key=f"cost-picture-{name}", theme=None, config=theme.NO_TOOLBAR, alt=lines)
            if figure.layout.meta:
                st.caption(words.numbered(figure.layout.meta))
    with st.expander("How to read the picture"):
        st.caption(words.below_picture(result, time))


def _calculator(result: Costs) -> None:
    with st.container(key="cost-calculator"):
        st.html("<h3>Calculator</h3>")
        asking, lines = st.columns([2, 3], gap="large")
        with asking:
            chosen, asked = controls.read(result)
        answers = {name: network.estimate(asked, result.limit_gib) for name, network in result.calculator.items()}
        with lines:
            ink = theme.ink_for(st.context.theme.type)
            st.html(words.answer(result, chosen, answers, asked, partial(family_ink, ink=ink)))
            with st.expander("How exact is it?"):
                st.caption(f"{words.calculator_error(result)} {words.GRADIENTS}")
