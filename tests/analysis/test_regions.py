"""Regions that leave early: what is covered, what is computed, and where the answer is exact."""

import numpy as np
import pytest
import torch

from segnode import ModelConfig, SegNode, SolverConfig
from segnode.analysis.regions import rectangles, solve_regions
from segnode.data.classes import CAMVID
from segnode.errors import ConfigError


@pytest.fixture(scope="module")
def model() -> SegNode:
    torch.manual_seed(0)
    return SegNode(ModelConfig(11, (8, 8), 8, modules=1, blocks=1), CAMVID).eval()


def test_rectangles_cover_every_tile_and_part_what_is_far_apart() -> None:
    mask = np.zeros((10, 30), dtype=bool)
    mask[0:2, 0:2] = mask[8:10, 27:30] = True
    found = rectangles(mask, margin=1)
    assert sorted(found) == [(0, 2, 0, 2), (8, 10, 27, 30)]
    assert rectangles(mask, margin=1, overhead=1000) == [(0, 10, 0, 30)]
    assert rectangles(np.zeros((3, 3), dtype=bool), margin=1) == []


def test_where_nothing_leaves_it_is_rk4_and_where_all_does_midpoint(model: SegNode) -> None:
    picture = torch.rand(1, 3, 40, 50, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        rk4, midpoint = (model(picture, SolverConfig(method, 1)) for method in ("rk4", "midpoint"))
    everywhere, nowhere = (solve_regions(model, picture, doubt) for doubt in (-1.0, 1.0))
    torch.testing.assert_close(everywhere.logits, rk4)
    torch.testing.assert_close(nowhere.logits, midpoint)
    assert (everywhere.evaluations, nowhere.evaluations) == (4, 2)


def test_a_head_with_context_is_refused() -> None:
    model = SegNode(ModelConfig(11, (8, 8), 8, modules=1, blocks=1, head="ocr"), CAMVID).eval()
    with pytest.raises(ConfigError, match="linear head"):
        solve_regions(model, torch.rand(1, 3, 32, 32), 0.2)
