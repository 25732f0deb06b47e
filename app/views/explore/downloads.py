"""The downloads of a run: an animation, the error curve, label maps, probabilities. Arrays in, bytes out.

Each file holds how it was made, as JSON (`reproduction.record`).

No file is named after anything a person wrote.
"""

import csv
import io
import json
import zipfile
from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import streamlit as st
from PIL import ExifTags, Image

from app.solving.packing import unpacked
from app.solving.pictures import Picture, colours, overlay
from app.solving.runs import Run
from app.solving.store import Solved
from app.views.explore import reproduction
from segnode.data.classes import ClassSet
from segnode.model.padding import STRIDE
from segnode.types import IGNORE

OPACITY = 0.6
MIME = {"gif": "image/gif", "webp": "image/webp", "zip": "application/zip", "npz": "application/octet-stream"}
#: In a ZIP: how the run was made, and what was measured of it.
RECORD = "record.json"
#: Of probabilities, before they are compressed.
MOST_BYTES = 64_000_000
#: Milliseconds: from the first frame to the last, which is then held.
PASSAGE_MS, HELD_MS = 2400, 1800
_SHORTEST_MS = 40
#: Frames that stand for all when a GIF's 256 colours are chosen, and WebP's quality of 100.
_SAMPLED, _QUALITY = 5, 75


def offer(shown: Solved) -> None:
    """A pill with the files of a run, each made when it is asked for, and the run as Python."""
    picture, run, classes = shown.picture, shown.run, shown.network.classes
    name, palette = reproduction.stem(shown), colours(classes)
    record = partial(_record, shown)
    files = {
        "Animation, GIF": (".gif", lambda: gif(picture, run, palette, record())),
        "Animation, WebP": (".webp", lambda: webp(picture, run, palette, record())),
        "Error curve, CSV": ("_curve.zip", lambda: curve(run, classes, record())),
        "Label maps, PNG": ("_labels.zip", lambda: label_maps(run, classes, palette, record())),
        "Probabilities, NPZ": ("_probabilities.npz", lambda: probabilities(run, classes, record())),
    }
    with st.popover("Download", key="pill-download"):
        for label, (ending, make) in files.items():
            _, kind = ending.split(".")
            key = f"download-{label.rsplit(' ', 1)[1].lower()}"
            st.download_button(label, make, f"{name}{ending}", MIME[kind], key=key, on_click="ignore", width="stretch")
        st.caption(
            f"All {len(run.times)} frames. A label map is a palette PNG: each index is the number of a class. Every"
            f" file says how it was made, as JSON: {RECORD} in a ZIP or NPZ, a comment in a GIF or WebP."
        )
        with st.expander("Copy as Python", key="copy-python"):
            st.code(reproduction.script(shown), language="python")


def gif(picture: Picture, run: Run, palette: np.ndarray, record: str) -> bytes:
    """The frames of `run` over `picture`, as a GIF that repeats. record: becomes its comment.

    All frames share 255 colours, undithered: what does not change stays still, and takes no room.
    """
    frames = _frames(picture, run, palette)
    sample = np.linspace(0, len(frames) - 1, min(_SAMPLED, len(frames))).astype(int)
    sheet = Image.fromarray(np.concatenate([frames[index] for index in sample]))
    shared = sheet.quantize(255, Image.Quantize.MEDIANCUT)
    pictures = [Image.fromarray(frame).quantize(palette=shared, dither=Image.Dither.NONE) for frame in frames]
    return _animated(pictures, "GIF", comment=record.encode())


def webp(picture: Picture, run: Run, palette: np.ndarray, record: str) -> bytes:
    """The frames of `run` over `picture`, as a WebP that repeats. record: becomes the description in its EXIF."""
    pictures = [Image.fromarray(frame) for frame in _frames(picture, run, palette)]
    exif = Image.Exif()
    exif[ExifTags.Base.ImageDescription] = record
    return _animated(pictures, "WEBP", quality=_QUALITY, method=3, exif=exif)


def curve(run: Run, classes: ClassSet, record: str) -> bytes:
    """A ZIP of a CSV with a row for each frame: t, evaluations of f, errors, and each class; percent.

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
    return _archive({"curve.csv": text.getvalue().encode(), RECORD: record.encode()})


def label_maps(run: Run, classes: ClassSet, palette: np.ndarray, record: str) -> bytes:
    """A ZIP with a palette PNG for each frame, index = train id, and the classes as a folder of data has them.

    See `segnode.data.folder` for `classes.json`. The same run gives the same bytes.
    """
    described = {"names": list(classes.names), "palette": palette.tolist(), "ignore": IGNORE}
    frames = enumerate(zip(run.names, run.labels, strict=True))
    pictures = {f"{index:03d}-t{time}.png": _palette_png(labels, palette) for index, (time, labels) in frames}
    return _archive({"classes.json": json.dumps(described, indent=1).encode(), RECORD: record.encode(), **pictures})


def probabilities(run: Run, classes: ClassSet, record: str) -> bytes:
    """An NPZ with each class's probability at each frame, a value for 4 x 4 pixels, and the labels of every pixel.

    probabilities: float16, frames x classes x rows / 4 x columns / 4; of too many frames, evenly fewer, the last
    always. times: t of each. labels: frames x rows x columns, of the same frames. names: of the classes. record: JSON.
    """
    flow, (rows, columns) = unpacked(run.flow), run.labels.shape[1:]
    height, width = -(-rows // STRIDE), -(-columns // STRIDE)  # what is more was padded
    size = 2 * len(flow.samples[0]) * height * width
    chosen = np.arange(len(run.times))[:: -max(1, -(-size * len(run.times) // MOST_BYTES))][::-1]
    shares = np.empty((len(chosen), len(flow.samples[0]), height, width), np.float16)
    for place, time in zip(shares, run.times[chosen], strict=True):
        logits = flow.at(float(time))[:, :height, :width]
        exponentials = np.exp(logits - logits.max(axis=0))
        place[:] = exponentials / exponentials.sum(axis=0)
    file = io.BytesIO()
    np.savez_compressed(
        file,
        probabilities=shares,
        times=run.times[chosen],
        labels=run.labels[chosen],
        names=np.array(classes.names),
        record=np.array(record),
    )
    return file.getvalue()


def _record(shown: Solved) -> str:
    return json.dumps(reproduction.record(shown), indent=1)


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


def _animated(frames: list[Image.Image], kind: str, **options: Any) -> bytes:
    each = max(_SHORTEST_MS, 10 * round(PASSAGE_MS / (10 * len(frames))))  # GIF counts in hundredths of a second
    durations = [each] * (len(frames) - 1) + [HELD_MS]
    file = io.BytesIO()
    frames[0].save(file, kind, save_all=True, append_images=frames[1:], duration=durations, loop=0, **options)
    return file.getvalue()


def _archive(files: Mapping[str, bytes]) -> bytes:
    """A ZIP of files by their names."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in files.items():
            archive.writestr(_entry(name), data)
    return file.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    """With permission to read it, and without the time it was made."""
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
    """A class name from any checkpoint, on one line and without invisible letters."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())
