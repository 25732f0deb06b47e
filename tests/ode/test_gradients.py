import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from segnode.config import Norm, SolverConfig
from segnode.errors import ConfigError, SolverError
from segnode.model.field import Field
from segnode.ode import solve
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

    def gradient_by(gradient: str, steps: int) -> Tensor:
        g = copy.deepcopy(f)
        config = SolverConfig("rk4_38", steps, gradient=gradient)
        sum(stream.pow(2).mean() for stream in solve(g, start, config).states[-1]).backward()
        return torch.cat([parameter.grad.flatten() for parameter in g.parameters()])

    coarse, fine = (relative(gradient_by("adjoint", steps), gradient_by("backprop", steps)) for steps in (2, 16))
    assert fine < 1e-2
    assert fine < coarse / 4


@pytest.mark.parametrize("times", [(0.5, 1.0), (0.0, 0.3, 0.31, 0.9), (1 / 16, 1 / 3, 0.1 + 0.2 + 0.4, 1.0)])
@pytest.mark.parametrize("method", ["midpoint", "rk4_38"])
def test_adjoint_of_states_on_the_way(method: str, times: tuple[float, ...]) -> None:
    f = field("group").double()
    start = tuple(stream.detach().double() for stream in state())

    def gradient_by(gradient: str) -> Tensor:
        g = copy.deepcopy(f)
        solution = solve(g, start, SolverConfig(method, 16, gradient=gradient), times=times)
        sum(stream.pow(2).mean() for reached in solution.states for stream in reached).backward()
        return torch.cat([parameter.grad.flatten() for parameter in g.parameters()])

    assert relative(gradient_by("adjoint"), gradient_by("backprop")) < 1e-2


def test_adjoint_gives_a_gradient_with_an_adaptive_solver() -> None:
    f = field("group")
    inputs, parameters = gradients(f, SolverConfig("dopri5", rtol=1e-5, atol=1e-5, gradient="adjoint"))
    exact_inputs, exact = gradients(field("group"), SolverConfig("dopri5", rtol=1e-5, atol=1e-5, gradient="backprop"))
    assert relative(inputs, exact_inputs) < 0.05
    assert all(torch.isfinite(parameters[name]).all() for name in exact)


def test_adjoint_of_classic_rk4_is_refused() -> None:
    with pytest.raises(ConfigError, match="choose rk4_38"):
        SolverConfig("rk4", gradient="adjoint")


class Turning(nn.Module):
    """A smooth field with a weight."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.weight = nn.Parameter(2 * torch.randn(6, 6, dtype=torch.float64))

    def forward(self, t: Tensor | float, state: State) -> State:
        return (torch.tanh(state[0] @ self.weight),)


def test_the_adaptive_adjoint_resolves_gradients_as_small_as_those_of_single_pixels() -> None:
    by_kind = {}
    for gradient, tolerance in (("backprop", 1e-8), ("adjoint", 1e-3)):
        f, start = Turning(), (torch.linspace(-1, 1, 6, dtype=torch.float64)[None],)
        config = SolverConfig("dopri5", rtol=tolerance, atol=tolerance, gradient=gradient)
        (1e-5 * solve(f, start, config).states[-1][0].square().sum()).backward()
        by_kind[gradient] = f.weight.grad
    assert relative(by_kind["adjoint"], by_kind["backprop"]) < 0.02


class _Scaled(torch.autograd.Function):
    """Passes its input on; its gradient is what `factor` makes of the gradient."""

    @staticmethod
    def forward(context: Any, x: Tensor, factor: Callable[[Tensor], Tensor]) -> Tensor:
        context.factor = factor
        return x.clone()

    @staticmethod
    def backward(context: Any, gradient: Tensor) -> tuple[Tensor, None]:  # ty: ignore[invalid-method-override]
        return context.factor(gradient), None


class Backwards(nn.Module):
    """dh/dt = h / 2, whose gradient is not its own but what `factor` makes of it."""

    def __init__(self, factor: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self.factor = factor

    def forward(self, t: Tensor | float, state: State) -> State:
        return (0.5 * _Scaled.apply(state[0], self.factor),)


def backward(factor: Callable[[Tensor], Tensor], config: SolverConfig) -> None:
    start = (torch.ones(1, dtype=torch.float64, requires_grad=True),)
    solve(Backwards(factor), start, config).states[-1][0].sum().backward()


def torn(gradient: Tensor) -> Tensor:
    """Jumps where the adjoint, from 1 on, has grown to 1.2."""
    return torch.where(gradient.abs() > 0.6, 1e30 * gradient.sign(), gradient)


@pytest.mark.parametrize("method", ["dopri5", "adaptive_heun"])
@pytest.mark.parametrize(
    ("factor", "sentence"),
    [
        (lambda gradient: gradient * torch.nan, "because f or the state is not finite there: look for values"),
        (torn, "where no step is small enough: loosen rtol"),
    ],
)
def test_an_adjoint_that_cannot_go_on_says_so(method: str, factor: Callable[[Tensor], Tensor], sentence: str) -> None:
    with pytest.raises(SolverError, match=rf"^{method} could not go on back through the adjoint at t = .*{sentence}"):
        backward(factor, SolverConfig(method, rtol=1e-6, atol=1e-6, gradient="adjoint"))


def test_what_f_asserts_in_the_backward_pass_is_not_blamed_on_the_solver() -> None:
    def broken(gradient: Tensor) -> Tensor:
        raise AssertionError("underflow in dt, says f")

    with pytest.raises(AssertionError, match=r"^underflow in dt, says f$"):
        backward(broken, SolverConfig("dopri5", gradient="adjoint"))


def test_the_backward_pass_of_the_adjoint_may_evaluate_f_as_often_again() -> None:
    config = SolverConfig("dopri5", gradient="adjoint")
    calls = []

    def counted(gradient: Tensor) -> Tensor:
        calls.append(gradient)
        return gradient

    backward(counted, config)
    needed = len(calls)  # going back, which is more than the 8 that going forward takes
    backward(counted, replace(config, max_evaluations=needed))
    with pytest.raises(SolverError, match=f"used all {needed - 1} evaluations of f"):
        backward(counted, replace(config, max_evaluations=needed - 1))
