import json
from pathlib import Path

import pytest
import torch

from segnode import ModelConfig, SegNode, checkpoint
from segnode.checkpoint import CONFIG
from segnode.data.classes import ClassSet
from segnode.errors import CheckpointError
from segnode.model.baseline import Baseline
from segnode.model.network import Network
from segnode.model.saved import open_network
from segnode.model.zoo.unode import UNode

CLASSES = ClassSet.numbered(3)
NETWORKS = {
    "SegNode": lambda: SegNode(ModelConfig(3, (8, 8), 8, modules=1, blocks=1), CLASSES),
    "Baseline": lambda: Baseline(CLASSES, (8, 8), 8, modules=2, blocks=1),
    "UNode": lambda: UNode(CLASSES, width=2),
}


@pytest.mark.parametrize("kind", NETWORKS)
def test_a_checkpoint_is_opened_as_what_it_was(kind: str, tmp_path: Path) -> None:
    saved: Network = NETWORKS[kind]()
    saved.save_pretrained(tmp_path)
    opened = open_network(tmp_path)
    assert type(opened).__name__ == kind
    assert not opened.training
    assert opened.settings() == saved.settings()
    assert all(torch.equal(value, opened.state_dict()[name]) for name, value in saved.state_dict().items())
    assert opened.source is not None
    assert opened.source.sha256 == json.loads((tmp_path / CONFIG).read_text())["sha256"]


def test_a_network_of_another_version_is_one_sentence(tmp_path: Path) -> None:
    NETWORKS["Baseline"]().save_pretrained(tmp_path)
    settings = json.loads((tmp_path / CONFIG).read_text())
    (tmp_path / CONFIG).write_text(json.dumps(settings | {"network": "Newer", "format": 1}))
    with pytest.raises(CheckpointError, match=r"'Newer', and this version knows SegNode, .*NODEsUNet"):
        open_network(tmp_path)


@pytest.mark.parametrize("name", ["SegNode", "Baseline"])
def test_more_classes_than_a_label_tells_apart_are_refused_on_load(tmp_path: Path, name: str) -> None:
    network = NETWORKS[name]()
    many = ClassSet.numbered(256).to_dict()
    settings = network.settings() | {"classes": many}
    if name == "SegNode":
        settings["model"] = settings["model"] | {"num_classes": 256}
    checkpoint.save(tmp_path, network.state_dict(), settings)
    with pytest.raises(CheckpointError, match="255"):
        open_network(tmp_path)
