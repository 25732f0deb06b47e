from pathlib import Path

import pytest
import torch

from segnode import SolverConfig
from segnode.data.classes import ClassSet
from segnode.errors import ConfigError
from segnode.model.build import build_model
from segnode.model.classifier import Classifier
from segnode.model.loss import segmentation_loss
from segnode.model.saved import open_network
from segnode.train.network import transfer

NARROW = {"widths": [8, 12], "stem_width": 8, "blocks": 1}


def classifier(trunk: str = "segnode-compact") -> Classifier:
    torch.manual_seed(0)
    return Classifier(ClassSet.numbered(5), trunk, NARROW)


@pytest.mark.parametrize("trunk", ["segnode-compact", "baseline-compact"])
def test_one_logit_a_class_whatever_the_size(trunk: str) -> None:
    network = classifier(trunk).eval()
    for size in ((32, 48), (21, 17)):
        assert network(torch.rand(2, 3, *size)).shape == (2, 5, 1, 1)


def test_pictures_of_one_class_each_may_have_a_thousand() -> None:
    network = Classifier(ClassSet.numbered(1000), "segnode-compact", NARROW).eval()
    with torch.no_grad():
        assert network(torch.rand(1, 3, 32, 32)).shape == (1, 1000, 1, 1)


def test_its_loss_is_the_cross_entropy_of_classes_and_falls() -> None:
    network = classifier().train()
    images, truth = torch.rand(4, 3, 32, 32), torch.tensor([0, 1, 2, 3])
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-2)
    losses = []
    for _ in range(8):
        outputs = network.outputs(images, SolverConfig("euler", 2))
        loss = segmentation_loss(network, outputs, truth[:, None, None])
        assert torch.isclose(loss, torch.nn.functional.cross_entropy(outputs[0][..., 0, 0], truth))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.5 * losses[0]


def test_its_trunk_goes_on_to_segment(tmp_path: Path) -> None:
    network = classifier()
    network.save_pretrained(tmp_path)
    assert isinstance(open_network(tmp_path), Classifier)
    torch.manual_seed(1)
    segnode = build_model("segnode-compact", **NARROW)
    fresh = transfer(segnode, network.state_dict())
    assert fresh == [name for name in segnode.state_dict() if name.startswith("head.")]
    for name, value in network.trunk.state_dict().items():
        assert torch.equal(segnode.state_dict()[name], value)


def test_only_networks_of_streams_are_pretrained() -> None:
    with pytest.raises(ConfigError, match="unet cannot be pretrained here"):
        Classifier(ClassSet.numbered(5), "unet")
