"""The paper's Table 1 and what was measured beside it, read from the committed results."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.views.paper.results_files import FOLDER, load, origin, percent, positive

#: What `scripts/results.py` wrote.
RESULTS = FOLDER / "table1.json"


@dataclass(frozen=True)
class Column:
    """A data set. split, pictures, classes: what a figure of the column is taken on. why: what the paper says of it."""

    name: str
    split: str
    pictures: int
    classes: int
    why: str


@dataclass(frozen=True)
class Cell:
    """mIoU in percent. paper: None for a dash. measured: the mean of `runs`, None without one. server: whether the
    data set's server told it, which alone has the labels."""

    paper: float | None
    measured: float | None
    runs: tuple[float, ...]
    server: bool


@dataclass(frozen=True)
class Row:
    """A network of the table. cells: by column. network: as `build_model` names it."""

    name: str
    network: str
    cells: Mapping[str, Cell]

    @property
    def measured(self) -> int:
        """How many of its cells were measured here."""
        return sum(cell.measured is not None for cell in self.cells.values())


@dataclass(frozen=True)
class Aside:
    """A figure measured here that fills no cell. why: it fills none."""

    network: str
    parameters: int
    column: str
    split: str
    pictures: int
    mean_iou: float
    why: str


@dataclass(frozen=True)
class Table1:
    """All that is shown of it. left_open: what the paper's table does not settle, in sentences."""

    origin: str
    source: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    asides: tuple[Aside, ...]
    left_open: tuple[str, ...]

    def span(self, column: str) -> tuple[float, float]:
        """The whole numbers around all figures of a column."""
        cells = [row.cells[column] for row in self.rows]
        figures = [figure for cell in cells for figure in (cell.paper, cell.measured) if figure is not None]
        return (float(min(figures) // 1), float(-(-max(figures) // 1))) if figures else (0.0, 100.0)


def table1() -> Table1:
    """The committed results. Raises `DataError` where they are missing or are no Table 1."""
    return load(RESULTS, _table1, "figures of Table 1", "python scripts/results.py")


def _table1(held: dict[str, Any]) -> Table1:
    columns = tuple(
        Column(str(c["name"]), str(c["split"]), int(c["pictures"]), int(c["classes"]), str(c["why"]))
        for c in held["columns"]
    )
    rows = tuple(
        Row(str(r["name"]), str(r["network"]), {column.name: _cell(r["cells"][column.name]) for column in columns})
        for r in held["rows"]
    )
    if not columns or not rows:
        raise ValueError("it has no rows")
    return Table1(
        origin=origin(held["provenance"]),
        source=str(held["source"]),
        columns=columns,
        rows=rows,
        asides=tuple(_aside(entry) for entry in (*held["compact"], *held["other"])),
        left_open=tuple(str(sentence) for sentence in held["open"]),
    )


def _cell(held: dict[str, Any]) -> Cell:
    runs = tuple(percent(run["mean_iou"]) for run in held["runs"])
    server = any(bool(run["server"]) for run in held["runs"])
    return Cell(_perhaps(held["paper"]), _perhaps(held["measured"]), runs, server)


def _aside(held: dict[str, Any]) -> Aside:
    return Aside(
        network=str(held["network"] or held["kind"]),
        parameters=int(positive(held["parameters"])),
        column=str(held["column"]),
        split=str(held["split"]),
        pictures=int(held["pictures"]),
        mean_iou=percent(held["mean_iou"]),
        why=str(held["why"]),
    )


def _perhaps(value: Any) -> float | None:
    return None if value is None else percent(value)
