"""A tiny untrained checkpoint for the page, and its environment."""

import json
from collections.abc import Generator
from pathlib import Path

import pytest
import torch
from streamlit.components.v2 import manifest_scanner

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
def _fresh(checkpoints: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[None]:
    """Every test starts with the tiny checkpoint and no run on the shelf, in one thread: there is little to share."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    monkeypatch.setenv("SEGNODE_CHECKPOINTS", str(checkpoints))
    store.shared.clear()
    monkeypatch.setattr(manifest_scanner, "scan_component_manifests", list)  # AppTest reads every package's, each run
    yield
    torch.set_num_threads(threads)
