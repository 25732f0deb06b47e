"""A moving average of a network's weights."""

import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel


class MovingAverage(AveragedModel):
    """The exponential average of a network's weights and buffers, shorter at first, so that the start is forgotten.

    decay: at most, 0 to 1. `update` is told the step and reads nothing back: torch's own looks at a counter on the
    device, and a GPU then waits for the host at every step.
    """

    def __init__(self, network: nn.Module, decay: float) -> None:
        super().__init__(network, use_buffers=True)
        self.decay = decay

    @torch.no_grad()
    def update(self, network: nn.Module, done: int) -> None:
        """Take in the weights of `network`, whose step number `done` (from 0) this was."""
        averages = [*self.module.parameters(), *self.module.buffers()]
        current = [*network.parameters(), *network.buffers()]
        if done:
            numbers = [index for index, average in enumerate(averages) if average.is_floating_point()]
            weight = 1 - min(self.decay, (1 + done) / (10 + done))
            torch._foreach_lerp_([averages[i] for i in numbers], [current[i] for i in numbers], weight)
        copied = [index for index, x in enumerate(averages) if not (done and x.is_floating_point())]
        if copied:
            torch._foreach_copy_([averages[i] for i in copied], [current[i] for i in copied])
        self.n_averaged += 1
