"""Pushing: one commit, that comes back as it went."""

import subprocess
import sys
from pathlib import Path

import pytest
import torch
from huggingface_hub import ModelCard

from segnode import SegNode, checkpoint
from segnode.checkpoint import FAMILIARITY, WEIGHTS
from segnode.config import ModelConfig
from segnode.data.classes import CAMVID
from segnode.errors import HubError
from segnode.hub import Record
from tests.hub.server import READER, WRITER, LoopbackHub
from tests.hub.tiny import Tiny, equal

# huggingface_hub's own call, when it uploads without hf_xet.
pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=<...>' to upload raw:DeprecationWarning")

NAME = "someone/tiny"
SCRIPT = Path(__file__).parents[2] / "scripts" / "push_to_hub.py"


def test_what_is_pushed_is_pulled(hub: LoopbackHub, network: Tiny) -> None:
    card = network.model_card(NAME, Record({"streets:,seeds=0-1": 2}, seconds=60))
    address = network.push_to_hub(NAME, token=WRITER, card=card)
    pulled = Tiny.from_pretrained(NAME)
    assert pulled.source is not None
    assert address == f"{hub.url}/{NAME}/commit/{pulled.source.commit}"
    assert equal(pulled, network)
    assert pulled.settings() == network.settings()
    assert (pulled.source.folder / "README.md").read_text() == card
    assert sum(path.endswith("/commit/main") for _, path in hub.requests) == 1


def test_a_push_without_a_card_brings_one(hub: LoopbackHub, network: Tiny) -> None:
    network.push_to_hub(NAME, token=WRITER)
    files = hub.repositories[NAME].commits[hub.repositories[NAME].branches["main"]]
    assert sorted(files) == ["README.md", "config.json", "model.safetensors"]
    data = ModelCard(files["README.md"].decode()).data
    assert data.library_name == "segnode"
    assert data.tags is not None
    assert "tiny" in data.tags


def test_what_was_measured_of_the_weights_goes_with_them(hub: LoopbackHub, network: Tiny, tmp_path: Path) -> None:
    network.save_pretrained(tmp_path / "measured")
    (tmp_path / "measured" / FAMILIARITY).write_bytes(b"distances")
    measured = Tiny.from_pretrained(tmp_path / "measured")
    measured.push_to_hub(NAME, token=WRITER)
    pulled = Tiny.from_pretrained(NAME)
    assert pulled.source is not None
    assert (pulled.source.folder / FAMILIARITY).read_bytes() == b"distances"
    torch.nn.init.ones_(measured.convolution.weight)  # other weights now, of which nothing was measured
    measured.push_to_hub("someone/changed", token=WRITER)
    changed = Tiny.from_pretrained("someone/changed")
    assert changed.source is not None
    assert not (changed.source.folder / FAMILIARITY).exists()


def test_weights_stored_at_half_precision_are_pushed_as_they_are_stored(
    hub: LoopbackHub, network: Tiny, tmp_path: Path
) -> None:
    folder = tmp_path / "measured"
    checkpoint.save(folder, checkpoint.halved(network.state_dict()), network.settings())
    (folder / FAMILIARITY).write_bytes(b"distances")
    stored = Tiny.from_pretrained(folder)
    assert stored.convolution.weight.dtype == torch.float32
    stored.push_to_hub(NAME, token=WRITER)
    pulled = Tiny.from_pretrained(NAME)
    assert pulled.source is not None
    assert (pulled.source.folder / WEIGHTS).read_bytes() == (folder / WEIGHTS).read_bytes()
    assert (pulled.source.folder / FAMILIARITY).read_bytes() == b"distances"
    with torch.no_grad():
        stored.convolution.weight.add_(1e-5)  # less than float16 can tell
    stored.save_pretrained(tmp_path / "changed")
    assert equal(Tiny.from_pretrained(tmp_path / "changed"), stored)


def test_a_second_push_goes_to_its_branch(hub: LoopbackHub, network: Tiny) -> None:
    network.push_to_hub(NAME, token=WRITER)
    other = Tiny(4, seed=8)
    other.push_to_hub(NAME, token=WRITER, branch="trial", commit_message="Try")
    assert equal(Tiny.from_pretrained(NAME), network)
    assert equal(Tiny.from_pretrained(NAME, revision="trial"), other)


@pytest.mark.parametrize(("token", "said"), [(None, "who you are"), ("hf_stale", "who you are"), (READER, "allow")])
def test_a_push_that_is_refused_is_a_sentence(hub: LoopbackHub, network: Tiny, token: str | None, said: str) -> None:
    with pytest.raises(HubError, match=said) as error:
        network.push_to_hub(NAME, token=token)
    assert "http" not in str(error.value)
    assert str(token) not in str(error.value)
    assert hub.repositories == {}


def test_a_card_the_hub_refuses_is_a_sentence(hub: LoopbackHub, network: Tiny) -> None:
    with pytest.raises(HubError, match="front matter"):
        network.push_to_hub(NAME, token=WRITER, card="no front matter")
    assert hub.repositories[NAME].commits == {}


def test_a_push_to_nobody_is_told_at_once(hub: LoopbackHub, network: Tiny, waits: list[float]) -> None:
    hub.stop()
    with pytest.raises(HubError, match="cannot be reached"):
        network.push_to_hub(NAME, token=WRITER)
    assert waits == []
    with pytest.raises(HubError, match="an owner"):
        network.push_to_hub("tiny", token=WRITER)


def test_the_script_publishes_a_folder_with_its_card(
    server: LoopbackHub, tmp_path: Path, environment: dict[str, str]
) -> None:
    model = SegNode(ModelConfig(num_classes=len(CAMVID), widths=(4, 8), stem_width=4, modules=1, blocks=1), CAMVID)
    card = model.model_card("someone/streets", Record({"camvid:data/CamVid,split=train": 367}))
    model.save_pretrained(tmp_path / "streets", card)
    command = [sys.executable, str(SCRIPT), str(tmp_path / "streets"), "someone/streets"]
    done = subprocess.run(command, env={**environment, "HF_TOKEN": WRITER}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    repository = server.repositories["someone/streets"]
    commit = repository.branches["main"]
    assert done.stdout.strip() == f"{server.url}/someone/streets/commit/{commit}"
    assert repository.commits[commit]["README.md"].decode() == card
