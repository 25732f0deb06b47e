"""How near f comes to what the processor can: its multiply-adds a second against those of a large matrix product.

f is timed whole, and its convolutions inside it; what remains is norms, ReLU, sums, interpolation and the calls
themselves. A share may pass 1: a library of convolutions may know a processor better than that of matrix products.
"""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from segnode.analysis.cost import SIZE
from segnode.model.segnode import SegNode
from segnode.types import State


@dataclass(frozen=True)
class Engine:
    """Speed of one evaluation of f on the CPU, for one picture in evaluation mode.

    multiply_adds: of f's convolutions. Rates are in 10^9 operations a second, two to a multiply-add. matmul_gflops: of
    a large product of square matrices. f_share, convolution_share: of that rate, f's and its convolutions' alone.
    f_ms: milliseconds. convolution_time_share: of f's time, 0 to 1.
    """

    multiply_adds: float
    matmul_gflops: float
    f_ms: float
    f_gflops: float
    f_share: float
    convolution_gflops: float
    convolution_share: float
    convolution_time_share: float


@torch.no_grad()
def engine(network: SegNode, size: tuple[int, int] = SIZE, rounds: int = 9, matrix: int = 2048) -> Engine:
    """Measure f of `network` on a picture of `size` rows and columns, medians of `rounds` that all take turns in.

    matrix: rows and columns of the matrices that set the rate to compare with.
    """
    network.eval()
    state = start(network, size)
    count = field_multiply_adds(network, state)
    factor = torch.rand(matrix, matrix)
    taken = [
        (
            _seconds(lambda: factor @ factor),
            _seconds(lambda: network.field(0.0, state)),
            sum(convolution_seconds(network, state)),
        )
        for _ in range(rounds + 1)
    ]
    product, whole, part = map(statistics.median, zip(*taken[1:], strict=True))  # the first round warms up
    peak, f, convolution = (2e-9 * n / s for n, s in ((matrix**3, product), (count, whole), (count, part)))
    return Engine(float(count), peak, 1000 * whole, f, f / peak, convolution, convolution / peak, part / whole)


def start(network: SegNode, size: tuple[int, int]) -> State:
    """The state at t = 0 of a random picture of `size` rows and columns."""
    return network.encode(torch.rand(1, 3, *size))


def field_multiply_adds(network: SegNode, state: State) -> int:
    """Of the convolutions in one evaluation of f."""
    with FlopCounterMode(display=False) as counter:
        network.field(0.0, state)
    return counter.get_total_flops() // 2


def convolution_seconds(network: SegNode, state: State) -> list[float]:
    """What each convolution takes within one evaluation of f, in order."""
    taken: list[float] = []
    layers = [layer for layer in network.field.modules() if isinstance(layer, nn.Conv2d)]
    hooks = [layer.register_forward_pre_hook(lambda *_: taken.append(-time.perf_counter())) for layer in layers]
    hooks += [layer.register_forward_hook(lambda *_: _end(taken)) for layer in layers]
    try:
        network.field(0.0, state)
    finally:
        for hook in hooks:
            hook.remove()
    return taken


def _end(taken: list[float]) -> None:
    taken[-1] += time.perf_counter()


def _seconds(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began
