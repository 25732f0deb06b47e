"""Initial value problems with closed-form answers, over a tuple of streams as the network's state is."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from segnode.types import State


class Written(nn.Module):
    """A vector field given as a function."""

    def __init__(self, f: Callable[[Tensor | float, State], State]) -> None:
        super().__init__()
        self.f = f

    def forward(self, t: Tensor | float, state: State) -> State:
        return self.f(t, state)


@dataclass(frozen=True)
class Problem:
    """dh/dt = f(t, h), h(0) = start, and h(t) as known."""

    name: str
    f: Written
    start: State
    answer: Callable[[float], State]

    def error(self, state: State, time: float) -> float:
        """Largest difference of `state` from the answer at `time`."""
        return max((x - y).abs().max().item() for x, y in zip(state, self.answer(time), strict=True))


def _tensor(*values: float) -> Tensor:
    return torch.tensor(values, dtype=torch.float64)


#: A decaying stream and one driven by time alone.
DECAY = Problem(
    "decay",
    Written(lambda t, h: (-2.0 * h[0], torch.cos(5 * torch.as_tensor(t, dtype=torch.float64)) * torch.ones_like(h[1]))),
    (_tensor(1.0, 2.0), _tensor(0.0)),
    lambda t: (_tensor(1.0, 2.0) * math.exp(-2 * t), _tensor(math.sin(5 * t) / 5)),
)

#: A rotation shared by two streams: each moves by the other.
ROTATION = Problem(
    "rotation",
    Written(lambda t, h: (3 * h[1], -3 * h[0])),
    (_tensor(1.0), _tensor(0.0)),
    lambda t: (_tensor(math.cos(3 * t)), _tensor(-math.sin(3 * t))),
)

#: The logistic equation: nonlinear.
LOGISTIC = Problem(
    "logistic",
    Written(lambda t, h: (4 * h[0] * (1 - h[0]),)),
    (_tensor(0.1),),
    lambda t: (_tensor(1 / (1 + 9 * math.exp(-4 * t))),),
)

PROBLEMS = (DECAY, ROTATION, LOGISTIC)
