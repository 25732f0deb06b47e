"""What the browser is sent: whole again when unpacked, small, and plain enough for Streamlit to pass on."""

import base64
import json
import zlib

import numpy as np
import pytest

from app import networks, store
from app.components.scrubber.component import payload
from app.pictures import scene
from app.solving.packing import UNIT, packed
from app.store import Solved
from segnode import SolverConfig
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


def solve(solver: SolverConfig) -> Solved:
    network = networks.loaded(networks.checkpoints()[0])
    return store.solved(scene(100003), network, solver, 5, lambda share: None)


def test_the_payload_is_flat_and_plain() -> None:
    sent = payload(solve(SolverConfig("midpoint", steps=2)))
    assert json.loads(json.dumps(sent, allow_nan=False)) == sent
    assert sent["steps"] == [0, 0.5, 1]
    assert sent["spent"] == [0, 2, 4]
    assert (sent["samples"], sent["degree"]) == (5, 2)
    assert sent["photo"].startswith("data:image/jpeg;base64,")
    truth = np.frombuffer(zlib.decompress(base64.b64decode(sent["truth"])), np.uint8)
    assert truth.size == sent["width"] * sent["height"]


def test_another_solve_has_another_identity() -> None:
    ids = {payload(solve(SolverConfig("midpoint", steps=steps)))["id"] for steps in (1, 2)}
    assert len(ids) == 2
    again = payload(solve(SolverConfig("midpoint", steps=1)))["id"]
    assert again in ids
