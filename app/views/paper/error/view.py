"""Fig. 4: the error over solve time on whole data sets, and one's own run among them."""

from collections.abc import Mapping

import streamlit as st

from app.solving.state import drawn
from app.ui import theme
from app.ui.choosing import choose_one, known
from app.ui.style import add_style
from app.ui.text import plain
from app.views.paper.error import averages, figures
from app.views.paper.error.figures import Kind
from segnode.errors import DataError
from segnode.results.trajectory_error import ErrorRecord, trend

#: By what the page, and so a link to it, calls them.
KINDS: dict[str, Kind] = {"Mean of pictures": "pictures", "Whole set": "dataset"}


def page() -> None:
    """The whole view. What cannot be read is told in a sentence, and the rest is shown."""
    add_style(__file__)
    with st.container(key="averages"):
        st.html("<h2>The error over solve time</h2><p>The paper's Fig. 4, on whole data sets</p>")
        records, faulty = averages.records()
        for sentence in faulty:
            st.error(plain(sentence), icon=":material/error:")
        if not records:
            st.info("There is no measured error over solve time to show: run scripts/trajectory_error.py.")
            return
        record, kind = _choice(records)
        words, chart = st.columns([2, 5], gap="large")
        ink = theme.ink_for(st.context.theme.type)
        with words, st.container(key="averages-findings"):
            st.html(averages.table(record, kind))
            held_against = _bought(record)
        with chart:
            _average(record, kind, ink)
            _classes(record, ink)
        with st.expander("How it compares with the paper, and how it was measured"):
            st.markdown(averages.PAPER)
            st.markdown(held_against)
            st.caption(averages.source(record))


def _bought(record: ErrorRecord) -> str:
    """What less computation costs; Markdown of what that is held against."""
    try:
        if result := averages.bought(record.data, record.checkpoint):
            st.html(result)
        return averages.how_bought(record.data, record.checkpoint)
    except DataError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return ""


def _choice(records: Mapping[str, ErrorRecord]) -> tuple[ErrorRecord, Kind]:
    with st.container(horizontal=True, key="averages-choice", gap="small"):
        name = choose_one("Data set", list(records), "data")
        kind = choose_one("Average", list(KINDS), "average")
    return records[name], KINDS[kind]


def _average(record: ErrorRecord, kind: Kind, ink: theme.Ink) -> None:
    solved = drawn()
    figure = figures.average_curve(record, kind, solved.run if solved else None, ink)
    start, end = (averages.error(record, kind, depth) for depth in (0.0, record.times[-1]))
    direction = trend(record.truth.mean if kind == "pictures" else record.truth.dataset)
    about = f"mIoU error over solve time: against the truth it {direction} from {start} to {end}"
    st.plotly_chart(figure, key="average-curve", theme=None, config=theme.NO_TOOLBAR, alt=about)
    lines = "Ticks: the solver's steps."
    if kind == "pictures":
        lines += " Shades: the middle half and 80 % of the pictures."
    if solved:
        lines += f" Dotted: your run, {solved.picture.title}, {solved.run.solver.name}."
    st.caption(plain(lines))


def _classes(record: ErrorRecord, ink: theme.Ink) -> None:
    known("classes", record.iou)
    names = st.pills(
        "IoU of single classes", list(record.iou), selection_mode="multi", key="classes", bind="query-params", wrap=True
    )
    if names:
        figure = figures.class_curves(record, names, ink)
        ends = ", ".join(f"{name} {record.iou[name][-1]:.0f} %" for name in names)
        st.plotly_chart(
            figure, key="class-curves", theme=None, config=theme.NO_TOOLBAR, alt=f"IoU of classes at T: {ends}"
        )
