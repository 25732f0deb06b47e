from typing import ClassVar

import pytest
import torch
from torch import Tensor, nn

from segnode.data.classes import CAMVID
from segnode.errors import CheckpointError
from segnode.model.network import Network
from segnode.model.zoo.official import imagenet_weights, official_weights


class Known(Network):
    """A network with public weights, whose layers have other names there."""

    official: ClassVar[tuple[tuple[str, str], ...]] = (
        (r"^conv(\d)\.", r"backbone.stem\1."),
        (r"^bn\.", "backbone.norm."),
        (r"^cls\.", "head."),
    )
    imagenet: ClassVar[tuple[str, ...]] = (r"^fc\.",)

    def __init__(self) -> None:
        super().__init__(CAMVID)
        self.backbone = nn.ModuleDict({"stem1": nn.Conv2d(3, 4, 1, bias=False), "norm": nn.BatchNorm2d(4)})
        self.head = nn.Conv2d(4, 11, 1, bias=False)


def public() -> dict[str, Tensor]:
    norm = {f"bn.{name}": torch.rand(4) for name in ("weight", "bias", "running_mean", "running_var")}
    return {
        "conv1.weight": torch.rand(4, 3, 1, 1),
        **norm,
        "bn.num_batches_tracked": torch.tensor(7),
        "cls.weight": torch.rand(11, 4, 1, 1),
    }


def classifier() -> dict[str, Tensor]:
    trunk = {name: tensor for name, tensor in public().items() if not name.startswith("cls")}
    return {**trunk, "fc.weight": torch.rand(1000, 4)}


def copied(network: nn.Module) -> dict[str, Tensor]:
    return {name: tensor.clone() for name, tensor in network.state_dict().items()}


@pytest.mark.parametrize("wrapper", ["", "module.", "model.", "module.model."])
def test_every_tensor_finds_its_place(wrapper: str) -> None:
    network, tensors = Known(), public()
    official_weights(network, {wrapper + name: tensor for name, tensor in tensors.items()})
    own = network.state_dict()
    assert len(own) == len(tensors)
    assert torch.equal(own["backbone.stem1.weight"], tensors["conv1.weight"])
    assert torch.equal(own["backbone.norm.running_var"], tensors["bn.running_var"])
    assert own["backbone.norm.num_batches_tracked"] == 7
    assert torch.equal(own["head.weight"], tensors["cls.weight"])


@pytest.mark.parametrize("name", ["loss.criterion.weight", "module.loss.criterion.weight"])
def test_the_weights_of_a_loss_are_no_part_of_the_network(name: str) -> None:
    network, tensors = Known(), public()
    official_weights(network, {**tensors, name: torch.rand(11)})
    assert len(network.state_dict()) == len(tensors)
    assert torch.equal(network.head.weight, tensors["cls.weight"])


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"bn.bias": None}, r"Known \(backbone.norm.bias is missing\): build it"),
        ({"aux.weight": torch.rand(1)}, r"Known \(aux.weight is foreign\): build it"),
        (
            {"cls.weight": torch.rand(19, 4, 1, 1)},
            r"\(cls.weight is \(19, 4, 1, 1\) where \(11, 4, 1, 1\) is wanted\)",
        ),
        ({f"more{index}": torch.rand(1) for index in range(5)}, "more0 is foreign.* and 2 more"),
        ({"module.conv1.weight": torch.rand(4, 3, 1, 1)}, "conv1.weight and module.conv1.weight are both backbone"),
        ({"bn.num_batches_tracked": torch.tensor(7.0)}, "num_batches_tracked"),
    ],
)
def test_what_does_not_fit_is_named_and_changes_nothing(change: dict[str, Tensor | None], sentence: str) -> None:
    network = Known()
    before = copied(network)
    tensors = {name: tensor for name, tensor in {**public(), **change}.items() if tensor is not None}
    with pytest.raises(CheckpointError, match=sentence):
        official_weights(network, tensors)
    assert all(torch.equal(tensor, before[name]) for name, tensor in network.state_dict().items())


def test_a_classifier_of_imagenet_fills_the_backbone_alone() -> None:
    network, tensors = Known(), classifier()
    before = copied(network)
    imagenet_weights(network, tensors)
    assert torch.equal(network.backbone["stem1"].weight, tensors["conv1.weight"])
    assert torch.equal(network.head.weight, before["head.weight"])


def test_a_classifier_of_imagenet_is_not_taken_for_the_whole() -> None:
    with pytest.raises(CheckpointError, match=r"head\.weight is missing, fc\.weight is foreign"):
        official_weights(Known(), classifier())


@pytest.mark.parametrize(
    ("change", "sentence"),
    [({"conv1.weight": None}, "stem1.weight is missing"), ({"cls.weight": torch.rand(1)}, "cls.weight is foreign")],
)
def test_the_backbone_is_filled_strictly_too(change: dict[str, Tensor | None], sentence: str) -> None:
    tensors = {name: tensor for name, tensor in {**classifier(), **change}.items() if tensor is not None}
    with pytest.raises(CheckpointError, match=sentence):
        imagenet_weights(Known(), tensors)


def test_a_network_without_public_weights_says_so() -> None:
    with pytest.raises(CheckpointError, match="No public weights are known of a Network"):
        official_weights(Network(CAMVID), public())
    with pytest.raises(CheckpointError, match="A Network has no backbone"):
        imagenet_weights(Network(CAMVID), classifier())
