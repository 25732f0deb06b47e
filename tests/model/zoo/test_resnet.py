import pytest
import torch

from segnode.errors import ConfigError
from segnode.model.zoo.resnet import RESNET50, RESNET101, Bottleneck, ResNet


@pytest.mark.parametrize(
    ("layers", "deep_stem", "count"),
    [(RESNET50, False, 23_508_032), (RESNET101, False, 42_500_160), (RESNET50, True, 23_631_808)],
)
def test_parameters(layers: tuple[int, ...], deep_stem: bool, count: int) -> None:
    with torch.device("meta"):
        network = ResNet(layers, 64, deep_stem)
    assert sum(parameter.numel() for parameter in network.parameters()) == count


@pytest.mark.parametrize("deep_stem", [False, True])
def test_the_last_two_stages_keep_the_resolution(deep_stem: bool) -> None:
    network = ResNet((1, 1, 1, 1), 4, deep_stem).eval()
    with torch.no_grad():
        third, fourth = network(torch.zeros(1, 3, 64, 96))
    assert third.shape == (1, 64, 8, 12)
    assert fourth.shape == (1, 128, 8, 12)
    assert network.widths == (64, 128)


def test_dilations_instead_of_strides() -> None:
    network = ResNet((1, 1, 2, 3), 2)
    stages = (network.stage1, network.stage2, network.stage3, network.stage4)
    dilations = [[block.spatial[0].dilation[0] for block in stage] for stage in stages]
    assert dilations == [[1], [1], [1, 2], [2, 4, 4]]
    assert [stage[0].spatial[0].stride[0] for stage in stages] == [1, 2, 1, 1]


def test_a_bottleneck_passes_its_input_around() -> None:
    block = Bottleneck(16, 4).eval()
    torch.nn.init.zeros_(block.expand[0].weight)
    x = torch.rand(1, 16, 6, 6)
    with torch.no_grad():
        assert torch.equal(block(x), x)


@pytest.mark.parametrize(
    ("layers", "width", "sentence"),
    [
        ((3, 4, 6), 64, "4 stages, not 3"),
        ((3, 0, 6, 3), 64, "stage's bottlenecks must be"),
        (RESNET50, 0, "width must"),
    ],
)
def test_a_layout_out_of_range_is_refused(layers: tuple[int, ...], width: int, sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        ResNet(layers, width)
