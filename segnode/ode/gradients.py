"""Gradient checkpointing: f's activations are recomputed, and its running statistics are not updated twice."""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from torch import nn
from torch.nn.modules.dropout import _DropoutNd
from torch.utils.checkpoint import checkpoint

from segnode.ode.statistics import frozen_statistics


def recomputed(module: nn.Module) -> Callable[..., Any]:
    """`module`, keeping only its inputs for the backward pass, which evaluates it once more. The gradient is exact.

    Dropout uses the same mask in both passes.
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
