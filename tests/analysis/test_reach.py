"""Bounds counted from the layers against what gradients through the network really read."""

import numpy as np
import pytest
import torch

from segnode import ModelConfig, SegNode, SolverConfig
from segnode.analysis.reach import reached, seen
from segnode.data.classes import CAMVID
from segnode.model.padding import coarsest_stride, pad
from segnode.ode import solve


def opened(config: ModelConfig) -> SegNode:
    """A network through which everything that can pass does: no ReLU is shut, and no two ways cancel."""
    torch.manual_seed(0)
    model = SegNode(config, CAMVID).double().eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.abs_().add_(0.05)
    return model


@pytest.mark.parametrize("config", [
    ModelConfig(11, (2, 2, 2, 2), 2, modules=1, blocks=1),
    ModelConfig(11, (2, 2), 2, modules=2, blocks=2),
    ModelConfig(11, (2,), 2, modules=1, blocks=1),
], ids=["four streams", "two modules", "one stream"])  # fmt: skip
@pytest.mark.parametrize("evaluations", [0, 1, 2])
@pytest.mark.parametrize("place", [0, 133, 144])
def test_a_label_depends_on_all_rows_the_count_says_and_on_no_other(
    config: ModelConfig, evaluations: int, place: int
) -> None:
    model, size = opened(config), (288, 32)
    images = torch.full((1, 3, *size), 0.9, dtype=torch.float64, requires_grad=True)
    state = model.encoder(pad(images, coarsest_stride(len(config.widths))))
    if evaluations:
        state = solve(model.field, state, SolverConfig("euler", evaluations, gradient="backprop")).states[0]
    logits = model.upsample(model.head(state), size)
    (gradient,) = torch.autograd.grad(logits[0, :, place].sum(), images)
    rows = np.flatnonzero(gradient[0].abs().sum((0, 2)).numpy() > 0)
    assert (rows[0], rows[-1]) == seen(config, place, size[0], evaluations)


def test_before_the_first_evaluation_the_shipped_layout_reads_103_pixels_or_where_coarse_cells_meet_135() -> None:
    config = ModelConfig(11, (16, 32, 64, 128), 24)
    widths = [high - low + 1 for low, high in (seen(config, place, 480, 0) for place in range(224, 256))]
    assert (widths.count(103), widths.count(135)) == (28, 4)


def test_the_last_row_reaches_as_far_as_the_padding_that_repeats_it() -> None:
    config = ModelConfig(11, (8, 8, 8, 8), 8)
    assert reached(config, (99, 99), 100, 0) == (reached(config, (99, 127), 128, 0)[0], 99)


def test_group_normalization_reads_the_whole_picture() -> None:
    config = ModelConfig(11, (8, 8), 8, norm="group")
    assert reached(config, (40, 41), 100, 0) == (0, 99)
