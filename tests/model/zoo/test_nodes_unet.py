from pathlib import Path

import pytest
import torch
from torch import Tensor

from segnode.config import SolverConfig
from segnode.data.classes import CAMVID
from segnode.errors import ConfigError, ImageError
from segnode.model.zoo.nodes_unet import NODEsUNet
from segnode.model.zoo.ode_block import ODEBlock
from tests.model.zoo.lessons import losses

FAST = SolverConfig("midpoint", 1)


def network(solver: SolverConfig | None = FAST) -> NODEsUNet:
    torch.manual_seed(0)
    return NODEsUNet(CAMVID, width=2, solver=solver).eval()


def images(rows: int = 40, columns: int = 56, batch: int = 1) -> Tensor:
    return torch.rand(batch, 3, rows, columns, generator=torch.Generator().manual_seed(3))


@pytest.mark.parametrize(("width", "count", "plain"), [(64, 62_499_403, 31_032_395), (12, 2_207_639, 1_092_407)])
def test_parameters_with_and_without_the_odes(width: int, count: int, plain: int) -> None:
    with torch.device("meta"):
        model = NODEsUNet(CAMVID, width)
    blocks = [module for module in model.modules() if isinstance(module, ODEBlock)]
    total, odes = (sum(p.numel() for part in parts for p in part.parameters()) for parts in ([model], blocks))
    assert len(blocks) == 9
    assert (total, total - odes) == (count, plain)


@pytest.mark.parametrize("solver", [None, FAST])
@pytest.mark.parametrize("size", [(40, 56), (45, 71), (17, 17), (32, 32), (63, 18)])
def test_takes_any_size_from_17(size: tuple[int, int], solver: SolverConfig | None) -> None:
    with torch.no_grad():
        logits = network(solver)(images(*size))
    assert logits.shape == (1, 11, *size)
    assert logits.isfinite().all()


def test_a_picture_too_small_is_refused() -> None:
    with pytest.raises(ImageError, match="64 x 16 is too small for NODEsUNet: give at least 17 x 17"):
        network()(images(16, 64))


def test_nine_odes_move_at_nine_resolutions(monkeypatch: pytest.MonkeyPatch) -> None:
    shapes = []
    blocks = [module for module in network().modules() if type(module).__name__ == "ODEBlock"]
    monkeypatch.setattr(type(blocks[0]), "forward", lambda self, x: (shapes.append(tuple(x.shape[1:])), x)[1])
    with torch.no_grad():
        network()(images(48, 32))
    down = [(2, 48, 32), (4, 24, 16), (8, 12, 8), (16, 6, 4)]
    assert shapes == [*down, (32, 3, 2), *reversed(down)]


def test_default_solver_is_the_sources_and_another_may_be_given() -> None:
    source, other = network(None), network(SolverConfig("euler", 1))
    assert source.layout["solver"] == SolverConfig("dopri5", rtol=1e-3, atol=1e-3, gradient="adjoint").to_dict()
    with torch.no_grad():
        assert not torch.allclose(source(images()), other(images()), atol=0.05)


def test_comes_back_from_disk(tmp_path: Path) -> None:
    model = network(SolverConfig("rk4", 2))
    model.save_pretrained(tmp_path)
    again = NODEsUNet.from_pretrained(tmp_path)
    assert again.settings() == model.settings()
    with torch.no_grad():
        assert torch.equal(again(images()), model(images()))


@pytest.mark.parametrize("width", [0, 1025])
def test_widths_that_are_none_are_refused(width: int) -> None:
    with pytest.raises(ConfigError, match=f"width must be a whole number from 1 to 1024, not {width}"):
        NODEsUNet(CAMVID, width=width)


def gradients(solver: SolverConfig | None) -> list[Tensor]:
    model = network(solver)
    model(images(33, 20)).square().mean().backward()
    return [parameter.grad for parameter in model.parameters()]


@pytest.mark.parametrize("solver", [None, FAST])
def test_gradients_reach_all_parameters(solver: SolverConfig | None) -> None:
    assert all(gradient is not None and gradient.any() for gradient in gradients(solver))


def test_recomputed_gradients_equal_direct_ones() -> None:
    direct = gradients(SolverConfig("midpoint", 2, gradient="backprop"))
    recomputed = gradients(SolverConfig("midpoint", 2, gradient="checkpoint"))
    for a, b in zip(direct, recomputed, strict=True):
        assert torch.equal(a, b)


def test_learns() -> None:
    found = losses(network(FAST), steps=12, rate=1e-2)
    assert found[-1] < 0.85 * found[0]
