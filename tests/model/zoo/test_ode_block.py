from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from segnode.config import SolverConfig
from segnode.errors import ConfigError
from segnode.model.zoo.ode_block import DEFAULT, ODEBlock, solver_config

FAST = SolverConfig("midpoint", 1)


def block(solver: SolverConfig = FAST) -> ODEBlock:
    torch.manual_seed(0)
    return ODEBlock(4, solver)


def features() -> Tensor:
    values = torch.randn(2, 4, 12, 10, generator=torch.Generator().manual_seed(1))
    return values.contiguous(memory_format=torch.channels_last)


def test_one_euler_step_by_hand() -> None:
    made, x = block(SolverConfig("euler", 1)), features()
    change = x
    for conv in made.dynamics.convs:
        change = F.leaky_relu(conv(torch.cat([torch.zeros(2, 1, 12, 10), F.instance_norm(change)], dim=1)))
    assert torch.allclose(made(x), x + change, atol=1e-5)


def test_a_large_mean_costs_no_digits() -> None:
    x = torch.randn(1, 4, 200, 200, generator=torch.Generator().manual_seed(1)).contiguous(
        memory_format=torch.channels_last
    )
    made = block().dynamics
    with torch.no_grad():
        assert torch.allclose(made(0.0, (x + 30,))[0], made(0.0, (x,))[0], atol=1e-3)


def test_time_reaches_both_convolutions() -> None:
    for conv in (0, 1):
        made = block()
        for index, layer in enumerate(made.dynamics.convs):
            if index != conv:
                nn.init.zeros_(layer.weight[:, :1].detach())
        with torch.no_grad():
            early, late = (made.dynamics(t, (features(),))[0] for t in (0.0, 1.0))
        assert not torch.allclose(early, late, atol=0.01)


def test_solvers_meet_as_steps_shrink() -> None:
    solvers = SolverConfig("rk4", 32), SolverConfig("dopri5", rtol=1e-6, atol=1e-6), SolverConfig("euler", 1)
    with torch.no_grad():
        fine, exact, coarse = (block(solver)(features()) for solver in solvers)
    assert torch.allclose(fine, exact, atol=2e-3)
    assert not torch.allclose(coarse, exact, atol=0.1)


def gradients(solver: SolverConfig) -> Tensor:
    made, x = block(solver), features().requires_grad_()
    made(x).square().mean().backward()
    return torch.cat([tensor.grad.flatten() for tensor in (x, *made.parameters())])


def test_gradients_of_all_three_kinds() -> None:
    direct = gradients(SolverConfig("midpoint", 4, gradient="backprop"))
    assert direct.any()
    assert torch.equal(gradients(SolverConfig("midpoint", 4, gradient="checkpoint")), direct)
    exact = gradients(SolverConfig("rk4", 32, gradient="backprop"))
    adjoint = gradients(SolverConfig("dopri5", rtol=1e-5, atol=1e-5, gradient="adjoint"))
    assert (adjoint - exact).norm() < 0.02 * exact.norm()


def test_a_solve_leaves_nothing_behind() -> None:
    for solver in (DEFAULT, SolverConfig("midpoint", 2)):
        made = block(solver)
        before = [dict(vars(module)) for module in made.modules()]
        made(features()).mean().backward()
        assert [dict(vars(module)) for module in made.modules()] == before


def test_stays_in_float32_under_autocast() -> None:
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert block()(features().bfloat16()).dtype == torch.float32


@pytest.mark.parametrize("given", [None, DEFAULT, DEFAULT.to_dict(), {"method": "dopri5", "gradient": "adjoint"}])
def test_default_is_the_sources(given: Any) -> None:
    solver = solver_config(given)
    assert (solver.method, solver.rtol, solver.atol, solver.gradient) == ("dopri5", 1e-3, 1e-3, "adjoint")


def test_solvers_that_are_none_are_refused() -> None:
    with pytest.raises(ConfigError, match="no solver 'dopri8'"):
        solver_config({"method": "dopri8"})
    with pytest.raises(ConfigError, match="no setting named tolerance"):
        solver_config({"tolerance": 1e-3})
