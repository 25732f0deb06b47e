"""Feature maps at named places: they are what the network computes, and the scores add up to its logits."""

import numpy as np
import pytest
import torch

from segnode import ModelConfig, SegNode, SolverConfig
from segnode.analysis.places import labels_from, places, strongest
from segnode.data.classes import CAMVID
from segnode.errors import ConfigError
from segnode.predict import batch_of

IMAGE = np.random.default_rng(0).integers(0, 256, (50, 70, 3), dtype=np.uint8)


@pytest.fixture(scope="module")
def model() -> SegNode:
    torch.manual_seed(0)
    return SegNode(ModelConfig(11, (8, 16, 8), 12, modules=1, blocks=1), CAMVID).eval()


def test_scores_of_the_streams_and_the_bias_are_the_logits(model: SegNode) -> None:
    solver = SolverConfig("midpoint", 2)
    found = places(model, IMAGE, solver=solver)
    logits = model.trajectory(batch_of(IMAGE), [0.0, 0.5, 1.0], solver).logits
    assert found.times == (0.0, 0.5, 1.0)
    for scores, expected in zip(found.scores, logits, strict=True):
        np.testing.assert_allclose(scores.sum(0) + found.bias[:, None, None], expected[0].numpy(), atol=1e-5)


def test_maps_are_the_networks_own(model: SegNode) -> None:
    found = places(model, IMAGE, [0.0])
    assert found.stem.shape == (12, 16, 20)
    assert [x.shape for x in found.streams[0]] == [(8, 16, 20), (16, 8, 10), (8, 4, 5)]
    with torch.no_grad():
        for mine, expected in zip(found.streams[0], model.encode(batch_of(IMAGE)), strict=True):
            np.testing.assert_array_equal(mine, expected[0].numpy())
        first = model.encoder.inputs(torch.from_numpy(found.stem)[None])[0]
    np.testing.assert_allclose(found.streams[0][0], first[0].numpy(), atol=1e-6)


def test_strongest_channels_vary_most_and_constant_ones_come_last() -> None:
    maps = np.zeros((4, 5, 5), np.float32)
    maps[0] = 100.0
    maps[1, 2, 2], maps[3, 2, 2] = 3.0, -7.0
    assert strongest(maps, 2).tolist() == [3, 1]
    assert strongest(maps).tolist() == [3, 1, 0, 2]


def test_without_a_stream_the_others_decide(model: SegNode) -> None:
    found = places(model, IMAGE)
    with torch.no_grad():
        state = [torch.from_numpy(x)[None] for x in found.streams[-1]]
        state[1] = torch.zeros_like(state[1])
        expected = model.head(tuple(state))[0].argmax(0).numpy()
    assert np.array_equal(labels_from(found, (0, 2)), expected)


def test_a_head_with_context_has_no_scores_of_streams() -> None:
    model = SegNode(ModelConfig(11, (8, 8), 8, modules=1, blocks=1, head="ocr"), CAMVID).eval()
    with pytest.raises(ConfigError, match="linear head"):
        places(model, IMAGE)
