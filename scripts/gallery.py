"""Measure the network on every picture of the gallery, and draw its thumbnails and the picture for link previews.

    python scripts/gallery.py --out scripts/results/gallery.json

Solved as the page opens: midpoint with four steps. A generated street is held against its exact labels, a photograph
has none. The page opens on the street with the largest product of two numbers: its mIoU at T, for what the network
does well, and the share of its pixels that change their label between t = 0 and T, for what there is to see.
"""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import segnode.threads  # noqa: F401 - before torch

import numpy as np
import tyro
from PIL import Image, ImageOps

from app.solving import pictures
from app.solving.gallery import APP, PHOTOGRAPHED, STREETS, THUMBNAILS, Street
from app.solving.pictures import Picture
from segnode import Predictor, SegNode, SolverConfig, Trajectory
from segnode.command import launch
from segnode.disk import atomic_write, refuse_unwritable
from segnode.metrics import frame_iou, mean_error
from segnode.results.gallery import Gallery, Scored, Segmented
from segnode.results.schema import Provenance
from segnode.types import ImageArray

#: Columns and rows, for screens that draw two pixels a point.
SIZE = 320, 240
QUALITY = 74
#: Columns and rows of what previews of links show, how opaque its labels are, and by what the street is enlarged.
PREVIEW, OPACITY, ENLARGED = (1200, 630), 0.65, 3
#: A class smaller than this share of the picture is not counted as one of it.
SEEN = 0.002
#: Shares of a class's pixels under this that went to another class are left out.
TAKEN = 0.05


@dataclass(frozen=True)
class Settings:
    """Command-line settings; the comments are the help texts."""

    # Folder of the weights.
    checkpoint: Path = Path("checkpoints/segnode-streets")
    # Steps of the midpoint solver.
    steps: int = 4
    # The JSON written.
    out: Path = Path("scripts/results/gallery.json")
    # Folder of the thumbnails.
    thumbnails: Path = THUMBNAILS
    # The picture that previews of a link to the page show.
    preview: Path = APP / "static" / "preview.jpg"


def main(settings: Settings) -> None:
    """Measure, draw, write."""
    refuse_unwritable(settings.out)
    solver = SolverConfig("midpoint", settings.steps)
    predictor = Predictor(SegNode.from_pretrained(settings.checkpoint))
    measured, runs = {}, {}
    for item in (*STREETS, *PHOTOGRAPHED):
        picture = pictures.scene(item.seed) if isinstance(item, Street) else pictures.photograph(item)
        run = predictor.trajectory(picture.image, 17, solver)
        measured[item.name] = measure(item.title, picture, run, predictor.model.classes.names)
        _write(picture.detail, SIZE, settings.thumbnails / f"{item.name}.webp")
        runs[item.name] = picture, run
        print(_line(item.name, measured[item.name]))
    source = predictor.model.source
    assert source is not None  # it was loaded from a folder
    assert source.sha256 is not None
    scores = {name: picture.score for name, picture in measured.items() if isinstance(picture, Scored)}
    opening = max(scores, key=lambda name: scores[name])
    Gallery(Provenance.here(), source.sha256, solver, opening, measured).write(settings.out)
    palette = pictures.colours(predictor.model.classes)
    _write(_thirds(*runs[opening], palette), PREVIEW, settings.preview)
    print(f"The page opens on {opening}.")


def measure(title: str, picture: Picture, run: Trajectory, names: tuple[str, ...]) -> Segmented:
    """What the network makes of one picture; `Scored` where it has a truth."""
    first, last = run.labels[0], run.labels[-1]
    changed = float((first != last).mean())
    segmented = Segmented(
        title=title,
        changed=_percent(changed),
        start=_shares(first, names),
        end=_shares(last, names),
        classes=int((np.bincount(last.ravel(), minlength=len(names)) > SEEN * last.size).sum()),
    )
    if picture.truth is None:
        return segmented
    scores = 100 - mean_error(frame_iou(run.labels, picture.truth, len(names)), picture.truth)
    taken = {name: _shares(last[picture.truth == index], names) for index, name in enumerate(names)}
    return Scored(
        **vars(segmented),
        truth=_shares(picture.truth, names),
        mean_iou=tuple(round(float(score), 2) for score in scores),
        pixel_accuracy=_percent(float((last == picture.truth).mean())),
        score=round(float(scores[-1]) * changed, 2),
        taken_for={
            name: {other: share for other, share in shares.items() if share >= 100 * TAKEN}
            for name, shares in taken.items()
            if shares
        },
    )


def _shares(labels: np.ndarray, names: tuple[str, ...]) -> dict[str, float]:
    """Of each class that is there, in percent."""
    counts = np.bincount(labels.ravel(), minlength=len(names))
    return {name: _percent(count / labels.size) for name, count in zip(names, counts, strict=True) if count}


def _percent(share: float) -> float:
    return round(100 * float(share), 2)


def _thirds(picture: Picture, run: Trajectory, palette: np.ndarray) -> ImageArray:
    """A picture from left to right: as it is, and segmented at t = 0 and at T; all enlarged by whole pixels."""
    parts = [picture.image, *(pictures.overlay(picture.image, run.labels[i], palette, OPACITY) for i in (0, -1))]
    columns = np.array_split(np.arange(picture.image.shape[1]), len(parts))
    joined = np.concatenate([part[:, place] for part, place in zip(parts, columns, strict=True)], axis=1)
    return joined.repeat(ENLARGED, axis=0).repeat(ENLARGED, axis=1)


def _write(image: ImageArray, size: tuple[int, int], path: Path) -> None:
    """`image` cut to the aspect of `size`, columns and rows, and scaled to it."""
    file = BytesIO()
    kind = "WEBP" if path.suffix == ".webp" else "JPEG"
    ImageOps.fit(Image.fromarray(image), size, Image.Resampling.LANCZOS).save(file, kind, quality=QUALITY)
    path.parent.mkdir(parents=True, exist_ok=True)
    atomic_write(path, file.getvalue())


def _line(name: str, picture: Segmented) -> str:
    score = f"mIoU {picture.mean_iou[0]:.1f} to {picture.mean_iou[-1]:.1f}, " if isinstance(picture, Scored) else ""
    return f"{name}: {score}{picture.changed:.0f} % change their label, {picture.classes} classes"


if __name__ == "__main__":
    launch(lambda: main(tyro.cli(Settings, description=__doc__)))
