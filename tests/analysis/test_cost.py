from collections.abc import Callable

import pytest
import torch

from segnode.analysis import cost
from segnode.analysis.memory import ROUNDING, LiveBytes
from segnode.config import Gradient, ModelConfig, SolverConfig
from segnode.data.classes import ClassSet
from segnode.errors import ConfigError
from segnode.model.network import Network
from segnode.model.segnode import SegNode
from segnode.model.zoo.hrnet import HRNetV2
from segnode.model.zoo.unet import UNet

CLASSES = ClassSet.numbered(5)
SIZE = (48, 64)


def segnode(gradient: Gradient = "backprop") -> SegNode:
    return SegNode(ModelConfig(5, (8, 16), 8, 1, 1), CLASSES, SolverConfig("midpoint", 2, gradient=gradient))


def hrnet() -> HRNetV2:
    return HRNetV2(CLASSES, width=4, stem=4)


def recomputed() -> HRNetV2:
    network = hrnet()
    network.recompute = True
    return network


NETWORKS = {
    "segnode": segnode,
    "segnode, recomputed": lambda: segnode("checkpoint"),
    "hrnet": hrnet,
    "hrnet, recomputed": recomputed,
    "unet": lambda: UNet(CLASSES, width=8),
}


@pytest.mark.parametrize("build", NETWORKS.values(), ids=NETWORKS.keys())
def test_fake_peaks_are_real_ones(build: Callable[[], Network]) -> None:
    with LiveBytes() as training:
        cost.train(build(), 2, SIZE)
    with LiveBytes() as testing:
        cost.answer(build(), 1, SIZE)
    # A counter of batches comes to life where LiveBytes does not look.
    unseen = ROUNDING * sum(buffer.ndim == 0 for buffer in build().buffers())
    assert cost.peak_in_training(build, 2, SIZE) == training.peak + unseen
    assert cost.peak_in_testing(build, 1, SIZE) == testing.peak + unseen


@pytest.mark.parametrize("name", ["segnode", "segnode, recomputed", "unet"])
def test_a_line_holds_between_its_batches_and_beyond(name: str) -> None:
    build = NETWORKS[name]
    line = cost.training_line(build, SIZE, batches=(16, 32))
    for batch in (24, 64):
        assert line.at(batch) == pytest.approx(cost.peak_in_training(build, batch, SIZE), rel=0.02)


def test_the_largest_batch_fits_and_the_next_does_not() -> None:
    line = cost.Line(fixed=100.0, each=30.0)
    assert line.largest(190.0) == 3
    assert line.largest(189.0) == 2
    assert line.largest(50.0) == 0


def test_one_batch_makes_no_line() -> None:
    with pytest.raises(ConfigError, match="not 4 twice"):
        cost.training_line(segnode, SIZE, batches=(4, 4))


def test_multiply_adds_are_those_of_the_convolutions() -> None:
    network = UNet(CLASSES, width=8, depth=1)
    found = 0

    def count(layer: torch.nn.Module, inputs: tuple[torch.Tensor, ...], out: torch.Tensor) -> None:
        nonlocal found
        kernel = layer.weight.numel() // (layer.weight.shape[0] * layer.weight.shape[1])
        transposed = isinstance(layer, torch.nn.ConvTranspose2d)
        places = inputs[0] if transposed else out
        found += places.shape[-2] * places.shape[-1] * kernel * layer.in_channels * layer.out_channels

    for layer in network.modules():
        if isinstance(layer, torch.nn.Conv2d | torch.nn.ConvTranspose2d):
            layer.register_forward_hook(count)
    cost.answer(network, 1, SIZE)
    assert cost.multiply_adds(lambda: UNet(CLASSES, width=8, depth=1), SIZE) == found


def test_parameters_are_counted_once() -> None:
    assert cost.parameters(segnode) == sum(parameter.numel() for parameter in segnode().parameters())
