import pytest
import torch
from torch import nn

from segnode.errors import ConfigError
from segnode.model.build import build_model, names
from segnode.model.field import Module

COUNTS = {
    "segnode-w48": 20_915_084,
    "segnode-w48-ocr": 25_944_806,
    "segnode-compact": 2_333_188,
    "baseline-w48": 70_894_604,
    "baseline-w48-six": 60_898_700,
    "baseline-compact": 7_892_868,
    "hrnetv2-w48": 65_853_611,
    "hrnetv2-w48-ocr": 70_362_806,
    "hrnetv2-compact": 2_342_759,
    "unet": 31_032_395,
    "pspnet": 49_073_878,
    "deeplabv3": 58_628_427,
    "unode": 33_211_659,
    "unode-compact": 2_087_499,
    "nodes-unet": 62_499_403,
    "nodes-unet-compact": 2_207_639,
}


def parameters(name: str, num_classes: int = 11) -> int:
    with torch.device("meta"):
        return sum(parameter.numel() for parameter in build_model(name, num_classes).parameters())


def test_every_network_has_its_count() -> None:
    assert {name: parameters(name) for name in names()} == COUNTS


def test_the_papers_counts_do_not_settle_the_layout() -> None:
    """Others round to 20.9 and 70.9 M as well: a wider stem, and batch normalization where streams mix."""

    def counts(stem_width: int, norms: bool) -> list[int]:
        counts = []
        for name in ("segnode-w48", "baseline-w48"):
            with torch.device("meta"):
                network = build_model(name, stem_width=stem_width)
                for module in [part for part in network.modules() if isinstance(part, Module)] if norms else ():
                    mixing = [layer for layer in module.fuse.modules() if isinstance(layer, nn.Conv2d)]
                    module.norms = nn.ModuleList(nn.BatchNorm2d(layer.out_channels) for layer in mixing)
            counts.append(sum(parameter.numel() for parameter in network.parameters()))
        return counts

    assert counts(48, norms=False) == [20_915_084, 70_894_604]
    assert counts(48, norms=True) == [20_926_028, 70_932_908]
    assert counts(64, norms=False) == [20_938_620, 70_918_140]


@pytest.mark.parametrize("name", names())
def test_classes_are_what_is_asked_for(name: str) -> None:
    with torch.device("meta"):
        network = build_model(name, num_classes=19)
    assert len(network.classes) == 19
    assert parameters(name, 19) > COUNTS[name]


@pytest.mark.parametrize("name", names())
def test_a_label_of_one_byte_tells_at_most_255_classes_apart(name: str) -> None:
    with torch.device("meta"):
        assert len(build_model(name, num_classes=255).classes) == 255
        with pytest.raises(ConfigError, match="255"):
            build_model(name, num_classes=256)


def test_unknown_name_lists_the_right_ones() -> None:
    with pytest.raises(ConfigError, match="segnode-w49") as caught:
        build_model("segnode-w49")
    assert all(name in str(caught.value) for name in COUNTS)
