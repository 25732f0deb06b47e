"""Fig. 4: the mIoU error over solve time, over a whole data set; and Fig. 3, its segmentations over time.

    python scripts/trajectory_error.py checkpoints/segnode-streets --data camvid:data/CamVid,split=val

One solve a picture gives every time. Writes JSON, which the app reads, and the figure as SVG beside it.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import numpy as np
import tyro
from PIL import Image
from tqdm import tqdm

from segnode import Predictor, SegNode, SolverConfig, Trajectory
from segnode.analysis.errors import error_curve
from segnode.analysis.filmstrip import Row, filmstrip
from segnode.command import launch
from segnode.config import AdaptiveMethod, FixedMethod
from segnode.data.classes import ClassSet
from segnode.data.images import Dataset
from segnode.data.names import parts, title
from segnode.disk import refuse_unwritable
from segnode.errors import ConfigError
from segnode.results.schema import Provenance
from segnode.results.trajectory_error import recorded
from segnode.results.trajectory_figure import error_figure
from segnode.streets import Streets
from segnode.train.sources import open_source

#: Columns of Fig. 3 between the picture and its ground truth.
_SHOWN = 5


@dataclass(frozen=True)
class Settings:
    """Command-line settings; the comments are the help texts."""

    # Folder of the network measured.
    checkpoint: Annotated[Path, tyro.conf.Positional]
    # Data set, as kind:folder,split=..., see segnode/train/sources.py.
    data: str
    # Method of the solver; the model's own when not given.
    method: FixedMethod | AdaptiveMethod | None = None
    # Steps of a fixed method; the model's own when not given.
    steps: int | None = None
    # Tolerance of an adaptive method; the model's own when not given.
    tolerance: float | None = None
    # Times measured from 0 to T.
    times: int = 17
    # Folder of what is written.
    out: Path = Path("scripts/results/trajectory_error")
    # Name of the files; from `data` when not given.
    name: str | None = None
    # Pictures in Fig. 3, by their place in the set.
    rows: tuple[int, ...] = (0,)
    # Folder of Fig. 3; when not given, `out` for generated streets, and no Fig. 3 of other pictures, which are not
    # ours to publish.
    rows_out: Path | None = None


def main(settings: Settings) -> None:
    """Measure, write, draw."""
    model = SegNode.from_pretrained(settings.checkpoint)
    source = open_source(settings.data)
    solver = _solver(settings, model.solver)
    path = settings.out / f"{settings.name or _slug(settings.data)}.json"
    rows_out = settings.rows_out or (settings.out if isinstance(source.dataset, Streets) else None)
    rows = settings.rows if rows_out else ()
    if wrong := [index for index in rows if not 0 <= index < len(source.dataset)]:
        last = len(source.dataset) - 1
        raise ConfigError(f"There is no picture {wrong[0]} to draw in Fig. 3: choose --rows from 0 to {last}.")
    drawn = (rows_out / f"{path.stem}.png",) if rows_out else ()
    refuse_unwritable(path, path.with_suffix(".svg"), *drawn)
    kept: dict[int, Trajectory] = {}
    with tqdm(total=len(source.dataset), desc=source.name) as bar:

        def on_picture(index: int, run: Trajectory) -> None:
            kept.update({index: run} if index in rows else {})
            bar.update()

        curve = error_curve(
            Predictor(model),
            source.dataset,
            times=settings.times,
            solver=solver,
            classes=source.scored,
            on_picture=on_picture,
        )
    record = recorded(
        curve,
        names=model.classes.names,
        scored=source.scored,
        provenance=Provenance.here(),
        title=title(settings.data),
        data=source.name,
        checkpoint=settings.checkpoint.name,
        sha256=model.source.sha256 if model.source else None,
        solver=solver,
    )
    record.write(path)
    path.with_suffix(".svg").write_text(error_figure(record), encoding="utf-8")
    if rows_out and kept:
        rows_out.mkdir(parents=True, exist_ok=True)
        _fig3(source.dataset, kept, model.classes).save(rows_out / f"{path.stem}.png", optimize=True)
    start, end = record.truth.mean[0], record.truth.mean[-1]
    print(f"{record.title}: error {start:.1f} % at t = 0, {end:.1f} % at T; wrote {path}")


def _solver(settings: Settings, default: SolverConfig) -> SolverConfig:
    """The model's `default`, with what the settings change."""
    changes = {
        "method": settings.method,
        "steps": settings.steps,
        "rtol": settings.tolerance,
        "atol": settings.tolerance,
    }
    return replace(default, **{name: value for name, value in changes.items() if value is not None})


def _slug(data: str) -> str:
    """What the data set is called in file names: by its folder where that is a person's own, then by its split."""
    kind, folder, options = parts(data)
    return "-".join(filter(None, (Path(folder).name.lower() if kind == "folder" else kind, options.get("split", ""))))


def _fig3(dataset: Dataset, runs: dict[int, Trajectory], classes: ClassSet) -> Image.Image:
    """Each of `runs` as a row, at evenly spaced times."""
    times = next(iter(runs.values())).times
    chosen = np.unique(np.linspace(0, len(times) - 1, _SHOWN).round().astype(int))
    rows = []
    for index, run in runs.items():
        image, truth = dataset[index]
        rows.append(Row(image, run.labels[chosen], truth))
    return filmstrip(rows, times[chosen].tolist(), classes)


if __name__ == "__main__":
    launch(lambda: main(tyro.cli(Settings, description=__doc__)))
