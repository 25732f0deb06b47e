"""What the browser is sent of a solve: whole again when unpacked, and small."""

import base64
import zlib

import numpy as np
import pytest

from app.solving.packing import UNIT, packed
from segnode.flow import Flow


def unpacked(sent: dict) -> np.ndarray:
    """As `flow.js` does it."""
    halves = np.frombuffer(zlib.decompress(base64.b64decode(sent["flow"])), np.uint8).reshape(2, sent["samples"], -1)
    coded = halves[0].astype(np.int64) | halves[1].astype(np.int64) << 8
    changes = ((coded >> 1) ^ -(coded & 1)).astype(np.int16)
    units = changes.cumsum(axis=0, dtype=np.int16).cumsum(axis=0, dtype=np.int16)  # wraps, as Int16Array does
    return UNIT * units.reshape(sent["samples"], sent["classes"], sent["rows"], sent["columns"])


@pytest.mark.parametrize("samples", [2, 3, 9])
def test_samples_come_back_to_half_a_unit_but_for_their_mean(samples: int) -> None:
    logits = np.random.default_rng(0).normal(0, 8, (samples, 4, 6, 5)).astype(np.float32)
    sent = packed(Flow(1.0, 1, logits))
    centred = logits - logits.mean(axis=1, keepdims=True)
    assert np.abs(unpacked(sent) - centred).max() <= UNIT / 2 + 1e-5


def test_logits_too_large_for_the_code_stay_at_its_end() -> None:
    logits = np.array([1e6, -1e6], np.float32).reshape(1, 2, 1, 1).repeat(2, axis=0)
    assert np.allclose(np.abs(unpacked(packed(Flow(1.0, 1, logits)))), UNIT * 2**15, rtol=1e-3)
