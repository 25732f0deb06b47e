"""What a network costs, found without running it: parameters, multiply-adds and peak live tensor bytes.

Fake tensors have shapes and no memory, so a batch of 24 is rehearsed on any machine; on a small network the peak
equals that of a real run on the CPU to the byte.
"""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TypeVar

import torch
from torch import Tensor, nn
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.utils.flop_counter import FlopCounterMode

from segnode.analysis.formula import Line
from segnode.analysis.memory import LiveBytes
from segnode.model.loss import segmentation_loss
from segnode.model.network import Network

#: Makes a network, the same each time.
Build = Callable[[], Network]
#: Rows and columns, of CamVid as the paper has it.
SIZE = (360, 480)
#: Batches a line is drawn through: the table's, and one about as large as a card holds; smaller ones lie on another.
BATCHES = (24, 240)
M = TypeVar("M", bound=LiveBytes)


def parameters(build: Build) -> int:
    """How many numbers are learned."""
    with torch.device("meta"):
        return sum(parameter.numel() for parameter in build().parameters())


def multiply_adds(build: Build, size: tuple[int, int] = SIZE) -> int:
    """Of the convolutions and matrix products of one picture's answer; sums, norms, interpolation are not counted."""
    with rehearsal(build, LiveBytes()) as (network, _), FlopCounterMode(display=False) as counter:
        answer(network, 1, size)
    return counter.get_total_flops() // 2


def peak_in_testing(build: Build, batch: int = 1, size: tuple[int, int] = SIZE) -> int:
    """Peak live tensor bytes of an answer in evaluation mode, parameters included."""
    with rehearsal(build, LiveBytes()) as (network, memory):
        answer(network, batch, size)
    return memory.peak


def peak_in_training(build: Build, batch: int, size: tuple[int, int] = SIZE) -> int:
    """Peak live tensor bytes of training, parameters, gradients and the optimizer's momentum included."""
    with rehearsal(build, LiveBytes()) as (network, memory):
        train(network, batch, size)
    return memory.peak


def training_line(build: Build, size: tuple[int, int] = SIZE, batches: tuple[int, int] = BATCHES) -> Line:
    """Peak live tensor bytes of training over the batch: a line through two of its points.

    The others lie on it, but for small batches and pictures, where another moment, such as the optimizer's step, is the
    dearest.

    Raises `ConfigError` for two batches that are the same.
    """
    low, high = (peak_in_training(build, batch, size) for batch in batches)
    return Line.through(batches, (low, high))


@torch.no_grad()
def answer(network: Network, batch: int, size: tuple[int, int]) -> None:
    """What is counted as testing: one forward pass in evaluation mode."""
    network.eval()
    network(torch.rand(batch, 3, *size, device=_device(network)))


def train(network: Network, batch: int, size: tuple[int, int], steps: int = 2) -> None:
    """What is counted as training: steps of SGD with momentum, the second of which has all of the optimizer's state."""
    network.train()
    device = _device(network)
    optimizer = torch.optim.SGD(network.parameters(), lr=0.1, momentum=0.9)
    images = torch.rand(batch, 3, *size, device=device).contiguous(memory_format=torch.channels_last)
    labels = torch.zeros(batch, *size, dtype=torch.long, device=device)
    for _ in range(steps):
        optimizer.zero_grad(set_to_none=True)
        segmentation_loss(network, network.outputs(images), labels).backward()
        optimizer.step()


def _device(network: Network) -> torch.device:
    return next(network.parameters()).device


@contextmanager
def rehearsal(build: Build, memory: M) -> Generator[tuple[Network, M]]:
    """Within, tensors have no memory: the network, and `memory`, which counts what it and all made here would hold."""
    with torch.device("meta"):  # whose initialization is free
        network = build()
    with FakeTensorMode(), memory:
        for module in network.modules():
            for name, parameter in module.named_parameters(recurse=False):
                setattr(module, name, nn.Parameter(_like(parameter), parameter.requires_grad))
            for name, buffer in module.named_buffers(recurse=False):
                setattr(module, name, _like(buffer))
        yield network, memory


def _like(planned: Tensor) -> Tensor:
    """A tensor of the same shape, memory layout and type."""
    return torch.empty_strided(planned.shape, planned.stride(), dtype=planned.dtype)
