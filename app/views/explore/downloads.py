"""What a person takes home of a run: an animation, the error curve, the label maps. Arrays in, bytes out.

No file is named after anything a person wrote.
"""

import csv
import io
import json
import zipfile
from functools import partial

import numpy as np
import streamlit as st
from PIL import Image

from app.solving.pictures import Picture, colours, overlay
from app.solving.runs import Run
from segnode.data.classes import ClassSet
from segnode.types import IGNORE

OPACITY = 0.6
#: Milliseconds: from the first frame to the last, which is then held.
PASSAGE_MS, HELD_MS = 2400, 1800
_SHORTEST_MS = 40
#: Frames that stand for all when a GIF's 256 colours are chosen, and WebP's quality of 100.
_SAMPLED, _QUALITY = 5, 75


def offer(picture: Picture, run: Run, classes: ClassSet) -> None:
    """A pill with the files of `run`, each made when it is asked for."""
    name, palette = picture.stem, colours(classes)
    files = {
        "Animation, GIF": (f"{name}.gif", "image/gif", partial(gif, picture, run, palette)),
        "Animation, WebP": (f"{name}.webp", "image/webp", partial(webp, picture, run, palette)),
        "Error curve, CSV": (f"{name}-curve.csv", "text/csv", partial(curve, run, classes)),
        "Label maps, PNG": (f"{name}-labels.zip", "application/zip", partial(label_maps, run, classes, palette)),
    }
    with st.popover("Download", key="pill-download"):
        for label, (file_name, mime, make) in files.items():
            ending = file_name.rsplit(".", 1)[1]
            st.download_button(
                label, make, file_name, mime, key=f"download-{ending}", on_click="ignore", width="stretch"
            )
        st.caption(f"All {len(run.times)} frames. A label map is a palette PNG: each index is the number of a class.")


def gif(picture: Picture, run: Run, palette: np.ndarray) -> bytes:
    """The frames of `run` over `picture`, as a GIF that repeats.

    All frames share 255 colours, undithered: what does not change stays still, and takes no room.
    """
    frames = _frames(picture, run, palette)
    sample = np.linspace(0, len(frames) - 1, min(_SAMPLED, len(frames))).astype(int)
    sheet = Image.fromarray(np.concatenate([frames[index] for index in sample]))
    shared = sheet.quantize(255, Image.Quantize.MEDIANCUT)
    pictures = [Image.fromarray(frame).quantize(palette=shared, dither=Image.Dither.NONE) for frame in frames]
    return _animated(pictures, "GIF")


def webp(picture: Picture, run: Run, palette: np.ndarray) -> bytes:
    """The frames of `run` over `picture`, as a WebP that repeats."""
    pictures = [Image.fromarray(frame) for frame in _frames(picture, run, palette)]
    return _animated(pictures, "WEBP", quality=_QUALITY, method=3)


def curve(run: Run, classes: ClassSet) -> bytes:
    """A CSV with a row for each frame: t, evaluations of f, errors, and each class; percent.

    A class has its IoU where the truth is known, empty where the class is neither true nor predicted; otherwise its
    share of the pixels.
    """
    text = io.StringIO()
    table = csv.writer(text)
    measure, values = ("share", 100 * run.share) if run.iou is None else ("iou", run.iou)
    errors = {"error_against_final": run.to_final}
    if run.to_truth is not None:
        errors["error_against_truth"] = run.to_truth
    # The name stands last in its cell: one that begins with = or @ would be a formula to a spreadsheet.
    table.writerow(["t", "evaluations", *errors, *(f"{measure} {_tame(name)}" for name in classes.names)])
    for index, (time, spent) in enumerate(zip(run.times, _evaluations(run), strict=True)):
        numbers = [*(error[index] for error in errors.values()), *values[index]]
        cells = ["" if np.isnan(number) else f"{number:.3f}" for number in numbers]
        table.writerow([f"{time:.6g}", "" if spent is None else spent, *cells])
    return text.getvalue().encode()


def label_maps(run: Run, classes: ClassSet, palette: np.ndarray) -> bytes:
    """A ZIP with a palette PNG for each frame, index = train id, and the classes as a folder of data has them.

    See `segnode.data.folder` for `classes.json`. The same run gives the same bytes.
    """
    file = io.BytesIO()
    described = {"names": list(classes.names), "palette": palette.tolist(), "ignore": IGNORE}
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(_entry("classes.json"), json.dumps(described, indent=1))
        for index, (time, labels) in enumerate(zip(run.names, run.labels, strict=True)):
            archive.writestr(_entry(f"{index:03d}-t{time}.png"), _palette_png(labels, palette))
    return file.getvalue()


def _evaluations(run: Run) -> list[int | None]:
    """Evaluations of f spent when each frame can be drawn: a frame inside a step needs the whole step."""
    if run.spent is None:
        return [None] * (len(run.times) - 1) + [run.nfe]
    return [run.spent[step] for step in np.searchsorted(run.step_times, run.times)]


def _frames(picture: Picture, run: Run, palette: np.ndarray) -> list[np.ndarray]:
    """Each frame over the picture, with how far time has come along the bottom."""
    rows, columns = picture.image.shape[:2]
    height = max(2, rows // 90)
    frames = []
    for time, labels in zip(run.times, run.labels, strict=True):
        frame = overlay(picture.image, labels, palette, OPACITY)
        frame[-height:] //= 3
        frame[-height:, : round(columns * float(time / run.times[-1]))] = 255
        frames.append(frame)
    return frames


def _animated(frames: list[Image.Image], kind: str, **options: int) -> bytes:
    each = max(_SHORTEST_MS, 10 * round(PASSAGE_MS / (10 * len(frames))))  # GIF counts in hundredths of a second
    durations = [each] * (len(frames) - 1) + [HELD_MS]
    file = io.BytesIO()
    frames[0].save(file, kind, save_all=True, append_images=frames[1:], duration=durations, loop=0, **options)
    return file.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    """Readable once unpacked, and without the hour it was made."""
    entry = zipfile.ZipInfo(name)
    entry.external_attr = 0o644 << 16
    return entry


def _palette_png(labels: np.ndarray, palette: np.ndarray) -> bytes:
    image = Image.fromarray(labels)
    image.putpalette(palette.tobytes())
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def _tame(name: str) -> str:
    """A class name of anybody's, on one line and without invisible letters."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())
