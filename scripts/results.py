"""Table 1 of the paper, and beside each of its figures what was measured here.

    python scripts/results.py --runs checkpoints/segnode-streets runs/camvid/model

A run is a folder of weights that scripts/evaluate.py was run on. Only a network at the paper's size, scored on all of
the paper's split, fills a cell; every other figure stands apart, with the reason. The labels of Cityscapes test are
not public: send the answers to its server, then tell its mIoU, in percent, with the run it is of:

    python scripts/results.py --runs runs/cityscapes-segnode/model --server runs/cityscapes-segnode/model 81.0

Takes seconds: nothing is evaluated.
"""

from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean

import tyro
from results_runs import figures
from results_words import COLUMNS, ROWS, SOURCE, left_open

from segnode.command import launch
from segnode.disk import refuse_unwritable
from segnode.errors import ConfigError
from segnode.results.schema import Provenance
from segnode.results.table1 import Cell, Figure, Row, Status, Table1


@dataclass(frozen=True)
class Settings:
    """Command-line settings; the comments are the help texts."""

    # Folders of weights, each with evaluation.json and training.json.
    runs: tuple[Path, ...] = (Path("checkpoints/segnode-streets"),)
    # What the Cityscapes server gave, by run.
    server: dict[Path, float] = field(default_factory=dict)
    # The JSON written.
    out: Path = Path("scripts/results/table1.json")


def main(settings: Settings) -> None:
    """Read, place, write, print."""
    if strange := set(settings.server) - set(settings.runs):
        raise ConfigError(f"The server's score is of {min(strange)}, which is none of the runs: add it to --runs.")
    refuse_unwritable(settings.out)
    placed = [figure for folder in settings.runs for figure in figures(folder, settings.server.get(folder))]
    rows = tuple(
        Row(
            name=row.name,
            network=row.network,
            mapillary=row.mapillary,
            cells={
                column.name: _cell(paper, [each.figure for each in placed if each.cell == (row.name, column.name)])
                for column, paper in zip(COLUMNS, row.paper, strict=True)
            },
        )
        for row in ROWS
    )
    asides = [each for each in placed if each.row is None]
    table = Table1(
        provenance=Provenance.here(),
        source=SOURCE,
        columns=COLUMNS,
        rows=rows,
        compact=tuple(each.figure for each in asides if each.compact),
        other=tuple(each.figure for each in asides if not each.compact),
        left_open=tuple(left_open()),
    )
    table.write(settings.out)
    print(markdown(table))


def _cell(paper: float | None, runs: list[Figure]) -> Cell:
    status: Status = "measured" if runs else "not in the paper" if paper is None else "not measured"
    measured = round(mean(figure.mean_iou for figure in runs), 3) if runs else None
    return Cell(paper, measured, status, tuple(runs))


def markdown(table: Table1) -> str:
    """The table and what stands beside it, for a README."""
    columns = [column.name for column in table.columns]
    parts = [
        f"{table.source}. The paper's figure, then what was measured here.",
        "",
        f"| network | {' | '.join(columns)} |",
        f"|---|{'---|' * len(columns)}",
        *(f"| {row.name} | {' | '.join(_text(row.cells[column]) for column in columns)} |" for row in table.rows),
        *_list("Networks smaller than the table's, or laid out otherwise:", table.compact),
        *_list("At full size, but no figure of the table:", table.other),
        "",
        "What the paper's table leaves open:",
        "",
        *(f"- {sentence}" for sentence in table.left_open),
    ]
    return "\n".join(parts)


def _text(cell: Cell) -> str:
    paper = "-" if cell.paper is None else f"{cell.paper:.1f}"
    if cell.status == "not in the paper":
        return paper
    if cell.measured is None:
        return f"{paper}; {cell.status}"
    scores = [run.mean_iou for run in cell.runs]
    several = f" ({min(scores):.1f} to {max(scores):.1f}, {len(scores)} runs)" if len(scores) > 1 else ""
    return f"{paper}; {cell.measured:.1f}{several}{', by its server' if cell.server else ''}"


def _list(title: str, figures: tuple[Figure, ...]) -> list[str]:
    if not figures:
        return []
    lines = []
    for figure in figures:
        name = f"{figure.title} ({figure.parameters / 1e6:.1f} M parameters)"
        where = f"{figure.column} {figure.split}, {figure.pictures} pictures"
        lines.append(f"- {name}: {figure.mean_iou:.1f} on {where}; in no cell because {figure.why}.")
    return ["", title, "", *lines]


if __name__ == "__main__":
    launch(lambda: main(tyro.cli(Settings, description=__doc__)))
