"""Running statistics of batch normalization in a field: moved once a solve, and by the forward pass alone."""

import copy
from dataclasses import replace

import pytest
import torch
from torch import nn

from segnode.config import SolverConfig
from segnode.ode import divided_momentum, frozen_statistics, solve
from segnode.types import State

from .test_gradients import field, gradients, state


@pytest.mark.parametrize("gradient", ["backprop", "checkpoint", "adjoint"])
def test_running_statistics_are_updated_once_an_evaluation(gradient: str) -> None:
    f = field("batch")
    gradients(f, SolverConfig("midpoint", 3, gradient=gradient))
    counts = {layer.num_batches_tracked.item() for layer in f.modules() if isinstance(layer, nn.BatchNorm2d)}
    assert counts == {6}


@pytest.mark.parametrize("kind", [nn.BatchNorm2d, nn.SyncBatchNorm])
def test_frozen_statistics_still_normalize_by_the_batch(kind: type[nn.Module]) -> None:
    layer = kind(3).train()
    x = torch.randn(4, 3, 5, 5) * 7 + 2
    with frozen_statistics(layer):
        y = layer(x)
    assert y.mean().abs() < 1e-5
    assert layer.num_batches_tracked.item() == 0
    assert torch.equal(layer.running_mean, torch.zeros(3))
    layer(x)
    assert layer.num_batches_tracked.item() == 1


class Normalizing(nn.Module):
    """dh/dt = cos(40 t), and a normalization that sees a batch of mean 0 and variance 1 at each evaluation."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(1)
        self.norm.running_mean.fill_(100)
        self.norm.running_var.fill_(11)
        self.batch = torch.tensor([-1.0, 1.0]).repeat(5000).reshape(2, 1, 100, 50)

    def forward(self, t: torch.Tensor | float, state: State) -> State:
        unchanged = state[0] + 0 * self.norm(self.batch).mean()
        return (torch.cos(40 * torch.as_tensor(t)) + 0 * unchanged,)


@pytest.mark.parametrize("gradient", ["backprop", "checkpoint", "adjoint"])
@pytest.mark.parametrize(
    ("solver", "evaluations"),
    [
        (SolverConfig("euler", 1), 1),
        (SolverConfig("midpoint", 4), 8),
        (SolverConfig("rk4_38", 4), 16),
        (SolverConfig("dopri5", rtol=1.0, atol=1.0), 8),
        (SolverConfig("dopri5", rtol=1e-6, atol=1e-6), 100),
    ],
)
def test_a_solve_moves_running_statistics_as_far_as_one_evaluation(
    solver: SolverConfig, evaluations: int, gradient: str
) -> None:
    f = Normalizing().train()
    start = torch.zeros(1, requires_grad=True)
    solution = solve(f, (start,), replace(solver, gradient=gradient))
    solution.states[-1][0].backward()
    assert solution.nfe >= evaluations
    assert f.norm.num_batches_tracked.item() == solution.nfe
    assert f.norm.running_mean.item() == pytest.approx(90, rel=1e-4)  # undivided, eight would leave 43
    assert f.norm.running_var.item() == pytest.approx(10, rel=1e-3)
    assert f.norm.momentum == 0.1


def test_each_evaluation_counts_about_alike() -> None:
    layer = nn.BatchNorm2d(1).train()
    counted = []
    for marked in (0, 7):
        layer.reset_running_stats()
        with divided_momentum(layer, 8):
            for index in range(8):
                layer(torch.full((2, 1, 1, 1), float(index == marked)))
        counted.append(layer.running_mean.item())
    first, last = counted
    assert 0.9 * last < first < last  # undivided, the first would count half as much as the last


def test_a_solve_in_evaluation_mode_moves_nothing() -> None:
    f = field("batch").eval()
    before = copy.deepcopy(f.state_dict())
    solve(f, state(), SolverConfig("dopri5"))
    assert all(torch.equal(value, before[name]) for name, value in f.state_dict().items())
