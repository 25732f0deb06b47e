"""Results: the paper's Table 1 beside what was measured here, and compact networks trained on equal terms."""

from functools import partial

import streamlit as st

from app.ui import theme
from app.ui.choosing import choose_one, known
from app.ui.style import add_style
from app.ui.text import plain
from app.ui.theme import family_ink
from app.views.paper.accuracy import comparison_words, table1_words
from app.views.paper.accuracy.comparison_figures import NARROW, WIDE, Against, network_ink, score_picture
from app.views.paper.accuracy.training_curves import Along, Curve, training_curves
from app.views.results_files import load
from segnode.errors import DataError
from segnode.results.comparison import Comparison
from segnode.results.table1 import Table1

#: By what the page, and so a link to it, calls them.
AGAINST: dict[str, Against] = {"Minutes": "minutes", "Memory": "memory", "Parameters": "parameters"}
CURVES: dict[str, Curve] = {"Validation mIoU": "mIoU", "Training loss": "loss"}
ALONG: dict[str, Along] = {"Epochs": "epochs", "Minutes": "minutes"}


def page() -> None:
    """The whole view. What cannot be read is told in a sentence, and the rest is shown."""
    add_style(__file__)
    with st.container(key="results"):
        st.html("<h2>Accuracy</h2><p>The paper's Table 1, and the same question for compact networks trained here</p>")
        origins = _table1() | _comparison()
        if origins:
            with st.expander("Where the numbers come from"), st.container(key="results-source"):
                st.html(table1_words.origins(origins))


def _table1() -> dict[str, str]:
    """The first part; what is behind its numbers."""
    with st.container(key="results-table1"):
        try:
            table = load(Table1, "table1.json")
        except DataError as error:
            st.html("<h3>Table 1</h3>")
            st.error(plain(str(error)), icon=":material/error:")
            return {}
        words, figures = st.columns([2, 5], gap="large")
        with words, st.container(key="results-findings"):
            st.html(table1_words.findings(table))
        with figures, st.container(key="results-figures"):
            st.html(table1_words.table(table, partial(family_ink, ink=theme.ink_for(st.context.theme.type))))
        with st.expander("What Table 1 leaves open, and where its figures are taken"):
            st.caption(table1_words.summary(table))
            with st.container(key="results-aside"):
                st.html(table1_words.asides(table))
                st.html(table1_words.columns(table))
            with st.container(key="results-open"):
                st.html(table1_words.left_open(table))
    return {"Table 1": table.provenance.origin}


def _comparison() -> dict[str, str]:
    """The rest; what is behind its numbers."""
    with st.container(key="results-comparison"):
        st.html("<h3>Compact networks, trained here on equal terms</h3>")
        try:
            result = load(Comparison, "comparison.json")
        except DataError as error:
            st.error(plain(str(error)), icon=":material/error:")
            return {}
        words, picture = st.columns([2, 5], gap="large")
        with words, st.container(key="results-answers"):
            st.html(comparison_words.answered(result))
        with picture:
            if result.measured:
                _picture(result)
            else:
                st.info("No network has finished its training yet: run python scripts/compare.py train.")
    if result.measured:
        with st.expander("How they trained"):
            _curves(result)
    with st.expander("All networks in numbers"), st.container(key="results-networks"):
        st.html(comparison_words.table(result))
    with st.expander("Equal terms, and what they cannot tell"):
        with st.container(key="results-terms"):
            st.html(comparison_words.terms(result))
        st.caption(comparison_words.below_picture(result))
        with st.container(key="results-reasons"):
            st.html(comparison_words.reasons(result))
    with st.expander("The search for an optimizer"), st.container(key="results-search"):
        st.html(comparison_words.search(result))
    return {f"Comparison, {part}": where for part, where in result.origins.items()}


def _picture(result: Comparison) -> None:
    ink = theme.ink_for(st.context.theme.type)
    chosen = choose_one("Against", list(AGAINST), "against")
    st.html(comparison_words.key(result, partial(network_ink, ink=ink)))
    lines = f"Validation mIoU over {chosen.lower()} of {len(result.measured)} networks"
    # A figure does not know its width: the style sheet shows the one whose names fit.
    for name, frame in (("wide", WIDE), ("narrow", NARROW)):
        with st.container(key=f"results-{name}"):
            figure = score_picture(result, AGAINST[chosen], frame, ink)
            st.plotly_chart(figure, key=f"results-picture-{name}", theme=None, config=theme.NO_TOOLBAR, alt=lines)


def _curves(result: Comparison) -> None:
    measured = result.measured
    with st.container(key="results-curves"):
        with st.container(horizontal=True, gap="small", key="results-choice"):
            curve = CURVES[choose_one("Curve", list(CURVES), "curve")]
            along = ALONG[choose_one("Along", list(ALONG), "along")]
        own = [name for name, network in measured.items() if not network.question] or list(measured)
        known("networks", [network.title for network in measured.values()])
        shown = st.pills(
            "Networks",
            list(measured),
            default=own,
            format_func=lambda name: measured[name].title,
            selection_mode="multi",
            key="networks",
            bind="query-params",
            label_visibility="collapsed",
            wrap=True,
        )
        if not shown:
            st.info("Choose a network to see how it trained.")
            return
        ink = theme.ink_for(st.context.theme.type)
        figure = training_curves([measured[name] for name in measured if name in shown], curve, along, ink)
        lines = ", ".join(f"{measured[name].title} {measured[name].score:.1f} %" for name in measured if name in shown)
        st.plotly_chart(
            figure, key="results-curve", theme=None, config=theme.NO_TOOLBAR, alt=f"mIoU at the end: {lines}"
        )
        st.caption(comparison_words.below_curves(curve))
