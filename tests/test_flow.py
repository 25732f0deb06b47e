import numpy as np
import pytest
import torch

from segnode import ModelConfig, Predictor, SegNode, SolverConfig
from segnode.config import FixedMethod
from segnode.data.classes import CAMVID
from segnode.flow import MOST_SAMPLES, Flow, lagrange, sample_times, sampling
from segnode.predict import batch_of
from segnode.types import ImageArray


def network() -> SegNode:
    torch.manual_seed(0)
    return SegNode(ModelConfig(11, (8, 16), 8, modules=1, blocks=1), CAMVID).eval()


def picture() -> ImageArray:
    return np.random.default_rng(0).integers(0, 256, (34, 46, 3), dtype=np.uint8)


@pytest.mark.parametrize(("method", "steps"), [("euler", 3), ("midpoint", 4), ("heun", 1), ("rk4", 3), ("rk4_38", 2)])
def test_is_the_methods_own_extension_at_any_depth(method: FixedMethod, steps: int) -> None:
    """The samples hold the whole solve: at depths nobody asked for too, steps and their neighbours among them."""
    model, solver, until = network(), SolverConfig(method, steps=steps), 1.5
    flow = Predictor(model).trajectory(picture(), 2, solver, until=until).flow
    depths = [0.0, 0.013, 0.37, 0.5, 0.7499, 0.75, 1.2345, 1.5]
    exact = model.trajectory(batch_of(picture()), depths, solver, until).logits
    for depth, logits in zip(depths, exact, strict=True):
        assert np.allclose(flow.at(depth), logits[0].numpy(), atol=2e-5)


def test_adaptive_solves_are_followed_closely() -> None:
    model, solver = network(), SolverConfig("dopri5")
    flow = Predictor(model).trajectory(picture(), 2, solver).flow
    (exact,) = model.trajectory(batch_of(picture()), [0.31], solver).logits
    assert np.abs(flow.at(0.31) - exact[0].numpy()).max() < 1e-2 * np.ptp(exact[0].numpy())


def test_samples_ask_for_no_evaluation() -> None:
    assert Predictor(network()).trajectory(picture(), 2, SolverConfig("rk4", steps=3)).nfe == 12


@pytest.mark.parametrize(("solver", "expected"), [
    (SolverConfig("euler", steps=5), (6, 1)),
    (SolverConfig("midpoint", steps=4), (9, 2)),
    (SolverConfig("rk4", steps=4), (13, 3)),
    (SolverConfig("rk4", steps=32), (33, 1)),
])  # fmt: skip
def test_sampling_is_the_methods_degree_while_it_fits(solver: SolverConfig, expected: tuple[int, int]) -> None:
    assert sampling(solver) == expected
    assert expected[0] <= MOST_SAMPLES


def test_weights_reproduce_polynomials() -> None:
    values = np.array([node**3 - 2 * node for node in range(4)], dtype=float)
    assert np.dot(lagrange(3, 1.7), values) == pytest.approx(1.7**3 - 3.4)


def test_depths_outside_stay_at_the_ends() -> None:
    flow = Flow(2.0, 1, np.arange(3, dtype=np.float32).reshape(3, 1, 1, 1))
    assert (flow.at(-1.0), flow.at(3.0)) == (0.0, 2.0)
    assert flow.times.tolist() == sample_times(3, 2.0).tolist() == [0, 1, 2]
