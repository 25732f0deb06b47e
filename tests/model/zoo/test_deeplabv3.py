from typing import Any

import pytest
import torch
from torch import Tensor

from segnode.data.classes import CAMVID
from segnode.errors import CheckpointError, ConfigError
from segnode.model.blocks import resize
from segnode.model.zoo.deeplabv3 import AtrousPyramid, DeepLabV3
from segnode.model.zoo.official import imagenet_weights, official_weights
from tests.model.zoo.filling import filled, golden, keys, picture, relative_error
from tests.model.zoo.lessons import losses, settled

NARROW = {"layers": (1, 1, 2, 1), "width": 4, "head": 8, "rates": (2, 4)}
REFERENCE = "deeplabv3_resnet101"


def narrow() -> DeepLabV3:
    torch.manual_seed(0)
    return settled(DeepLabV3(CAMVID, **NARROW))


@pytest.fixture(scope="module")
def weights() -> dict[str, Tensor]:
    return filled(keys(REFERENCE))


@pytest.fixture(scope="module")
def full() -> DeepLabV3:
    with torch.device("meta"):  # no time spent on an initialization that is overwritten
        network = DeepLabV3(CAMVID)
    return network.to_empty(device="cpu").eval().double()


def test_parameters_of_the_paper() -> None:
    with torch.device("meta"):
        assert sum(parameter.numel() for parameter in DeepLabV3(CAMVID).parameters()) == 58_628_427


# In float64 our own answer is the same on every processor: the difference is the rounding of the measurement, 4.6e-6.
def test_answers_as_torchvision_does(full: DeepLabV3, weights: dict[str, Tensor]) -> None:
    official_weights(full, weights)
    wanted = golden(REFERENCE)["out0"]
    with torch.no_grad():
        (logits,) = full.score(picture().double())
    assert logits.shape == (1, 11, 16, 24)
    assert relative_error(resize(logits, wanted.shape[-2:]), wanted) < 1e-5


def test_rates_of_the_article(full: DeepLabV3) -> None:
    # The reference picture's map has 16 x 24 pixels, so its answer cannot tell the two longer rates from longer ones.
    assert [level[0].dilation[0] for level in full.pyramid.levels] == [1, 12, 24, 36]


def test_weights_are_loaded_strictly(full: DeepLabV3, weights: dict[str, Tensor]) -> None:
    with pytest.raises(CheckpointError, match=r"aux_classifier\.0\.weight is foreign"):
        official_weights(full, {**weights, "aux_classifier.0.weight": torch.zeros(256, 1024, 3, 3)})
    fewer = {name: tensor for name, tensor in weights.items() if name != "classifier.0.project.0.weight"}
    with pytest.raises(CheckpointError, match=r"pyramid\.project\.0\.weight is missing"):
        official_weights(full, fewer)


def test_a_trunk_trained_on_imagenet_fits(full: DeepLabV3, weights: dict[str, Tensor]) -> None:
    trunk = {name.removeprefix("backbone."): tensor for name, tensor in weights.items() if name.startswith("backbone.")}
    torch.nn.init.zeros_(full.backbone.stage3[22].spatial[0].weight)
    head = full.classifier[0].weight.clone()
    imagenet_weights(full, {**trunk, "fc.weight": torch.zeros(1000, 2048), "fc.bias": torch.zeros(1000)})
    assert torch.equal(full.backbone.stage3[22].spatial[0].weight.float(), trunk["layer3.22.conv2.weight"])
    assert torch.equal(full.classifier[0].weight, head)


@pytest.mark.parametrize("size", [(32, 48), (33, 47), (17, 90), (5, 3), (1, 1)])
def test_takes_any_size(size: tuple[int, int]) -> None:
    with torch.no_grad():
        assert narrow()(torch.rand(1, 3, *size)).shape == (1, 11, *size)


@pytest.mark.parametrize(
    ("layout", "sentence"),
    [
        ({"layers": (1, 1)}, "4 stages, not 2"),
        ({"head": 0}, "head must be"),
        ({"rates": ()}, "1 to 8 rates, not 0"),
        ({"rates": (12, 0)}, "every rate must be"),
    ],
)
def test_a_layout_out_of_range_is_refused(layout: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        DeepLabV3(CAMVID, **{**NARROW, **layout})


def test_each_rate_sees_that_far_and_the_mean_sees_everything() -> None:
    pyramid = AtrousPyramid(2, 4, rates=(3, 5)).eval()
    x = torch.zeros(1, 2, 21, 21)
    spike = x.clone()
    spike[..., 10, 10] = 1

    def reach(part: torch.nn.Module) -> int:
        with torch.no_grad():
            changed = (part(spike) != part(x)).any(dim=1)[0].nonzero()
        return int(changed.amax() - 10) if len(changed) else -1

    for level in pyramid.levels:  # a ReLU would hide some of the change
        level[2] = torch.nn.Identity()
    pyramid.pooled[3] = torch.nn.Identity()
    assert [reach(level) for level in pyramid.levels] == [0, 3, 5]
    assert reach(pyramid.pooled.append(torch.nn.Upsample(size=(21, 21)))) == 10


def test_learns() -> None:
    torch.manual_seed(0)
    history = losses(DeepLabV3(CAMVID, (1, 1, 1, 1), width=8, head=16, rates=(2, 4)), steps=30, rate=3e-3)
    assert history[-1] < 0.6 * history[0]
