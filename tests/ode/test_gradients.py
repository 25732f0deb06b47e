import copy

import pytest
import torch
from torch import Tensor, nn

from segnode.config import Norm, SolverConfig
from segnode.errors import ConfigError
from segnode.model.field import Field
from segnode.ode import frozen_statistics, solve
from segnode.types import State

WIDTHS = (8, 16)


def field(norm: Norm) -> Field:
    torch.manual_seed(0)
    return Field(WIDTHS, modules=2, blocks=1, norm=norm, time=False).train()


def state() -> State:
    torch.manual_seed(1)
    return tuple(torch.randn(2, width, 16 >> i, 12 >> i, requires_grad=True) for i, width in enumerate(WIDTHS))


def gradients(f: Field, config: SolverConfig) -> tuple[Tensor, dict[str, Tensor]]:
    start = state()
    loss = sum(stream.pow(2).mean() for stream in solve(f, start, config).states[-1])
    loss.backward()
    inputs = torch.cat([stream.grad.flatten() for stream in start])
    return inputs, {name: parameter.grad for name, parameter in f.named_parameters()}


def relative(a: Tensor, b: Tensor) -> float:
    return ((a - b).norm() / b.norm()).item()


@pytest.mark.parametrize("norm", ["batch", "group"])
@pytest.mark.parametrize("method", ["midpoint", "rk4", "dopri5"])
def test_checkpoint_equals_backprop(norm: Norm, method: str) -> None:
    kept, recomputed = field(norm), field(norm)
    a_in, a = gradients(kept, SolverConfig(method, 2, gradient="backprop"))
    b_in, b = gradients(recomputed, SolverConfig(method, 2, gradient="checkpoint"))
    assert relative(b_in, a_in) < 1e-5
    assert max(relative(b[name], a[name]) for name in a) < 1e-5
    for (name, x), y in zip(kept.named_buffers(), recomputed.buffers(), strict=True):
        assert torch.equal(x, y), name


@pytest.mark.parametrize("gradient", ["backprop", "checkpoint", "adjoint"])
def test_running_statistics_are_updated_once_an_evaluation(gradient: str) -> None:
    f = field("batch")
    gradients(f, SolverConfig("midpoint", 3, gradient=gradient))
    counts = {layer.num_batches_tracked.item() for layer in f.modules() if isinstance(layer, nn.BatchNorm2d)}
    assert counts == {6}


def test_checkpoint_keeps_less_for_the_backward_pass() -> None:
    def kept_bytes(gradient: str) -> int:
        total = 0

        def pack(x: Tensor) -> Tensor:
            nonlocal total
            total += x.numel() * x.element_size()
            return x

        with torch.autograd.graph.saved_tensors_hooks(pack, lambda x: x):
            solve(field("batch"), state(), SolverConfig("midpoint", 4, gradient=gradient))
        return total

    assert kept_bytes("checkpoint") < kept_bytes("backprop") / 4


def test_adjoint_comes_near_on_a_fine_grid() -> None:
    f = field("group").double()
    start = tuple(stream.detach().double() for stream in state())

    def found(gradient: str, steps: int) -> Tensor:
        g = copy.deepcopy(f)
        config = SolverConfig("rk4_38", steps, gradient=gradient)
        sum(stream.pow(2).mean() for stream in solve(g, start, config).states[-1]).backward()
        return torch.cat([parameter.grad.flatten() for parameter in g.parameters()])

    coarse, fine = (relative(found("adjoint", steps), found("backprop", steps)) for steps in (2, 16))
    assert fine < 1e-2
    assert fine < coarse / 4


@pytest.mark.parametrize("times", [(0.5, 1.0), (0.0, 0.3, 0.31, 0.9), (1 / 16, 1 / 3, 0.1 + 0.2 + 0.4, 1.0)])
@pytest.mark.parametrize("method", ["midpoint", "rk4_38"])
def test_adjoint_of_states_on_the_way(method: str, times: tuple[float, ...]) -> None:
    f = field("group").double()
    start = tuple(stream.detach().double() for stream in state())

    def found(gradient: str) -> Tensor:
        g = copy.deepcopy(f)
        solution = solve(g, start, SolverConfig(method, 16, gradient=gradient), times=times)
        sum(stream.pow(2).mean() for reached in solution.states for stream in reached).backward()
        return torch.cat([parameter.grad.flatten() for parameter in g.parameters()])

    assert relative(found("adjoint"), found("backprop")) < 1e-2


def test_adjoint_gives_a_gradient_with_an_adaptive_solver() -> None:
    f = field("group")
    inputs, parameters = gradients(f, SolverConfig("dopri5", rtol=1e-5, atol=1e-5, gradient="adjoint"))
    exact_inputs, exact = gradients(field("group"), SolverConfig("dopri5", rtol=1e-5, atol=1e-5, gradient="backprop"))
    assert relative(inputs, exact_inputs) < 0.05
    assert all(torch.isfinite(parameters[name]).all() for name in exact)


def test_adjoint_of_classic_rk4_is_refused() -> None:
    with pytest.raises(ConfigError, match="choose rk4_38"):
        SolverConfig("rk4", gradient="adjoint")


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


class Turning(nn.Module):
    """A smooth field with a weight."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.weight = nn.Parameter(2 * torch.randn(6, 6, dtype=torch.float64))

    def forward(self, t: Tensor | float, state: State) -> State:
        return (torch.tanh(state[0] @ self.weight),)


def test_the_adaptive_adjoint_resolves_gradients_as_small_as_those_of_single_pixels() -> None:
    found = {}
    for gradient, tolerance in (("backprop", 1e-8), ("adjoint", 1e-3)):
        f, start = Turning(), (torch.linspace(-1, 1, 6, dtype=torch.float64)[None],)
        config = SolverConfig("dopri5", rtol=tolerance, atol=tolerance, gradient=gradient)
        (1e-5 * solve(f, start, config).states[-1][0].square().sum()).backward()
        found[gradient] = f.weight.grad
    assert relative(found["adjoint"], found["backprop"]) < 0.02
