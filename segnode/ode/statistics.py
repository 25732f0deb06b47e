"""Running statistics of batch normalization in a vector field, which one solve evaluates many times."""

from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager

import torch
from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm

#: Evaluations of f in a typical solve by dopri5: two, and six for each of two steps.
_USUAL = 14


@contextmanager
def frozen_statistics(module: nn.Module) -> Generator[None]:
    """A context in which BatchNorm layers in training mode normalize by the batch but keep their running statistics.

    A backward pass that evaluates f again would otherwise update them, and their counter, a second time; evaluation
    mode would change the gradient.
    """
    layers = list(_tracking(module))
    saved = [(layer.momentum, layer.num_batches_tracked) for layer in layers]
    for layer in layers:  # recomputation must run the same operations: they run, and change nothing
        layer.momentum = 0.0
        if layer.num_batches_tracked is not None:  # a counter to throw away: SyncBatchNorm wants one
            layer.num_batches_tracked = torch.zeros_like(layer.num_batches_tracked)
    try:
        yield
    finally:
        for layer, (momentum, count) in zip(layers, saved, strict=True):
            layer.momentum, layer.num_batches_tracked = momentum, count


@contextmanager
def divided_momentum(module: nn.Module, evaluations: int) -> Generator[None]:
    """A context in which `evaluations` of `module` in training mode update its running statistics as far as one would.

    BatchNorm's momentum m becomes 1 - (1 - m)^(1 / evaluations): what was there before keeps the share 1 - m. With m
    itself, eight evaluations would leave it 0.43 instead of 0.9, so that the statistics follow the last two batches,
    and the end of a solve more than its beginning. A layer without a momentum (a cumulative average) stays as it is.
    """
    saved = [(layer, momentum) for layer in _tracking(module) if (momentum := layer.momentum) is not None]
    for layer, momentum in saved:
        layer.momentum = 1 - (1 - momentum) ** (1 / evaluations)
    try:
        yield
    finally:
        for layer, momentum in saved:
            layer.momentum = momentum


@contextmanager
def divided_by_count(module: nn.Module, count: Callable[[], int]) -> Generator[None]:
    """As `divided_momentum`, for an adaptive solver, whose number of evaluations is known only after the solve.

    count: gives the number of evaluations, called at the end. The momentum is divided by a typical number of them, and
    their whole update is then scaled to that of one evaluation, the share m.
    """
    before = [
        (momentum, now, now.clone())
        for layer in _tracking(module)
        if (momentum := layer.momentum) is not None
        for now in (layer.running_mean, layer.running_var)
        if now is not None
    ]
    with divided_momentum(module, _USUAL):
        yield
    for momentum, now, was in before:
        moved = 1 - (1 - momentum) ** (count() / _USUAL)
        # As data: autograd keeps these tensors for the backward pass, which in training mode does not read them.
        now.data.copy_(was.lerp(now, momentum / moved))


def _tracking(module: nn.Module) -> Iterable[_BatchNorm]:
    """The layers of `module` whose running statistics an evaluation updates."""
    return (
        layer
        for layer in module.modules()
        if isinstance(layer, _BatchNorm) and layer.training and layer.track_running_stats
    )
