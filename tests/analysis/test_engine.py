from dataclasses import asdict

import pytest
import torch
from torch import nn

from segnode.analysis.engine import convolution_seconds, engine, field_multiply_adds, start
from segnode.config import ModelConfig
from segnode.data.classes import ClassSet
from segnode.model.build import build_model
from segnode.model.segnode import SegNode

SIZE = (48, 64)


def network() -> SegNode:
    return SegNode(ModelConfig(5, (8, 16), 8, modules=1, blocks=2), ClassSet.numbered(5)).eval()


def test_multiply_adds_of_a_small_field_by_hand() -> None:
    """Two 3x3 blocks in each stream, a stride-2 convolution down and a 1x1 one up."""
    fine, coarse = 12 * 16, 6 * 8
    wanted = 2 * 9 * 8 * 8 * fine + 2 * 9 * 16 * 16 * coarse + 9 * 8 * 16 * coarse + 16 * 8 * coarse
    with torch.no_grad():
        assert field_multiply_adds(network(), start(network(), SIZE)) == wanted


def test_each_convolution_is_timed_once_and_no_hook_stays() -> None:
    model = network()
    layers = [layer for layer in model.field.modules() if isinstance(layer, nn.Conv2d)]
    with torch.no_grad():
        taken = convolution_seconds(model, start(model, SIZE))
    assert len(taken) == len(layers)
    assert all(seconds > 0 for seconds in taken)
    assert not any(layer._forward_pre_hooks or layer._forward_hooks for layer in layers)


def test_multiply_adds_of_the_paper_s_field() -> None:
    with torch.device("meta"):
        model = build_model("segnode-w48")
        widths, pixels = model.config.widths, (96 * 120, 48 * 60, 24 * 30, 12 * 15)
        sizes = ((96, 120), (48, 60), (24, 30), (12, 15))
        state = tuple(torch.empty(1, width, *size) for width, size in zip(widths, sizes, strict=True))
        found = field_multiply_adds(model, state)
    branches = sum(4 * 9 * width**2 * count for width, count in zip(widths, pixels, strict=True))
    chains = sum(
        9 * widths[k] * widths[k + 1] * pixels[k + 1] for i in range(4) for j in range(i + 1, 4) for k in range(i, j)
    )
    ups = sum(widths[low] * widths[high] * pixels[low] for low in range(4) for high in range(low))
    assert found == 2 * (branches + chains + ups)


def test_a_measurement_is_plain_numbers() -> None:
    found = asdict(engine(network(), SIZE, rounds=1, matrix=64))
    assert all(type(value) is float and value > 0 for value in found.values())
    assert found["f_share"] == pytest.approx(found["f_gflops"] / found["matmul_gflops"])
