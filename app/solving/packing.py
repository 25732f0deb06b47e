"""What the browser is sent of a solve: a flat dict of numbers, short lists and base64 text."""

import base64
import io
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from PIL import Image

from segnode.flow import Flow
from segnode.types import ImageArray

#: The quantization step of the packed samples, in logits. On a street, 1 pixel in 800 gets another label than at
#: full precision.
UNIT = 0.02
#: zlib's compression level: a third of the default's time for a thirtieth more bytes.
LEVEL = 3


def packed(flow: Flow) -> dict[str, str | int | float]:
    """What the browser draws a solve from: the samples in whole `UNIT`s, as base64 text of zlib, and their shape.

    The classes' mean is taken out of each pixel: it changes neither winner nor probability. Neighbours in time lie
    nearly on a line, so second differences are stored, zigzag coded, all low bytes before all high ones.
    """
    centred = flow.samples - flow.samples.mean(axis=1, keepdims=True)
    units = np.clip(np.round(centred / UNIT), -(2**15), 2**15 - 1).astype(np.int16)
    changes = np.diff(units, n=2, axis=0, prepend=np.zeros((2, *units.shape[1:]), np.int16))  # wraps, as the browser's
    coded = ((changes << 1) ^ (changes >> 15)).view(np.uint16)
    samples, classes, rows, columns = units.shape
    return {
        "flow": deflated(np.stack([coded & 255, coded >> 8]).astype(np.uint8)),
        "scale": UNIT,
        "samples": samples,
        "degree": flow.degree,
        "classes": classes,
        "rows": rows,
        "columns": columns,
        "until": flow.until,
    }


def unpacked(sent: Mapping[str, Any]) -> Flow:
    """The flow that was packed, to half a `UNIT` and but for the classes' mean: as the browser has it."""
    halves = np.frombuffer(zlib.decompress(base64.b64decode(sent["flow"])), np.uint8).reshape(2, sent["samples"], -1)
    coded = halves[0].astype(np.uint16) | halves[1].astype(np.uint16) << 8
    changes = ((coded >> 1) ^ -(coded & 1)).view(np.int16)
    units = changes.cumsum(axis=0, dtype=np.int16).cumsum(axis=0, dtype=np.int16)  # overflow wraps back
    shape = sent["samples"], sent["classes"], sent["rows"], sent["columns"]
    return Flow(sent["until"], sent["degree"], np.float32(sent["scale"]) * units.reshape(shape))


def deflated(values: np.ndarray) -> str:
    """The bytes of `values`, compressed by zlib, as base64 text."""
    return base64.b64encode(zlib.compress(values.tobytes(), LEVEL)).decode()


def photo(image: ImageArray) -> str:
    """A picture as the data URL of a JPEG."""
    file = io.BytesIO()
    Image.fromarray(image).save(file, "JPEG", quality=90)
    return f"data:image/jpeg;base64,{base64.b64encode(file.getvalue()).decode()}"
