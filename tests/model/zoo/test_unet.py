from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from segnode.data.classes import CAMVID
from segnode.errors import CheckpointError, ConfigError, ImageError
from segnode.model.zoo.official import official_weights
from segnode.model.zoo.unet import UNet
from tests.model.zoo.lessons import losses


def narrow() -> UNet:
    torch.manual_seed(0)
    return UNet(CAMVID, width=4).eval()


def picture(rows: int, columns: int) -> Tensor:
    return torch.rand(1, 3, rows, columns, generator=torch.Generator().manual_seed(3))


def test_parameters_of_the_paper() -> None:
    with torch.device("meta"):
        assert sum(parameter.numel() for parameter in UNet(CAMVID).parameters()) == 31_032_395


@pytest.mark.parametrize("size", [(32, 48), (33, 47), (17, 90), (5, 3), (1, 1)])
def test_takes_any_size(size: tuple[int, int]) -> None:
    with torch.no_grad():
        assert narrow()(picture(*size)).shape == (1, 11, *size)


def test_padding_repeats_the_border_and_is_cut_off() -> None:
    network, small = narrow(), picture(30, 45)
    padded = torch.cat([small, small[..., -1:].expand(-1, -1, -1, 3)], dim=-1)
    padded = torch.cat([padded, padded[..., -1:, :].expand(-1, -1, 2, -1)], dim=-2)
    with torch.no_grad():
        assert torch.equal(network(small), network(padded)[..., :30, :45])


def test_an_empty_picture_is_refused() -> None:
    with pytest.raises(ImageError, match="A picture of 5 x 0 is too small for UNet: give at least 1 x 1"):
        narrow()(torch.empty(1, 3, 0, 5))


@pytest.mark.parametrize(("layout", "sentence"), [({"width": 0}, "width must be"), ({"depth": 9}, "depth must be")])
def test_a_layout_out_of_range_is_refused(layout: dict[str, int], sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        UNet(CAMVID, **layout)


def test_saved_and_loaded_answers_the_same(tmp_path: Path) -> None:
    network = UNet(CAMVID, width=4, depth=2).eval()
    network.save_pretrained(tmp_path)
    again = UNet.from_pretrained(tmp_path)
    assert again.layout == {"width": 4, "depth": 2}
    with torch.no_grad():
        assert torch.equal(again(picture(24, 40)), network(picture(24, 40)))


def test_every_level_reaches_the_answer() -> None:
    network = narrow()
    network(picture(32, 32)).square().sum().backward()
    for name, parameter in network.named_parameters():
        assert parameter.grad is not None, name
        assert parameter.grad.abs().max() > 0, name


def test_the_signal_neither_dies_out_nor_explodes() -> None:
    torch.manual_seed(0)
    with torch.no_grad():
        logits = UNet(CAMVID, width=16).eval().score(torch.randn(1, 3, 64, 64))[0]
    assert 0.1 < logits.std() < 10


def test_dropout_in_training_only() -> None:
    network = narrow()
    assert [layer.p for layer in network.modules() if isinstance(layer, nn.Dropout)] == [0.5]
    with torch.no_grad():
        assert torch.equal(network(picture(32, 32)), network(picture(32, 32)))
        network.train()
        assert not torch.equal(network(picture(32, 32)), network(picture(32, 32)))


def test_learns() -> None:
    torch.manual_seed(0)
    history = losses(UNet(CAMVID, width=8), steps=25, rate=3e-3)
    assert history[-1] < 0.6 * history[0]


def test_has_no_public_weights() -> None:
    with pytest.raises(CheckpointError, match="UNet"):
        official_weights(narrow(), {"weight": torch.zeros(1)})
