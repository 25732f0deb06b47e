"""U-Node and NODEs-UNet: two ways to make a U of nine ODEs."""

from pathlib import Path

import pytest
import torch
from torch import Tensor

from segnode.config import SolverConfig
from segnode.data.classes import CAMVID, ClassSet
from segnode.errors import ConfigError, ImageError
from segnode.model.zoo.nodes_unet import NODEsUNet
from segnode.model.zoo.ode_block import ODEBlock
from segnode.model.zoo.unode import UNode
from tests.model.zoo.lessons import losses

Kind = type[UNode] | type[NODEsUNet]
FAST = SolverConfig("midpoint", 1)
both = pytest.mark.parametrize("kind", [UNode, NODEsUNet])


def network(kind: Kind, solver: SolverConfig | None = FAST) -> UNode | NODEsUNet:
    torch.manual_seed(0)
    return kind(CAMVID, width=2, solver=solver).eval()


def images(rows: int = 40, columns: int = 56, batch: int = 1) -> Tensor:
    return torch.rand(batch, 3, rows, columns, generator=torch.Generator().manual_seed(3))


@pytest.mark.parametrize(
    ("classes", "width", "count"),
    [(2, 64, 33_211_074), (2, 16, 2_087_346), (11, 64, 33_211_659), (11, 16, 2_087_499), (11, 17, 2_355_548)],
)
def test_parameters_of_unode(classes: int, width: int, count: int) -> None:
    with torch.device("meta"):
        model = UNode(ClassSet.numbered(classes), width)
    assert sum(parameter.numel() for parameter in model.parameters()) == count


@pytest.mark.parametrize(("width", "count", "plain"), [(64, 62_499_403, 31_032_395), (12, 2_207_639, 1_092_407)])
def test_parameters_of_nodes_unet_with_and_without_the_odes(width: int, count: int, plain: int) -> None:
    with torch.device("meta"):
        model = NODEsUNet(CAMVID, width)
    blocks = [module for module in model.modules() if isinstance(module, ODEBlock)]
    total, odes = (sum(p.numel() for part in parts for p in part.parameters()) for parts in ([model], blocks))
    assert len(blocks) == 9
    assert (total, total - odes) == (count, plain)


@both
@pytest.mark.parametrize("solver", [None, FAST])
@pytest.mark.parametrize("size", [(40, 56), (45, 71), (17, 17), (32, 32), (63, 18)])
def test_takes_any_size_from_17(kind: Kind, size: tuple[int, int], solver: SolverConfig | None) -> None:
    with torch.no_grad():
        logits = network(kind, solver)(images(*size))
    assert logits.shape == (1, 11, *size)
    assert logits.isfinite().all()


@both
def test_a_picture_too_small_is_refused(kind: Kind) -> None:
    with pytest.raises(ImageError, match=f"64 x 16 is too small for {kind.__name__}: give at least 17 x 17"):
        network(kind)(images(16, 64))


@both
def test_nine_odes_move_at_nine_resolutions(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    shapes = []
    monkeypatch.setattr(ODEBlock, "forward", lambda self, x: (shapes.append(tuple(x.shape[1:])), x)[1])
    with torch.no_grad():
        network(kind)(images(48, 32))
    down = [(2, 48, 32), (4, 24, 16), (8, 12, 8), (16, 6, 4)]
    assert shapes == [*down, (32, 3, 2), *reversed(down)]


@both
def test_default_solver_is_the_sources_and_another_may_be_given(kind: Kind) -> None:
    source, other = network(kind, None), network(kind, SolverConfig("euler", 1))
    assert source.layout["solver"] == SolverConfig("dopri5", rtol=1e-3, atol=1e-3, gradient="adjoint").to_dict()
    with torch.no_grad():
        assert not torch.allclose(source(images()), other(images()), atol=0.05)


@both
def test_comes_back_from_disk(kind: Kind, tmp_path: Path) -> None:
    model = network(kind, SolverConfig("rk4", 2))
    model.save_pretrained(tmp_path)
    again = kind.from_pretrained(tmp_path)
    assert again.settings() == model.settings()
    with torch.no_grad():
        assert torch.equal(again(images()), model(images()))


@both
@pytest.mark.parametrize("width", [0, 1025])
def test_widths_that_are_none_are_refused(kind: Kind, width: int) -> None:
    with pytest.raises(ConfigError, match=f"width must be a whole number from 1 to 1024, not {width}"):
        kind(CAMVID, width=width)


def gradients(kind: Kind, solver: SolverConfig | None) -> list[Tensor]:
    model = network(kind, solver)
    model(images(33, 20)).square().mean().backward()
    return [parameter.grad for parameter in model.parameters()]


@both
@pytest.mark.parametrize("solver", [None, FAST])
def test_gradients_reach_all_parameters(kind: Kind, solver: SolverConfig | None) -> None:
    assert all(gradient is not None and gradient.any() for gradient in gradients(kind, solver))


@both
def test_recomputed_gradients_equal_direct_ones(kind: Kind) -> None:
    direct = gradients(kind, SolverConfig("midpoint", 2, gradient="backprop"))
    recomputed = gradients(kind, SolverConfig("midpoint", 2, gradient="checkpoint"))
    for a, b in zip(direct, recomputed, strict=True):
        assert torch.equal(a, b)


@both
def test_learns(kind: Kind) -> None:
    history = losses(network(kind), steps=12, rate=1e-2)
    assert history[-1] < 0.85 * history[0]
