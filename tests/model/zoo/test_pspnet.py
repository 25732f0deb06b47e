from typing import Any

import pytest
import torch

from segnode.data.classes import CAMVID
from segnode.errors import ConfigError
from segnode.model.zoo.official import imagenet_weights, official_weights
from segnode.model.zoo.pspnet import PoolingPyramid, PSPNet
from tests.model.zoo.filling import filled
from tests.model.zoo.lessons import losses, settled

NARROW: dict[str, Any] = {
    "layers": (1, 1, 2, 1),
    "width": 4,
    "deep_stem": True,
    "bins": (1, 2, 3, 6),
    "pyramid": 8,
    "head": 16,
    "supervised": True,
}


def narrow(**layout: Any) -> PSPNet:
    torch.manual_seed(0)
    return settled(PSPNet(CAMVID, **{**NARROW, **layout}))


@pytest.mark.parametrize(
    ("layout", "count"),
    [
        ({"supervised": False}, 46_711_243),
        ({}, 49_073_878),
        ({"pyramid": 8, "head": 0, "supervised": False}, 23_720_299),
    ],
)
def test_parameters(layout: dict[str, Any], count: int) -> None:
    with torch.device("meta"):
        network = PSPNet(CAMVID, **layout)
    assert sum(parameter.numel() for parameter in network.parameters()) == count


def authors_shapes() -> dict[str, tuple[int, ...]]:
    """Names and shapes of the authors' code, were its network as narrow as `NARROW`."""
    shapes: dict[str, tuple[int, ...]] = {}

    def normed(conv: str, norm: str, width_in: int, width: int, kernel: int) -> None:
        shapes[f"{conv}.weight"] = (width, width_in, kernel, kernel)
        shapes.update({f"{norm}.{leaf}": (width,) for leaf in ("weight", "bias", "running_mean", "running_var")})
        shapes[f"{norm}.num_batches_tracked"] = ()

    def classifier(conv: str, width_in: int) -> None:
        shapes.update({f"{conv}.weight": (11, width_in, 1, 1), f"{conv}.bias": (11,)})

    for index, widths in enumerate([(3, 4), (4, 4), (4, 8)]):
        normed(f"layer0.{3 * index}", f"layer0.{3 * index + 1}", *widths, kernel=3)
    before = 8
    for stage, count in enumerate(NARROW["layers"]):
        width = 4 * 2**stage
        for index in range(count):
            block = f"layer{stage + 1}.{index}"
            normed(f"{block}.conv1", f"{block}.bn1", before, width, 1)
            normed(f"{block}.conv2", f"{block}.bn2", width, width, 3)
            normed(f"{block}.conv3", f"{block}.bn3", width, 4 * width, 1)
            if index == 0:
                normed(f"{block}.downsample.0", f"{block}.downsample.1", before, 4 * width, 1)
            before = 4 * width
    for level in range(4):
        normed(f"ppm.features.{level}.1", f"ppm.features.{level}.2", 128, 8, 1)
    normed("cls.0", "cls.1", 128 + 4 * 8, 16, 3)
    classifier("cls.4", 16)
    normed("aux.0", "aux.1", 64, 16, 3)
    classifier("aux.4", 16)
    return shapes


def test_authors_weights_are_loaded() -> None:
    network, weights = narrow(), filled(authors_shapes())
    official_weights(network, {f"module.{name}": tensor for name, tensor in weights.items()})
    block = network.backbone.stage3[1]
    assert torch.equal(network.backbone.stem[6].weight, weights["layer0.6.weight"])
    assert torch.equal(block.reduce[0].weight, weights["layer3.1.conv1.weight"])
    assert torch.equal(block.spatial[1].running_var, weights["layer3.1.bn2.running_var"])
    assert torch.equal(block.expand[1].bias, weights["layer3.1.bn3.bias"])
    assert torch.equal(network.pyramid.levels[2][1].weight, weights["ppm.features.2.1.weight"])
    assert torch.equal(network.classifier[4].weight, weights["cls.4.weight"])
    assert torch.equal(network.supervisor[4].weight, weights["aux.4.weight"])


def test_a_trunk_trained_on_imagenet_fits_one_7x7() -> None:
    network = narrow(deep_stem=False)
    back = {".reduce.0": ".conv1", ".reduce.1": ".bn1", ".spatial.0": ".conv2", ".spatial.1": ".bn2"}
    back |= {".expand.0": ".conv3", ".expand.1": ".bn3", ".shortcut": ".downsample", "stage": "layer"}
    back |= {"stem.0": "conv1", "stem.1": "bn1"}
    weights = {}
    for name, tensor in network.backbone.state_dict().items():
        official = name
        for ours, theirs in back.items():
            official = official.replace(ours, theirs)
        weights[official] = torch.full_like(tensor, 3)
    imagenet_weights(network, {**weights, "fc.weight": torch.zeros(2), "fc.bias": torch.zeros(2)})
    assert all((tensor == 3).all() for tensor in network.backbone.state_dict().values())
    assert not (network.classifier[0].weight == 3).any()


@pytest.mark.parametrize("size", [(64, 96), (33, 47), (17, 90), (5, 3), (1, 1)])
@pytest.mark.parametrize("layout", [{}, {"deep_stem": False, "head": 0, "supervised": False}])
def test_takes_any_size(size: tuple[int, int], layout: dict[str, Any]) -> None:
    with torch.no_grad():
        assert narrow(**layout)(torch.rand(1, 3, *size)).shape == (1, 11, *size)


def test_answers_at_stride_8_and_dilates_whole_stages() -> None:
    network = narrow()
    with torch.no_grad():
        (logits,) = network.outputs(torch.rand(1, 3, 64, 96))
    assert logits.shape == (1, 11, 8, 12)
    assert [block.spatial[0].dilation[0] for block in network.backbone.stage3] == [2, 2]
    assert [block.spatial[0].dilation[0] for block in network.backbone.stage4] == [4]


@pytest.mark.parametrize(
    ("layout", "sentence"),
    [
        ({"layers": (1, 1)}, "4 stages, not 2"),
        ({"head": -1}, "head must be"),
        ({"pyramid": 0}, "pyramid must be"),
        ({"bins": ()}, "1 to 8 bins, not 0"),
        ({"bins": (0,)}, "every bin must be"),
    ],
)
def test_a_layout_out_of_range_is_refused(layout: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        PSPNet(CAMVID, **{**NARROW, **layout})


def test_the_auxiliary_output_is_for_training() -> None:
    images = torch.rand(2, 3, 32, 32)
    network = narrow()
    with torch.no_grad():
        assert (len(network.outputs(images)), network.auxiliary) == (1, ())
        network.train()
        assert (len(network.outputs(images)), network.auxiliary) == (2, (0.4,))
        plain = narrow(supervised=False).train()
        assert (len(plain.outputs(images)), plain.auxiliary) == (1, ())


def test_each_level_holds_the_means_of_its_parts() -> None:
    pyramid = PoolingPyramid(3, 3, bins=(1, 2)).eval()
    for level in pyramid.levels:
        torch.nn.init.dirac_(level[1].weight)  # each channel as it is
        level[2] = torch.nn.Identity()
    x = torch.rand(1, 3, 8, 6)
    same, whole, quarters = pyramid(x).split(3, dim=1)
    assert torch.equal(same, x)
    assert torch.allclose(whole, x.mean(dim=(2, 3), keepdim=True).expand_as(x))
    assert torch.allclose(quarters[..., 0, 0], x[..., :4, :3].mean(dim=(2, 3)))
    assert torch.allclose(quarters[..., -1, 0], x[..., 4:, :3].mean(dim=(2, 3)))
    assert torch.allclose(quarters[..., -1, -1], x[..., 4:, 3:].mean(dim=(2, 3)))


@pytest.mark.parametrize("head", [16, 0])
def test_learns(head: int) -> None:
    torch.manual_seed(0)
    network = PSPNet(CAMVID, (1, 1, 1, 1), width=8, pyramid=8, head=head)
    history = losses(network, steps=15, rate=3e-3)
    assert history[-1] < 0.6 * history[0]
