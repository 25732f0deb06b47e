"""A moving average of a network's weights."""

from collections.abc import Callable

import torch
from torch import Tensor

Tensors = tuple[Tensor, ...] | list[Tensor]


def moving_average(decay: float) -> Callable[[Tensors, Tensors, Tensor | int], None]:
    """An exponential average in place, of at most `decay`; shorter at first, so that the random start is forgotten."""

    @torch.no_grad()
    def update(average: Tensors, current: Tensors, done: Tensor | int) -> None:
        if average[0].is_floating_point():
            torch._foreach_lerp_(average, current, 1 - min(decay, (1 + int(done)) / (10 + int(done))))
        else:  # counters of batches
            torch._foreach_copy_(average, current)

    return update
