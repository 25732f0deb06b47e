"""Table 1 of the paper, and beside each of its figures what was measured here.

    python scripts/results.py --runs checkpoints/segnode-streets runs/camvid/model

A run is a folder of weights that scripts/evaluate.py was run on. Only a network at the paper's size, scored on all of
the paper's split, fills a cell; every other figure stands apart, with the reason. The labels of Cityscapes test are
not public: send the answers to its server, then tell its mIoU, in percent, with the run it is of:

    python scripts/results.py --runs runs/cityscapes-segnode/model --server runs/cityscapes-segnode/model 81.0

Takes seconds: nothing is evaluated.
"""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import mean
from typing import Any

import tyro
from results_runs import Placed, figures
from results_words import COLUMNS, ROWS, SOURCE, left_open

from segnode.command import launch
from segnode.disk import refuse_unwritable
from segnode.errors import ConfigError
from segnode.provenance import provenance
from segnode.results.table1 import Table1

MEASURED, UNMEASURED, ABSENT = "measured", "not measured", "not in the paper"


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
    found = [figure for folder in settings.runs for figure in figures(folder, settings.server.get(folder))]
    results = {
        "provenance": provenance(),
        "source": SOURCE,
        "columns": [asdict(column) for column in COLUMNS],
        "rows": [
            {
                "name": row.name,
                "network": row.network,
                "mapillary": row.mapillary,
                "cells": {
                    column.name: _cell(paper, [f for f in found if (f.row, f.column) == (row.name, column.name)])
                    for column, paper in zip(COLUMNS, row.paper, strict=True)
                },
            }
            for row in ROWS
        ],
        "compact": [_entry(figure) for figure in found if figure.row is None and figure.compact],
        "other": [_entry(figure) for figure in found if figure.row is None and not figure.compact],
        "open": left_open(),
    }
    Table1.from_json(results).write(settings.out)
    print(markdown(results))


def _cell(paper: float | None, found: list[Placed]) -> dict[str, Any]:
    """One cell. measured: the mean over runs; None where there is none."""
    status = MEASURED if found else ABSENT if paper is None else UNMEASURED
    measured = round(mean(figure.mean_iou for figure in found), 3) if found else None
    return {"paper": paper, "measured": measured, "status": status, "runs": [_entry(figure) for figure in found]}


def _entry(figure: Placed) -> dict[str, Any]:
    return {name: value for name, value in asdict(figure).items() if name != "row"}


def markdown(results: dict[str, Any]) -> str:
    """The table and what stands beside it, for a README."""
    columns = [column["name"] for column in results["columns"]]
    parts = [
        f"{results['source']}. The paper's figure, then what was measured here.",
        "",
        f"| network | {' | '.join(columns)} |",
        f"|---|{'---|' * len(columns)}",
        *(
            f"| {row['name']} | {' | '.join(_told(row['cells'][column]) for column in columns)} |"
            for row in results["rows"]
        ),
        *_list("Networks smaller than the table's, or laid out otherwise:", results["compact"]),
        *_list("At full size, but no figure of the table:", results["other"]),
        "",
        "What the paper's table leaves open:",
        "",
        *(f"- {sentence}" for sentence in results["open"]),
    ]
    return "\n".join(parts)


def _told(cell: dict[str, Any]) -> str:
    paper = "-" if cell["paper"] is None else f"{cell['paper']:.1f}"
    if cell["status"] == ABSENT:
        return paper
    if cell["measured"] is None:
        return f"{paper}; {UNMEASURED}"
    runs = cell["runs"]
    spread = [run["mean_iou"] for run in runs]
    several = f" ({min(spread):.1f} to {max(spread):.1f}, {len(runs)} runs)" if len(runs) > 1 else ""
    server = ", by its server" if any(run["server"] for run in runs) else ""
    return f"{paper}; {cell['measured']:.1f}{several}{server}"


def _list(title: str, entries: list[dict[str, Any]]) -> list[str]:
    if not entries:
        return []
    lines = []
    for entry in entries:
        name = f"{entry['network'] or entry['kind']} ({entry['parameters'] / 1e6:.1f} M parameters)"
        where = f"{entry['column']} {entry['split']}, {entry['pictures']} pictures"
        lines.append(f"- {name}: {entry['mean_iou']:.1f} on {where}; in no cell because {entry['why']}.")
    return ["", title, "", *lines]


if __name__ == "__main__":
    launch(lambda: main(tyro.cli(Settings, description=__doc__)))
