"""Eigenvalues against whole Jacobians, stability against closed forms."""

import math

import numpy as np
import pytest
import torch
from torch import Tensor

from segnode import SolverConfig
from segnode.analysis.spectrum import amplification, eigenvalues, real_limit, spectrum
from segnode.config import FIXED_METHODS
from segnode.errors import SolveStopped
from segnode.ode import solve
from tests.analysis.fields import randomized
from tests.ode.problems import Written

IMAGE = np.random.default_rng(0).integers(0, 256, (32, 32, 3), dtype=np.uint8)


def linear(matrix: Tensor) -> Written:
    return Written(lambda t, h: (matrix[:3] @ torch.cat(h), matrix[3:] @ torch.cat(h)))


def test_of_a_linear_field_they_are_its_matrixs() -> None:
    matrix = torch.randn(8, 8, generator=torch.Generator().manual_seed(3), dtype=torch.float64)
    state = (torch.zeros(3, dtype=torch.float64), torch.zeros(5, dtype=torch.float64))
    found = eigenvalues(linear(matrix), 0.0, state)
    expected = np.linalg.eigvals(matrix.numpy())
    np.testing.assert_allclose(np.sort_complex(found.eigenvalues), np.sort_complex(expected), atol=1e-10)
    assert (np.diff(np.abs(found.eigenvalues)) <= 1e-12).all()
    assert found.residuals.max() < 1e-10


def test_a_field_that_only_shrinks_is_known_after_one_product() -> None:
    found = eigenvalues(Written(lambda t, h: tuple(-3 * x for x in h)), 0.0, (torch.ones(4), torch.ones(2, 2)))
    np.testing.assert_allclose(found.eigenvalues, [-3], rtol=1e-5)


def test_of_a_network_the_outermost_are_those_of_its_whole_jacobian() -> None:
    model = randomized(widths=(4, 4), blocks=2).double()
    images = torch.from_numpy(IMAGE).permute(2, 0, 1)[None].double() / 255
    state = tuple(x.double().contiguous() for x in model.encode(images))
    with torch.no_grad():
        found = eigenvalues(model.field, 0.0, state, products=60)
    sizes = [x.numel() for x in state]

    def flat(vector: Tensor) -> Tensor:
        parts = tuple(v.view_as(x) for v, x in zip(vector.split(sizes), state, strict=True))
        return torch.cat([x.flatten() for x in model.field(0.0, parts)])

    jacobian = torch.autograd.functional.jacobian(flat, torch.cat([x.flatten() for x in state]))
    expected = np.linalg.eigvals(jacobian.numpy())
    assert len(found.eigenvalues) <= 60 < len(expected)
    np.testing.assert_array_less(found.residuals[:2], 1e-2 * np.abs(found.eigenvalues[:2]))
    for value in found.eigenvalues[:2]:
        assert np.abs(expected - value).min() < 1e-3 * np.abs(value)
    assert np.abs(found.eigenvalues[0]) == pytest.approx(np.abs(expected).max(), rel=1e-3)


def test_it_is_taken_at_the_state_of_the_time() -> None:
    model = randomized()
    with torch.no_grad():
        start = model.encode(torch.from_numpy(IMAGE).permute(2, 0, 1)[None].float() / 255)
        half = solve(model.field, start, SolverConfig("midpoint", 2), times=[0.5]).states[0]
        expected = eigenvalues(model.field, 0.5, half, products=5)
    found = spectrum(model, IMAGE, 0.5, SolverConfig("midpoint", 2), products=5)
    np.testing.assert_allclose(found.eigenvalues, expected.eigenvalues, rtol=1e-4)


def test_it_can_be_stopped() -> None:
    shares: list[float] = []
    with pytest.raises(SolveStopped, match="after 2 of 5 products"):
        spectrum(randomized(), IMAGE, products=5, on_progress=lambda share: shares.append(share) or share < 0.4)
    assert shares == [0.0, 0.2, 0.4]


@pytest.mark.parametrize("method", FIXED_METHODS)
def test_amplification_is_one_step_of_the_solver(method: str) -> None:
    z = np.array([-2.5, -0.3 + 1.1j, 0.7j, 0.0])
    a, b = torch.from_numpy(z.real.copy()), torch.from_numpy(z.imag.copy())
    turning = Written(lambda t, h: (a * h[0] - b * h[1], b * h[0] + a * h[1]))
    real, imaginary = solve(turning, (torch.ones_like(a), torch.zeros_like(a)), SolverConfig(method, 1)).states[0]
    np.testing.assert_allclose(amplification(method, z), real.numpy() + 1j * imaginary.numpy(), rtol=1e-12)


@pytest.mark.parametrize("method", FIXED_METHODS)
def test_amplification_is_the_exponential_to_its_order(method: str) -> None:
    order = {"euler": 1, "midpoint": 2, "heun": 2, "rk4": 4, "rk4_38": 4}[method]
    z = np.array([0.02j])
    expected = 0.02 ** (order + 1) / math.factorial(order + 1)
    assert np.abs(amplification(method, z) - np.exp(z))[0] == pytest.approx(expected, rel=0.02)


def test_limits_on_the_real_axis_are_the_known_ones() -> None:
    assert real_limit("euler") == pytest.approx(2, abs=2e-4)
    assert real_limit("heun") == pytest.approx(2, abs=2e-4)
    assert real_limit("rk4") == pytest.approx(2.785, abs=1e-3)
