"""Weights on disk: whole and unaltered, or refused in a sentence."""

import json
import os
import pickle
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import safetensors.torch
import torch
from torch import nn

from segnode import checkpoint
from segnode.errors import CheckpointError

SETTINGS = {"network": "Tiny", "widths": [4, 8], "until": 1.0, "names": ["Straße"]}


def tensors(seed: int = 0) -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return {
        "weight": torch.randn(4, 3, 3, 3, generator=generator),
        "half": torch.randn(5, generator=generator).half(),
        "count": torch.tensor(7),
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    checkpoint.save(tmp_path / "saved", tensors(), SETTINGS)
    return tmp_path / "saved"


def refused(folder: Path) -> str:
    """Why `folder` is refused: one sentence."""
    with pytest.raises(CheckpointError) as error:
        checkpoint.load(folder)
    text = str(error.value)
    assert text.endswith(".")
    assert "\n" not in text
    return text


def rewrite(folder: Path, **changes: object) -> None:
    """Change keys of `config.json`, as in the first format, which says nothing of itself; None removes one."""
    config = json.loads((folder / "config.json").read_text()) | {"format": 1, "config_sha256": None} | changes
    kept = {key: value for key, value in config.items() if value is not None}
    (folder / "config.json").write_text(json.dumps(kept))


def test_a_checkpoint_comes_back_bit_for_bit(folder: Path) -> None:
    saved = checkpoint.load(folder)
    assert saved.settings == SETTINGS
    assert saved.tensors.keys() == tensors().keys()
    for name, tensor in tensors().items():
        assert saved.tensors[name].dtype == tensor.dtype
        assert torch.equal(saved.tensors[name], tensor)
    config = json.loads((folder / "config.json").read_text())
    assert config["format"] == 2
    assert config["sha256"] == saved.sha256
    assert sorted(file.name for file in folder.iterdir()) == ["config.json", "model.safetensors"]


def test_any_layout_and_sharing_can_be_saved(tmp_path: Path) -> None:
    """channels_last, gradients and tied weights, none of which safetensors takes as they are."""
    weight = torch.randn(4, 3, 3, 3).to(memory_format=torch.channels_last).requires_grad_()
    checkpoint.save(tmp_path, {"one": weight, "two": weight, "part": weight[1:]}, {})
    read = checkpoint.load(tmp_path).tensors
    assert torch.equal(read["one"], weight)
    assert torch.equal(read["two"], weight)
    assert torch.equal(read["part"], weight[1:])


def test_files_are_as_readable_as_any_new_file(folder: Path) -> None:
    plain = folder.parent / "plain"
    plain.write_bytes(b"")
    for file in folder.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)


@pytest.mark.parametrize(
    "settings",
    [{"format": 2}, {"sha256": ""}, {"config_sha256": ""}, {"a": object()}, {"a": float("nan")}, {"a": "\ud800"}],
)
def test_settings_that_cannot_be_saved_change_nothing(folder: Path, settings: dict) -> None:
    with pytest.raises(CheckpointError):
        checkpoint.save(folder, tensors(1), settings)
    assert torch.equal(checkpoint.load(folder).tensors["weight"], tensors()["weight"])


def test_an_unwritable_place_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(CheckpointError, match="could not be written"):
        checkpoint.save(tmp_path / "file" / "below", tensors(), SETTINGS)


def test_any_flipped_bit_of_the_weights_is_detected(folder: Path) -> None:
    whole = (folder / "model.safetensors").read_bytes()
    for position in (0, 9, len(whole) // 2, len(whole) - 1):
        damaged = bytearray(whole)
        damaged[position] ^= 0x10
        (folder / "model.safetensors").write_bytes(damaged)
        assert "do not match the SHA-256" in refused(folder)


def test_any_flipped_bit_of_the_settings_is_detected(folder: Path) -> None:
    whole = (folder / "config.json").read_bytes()
    for position in range(len(whole)):
        for bit in range(8):
            damaged = bytearray(whole)
            damaged[position] ^= 1 << bit
            (folder / "config.json").write_bytes(damaged)
            with pytest.raises(CheckpointError):
                checkpoint.load(folder)


def test_settings_changed_by_hand_are_refused_and_other_line_ends_are_not(folder: Path) -> None:
    whole = (folder / "config.json").read_bytes()
    (folder / "config.json").write_bytes(whole.replace(b"1.0", b"2.0"))
    assert "does not match the SHA-256 it carries" in refused(folder)
    (folder / "config.json").write_bytes(whole.replace(b"\n", b"\r\n"))
    assert checkpoint.load(folder).settings == SETTINGS


def test_a_setting_that_looks_like_the_digest_is_no_trouble(tmp_path: Path) -> None:
    settings = {"config": {"config_sha256": "0" * 64}, "text": '\n  "config_sha256": "' + "0" * 64 + '"'}
    checkpoint.save(tmp_path, tensors(), settings)
    assert checkpoint.load(tmp_path).settings == settings


def test_a_checkpoint_of_the_first_format_is_read(folder: Path) -> None:
    rewrite(folder)
    saved = checkpoint.load(folder)
    assert saved.settings == SETTINGS
    assert torch.equal(saved.tensors["weight"], tensors()["weight"])


DAMAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "no weights": (lambda f: (f / "model.safetensors").unlink(), "has no model.safetensors"),
    "no settings": (lambda f: (f / "config.json").unlink(), "has no config.json"),
    "cut short": (lambda f: os.truncate(f / "model.safetensors", 100), "cut short"),
    "empty weights": (lambda f: os.truncate(f / "model.safetensors", 0), "cut short"),
    "half a config": (lambda f: os.truncate(f / "config.json", 20), "not valid JSON"),
    "bytes as config": (lambda f: (f / "config.json").write_bytes(b"\xff\x00"), "not valid JSON"),
    "deep config": (lambda f: (f / "config.json").write_text("[" * 200_000), "not valid JSON"),
    "a list as config": (lambda f: (f / "config.json").write_text("[]"), "JSON object"),
    "huge config": (lambda f: (f / "config.json").write_text('"' + "a" * 1_100_000 + '"'), "at most 1 MB"),
    "huge weights": (lambda f: os.truncate(f / "model.safetensors", 5 * 10**9), "at most 4000 MB"),
    "foreign config": (lambda f: rewrite(f, sha256=None, format=None), "records no sha256"),
    "later format": (lambda f: rewrite(f, format=3), "has format 3"),
    "unsealed": (lambda f: rewrite(f, format=2), "does not match the SHA-256 it carries"),
    "no format": (lambda f: rewrite(f, format=None), "has format None"),
    "other sha": (lambda f: rewrite(f, sha256="0" * 64), "do not match the SHA-256"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_refused_in_a_sentence(folder: Path, damage: str) -> None:
    do, said = DAMAGE[damage]
    do(folder)
    assert said in refused(folder)


@pytest.mark.parametrize("weights", [b"", b"not safetensors", b"\xff" * 64, safetensors.torch.save({})[:-1]])
def test_weights_that_are_no_safetensors_are_refused(folder: Path, weights: bytes) -> None:
    """Their SHA-256 is right: they were never what they should be."""
    (folder / "model.safetensors").write_bytes(weights)
    rewrite(folder, sha256=checkpoint.hashlib.sha256(weights).hexdigest())
    assert "not a readable safetensors file" in refused(folder)


def test_a_missing_folder_and_a_file_are_refused(folder: Path) -> None:
    assert "does not exist" in refused(folder / "absent")
    assert "is a file" in refused(folder / "config.json")


def test_a_run_s_folder_is_told_where_its_weights_are(tmp_path: Path) -> None:
    for name in ("best", "model"):
        checkpoint.save(tmp_path / name, tensors(), SETTINGS)
    (tmp_path / "state-00000004.pt").write_bytes(b"")
    text = refused(tmp_path)
    assert f"folders in it do (best, model): give one of those, as {tmp_path / 'best'}" in text


class Trap:
    """A pickle that leaves a mark when it is opened."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.mark),)


@pytest.mark.parametrize("name", ["pytorch_model.bin", "model.pt", "weights.CKPT"])
def test_a_pickle_is_never_opened(folder: Path, name: str) -> None:
    (folder / "model.safetensors").unlink()
    (folder / name).write_bytes(pickle.dumps(Trap(folder / "opened")))
    text = refused(folder)
    assert "pickle" in text
    assert name in text
    assert not (folder / "opened").exists()


def network() -> nn.Sequential:
    return nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3))


def test_weights_that_fit_are_given() -> None:
    module, other = network(), network()
    checkpoint.load_strictly(module, other.state_dict())
    own = module.state_dict()
    assert all(torch.equal(own[name], tensor) for name, tensor in other.state_dict().items())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda state: state.pop("0.bias"), "1 missing: 0.bias"),
        (lambda state: state.update(extra=torch.zeros(1)), "1 not its own: extra"),
        (lambda state: state.update({"0.bias": torch.zeros(4)}), r"0\.bias \(4 where 3 is wanted\)"),
        (lambda state: state.update({"1.num_batches_tracked": torch.tensor(1.5)}), "scalar of integers is wanted"),
        (lambda state: state["1.running_var"].fill_(float("nan")), r"hold NaN or infinity \(1\.running_var\)"),
        (lambda state: state["0.weight"].view(-1)[3:4].fill_(float("-inf")), r"hold NaN or infinity \(0\.weight\)"),
        (lambda state: state.clear(), "7 missing: 0.weight, 0.bias, 1.weight and 4 more"),
    ],
)
def test_weights_that_do_not_fit_change_nothing(change: Callable[[dict], object], said: str) -> None:
    module, state = network(), network().state_dict()
    before = {name: tensor.clone() for name, tensor in module.state_dict().items()}
    change(state)
    with pytest.raises(CheckpointError, match=said):
        checkpoint.load_strictly(module, state)
    assert all(torch.equal(before[name], tensor) for name, tensor in module.state_dict().items())


def test_a_file_is_replaced_and_never_rewritten(folder: Path) -> None:
    """Who has the old file open keeps reading the old file, whole."""
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    with (folder / "model.safetensors").open("rb") as weights, (folder / "config.json").open("rb") as config:
        checkpoint.save(folder, tensors(1), SETTINGS)
        assert weights.read() == before["model.safetensors"]
        assert config.read() == before["config.json"]
    assert torch.equal(checkpoint.load(folder).tensors["weight"], tensors(1)["weight"])


KILLED = Path(__file__).parent / "hub" / "killed_save.py"


def test_a_save_killed_anywhere_leaves_the_old_or_the_new_or_a_sentence(tmp_path: Path) -> None:
    """kill -9 before and after every system call of a save that replaces another, and at random moments."""
    path = os.pathsep.join(filter(None, sys.path))  # wherever the package was found here
    done = subprocess.run(
        [sys.executable, str(KILLED), str(tmp_path)],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    outcomes = json.loads(done.stdout)
    steps = outcomes["steps"]
    assert set(steps) <= {"old", "new", "refused"}
    # The only moment that must be refused is between the two files' replacement.
    assert steps.count("refused") <= 2
    assert steps[0] == "old"
    assert steps[-1] == "new"
    assert "torn" not in outcomes["random"]
    assert len(outcomes["random"]) >= 20


@pytest.mark.parametrize("precision", [torch.float16, torch.bfloat16])
def test_weights_at_half_precision_are_computed_with_in_full(tmp_path: Path, precision: torch.dtype) -> None:
    layer = nn.Conv2d(3, 4, 3)
    half = {name: tensor.to(precision) for name, tensor in layer.state_dict().items()}
    checkpoint.save(tmp_path, half, {})
    other = nn.Conv2d(3, 4, 3)
    checkpoint.load_strictly(other, checkpoint.load(tmp_path).tensors)
    for name, tensor in other.state_dict().items():
        assert tensor.dtype == torch.float32
        assert torch.equal(tensor, half[name].float())


def test_halving_leaves_vectors_and_counts_as_they_are() -> None:
    layer = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4))
    layer[1].running_var.fill_(1e9)  # more than float16 can hold
    half = checkpoint.halved(layer.state_dict())
    assert [name for name, tensor in half.items() if tensor.dtype == torch.float16] == ["0.weight"]
    assert half["1.num_batches_tracked"].dtype == torch.int64
    checkpoint.load_strictly(layer, half)


def test_a_weight_too_large_for_half_precision_is_refused() -> None:
    with pytest.raises(CheckpointError, match="too large for float16"):
        checkpoint.halved({"weight": torch.full((2, 2), 1e5)})
