"""Pulling: pinned, from the cache where it can be, and in a sentence where it cannot."""

import hashlib
import json
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from huggingface_hub import constants

from segnode import checkpoint
from segnode.errors import CheckpointError, HubError
from segnode.hub import locate, reach
from tests.hub.server import LoopbackHub
from tests.hub.tiny import Other, Tiny, equal

NAME = "someone/tiny"


def sentence(error: pytest.ExceptionInfo[Exception]) -> str:
    """The message, after checking that it is fit for a page."""
    text = str(error.value)
    assert text.endswith(".")
    assert "\n" not in text
    assert "http" not in text
    assert len(text) < 400
    return text


def flipped(data: bytes) -> bytes:
    """`data` with one bit of its last byte changed: a weight, still a valid file."""
    return data[:-1] + bytes([data[-1] ^ 1])


def unsealed(settings: dict) -> bytes:
    """A `config.json` of the first format, which carries no digest of its own."""
    return json.dumps({**settings, "format": 1}).encode()


def test_a_branch_is_pulled_and_its_commit_shown(hub: LoopbackHub, files: dict, network: Tiny) -> None:
    commit = hub.publish(NAME, {**files, "notes.txt": b"not wanted"})
    model = Tiny.from_pretrained(NAME)
    assert equal(model, network)
    assert not model.training
    assert model.names == ("sky", "road")
    assert model.source is not None
    assert (model.source.name, model.source.revision, model.source.commit) == (NAME, None, commit)
    assert model.source.folder.is_dir()
    assert sorted(file.name for file in model.source.folder.iterdir()) == sorted(files)
    assert not hub.asked_for("notes.txt")


def test_a_branch_that_moved_is_pulled_again(hub: LoopbackHub, files: dict) -> None:
    hub.publish(NAME, files, "trial")
    first = locate(NAME, revision="trial")
    commit = hub.publish(NAME, {**files, "README.md": b"a new card"}, "trial")
    second = locate(NAME, revision="trial")
    assert second.commit == commit != first.commit
    assert (second.folder / "README.md").read_bytes() == b"a new card"


def test_a_commit_in_the_cache_needs_no_request(hub: LoopbackHub, files: dict) -> None:
    commit = hub.publish(NAME, files)
    assert locate(NAME, revision=commit).commit == commit
    assert hub.requests
    hub.requests.clear()
    source = Tiny.from_pretrained(NAME, revision=commit).source
    assert source == replace(
        locate(NAME, revision=commit), sha256=hashlib.sha256(files["model.safetensors"]).hexdigest()
    )
    assert hub.requests == []


@pytest.mark.parametrize("how", ["stopped", "broken", "local_files_only", "offline"])
def test_the_cache_serves_without_the_hub(
    hub: LoopbackHub, files: dict, network: Tiny, how: str, monkeypatch: pytest.MonkeyPatch, waits: list[float]
) -> None:
    commit = hub.publish(NAME, files)
    locate(NAME)
    hub.requests.clear()
    if how == "stopped":
        hub.stop()
    elif how == "broken":
        hub.broken = 503
    elif how == "offline":
        monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    model = Tiny.from_pretrained(NAME, local_files_only=how == "local_files_only")
    assert waits == []
    assert equal(model, network)
    assert model.source is not None
    assert model.source.commit == commit
    assert len(hub.requests) == (how == "broken")


def test_the_environment_alone_switches_the_hub_off(hub: LoopbackHub, files: dict, environment: dict[str, str]) -> None:
    """HF_HUB_OFFLINE as people set it, in a process of its own: huggingface_hub reads it once, at import."""
    commit = hub.publish(NAME, files)
    locate(NAME, cache_dir=Path(environment["HF_HOME"]) / "hub")
    hub.requests.clear()
    script = (
        "import json; from segnode.errors import HubError; from segnode.hub import locate\n"
        "def told(name):\n"
        "    try: return locate(name).commit\n"
        "    except HubError as error: return str(error)\n"
        f"print(json.dumps([told({NAME!r}), told('someone/absent')]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**environment, "HF_HUB_OFFLINE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found, absent = json.loads(done.stdout)
    assert found == commit
    assert "HF_HUB_OFFLINE" in absent
    assert hub.requests == []


def test_a_stopped_hub_is_told_at_once(hub: LoopbackHub, waits: list[float]) -> None:
    hub.stop()
    with pytest.raises(HubError, match="cannot be reached") as error:
        locate(NAME)
    assert waits == []
    assert NAME in sentence(error)


def test_a_hub_that_never_answers_is_asked_once(
    hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch, waits: list[float]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # connections are taken, and nothing comes back
        monkeypatch.setattr(constants, "ENDPOINT", f"http://127.0.0.1:{silent.getsockname()[1]}")
        monkeypatch.setattr(reach, "ANSWER_WITHIN_S", 0.2)
        with pytest.raises(HubError, match="cannot be reached"):
            locate(NAME, revision="a" * 40)
        silent.accept()[0].close()
        silent.setblocking(False)
        with pytest.raises(BlockingIOError):  # asked once: another attempt would have its own connection
            silent.accept()
    assert waits == []


def test_an_uncached_name_offline_is_a_sentence(hub: LoopbackHub) -> None:
    with pytest.raises(HubError, match="not in the cache") as error:
        locate(NAME, local_files_only=True)
    sentence(error)
    with pytest.raises(HubError, match="drop force_download"):
        locate(NAME, local_files_only=True, force_download=True)
    assert hub.requests == []


def test_what_the_hub_refuses_is_a_sentence(hub: LoopbackHub, files: dict) -> None:
    with pytest.raises(HubError, match="no repository someone/absent that you may see") as error:
        locate("someone/absent", token="hf_secret")
    assert "secret" not in sentence(error)
    hub.publish(NAME, files)
    with pytest.raises(HubError, match=f"has no {NAME} at revision v9") as error:
        locate(NAME, revision="v9")
    sentence(error)
    with pytest.raises(HubError, match="at revision " + "0" * 40):
        locate(NAME, revision="0" * 40)
    hub.repositories[NAME].gated = True
    with pytest.raises(HubError, match="gated") as error:
        locate(NAME)
    sentence(error)


@pytest.mark.parametrize(("status", "said"), [(401, "who you are"), (403, "token"), (429, "too many"), (503, "503")])
def test_every_status_has_its_sentence(hub: LoopbackHub, status: int, said: str, waits: list[float]) -> None:
    hub.broken = status
    with pytest.raises(HubError, match=said) as error:
        locate(NAME)
    sentence(error)
    assert len(hub.requests) == 1
    assert waits == []


def test_a_pickle_is_refused_and_not_fetched(hub: LoopbackHub, files: dict) -> None:
    hub.publish(NAME, {"config.json": files["config.json"], "pytorch_model.bin": b"\x80\x04."})
    with pytest.raises(HubError, match=r"no model\.safetensors but only a pickle") as error:
        Tiny.from_pretrained(NAME)
    sentence(error)
    assert not hub.asked_for("pytorch_model.bin")
    assert not any("/resolve/" in path for _, path in hub.requests)
    with pytest.raises(CheckpointError, match="never loaded"):
        Tiny._load_as_pickle(Tiny(4), "pytorch_model.bin", "cpu", True)


def test_a_repository_without_settings_is_refused(hub: LoopbackHub, files: dict) -> None:
    hub.publish(NAME, {"model.safetensors": files["model.safetensors"]})
    with pytest.raises(HubError, match=r"no config\.json"):
        locate(NAME)


def test_published_weights_with_a_flipped_bit_are_refused(hub: LoopbackHub, files: dict) -> None:
    hub.publish(NAME, {**files, "model.safetensors": flipped(files["model.safetensors"])})
    with pytest.raises(CheckpointError, match="do not match the SHA-256") as error:
        Tiny.from_pretrained(NAME)
    sentence(error)


def test_published_settings_with_a_flipped_bit_are_refused(hub: LoopbackHub, files: dict) -> None:
    hub.publish(NAME, {**files, "config.json": files["config.json"].replace(b'"road"', b'"roae"')})
    with pytest.raises(CheckpointError, match="does not match the SHA-256 it carries") as error:
        Tiny.from_pretrained(NAME)
    sentence(error)


@pytest.mark.parametrize("value", ["nan", "inf"])
def test_weights_that_are_not_finite_are_refused_from_the_hub_and_from_a_folder(
    hub: LoopbackHub, network: Tiny, tmp_path: Path, value: str
) -> None:
    torch.nn.init.constant_(network.norm.weight, float(value))
    network.save_pretrained(tmp_path / "diverged")
    hub.publish(NAME, {file.name: file.read_bytes() for file in (tmp_path / "diverged").iterdir()})
    for place in (NAME, tmp_path / "diverged"):
        with pytest.raises(CheckpointError, match=r"hold NaN or infinity \(norm\.weight\)") as error:
            Tiny.from_pretrained(place)
        sentence(error)


def test_a_cache_with_a_flipped_bit_is_refused_and_mended(hub: LoopbackHub, files: dict, network: Tiny) -> None:
    commit = hub.publish(NAME, files)
    weights = locate(NAME).folder / "model.safetensors"
    weights.write_bytes(flipped(weights.read_bytes()))
    with pytest.raises(CheckpointError, match="do not match the SHA-256") as error:
        Tiny.from_pretrained(NAME, revision=commit)
    assert "force_download" in sentence(error)
    assert equal(Tiny.from_pretrained(NAME, revision=commit, force_download=True), network)
    assert equal(Tiny.from_pretrained(NAME, revision=commit), network)


def test_weights_of_another_network_are_refused(hub: LoopbackHub, files: dict) -> None:
    hub.publish(NAME, files)
    with pytest.raises(CheckpointError, match=r"2 missing: extra\.weight, extra\.bias") as error:
        Other.from_pretrained(NAME)
    sentence(error)
    Other(4).save_pretrained("other")
    with pytest.raises(CheckpointError, match="2 not its own: extra"):
        Tiny.from_pretrained("other")


def test_settings_may_not_ask_for_more_than_the_weights(hub: LoopbackHub, files: dict) -> None:
    """A width of 2^36 would be 7 TB: it is refused by its shapes, before anything is allocated."""
    settings = json.loads(files["config.json"])
    hub.publish(NAME, {**files, "config.json": unsealed({**settings, "width": 2**36})})
    with pytest.raises(CheckpointError, match="of another shape"):
        Tiny.from_pretrained(NAME)


def test_settings_of_something_else_are_refused(hub: LoopbackHub, files: dict) -> None:
    settings = json.loads(files["config.json"])
    del settings["width"]
    hub.publish(NAME, {**files, "config.json": unsealed(settings)})
    with pytest.raises(CheckpointError, match="does not describe a Tiny") as error:
        Tiny.from_pretrained(NAME)
    sentence(error)


def test_a_full_disk_is_a_sentence(hub: LoopbackHub, files: dict, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.publish(NAME, files)
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 10})())
    with pytest.raises(HubError, match="free some space") as error:
        locate(NAME)
    sentence(error)


@pytest.mark.parametrize(
    "name",
    [
        "checkpoints/absent",
        "./absent",
        "../someone/absent",
        "/absent/absent",
        "~/absent/absent",
        "here/absent",
        "a/b/c",
        "someone\\absent",
        Path("someone/absent"),
    ],
)
def test_a_missing_folder_is_never_a_query(hub: LoopbackHub, tmp_path: Path, name: str | Path) -> None:
    (tmp_path / "here").mkdir()
    with pytest.raises(CheckpointError, match="There is no folder") as error:
        Tiny.from_pretrained(name)
    sentence(error)
    assert hub.requests == []


@pytest.mark.parametrize(
    "name", ["nobody", "a b/c", "a--b/c", "-a/b", "a/b.git", "x" * 400, "https://hub/a/b", "", "  "]
)
def test_a_name_the_hub_forbids_is_never_a_query(hub: LoopbackHub, name: str) -> None:
    with pytest.raises((HubError, CheckpointError)) as error:
        locate(name)
    sentence(error)
    assert hub.requests == []


@pytest.mark.parametrize("revision", ["../../../etc", "a..b", "/etc", "", "a b", "-x", "a//b"])
def test_a_revision_stays_inside_the_cache(hub: LoopbackHub, revision: str) -> None:
    with pytest.raises(HubError, match="cannot be a revision"):
        locate(NAME, revision=revision)
    assert hub.requests == []


def test_a_folder_is_local_and_has_no_revision(hub: LoopbackHub, network: Tiny, tmp_path: Path) -> None:
    network.save_pretrained(tmp_path / "someone" / "tiny")
    model = Tiny.from_pretrained(NAME)  # the folder someone/tiny, here
    assert equal(model, network)
    assert model.source is not None
    assert (model.source.commit, model.source.folder) == (None, Path("someone/tiny"))
    with pytest.raises(CheckpointError, match="has no revision"):
        locate(NAME, revision="main")
    assert hub.requests == []


def test_a_home_folder_is_meant_wherever_a_folder_is_named(
    hub: LoopbackHub, files: dict, network: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    network.save_pretrained("~/mine")
    assert (tmp_path / "home" / "mine" / "README.md").is_file()
    for folder in ("~/mine", Path("~/mine")):
        assert equal(Tiny.from_pretrained(folder), network)
    assert checkpoint.load("~/mine").sha256 == checkpoint.load(tmp_path / "home" / "mine").sha256
    hub.publish(NAME, files)
    assert locate(NAME, cache_dir="~/cache").folder.is_relative_to(tmp_path / "home" / "cache")
    assert not (tmp_path / "~").exists()
