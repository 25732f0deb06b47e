"""What stands beside the picture: the legend and the facts of a solve, as small tables of HTML.

Names of classes come with a checkpoint, so from anybody: they are escaped, and everything else here is a number.
"""

import math
from collections.abc import Sequence
from html import escape

from app.solving.runs import Run
from app.solving.wording import effort
from segnode.data.classes import ClassSet

#: Rows; a checkpoint may know hundreds of classes.
LONGEST = 20


def legend(run: Run, frame: int, classes: ClassSet, palette: Sequence[Sequence[int]]) -> str:
    """The classes seen in `run`, with the IoU of each at `frame`, or where there is no truth its share of pixels."""
    values = 100 * run.share[frame] if run.iou is None else run.iou[frame]
    title = "share of pixels" if run.iou is None else "IoU"
    rows = "".join(_class(classes.names[index], palette[index], float(values[index])) for index in _seen(run))
    return f'<table class="legend"><caption>Classes <span>{title} at t, %</span></caption><tbody>{rows}</tbody></table>'


def facts(run: Run, frame: int, title: str = "This solve") -> str:
    """What the solve was and cost, and how far it has come at `frame`."""
    rows = (
        ("solver", run.solver.method.replace("_", " ")),
        ("steps", effort(run)),
        ("evaluations of f", str(run.nfe)),
        ("solved in", f"{run.seconds:.2f} s"),
        ("frames", str(len(run.times))),
        ("pixels with their final label", f"{100 * run.settled[frame]:.0f} %"),
        ("mean confidence at t", f"{100 * run.confidence[frame]:.0f} %"),
    )
    cells = "".join(f'<tr><th scope="row">{name}</th><td>{escape(value)}</td></tr>' for name, value in rows)
    return f'<table class="facts"><caption>{title}</caption><tbody>{cells}</tbody></table>'


def badge(run: Run, frame: int) -> str:
    """The time of `frame` and how good it is, to lay on the picture."""
    if run.to_truth is None:
        return f"<p>t = {run.names[frame]} <b>mIoU {100 - run.to_final[frame]:.1f}</b> with its final result</p>"
    return f"<p>t = {run.names[frame]} <b>mIoU {100 - run.to_truth[frame]:.1f}</b></p>"


def described(title: str, run: Run, frame: int, classes: ClassSet) -> str:
    """The picture in words, for those who do not see it: plain text."""
    order = [index for index in (-run.share[frame]).argsort(kind="stable")[:4] if run.share[frame][index] > 0]
    largest = ", ".join(f"{classes.names[index]} {100 * run.share[frame][index]:.0f} %" for index in order)
    return f"{title}, segmented at t = {run.names[frame]}: {largest}"


def _seen(run: Run) -> list[int]:
    """Classes in the truth or in any frame, in their own order; the largest ones where they are too many."""
    peak = run.share.max(axis=0)
    known = range(len(peak)) if run.iou is None else range(run.iou.shape[1])
    seen = [index for index in known if peak[index] > 0 or (run.iou is not None and run.iou[-1][index] >= 0)]
    return sorted(sorted(seen, key=lambda index: -peak[index])[:LONGEST])


def _class(name: str, colour: Sequence[int], value: float) -> str:
    shown, width = ("-", 0.0) if math.isnan(value) else (f"{value:.0f}", value)
    red, green, blue = (int(part) for part in colour)
    ink = f"--ink:rgb({red},{green},{blue});--size:{width:.1f}%"
    return f'<tr style="{ink}"><th scope="row"><i></i>{escape(name)}</th><td><s></s></td><td>{shown}</td></tr>'
