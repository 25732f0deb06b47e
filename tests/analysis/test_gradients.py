"""Three ways to a gradient, on a small network: exact where they should be, and the shared model left alone."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from segnode import ModelConfig, SegNode, SolverConfig
from segnode.analysis.gradients import gradient_costs
from segnode.data.classes import CAMVID
from segnode.errors import ConfigError

IMAGE = np.random.default_rng(0).integers(0, 256, (32, 48, 3), dtype=np.uint8)
LABELS = np.random.default_rng(1).integers(0, 11, (32, 48), dtype=np.uint8)


@pytest.fixture(scope="module")
def model() -> SegNode:
    torch.manual_seed(0)
    return SegNode(ModelConfig(11, (8, 8), 8, modules=1, blocks=2), CAMVID).eval()


def test_the_adjoint_nears_the_exact_gradient_with_finer_steps(model: SegNode) -> None:
    coarse, fine = (
        {cost.gradient: cost for cost in gradient_costs(model, IMAGE, LABELS, SolverConfig("midpoint", steps))}
        for steps in (1, 8)
    )
    assert coarse["checkpoint"].error < 1e-6 > fine["checkpoint"].error
    assert coarse["adjoint"].error > 4 * fine["adjoint"].error > 0
    assert coarse["adjoint"].cosine < fine["adjoint"].cosine <= 1 + 1e-9
    assert fine["checkpoint"].memory < fine["backprop"].memory


def test_evaluations_are_those_of_both_directions(model: SegNode) -> None:
    costs = {cost.gradient: cost for cost in gradient_costs(model, IMAGE, LABELS, SolverConfig("euler", 3))}
    assert costs["backprop"].evaluations == 3
    assert costs["checkpoint"].evaluations == 6
    assert costs["adjoint"].evaluations == 3 + 3


def test_the_error_is_that_of_gradients_taken_by_backward(model: SegNode) -> None:
    def gradient(way: str) -> torch.Tensor:
        own = SegNode(model.config, model.classes)
        own.load_state_dict(model.state_dict())
        images = torch.from_numpy(IMAGE).permute(2, 0, 1)[None].float() / 255
        logits = own.eval()(images, SolverConfig("midpoint", 2, gradient=way))
        F.cross_entropy(logits, torch.from_numpy(LABELS).long()[None]).backward()
        return torch.cat([p.grad.flatten().double() for p in own.field.parameters()])

    exact, adjoint = gradient("backprop"), gradient("adjoint")
    *_, found = gradient_costs(model, IMAGE, LABELS, SolverConfig("midpoint", 2))
    assert found.error == pytest.approx(((adjoint - exact).norm() / exact.norm()).item(), rel=1e-3)
    assert found.cosine == pytest.approx(F.cosine_similarity(adjoint, exact, dim=0).item(), abs=1e-6)


def test_the_model_given_is_left_alone(model: SegNode) -> None:
    before = {name: value.clone() for name, value in model.state_dict().items()}
    model.train()
    with torch.no_grad():
        list(gradient_costs(model, IMAGE, LABELS, SolverConfig("euler", 1)))
    assert model.training
    model.eval()
    assert all(parameter.grad is None for parameter in model.parameters())
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert not model.field._forward_pre_hooks


def test_a_method_without_an_adjoint_is_refused(model: SegNode) -> None:
    with pytest.raises(ConfigError, match="rk4_38"):
        list(gradient_costs(model, IMAGE, LABELS, SolverConfig("rk4", 1)))
