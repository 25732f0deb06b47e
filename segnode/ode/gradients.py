"""Gradients that recompute: f's activations are not kept, and its running statistics are not counted twice."""

from collections.abc import Callable, Generator
from contextlib import contextmanager, nullcontext
from typing import Any

import torch
from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm
from torch.nn.modules.dropout import _DropoutNd
from torch.utils.checkpoint import checkpoint


@contextmanager
def frozen_statistics(module: nn.Module) -> Generator[None]:
    """Within, BatchNorm layers in training mode still normalize by the batch, and leave their running statistics be.

    A backward pass that evaluates f again would otherwise update them, and their counter, a second time; evaluation
    mode would change the gradient.
    """
    layers = [
        layer
        for layer in module.modules()
        if isinstance(layer, _BatchNorm) and layer.training and layer.track_running_stats
    ]
    kept = [(layer.momentum, layer.num_batches_tracked) for layer in layers]
    for layer in layers:  # the same operation on the same tensors, as recomputation demands, moving nothing
        layer.momentum = 0.0
        if layer.num_batches_tracked is not None:  # a counter to throw away: SyncBatchNorm wants one
            layer.num_batches_tracked = torch.zeros_like(layer.num_batches_tracked)
    try:
        yield
    finally:
        for layer, (momentum, count) in zip(layers, kept, strict=True):
            layer.momentum, layer.num_batches_tracked = momentum, count


def recomputed(module: nn.Module) -> Callable[..., Any]:
    """`module`, keeping only its inputs for the backward pass, which evaluates it once more. The gradient is exact.

    A module with dropout draws the same again.
    """
    draws = any(isinstance(layer, _DropoutNd) for layer in module.modules())

    def evaluate(*inputs: Any) -> Any:
        return checkpoint(
            module,
            *inputs,
            use_reentrant=False,
            preserve_rng_state=draws,
            context_fn=lambda: (nullcontext(), frozen_statistics(module)),
        )

    return evaluate
