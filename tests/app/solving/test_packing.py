"""What the browser is sent of a solve: whole again when unpacked, and small."""

import numpy as np
import pytest

from app.solving.packing import UNIT, packed, unpacked
from segnode.flow import Flow


@pytest.mark.parametrize("samples", [2, 3, 9])
def test_samples_come_back_to_half_a_unit_but_for_their_mean(samples: int) -> None:
    logits = np.random.default_rng(0).normal(0, 8, (samples, 4, 6, 5)).astype(np.float32)
    sent = packed(Flow(1.0, 1, logits))
    centred = logits - logits.mean(axis=1, keepdims=True)
    assert np.abs(unpacked(sent).samples - centred).max() <= UNIT / 2 + 1e-5


def test_logits_too_large_for_the_code_stay_at_its_end() -> None:
    logits = np.array([1e6, -1e6], np.float32).reshape(1, 2, 1, 1).repeat(2, axis=0)
    assert np.allclose(np.abs(unpacked(packed(Flow(1.0, 1, logits))).samples), UNIT * 2**15, rtol=1e-3)
