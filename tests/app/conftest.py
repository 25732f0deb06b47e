"""A tiny untrained checkpoint for the page, and its environment."""

import json
from pathlib import Path

import pytest
import torch

from app import store
from segnode import ModelConfig, SegNode
from segnode.data.classes import CAMVID

NAME = "segnode-tiny"


@pytest.fixture(scope="session")
def checkpoints(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder like `checkpoints/`: a list, and one network of a few thousand parameters."""
    folder = tmp_path_factory.mktemp("checkpoints")
    torch.manual_seed(3)
    network = SegNode(ModelConfig(11, widths=(4, 8), stem_width=4, modules=1, blocks=1), CAMVID)
    for convolution in network.head.convs:
        torch.nn.init.normal_(convolution.weight)
        torch.nn.init.zeros_(convolution.bias)
    network.save_pretrained(folder / NAME)
    entry = {"name": NAME, "repository": None, "commit": None, "folder": NAME}
    (folder / "index.json").write_text(json.dumps([entry]))
    return folder


@pytest.fixture(autouse=True)
def _fresh(checkpoints: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test starts with the tiny checkpoint, no run on the shelf, and processor and disk to itself."""
    monkeypatch.setenv("SEGNODE_CHECKPOINTS", str(checkpoints))
    store.shared.clear()
