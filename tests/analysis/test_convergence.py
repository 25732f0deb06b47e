from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from segnode import ModelConfig, SegNode, SolverConfig
from segnode.analysis.convergence import Smooth, convergence
from segnode.data.classes import CAMVID
from segnode.errors import SolverError
from segnode.streets import Streets
from segnode.types import State


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


def test_without_kinks_a_network_of_relus_shows_the_methods_order() -> None:
    torch.manual_seed(2)
    model = SegNode(ModelConfig(11, (8, 16), 8, modules=2, blocks=2), CAMVID).eval()
    for layer in model.field.modules():
        if isinstance(layer, nn.BatchNorm2d):
            nn.init.uniform_(layer.weight, 0.5, 1.5)
            nn.init.normal_(layer.bias)
    reference = SolverConfig("rk4", 128)
    kinked, smooth = (
        convergence(model, Streets(range(1), 64, 64), [0], "rk4", (4, 8, 16, 32), reference, smooth, precise=True)
        for smooth in (False, True)
    )
    assert kinked.order < 3
    assert smooth.order == pytest.approx(4, abs=0.3)


def test_smooth_leaves_what_was_to_be_overwritten_and_all_else() -> None:
    x = torch.linspace(-3, 3, 7)
    with Smooth():
        for relu in (F.relu, lambda x: F.relu(x, inplace=True), torch.relu, torch.relu_, Tensor.relu_, nn.ReLU()):
            assert torch.equal(relu(x), F.softplus(torch.linspace(-3, 3, 7)))
        assert torch.equal(x + x, 2 * x)
    assert torch.equal(x, torch.linspace(-3, 3, 7))
    assert torch.equal(F.relu(x), x.clamp(min=0))


@pytest.mark.parametrize("field", [lambda t, h: tuple(1e30 * x for x in h), lambda t, h: tuple(0 * x for x in h)])
def test_a_state_that_overflows_or_stands_still_has_no_order(model: SegNode, field: Callable[..., State]) -> None:
    with torch.no_grad(), pytest.MonkeyPatch.context() as patched:
        patched.setattr(model.field, "forward", field)
        with pytest.raises(SolverError, match="no order of convergence under rk4"):
            convergence(model, Streets(range(1), 64, 64), [0], "rk4")


def test_a_residual_network_in_disguise_shows_no_order() -> None:
    """A field that kinks at every evaluation's depth: finer grids do not settle at a fourth-order rate."""
    torch.manual_seed(2)
    model = SegNode(ModelConfig(11, (8, 16), 8, modules=1, blocks=1), CAMVID).eval()

    class Kinked(nn.Module):
        def forward(self, t: float, state: tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, ...]:
            return tuple(20 * torch.sign(torch.sin(40 * x)) for x in state)

    model.field = Kinked()
    assert convergence(model, Streets(range(1), 64, 64), [0], "rk4").order < 1.5
