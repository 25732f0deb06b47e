"""What the page of results says of Table 1, as HTML and Markdown."""

import re
from collections.abc import Callable, Mapping
from html import escape

from app.ui.text import plain
from segnode.results.table1 import Cell, Column, Figure, Row, Table1

#: What a family of networks begins with, for its colour.
_FAMILIES = {"segnode": "SegNode", "hrnetv2": "HRNetV2"}
_Spans = Mapping[str, tuple[float, float]]
_CODE = re.compile("`(.+?)`")


def findings(table: Table1) -> str:
    """HTML: what was measured here, numbers first: figures that fill no cell, and how many cells are filled."""
    figures = sum(cell.paper is not None for row in table.rows for cell in row.cells.values())
    measured = sum(row.measured for row in table.rows)
    lines = "".join(
        f"<li><b>{aside.mean_iou:.1f}</b>{escape(aside.title)}, {escape(aside.column)} {escape(aside.split)}"
        f"<small>{aside.parameters / 1e6:.1f} M parameters; {escape(aside.why or '')}</small></li>"
        for aside in table.asides
    )
    if gaps := _paper_gaps(table):
        lines += f"<li><b>{min(gaps):+.1f} to {max(gaps):+.1f}</b>points from its baseline to SegNode in the paper</li>"
    lines += f"<li><b>{measured} of {figures}</b>figures of Table 1 measured here</li>"
    return f"<h3>mIoU in percent</h3><ul>{lines}</ul>"


def _paper_gaps(table: Table1) -> list[float]:
    """Points of the paper's SegNode to its baseline, by column; empty without the two rows."""
    first = {row.network.partition("-")[0]: row for row in reversed(table.rows)}
    if "segnode" not in first or "baseline" not in first:
        return []
    pairs = [(first["segnode"].cells[c.name].paper, first["baseline"].cells[c.name].paper) for c in table.columns]
    return [round(one - other, 1) + 0.0 for one, other in pairs if one is not None and other is not None]


def summary(table: Table1) -> str:
    """Markdown: how much of the table was measured here."""
    figures = sum(cell.paper is not None for row in table.rows for cell in row.cells.values())
    measured = sum(row.measured for row in table.rows)
    so_far = f"{measured or 'None'} of its {figures} figures {'were' if measured > 1 else 'was'}"
    return plain(
        f"{so_far} measured here. Only a network at the paper's size, scored on all of the paper's split, fills a cell."
    )


def table(table: Table1, ink_of: Callable[[str], str]) -> str:
    """HTML: in each cell the paper's mIoU, what was measured here beside it, and where both lie in their column.

    ink_of: the colour of a family, as on the page of costs.
    """
    spans = {column.name: table.span(column.name) for column in table.columns}
    heads = "".join(
        f'<th scope="col">{escape(column.name)}<small>{low:g} to {high:g}</small></th>'
        for column in table.columns
        for low, high in (spans[column.name],)
    )
    body = "".join(_row(row, table.columns, spans, ink_of) for row in table.rows)
    caption = (
        "<caption>Table 1, mIoU in %: <i>the paper's</i>, hollow, and <b>what was measured here</b>, solid</caption>"
    )
    return f"<table>{caption}<thead><tr><td></td>{heads}</tr></thead><tbody>{body}</tbody></table>"


def _row(row: Row, columns: tuple[Column, ...], spans: _Spans, ink_of: Callable[[str], str]) -> str:
    cells = "".join(_cell(row.cells[column.name], column.name, spans[column.name]) for column in columns)
    family = _FAMILIES.get(row.network.partition("-")[0], "")
    return f'<tr style="--ink:{ink_of(family)}"><th scope="row">{escape(row.name)}</th>{cells}</tr>'


def _cell(cell: Cell, column: str, span: tuple[float, float]) -> str:
    if cell.paper is None and cell.measured is None:
        return '<td class="dash"><span>-</span></td>'
    paper = "" if cell.paper is None else f"<i>{cell.paper:.1f}</i>"
    ours = "" if cell.measured is None else f"<b>{cell.measured:.1f}</b>"
    dots = "".join(
        f'<u class="{kind}" style="--at:{100 * (figure - span[0]) / (span[1] - span[0]):.1f}%"></u>'
        for kind, figure in (("paper", cell.paper), ("ours", cell.measured))
        if figure is not None and span[1] > span[0]
    )
    return f'<td data-of="{escape(column)}"><div><span>{paper}{ours}</span><s>{dots}</s></div>{_small(cell)}</td>'


def _small(cell: Cell) -> str:
    """The range of several runs, and whether the data set's server scored them."""
    scores = [run.mean_iou for run in cell.runs]
    lines = [f"{min(scores):.1f} to {max(scores):.1f}, {len(scores)} runs"] if len(scores) > 1 else []
    lines += ["by its server"] if cell.server else []
    return f"<small>{', '.join(lines)}</small>" if lines else ""


def columns(table: Table1) -> str:
    """HTML: what the figures of each column are taken on."""
    lines = "".join(
        f"<li>{escape(column.name)} {escape(column.split)}"
        f" <span>{column.pictures:,} pictures, {column.classes} classes</span><small>{escape(column.why)}</small></li>"
        for column in table.columns
    )
    return f"<h3>What each column is measured on</h3><ul>{lines}</ul>"


def asides(table: Table1) -> str:
    """HTML: what was measured here on the table's data sets and fills no cell; empty where there is nothing."""
    lines = "".join(_aside(aside) for aside in table.asides)
    return f"<h3>Measured here, but filling no cell</h3><ul>{lines}</ul>" if lines else ""


def _aside(aside: Figure) -> str:
    return (
        f"<li>{escape(aside.title)}, {escape(aside.column)} {escape(aside.split)} <b>{aside.mean_iou:.1f}</b>"
        f"<small>{aside.pictures:,} pictures, {aside.parameters / 1e6:.1f} M parameters. In no cell because"
        f" {escape(aside.why or '')}.</small></li>"
    )


def left_open(table: Table1) -> str:
    """HTML: what the paper's table does not settle."""
    lines = _CODE.sub(r"<code>\1</code>", "".join(f"<li>{escape(sentence)}</li>" for sentence in table.left_open))
    return f"<h3>What the paper's table leaves open</h3><ul>{lines}</ul>" if lines else ""


def origins(result: Mapping[str, str]) -> str:
    """HTML: the command, revision and machine behind each part of the page."""
    lines = "".join(f"<div><dt>{escape(part)}</dt><dd>{escape(where)}</dd></div>" for part, where in result.items())
    return f"<dl>{lines}</dl>"
