"""What was measured over whole data sets: read from the committed results, and told in words and a small table."""

from html import escape

import numpy as np

from app.ui.text import plain
from app.views import results_files
from app.views.paper.error.figures import Kind
from segnode.errors import DataError
from segnode.results.accuracy_cost import FULL_WITHIN, AccuracyCost, SetScores
from segnode.results.trajectory_error import ErrorRecord

#: Where `scripts/trajectory_error.py` writes, in the folder of results.
FOLDER = "trajectory_error"

PAPER = """
**The paper.** Khoshirat and Kambhamettu average the mIoU error along solve time over the validation set of
PASCAL-Context (section 4.8, Fig. 4), and read from it that accuracy can be traded for speed: giving up 3 % of it halves
the computation. Each of their times took a solve of its own; they do not say what the error is measured against.

**Here** it is measured on other pictures and with another network, against the truth and against the answer at T:
compare the shape, not the numbers. One solve a picture gives every time. Frames before T are read by a head trained
at T.
"""


def bought(data: str, checkpoint: str) -> str:
    """HTML: what less computation costs this checkpoint on this data set; nothing where not measured."""
    if (scores := _scores(data, checkpoint)) is None:
        return ""
    half, _ = scores.within(1 / 2)
    quarter, _ = scores.within(1 / 4)
    losses = (
        (scores.stopped_half(), "stopping at half of T", ""),
        (scores.loss(half), "half the evaluations, another solver", half),
        (scores.loss(quarter), "a quarter of them", quarter),
    )
    body = "".join(
        f"<li><b>{points:.1f}</b>{what}{f'<small>{escape(solver)}</small>' if solver else ''}</li>"
        for points, what, solver in losses
    )
    return f"<h3>Points of mIoU lost by</h3><ul>{body}</ul>"


def how_bought(data: str, checkpoint: str) -> str:
    """Markdown: what these points are held against; nothing where not measured."""
    if (scores := _scores(data, checkpoint)) is None:
        return ""
    return (
        f"**Less computation.** Compared with {plain(scores.full)}, the cheapest solver within {FULL_WITHIN:g} points"
        f" of the best. {scores.verdict}"
    )


def _scores(data: str, checkpoint: str) -> SetScores | None:
    name = f"accuracy_cost/{checkpoint}.json"
    if not (results_files.FOLDER / name).is_file():
        return None
    return results_files.load(AccuracyCost, name).sets.get(data)


def records() -> tuple[dict[str, ErrorRecord], list[str]]:
    """Records by their titles, and a sentence for each file that holds none."""
    result: dict[str, ErrorRecord] = {}
    faulty = []
    for path in sorted((results_files.FOLDER / FOLDER).glob("*.json")):
        try:
            record = results_files.load(ErrorRecord, f"{FOLDER}/{path.name}")
        except DataError as error:
            faulty.append(str(error))
        else:
            result[f"{record.title} ({path.stem})" if record.title in result else record.title] = record
    return result, faulty


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
    return f"<table><caption>Error by cost</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def source(record: ErrorRecord) -> str:
    """Where the numbers come from, as Markdown."""
    what = f"{record.pictures} pictures, {record.checkpoint} ({record.sha256[:10]}), {record.solver.name}"
    return plain(f"{what}. {record.provenance.origin}.")
