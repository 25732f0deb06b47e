import errno
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from segnode.errors import CheckpointError
from segnode.train import state as module
from segnode.train.state import load_state, save_state


def test_the_newest_two_are_kept(tmp_path: Path) -> None:
    assert load_state(tmp_path) is None
    for position in (9, 10, 100):
        save_state(tmp_path, position, {"done": position})
    assert load_state(tmp_path) == {"done": 100}
    assert sorted(path.name for path in tmp_path.glob("state-*")) == [
        "state-000000010.pt",
        "state-000000010.sha256",
        "state-000000100.pt",
        "state-000000100.sha256",
    ]


def test_one_flipped_bit_falls_back_to_the_one_before(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    save_state(tmp_path, 1, {"weights": torch.ones(100)})
    save_state(tmp_path, 2, {"weights": torch.zeros(100)})
    newest = tmp_path / "state-000000002.pt"
    damaged = bytearray(newest.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    newest.write_bytes(damaged)
    assert load_state(tmp_path)["weights"].sum() == 100
    assert "state-000000002.pt does not match its SHA-256, so it is damaged: going back" in caplog.text


def test_a_state_cut_short_or_without_its_sum_falls_back(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    for position in (1, 2):
        save_state(tmp_path, position, {"done": position})
    (tmp_path / "state-000000002.sha256").unlink()
    assert load_state(tmp_path) == {"done": 1}
    assert "cannot be read" in caplog.text
    first = tmp_path / "state-000000001.pt"
    first.write_bytes(first.read_bytes()[:100])
    with pytest.raises(CheckpointError, match="choose another --out to start again"):
        load_state(tmp_path)


def test_a_full_disk_leaves_what_was_saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_state(tmp_path, 1, {"done": 1})

    def full(files: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(module, "write_together", full)
    with pytest.raises(OSError, match="No space left"):
        save_state(tmp_path, 2, {"done": 2})
    assert load_state(tmp_path) == {"done": 1}


def test_a_system_without_fcntl_holds_a_folder_too(tmp_path: Path) -> None:
    code = f"""
import sys
sys.modules["fcntl"] = None  # as on Windows: importing it fails
from pathlib import Path
from segnode.errors import ConfigError
from segnode.train.state import lock_folder
folder = Path({str(tmp_path)!r})
with lock_folder(folder):
    try:
        with lock_folder(folder):
            print("held twice")
    except ConfigError as error:
        print(error)
with lock_folder(folder):
    print("held again")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("Another run is at work in ")
    assert done.stdout.endswith("held again\n")
