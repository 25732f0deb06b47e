"""The official code's answers are in `reference/`, measured in float64: what is left is a difference of layout."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from segnode.data.classes import CAMVID, ClassSet
from segnode.errors import CheckpointError, ConfigError, ImageError
from segnode.model.blocks import resize
from segnode.model.zoo.hrnet import HRNetV2, MultiResolutionModule
from segnode.model.zoo.official import imagenet_weights, official_weights
from tests.model.zoo.filling import filled, golden, keys, picture, relative_error
from tests.model.zoo.lessons import losses, settled, streets

NARROW = {"width": 4, "stem": 4, "ocr_width": 8}


def narrow(**layout: Any) -> HRNetV2:
    torch.manual_seed(0)
    return settled(HRNetV2(CAMVID, **{**NARROW, **layout}))


def blank(classes: ClassSet, **layout: Any) -> HRNetV2:
    """At full width, without the time an initialization takes that is overwritten."""
    with torch.device("meta"):
        network = HRNetV2(classes, **layout)
    return network.to_empty(device="cpu").eval()


def parameters(**layout: Any) -> int:
    with torch.device("meta"):
        return sum(parameter.numel() for parameter in HRNetV2(CAMVID, **layout).parameters())


@pytest.fixture(scope="module")
def weights() -> dict[str, Tensor]:
    return filled(keys("hrnetv2_w48"))


@pytest.fixture(scope="module")
def full(weights: dict[str, Tensor]) -> HRNetV2:
    network = blank(ClassSet.numbered(19))
    official_weights(network, weights)
    return network.double()


def test_parameters_of_the_authors_code() -> None:
    assert parameters() == 65_853_611
    assert parameters(ocr=True) == 70_362_806


def test_parameters_of_the_compact_sibling() -> None:
    assert parameters(width=9, stem=16) == 2_342_759
    assert parameters(width=9, stem=16, ocr=True, ocr_width=64) == 2_440_434


def test_answers_as_the_authors_code_does(full: HRNetV2) -> None:
    with torch.no_grad():
        (logits,) = full.score(picture().double())
    assert relative_error(logits, golden("hrnetv2_w48")["out0"]) < 1e-9


def test_answers_as_the_authors_code_does_with_ocr() -> None:
    network = blank(ClassSet.numbered(19), ocr=True)
    official_weights(network, filled(keys("hrnetv2_w48_ocr")))
    with torch.no_grad():
        logits, auxiliary = network.double().score(picture().double())
    wanted = golden("hrnetv2_w48_ocr")
    assert relative_error(auxiliary, wanted["out0"]) < 1e-9
    assert relative_error(logits, wanted["out1"]) < 1e-9


def test_official_weights_of_other_classes_are_refused(weights: dict[str, Tensor]) -> None:
    with torch.device("meta"):
        network = HRNetV2(CAMVID)
    with pytest.raises(CheckpointError, match=r"last_layer.3.weight is \(19, 720, 1, 1\) where \(11, 720, 1, 1\)"):
        official_weights(network, weights)


def test_official_weights_without_a_head_are_refused(weights: dict[str, Tensor]) -> None:
    with torch.device("meta"):
        network = HRNetV2(ClassSet.numbered(19), ocr=True)
    with pytest.raises(CheckpointError, match=r"head\.regions\.hidden\.conv\.weight is missing"):
        official_weights(network, weights)


def test_a_classifier_of_imagenet_fits_the_backbone(full: HRNetV2, weights: dict[str, Tensor]) -> None:
    trunk = {name: tensor for name, tensor in weights.items() if not name.startswith("last_layer.")}
    extras = {
        "incre_modules.0.0.conv1.weight": torch.zeros(32, 48, 1, 1),
        "downsamp_modules.0.0.weight": torch.zeros(256, 128, 3, 3),
        "final_layer.0.weight": torch.zeros(2048, 1024, 1, 1),
        "classifier.weight": torch.zeros(1000, 2048),
    }
    head = full.head.logits.weight.clone()
    block = full.backbone.stage4[2].branches[3][3].layers[1].conv
    nn.init.zeros_(block.weight)
    imagenet_weights(full, {**trunk, **extras})
    assert torch.equal(block.weight.float(), weights["stage4.2.branches.3.3.conv2.weight"])
    assert torch.equal(full.head.logits.weight, head)
    with pytest.raises(CheckpointError, match=r"last_layer\.0\.weight is foreign"):
        imagenet_weights(full, {**weights, **extras})


@pytest.mark.parametrize("ocr", [False, True])
@pytest.mark.parametrize("size", [(64, 96), (33, 47), (17, 90), (5, 3), (1, 1)])
def test_takes_any_size(size: tuple[int, int], ocr: bool) -> None:
    with torch.no_grad():
        assert narrow(ocr=ocr)(torch.rand(1, 3, *size)).shape == (1, 11, *size)


def test_an_empty_picture_is_refused() -> None:
    with pytest.raises(ImageError, match="A picture of 5 x 0 is too small for HRNetV2: give at least 1 x 1"):
        narrow()(torch.empty(1, 3, 0, 5))


@pytest.mark.parametrize("ocr", [False, True])
def test_outputs_are_at_stride_4_with_their_weights(ocr: bool) -> None:
    network = narrow(ocr=ocr)
    with torch.no_grad():
        outputs = network.outputs(torch.rand(2, 3, 64, 96))
    assert [logits.shape for logits in outputs] == [(2, 11, 16, 24)] * (2 if ocr else 1)
    assert network.auxiliary == ((0.4,) if ocr else ())


def test_corners_are_aligned_with_ocr_alone() -> None:
    images = torch.rand(1, 3, 64, 96)
    with torch.no_grad():
        plain, aligned = narrow(), narrow(ocr=True)
        assert torch.equal(plain(images), resize(plain.outputs(images)[0], (64, 96)))
        assert not torch.allclose(aligned(images), resize(aligned.outputs(images)[0], (64, 96)), atol=1e-4)
        corners = aligned(images)[..., [0, -1], [0, -1]], aligned.outputs(images)[0][..., [0, -1], [0, -1]]
    assert torch.allclose(*corners, atol=1e-6)


@pytest.mark.parametrize(
    ("layout", "sentence"),
    [
        ({"width": 0}, "width must be a whole number"),
        ({"stem": 0}, "stem must be a whole number"),
        ({"ocr_width": 1}, "ocr_width must be a whole number"),
    ],
)
def test_a_layout_out_of_range_is_refused(layout: dict[str, int], sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        HRNetV2(CAMVID, **layout)


@pytest.mark.parametrize("ocr", [False, True])
def test_saved_and_loaded_answers_the_same(tmp_path: Path, ocr: bool) -> None:
    network, images = narrow(ocr=ocr), torch.rand(1, 3, 40, 56)
    network.save_pretrained(tmp_path)
    again = HRNetV2.from_pretrained(tmp_path)
    assert again.layout == {**NARROW, "ocr": ocr}
    with torch.no_grad():
        assert torch.equal(again(images), network(images))


@pytest.mark.parametrize("ocr", [False, True])
def test_learns(ocr: bool) -> None:
    torch.manual_seed(0)
    history = losses(HRNetV2(CAMVID, **NARROW, ocr=ocr), steps=8, rate=3e-3)
    assert history[-1] < 0.85 * history[0]


def lesson(network: HRNetV2, recompute: bool) -> tuple[dict[str, Tensor], dict[str, Tensor], Counter[nn.Module]]:
    """Gradients and buffers after one backward pass, and how often each multi-resolution module was evaluated."""
    network.recompute = recompute
    evaluated: Counter[nn.Module] = Counter()
    for module in network.modules():
        if isinstance(module, MultiResolutionModule):
            module.register_forward_pre_hook(lambda module, inputs: evaluated.update([module]))
    images, labels = streets()
    torch.manual_seed(4)
    sum(nn.functional.cross_entropy(resize(x, labels.shape[-2:]), labels) for x in network.outputs(images)).backward()
    gradients = {name: parameter.grad for name, parameter in network.named_parameters()}
    return gradients, dict(network.named_buffers()), evaluated


def test_recomputing_each_module_changes_nothing_but_memory() -> None:
    direct, again = (lesson(narrow(ocr=True).train(), recompute) for recompute in (False, True))
    assert set(direct[2].values()) == {1}
    assert set(again[2].values()) == {2}
    assert len(again[2]) == 8
    for recomputed, expected in zip(again[:2], direct[:2], strict=True):
        for name, tensor in expected.items():
            assert torch.allclose(recomputed[name], tensor, rtol=1e-5, atol=1e-8), name
    assert max(gradient.abs().max() for gradient in direct[0].values()) > 1e-3


def test_evaluation_recomputes_nothing() -> None:
    assert set(lesson(narrow(), recompute=True)[2].values()) == {1}
