"""Which networks are one network: what runs, truths and legends are kept by."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from app.components.scrubber.component import payload
from app.solving import networks, store
from app.solving.choice import OnHub
from app.solving.networks import Loaded
from segnode import SegNode, SolverConfig
from tests.app.conftest import NAME

COMMITS = ("0123456789abcdef0123456789abcdef01234567", "f" * 40)
SEED = 100_000


@pytest.fixture
def hub(checkpoints: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a repository owner/name at a commit is a folder of that name: each a copy of the bundled network."""
    for commit in COMMITS:
        shutil.copytree(checkpoints / NAME, tmp_path / commit)
    monkeypatch.setattr("segnode.hub.source.pull", lambda name, revision, **_: tmp_path / str(revision))
    networks.loaded_from_hub.clear()
    return tmp_path


def changed(folder: Path, **changes: Any) -> None:
    """Write a checkpoint again with other settings and the same weights."""
    network = SegNode.from_pretrained(folder)
    other = SegNode.from_settings(network.settings() | changes)
    other.load_state_dict(network.state_dict())
    other.save_pretrained(folder)


def bundled() -> Loaded:
    return networks.loaded(networks.checkpoints()[0])


def shown(network: Loaded) -> store.Solved:
    choice_of_nobody = store.pictures.scene(SEED)
    return store.solved(choice_of_nobody, network, SolverConfig("euler", 1), 5, lambda _: None)


@pytest.mark.parametrize("change", [{"until": 0.02}, {"solver": SolverConfig("euler", 1).to_dict()}, {}])
def test_the_same_weights_under_another_config_or_owner_share_no_run(hub: Path, change: dict[str, Any]) -> None:
    if change:
        changed(hub / COMMITS[0], **change)
    other, own = networks.loaded(OnHub("someone/tiny", COMMITS[0])), bundled()
    first, second = shown(other), shown(own)
    assert first.run is not second.run
    assert second.run.times[-1] == 1
    assert payload(first)["id"] != payload(second)["id"]


def test_every_repository_and_commit_is_a_network_of_its_own(hub: Path) -> None:
    asked = [OnHub(name, commit) for name in ("someone/tiny", "other/tiny") for commit in COMMITS]
    assert len({networks.loaded(checkpoint).identity for checkpoint in asked} | {bundled().identity}) == 5


def test_the_same_network_is_found_again(hub: Path) -> None:
    asked = OnHub("someone/tiny", COMMITS[0])
    first = networks.loaded(asked)
    networks.loaded_from_hub.clear()
    assert networks.loaded(asked).identity == first.identity
    assert shown(networks.loaded(asked)).run is shown(first).run


def test_other_classes_are_another_network(hub: Path) -> None:
    classes = json.loads((hub / COMMITS[0] / "config.json").read_text())["classes"]
    changed(hub / COMMITS[0], classes=classes | {"names": [f"thing {index}" for index in range(11)]})
    other = shown(networks.loaded(OnHub("someone/tiny", COMMITS[0])))
    assert payload(other)["names"][0] == "thing 0"
    assert payload(shown(bundled()))["names"][0] == "sky"
    assert payload(other)["id"] != payload(shown(bundled()))["id"]


def test_a_bundled_network_that_is_replaced_is_loaded_again(
    checkpoints: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "bundled"
    shutil.copytree(checkpoints, folder)
    monkeypatch.setenv("SEGNODE_CHECKPOINTS", str(folder))
    before = bundled()
    changed(folder / NAME, until=0.5)
    assert bundled().identity != before.identity
