"""The paper's Table 1 and what was measured beside it: what `scripts/results.py` writes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from segnode.inference import Inference
from segnode.results.schema import Percent, PositiveInt, Provenance, Result

#: Of a cell: measured here, not measured, or a dash in the paper.
Status = Literal["measured", "not measured", "not in the paper"]


@dataclass(frozen=True)
class Column:
    """A data set of the table.

    kinds: as `segnode.train.sources` names it. split, pictures, classes: what a figure must be taken on to stand in
    the column. why: what the paper says of the split.
    """

    name: str
    kinds: tuple[str, ...]
    split: str
    pictures: int
    classes: int
    why: str


@dataclass(frozen=True)
class Figure:
    """mIoU of one checkpoint on one data set of the table.

    why: it fills no cell; None for one that does. network: its name for `build_model`, None for a layout of one's own.
    kind: its class. mean_iou: in percent. server: whether the data set's server gave it, which alone has the labels.
    inference: how pictures were put through. trained_on: kinds of data set, of all runs behind the weights. revision:
    of the code that measured.
    """

    column: str
    why: str | None
    network: str | None
    kind: str
    parameters: PositiveInt
    checkpoint: str
    split: str
    pictures: int
    mean_iou: Percent
    server: bool
    inference: Inference
    trained_on: tuple[str, ...]
    revision: str

    @property
    def title(self) -> str:
        """What it is of, for people."""
        return self.network or self.kind


@dataclass(frozen=True)
class Cell:
    """mIoU in percent. paper: None for a dash. measured: the mean over `runs`, None without one."""

    paper: Percent | None
    measured: Percent | None
    status: Status
    runs: tuple[Figure, ...]

    @property
    def server(self) -> bool:
        """Whether a data set's server gave one of its figures."""
        return any(run.server for run in self.runs)


@dataclass(frozen=True)
class Row:
    """A network of the table. network: its name for `build_model`. mapillary: whether it was pretrained on Mapillary.
    cells: by column."""

    name: str
    network: str
    mapillary: bool
    cells: Mapping[str, Cell]

    @property
    def measured(self) -> int:
        """How many of its cells were measured here."""
        return sum(cell.measured is not None for cell in self.cells.values())


@dataclass(frozen=True)
class Table1(Result):
    """All of it. compact, other: figures that fill no cell, of networks smaller than the table's and of others.
    left_open: what the paper's table does not settle, in sentences.

    Raises `ValueError` without rows or columns, and where a row lacks a column's cell.
    """

    CONTENT = "figures of Table 1"
    COMMAND = "python scripts/results.py"

    provenance: Provenance
    source: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    compact: tuple[Figure, ...]
    other: tuple[Figure, ...]
    left_open: Annotated[tuple[str, ...], Field(alias="open")]

    def __post_init__(self) -> None:
        if not self.columns or not self.rows:
            raise ValueError("it has no rows")
        if lacking := [row.name for row in self.rows if set(row.cells) != {column.name for column in self.columns}]:
            raise ValueError(f"the row {lacking[0]} has other cells than the table has columns")

    @property
    def asides(self) -> tuple[Figure, ...]:
        """What was measured here and fills no cell."""
        return (*self.compact, *self.other)

    def span(self, column: str) -> tuple[float, float]:
        """The whole numbers around all figures of a column."""
        cells = [row.cells[column] for row in self.rows]
        figures = [figure for cell in cells for figure in (cell.paper, cell.measured) if figure is not None]
        return (float(min(figures) // 1), float(-(-max(figures) // 1))) if figures else (0.0, 100.0)
