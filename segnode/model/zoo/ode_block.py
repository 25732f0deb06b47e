"""The ODE block of the U-Nets that the paper compares with: one map of features, moved from depth 0 to 1."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from segnode.config import SolverConfig
from segnode.errors import ConfigError
from segnode.ode import solve
from segnode.types import State

#: As in U-Node's public code.
DEFAULT = SolverConfig("dopri5", rtol=1e-3, atol=1e-3, gradient="adjoint")

#: What a person may give for one: the config, its settings by name, or nothing for `DEFAULT`.
Solver = SolverConfig | Mapping[str, Any] | None


class ODEBlock(nn.Module):
    """Integrates `Dynamics` from 0 to 1; keeps width and resolution. A map of one pixel cannot be normalized.

    An adaptive solver chooses its steps for a whole batch, so that within its tolerance the answer for one picture
    depends on the others. Source: Pinckaers and Litjens, 2019.
    """

    def __init__(self, width: int, solver: SolverConfig) -> None:
        super().__init__()
        self.dynamics = Dynamics(width)
        self.solver = solver

    def forward(self, x: Tensor) -> Tensor:
        state = (x.float(),)  # even under autocast: a solver's sums need the digits
        return solve(self.dynamics, state, self.solver).states[-1][0]


class Dynamics(nn.Module):
    """f(t, h): instance normalization, 3x3 convolution, leaky ReLU, twice; the convolutions see t as a channel more.

    The normalization has neither weights nor running statistics, so training and evaluation are the same.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.convs = nn.ModuleList(convolution(width + 1, width, kernel_size=3) for _ in range(2))

    def forward(self, t: Tensor | float, state: State) -> State:
        (x,) = state
        for conv in self.convs:
            # Instance normalization, as a group for each channel: faster than torch's own. Contiguous, because in
            # channels_last it takes the variance in one pass, and a mean of 30 deviations leaves an error of 0.1.
            x = F.group_norm(x.contiguous(), num_groups=x.shape[1])
            depth = torch.as_tensor(t).to(x).expand(x.shape[0], 1, *x.shape[2:])
            x = F.leaky_relu(conv(torch.cat([depth, x], dim=1)))
        return (x,)


def convolution(width_in: int, width: int, kernel_size: int) -> nn.Conv2d:
    """A padded convolution with bias: zero at the start, the weights normal as He et al. (2015) have them.

    U-Node's public code starts so.
    """
    layer = nn.Conv2d(width_in, width, kernel_size, padding=kernel_size // 2)
    nn.init.kaiming_normal_(layer.weight)
    assert layer.bias is not None
    nn.init.zeros_(layer.bias)
    return layer


def solver_config(solver: Solver) -> SolverConfig:
    """The solver a person gave, else the source's. Raises `ConfigError` where it describes none."""
    if solver is None:
        return DEFAULT
    if isinstance(solver, SolverConfig):
        return solver
    if not isinstance(solver, Mapping):
        raise ConfigError(f"solver must be a SolverConfig or its settings by name, not {solver!r}: give one of them.")
    return SolverConfig.from_dict(dict(solver))
