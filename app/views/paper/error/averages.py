"""What was measured over whole data sets: read from the committed results, and told in words and a small table."""

from html import escape
from pathlib import Path

import numpy as np
import streamlit as st

from app.ui.text import plain
from app.views.paper.error.figures import Kind
from app.views.paper.results_files import FOLDER, origin
from segnode.analysis.record import ErrorRecord, read
from segnode.errors import DataError
from segnode.results import accuracy_cost

#: What `scripts/trajectory_error.py` wrote.
RESULTS = FOLDER / "trajectory_error"

PAPER = """
**The paper.** Khoshirat and Kambhamettu average the mIoU error along solve time over the validation set of
PASCAL-Context (section 4.8, Fig. 4), and read from it that accuracy can be traded for speed: giving up 3 % of it halves
the computation. Each of their times took a solve of its own; what the error is against, they do not say.

**Here** it is measured on other pictures and with another network, against the truth and against the answer at T:
compare the shape, not the numbers. One solve a picture gives every time. Frames before T are read by a head trained
at T.
"""


def bought(data: str, checkpoint: str) -> str:
    """What half the computation costs this checkpoint on this data set, as Markdown; nothing where not measured."""
    path = FOLDER / "accuracy_cost" / f"{checkpoint}.json"
    scores = accuracy_cost.read(path).sets.get(data) if path.is_file() else None
    if scores is None:
        return ""
    half, _ = scores.within(1 / 2)
    quarter, _ = scores.within(1 / 4)
    return (
        f"**What half the computation costs here.** Stopping at half of T: {scores.stopped_half():.1f} points of mIoU."
        f" Spent better, half of the evaluations of {plain(scores.full)}, the cheapest solver within"
        f" {accuracy_cost.FULL_WITHIN:g} points of the best, cost {scores.loss(half):.1f} ({plain(half)}), a quarter"
        f" {scores.loss(quarter):.1f} ({plain(quarter)}). Between all solvers with 8 evaluations or more lie"
        f" {scores.spread():.1f} points: the network is an ODE, not a ResNet of one step size."
    )


def records() -> tuple[dict[str, ErrorRecord], list[str]]:
    """Records by their titles, and a sentence for each file that holds none."""
    found: dict[str, ErrorRecord] = {}
    faulty = []
    for path in sorted(RESULTS.glob("*.json")):
        try:
            record = _record(path, path.stat().st_mtime_ns)
        except DataError as error:
            faulty.append(str(error))
        else:
            found[f"{record.title} ({path.stem})" if record.title in found else record.title] = record
    return found, faulty


@st.cache_resource(max_entries=32, show_spinner=False)
def _record(path: Path, stamp: int) -> ErrorRecord:  # noqa: ARG001 - the stamp tells a replaced file apart
    return read(path)


def error(record: ErrorRecord, kind: Kind, depth: float) -> str:
    """The error against the truth at `depth`."""
    errors = record.truth.mean if kind == "pictures" else record.truth.dataset
    return f"{np.interp(depth, record.times, errors):.1f} %"


def table(record: ErrorRecord, kind: Kind) -> str:
    """HTML: the error at the start, at half the evaluations of f, and at T."""
    half, spent = record.half()
    until, whole = record.times[-1], record.evaluations[-1]
    rows = (("t = 0", 0.0, 0.0), (f"half, t = {half:.2g}", half, spent), (f"T = {until:g}", until, whole))
    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{cost:.3g}</td><td>{error(record, kind, depth)}</td></tr>'
        for name, depth, cost in rows
    )
    head = '<td></td><th scope="col">evaluations</th><th scope="col">error vs. truth</th>'
    return f"<table><caption>What time buys</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def source(record: ErrorRecord) -> str:
    """Where the numbers come from, as Markdown."""
    what = f"{record.pictures} pictures, {record.checkpoint} ({record.sha256[:10]}), {record.solver.name}"
    return plain(f"{what}. {origin(record.provenance)}.")
