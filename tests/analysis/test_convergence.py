import pytest
import torch
from torch import nn

from segnode import ModelConfig, SegNode
from segnode.analysis.convergence import convergence
from segnode.data.classes import CAMVID
from segnode.data.streets import Streets


@pytest.fixture(scope="module")
def model() -> SegNode:
    """A network whose field is smooth, so that methods show their order."""
    torch.manual_seed(2)
    model = SegNode(ModelConfig(11, (8, 16), 8, modules=1, blocks=1), CAMVID).double().eval()

    class Smooth(nn.Module):
        def forward(self, t: float, state: tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, ...]:
            return tuple(torch.sin(x) - 0.5 * x for x in state)

    model.field = Smooth()
    model.encode = lambda images: tuple(stream.double() for stream in model.encoder(images.double()))
    return model


@pytest.mark.parametrize(("method", "order"), [("euler", 1), ("midpoint", 2), ("rk4", 4)])
def test_observed_order_is_the_methods(model: SegNode, method: str, order: int) -> None:
    found = convergence(model, Streets(range(1), 64, 64), [0], method, steps=(2, 4, 8))
    assert found.order == pytest.approx(order, abs=0.3)
    assert found.errors[0] > found.errors[-1] > 0


def test_a_residual_network_in_disguise_shows_no_order() -> None:
    """A field that kinks at every evaluation's depth: finer grids do not settle at a fourth-order rate."""
    torch.manual_seed(2)
    model = SegNode(ModelConfig(11, (8, 16), 8, modules=1, blocks=1), CAMVID).eval()

    class Kinked(nn.Module):
        def forward(self, t: float, state: tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, ...]:
            return tuple(20 * torch.sign(torch.sin(40 * x)) for x in state)

    model.field = Kinked()
    assert convergence(model, Streets(range(1), 64, 64), [0], "rk4").order < 1.5
