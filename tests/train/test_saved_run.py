"""What a run saves, and what it takes to go on with it."""

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from PIL import Image

from segnode.errors import ConfigError, DataError, TrainingError
from segnode.results.training import TRAINING, Training
from segnode.train import loop, saved_run
from segnode.train.loop import Trainer
from segnode.train.sources import open_source
from segnode.train.state import load_state, lock_folder, save_state
from tests.scripts.loading import run
from tests.train.runs import config, one_label, weights

ROOT = Path(__file__).parents[2]


def test_a_stopped_run_resumes_to_the_same_weights(tmp_path: Path) -> None:
    Trainer(config(tmp_path / "whole")).run()
    stopped = Trainer(config(tmp_path / "parts"))
    save = stopped.save

    def save_then_stop() -> None:
        save()
        if stopped.progress.done == 4:
            raise KeyboardInterrupt

    stopped.save = save_then_stop
    with pytest.raises(KeyboardInterrupt):
        stopped.run()
    Trainer(config(tmp_path / "parts", resume=True)).run()
    whole, parts = weights(tmp_path / "whole"), weights(tmp_path / "parts")
    assert all(torch.equal(whole[name], parts[name]) for name in whole)


def test_a_state_saved_before_a_setting_existed_goes_on_with_its_default(tmp_path: Path) -> None:
    Trainer(config(tmp_path)).run()
    state = load_state(tmp_path)
    del state["settings"]["paste"], state["settings"]["average"]
    save_state(tmp_path, state["done"], state)
    Trainer(config(tmp_path, resume=True)).run()
    with pytest.raises(ConfigError, match=r"has average = 0.999, not 0.5"):
        Trainer(config(tmp_path, resume=True, average=0.5)).run()


def test_a_killed_run_resumes(tmp_path: Path) -> None:
    words = "--data streets:,seeds=0-3 --layout widths=[8,8] stem_width=8 blocks=1 --batch-size 2 --crop 48 48"
    command = [
        sys.executable,
        "scripts/train.py",
        *words.split(),
        "--save-every",
        "2",
        "--solvers",
        "euler-1",
        "--out",
        str(tmp_path),
    ]
    running = subprocess.Popen([*command, "--iterations", "100000"], cwd=ROOT, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while not list(tmp_path.glob("state-*.pt")) and running.poll() is None and time.monotonic() < deadline:
        time.sleep(0.1)
    os.kill(running.pid, signal.SIGKILL)
    running.wait()
    done = load_state(tmp_path)["done"]
    resumed = run(*command[1:], "--iterations", done + 3, "--resume")
    assert resumed.returncode == 0, resumed.stderr
    assert load_state(tmp_path)["done"] == done + 3
    weights(tmp_path)


def test_a_full_disk_costs_a_save_and_not_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(folder: Path, position: int, state: dict) -> None:
        if position == 4:
            raise OSError(errno.ENOSPC, "No space left on device")
        save_state(folder, position, state)

    monkeypatch.setattr(saved_run, "save_state", full)
    Trainer(config(tmp_path)).run()
    assert "The state of iteration 4 was not saved, the one before stays" in caplog.text
    assert sorted(path.stem for path in tmp_path.glob("state-*.pt")) == ["state-000000002", "state-000000006"]


def test_a_run_is_not_begun_where_another_stands(tmp_path: Path) -> None:
    Trainer(config(tmp_path)).run()
    before = {path: path.read_bytes() for path in tmp_path.glob("state-*")}
    with pytest.raises(ConfigError, match="holds a run already, saved at iteration 6: add --resume"):
        Trainer(config(tmp_path))
    assert {path: path.read_bytes() for path in tmp_path.glob("state-*")} == before


@pytest.mark.parametrize(
    "change",
    [{"layout": ("widths=[4,4]", "stem_width=4", "blocks=1")}, {"optimizer": "sgd"}, {"batch_size": 4}, {"seed": 3}],
)
def test_a_run_goes_on_with_the_settings_it_has(tmp_path: Path, change: dict[str, object]) -> None:
    Trainer(config(tmp_path, iterations=2)).run()
    trainer = Trainer(config(tmp_path, resume=True, **change))
    with pytest.raises(ConfigError, match=f"has {next(iter(change))} = .* go on with what it has"):
        trainer.run()
    Trainer(config(tmp_path, resume=True, save_every=1, iterations=3)).run()
    assert load_state(tmp_path)["done"] == 3


def test_states_past_the_one_saved_go(tmp_path: Path) -> None:
    for position in (5, 10, 3):
        save_state(tmp_path, position, {"done": position})
    assert load_state(tmp_path) == {"done": 3}
    assert not list(tmp_path.glob("state-*10.*"))


def test_a_disk_too_small_is_told_before_anything_is_trained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def room(free: int) -> SimpleNamespace:
        return SimpleNamespace(free=free)

    monkeypatch.setattr(shutil, "disk_usage", lambda _: room(1000))
    with pytest.raises(ConfigError, match=r"need up to \d+ MB in .*new, and 0 MB are free: free some space"):
        Trainer(config(tmp_path / "new"))
    assert not (tmp_path / "new").exists()
    monkeypatch.setattr(shutil, "disk_usage", lambda _: room(10**9))
    Trainer(config(tmp_path / "new")).run()
    kept = sum(file.stat().st_size for file in (tmp_path / "new").rglob("*") if file.suffix in (".pt", ".safetensors"))
    network = sum(tensor.nbytes for tensor in Trainer(config(tmp_path / "other")).network.state_dict().values())
    assert network < kept < 15 * network
    monkeypatch.setattr(shutil, "disk_usage", lambda _: room(15 * network - kept))
    Trainer(config(tmp_path / "new", resume=True))  # what it replaces needs no new room


def test_the_best_weights_are_kept_beside_the_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scores = iter([10.0, 30.0, 20.0])
    monkeypatch.setattr(loop, "score", lambda network, source, group: next(scores))
    Trainer(config(tmp_path, validate=("streets:,seeds=9-9",), validate_every=2)).run()
    (best,), (last,) = (Training.of(tmp_path / name).runs for name in ("best", "model"))
    assert (best.iterations, last.iterations) == (4, 6)


def test_a_run_is_recorded_behind_those_of_the_checkpoint_it_started_from(tmp_path: Path) -> None:
    Trainer(config(tmp_path / "first")).run()
    Trainer(config(tmp_path / "second", init=tmp_path / "first" / "model", data=("streets:,seeds=6-9",))).run()
    runs = Training.of(tmp_path / "second" / "model").runs
    assert [list(run.data) for run in runs] == [["streets:,seeds=0-5"], ["streets:,seeds=6-9"]]


def test_a_start_from_a_broken_record_is_refused_before_any_training(tmp_path: Path) -> None:
    Trainer(config(tmp_path / "first")).run()
    (tmp_path / "first" / "model" / TRAINING).write_text("{")
    with pytest.raises(DataError, match=r"^training\.json does not hold the records of training runs"):
        Trainer(config(tmp_path / "second", init=tmp_path / "first" / "model"))


@pytest.mark.parametrize("below", ["", "deeper/still"])
def test_an_out_that_is_no_folder_is_refused_before_training(tmp_path: Path, below: str) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(ConfigError, match=r"file is not a folder, .*: choose another --out"):
        Trainer(config(tmp_path / "file" / below))
    assert (tmp_path / "file").read_text() == "mine"


def test_an_out_that_may_not_be_written_is_refused_before_training(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: path != tmp_path)
    with pytest.raises(ConfigError, match=r"Nothing may be written into .*: change its permissions"):
        Trainer(config(tmp_path / "new"))


def test_two_runs_do_not_share_a_folder(tmp_path: Path) -> None:
    with lock_folder(tmp_path), pytest.raises(ConfigError, match="Another run is at work in"):
        Trainer(config(tmp_path)).run()
    second = Trainer(config(tmp_path))
    Trainer(config(tmp_path)).run()
    with pytest.raises(ConfigError, match="holds a run already"):
        second.run()


def test_a_run_that_ends_on_a_full_disk_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(saved_run, "save_state", full)
    with pytest.raises(TrainingError, match=r"its state could not be saved in .*No space left"):
        Trainer(config(tmp_path)).run()


def test_the_best_begins_again_with_other_validation_sets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scores = iter([90.0, 10.0, 5.0])
    monkeypatch.setattr(loop, "score", lambda network, source, group: next(scores))
    first = {"validate": ("streets:,seeds=9-9",), "validate_every": 2, "resume": True}
    Trainer(config(tmp_path, **first, iterations=2)).run()
    other = {**first, "validate": ("streets:,seeds=8-8",)}
    Trainer(config(tmp_path, **other, iterations=4)).run()
    assert load_state(tmp_path)["best"] == 10.0
    Trainer(config(tmp_path, **other, iterations=6)).run()
    assert load_state(tmp_path)["best"] == 10.0


def test_moved_data_keeps_the_run(tmp_path: Path) -> None:
    for part in ("images", "labels"):
        (tmp_path / "here" / part).mkdir(parents=True)
    image, labels = open_source("streets:,seeds=0-0").dataset[0]
    names = open_source("streets:,seeds=0-0").dataset.classes.names
    (tmp_path / "here/classes.json").write_text(json.dumps({"names": list(names)}))
    Image.fromarray(image).save(tmp_path / "here/images/a.png")
    Image.fromarray(labels).save(tmp_path / "here/labels/a.png")
    (tmp_path / "here/train.txt").write_text("a\n")
    Trainer(config(tmp_path / "run", data=(f"folder:{tmp_path}/here,split=train",), iterations=2)).run()
    shutil.move(tmp_path / "here", tmp_path / "J's, there")
    moved = (f"folder:{tmp_path}/J's\\, there,split=train",)
    Trainer(config(tmp_path / "run", data=moved, resume=True, iterations=4)).run()
    assert load_state(tmp_path / "run")["done"] == 4
    with pytest.raises(ConfigError, match="has data = "):
        Trainer(config(tmp_path / "run", data=(f"{moved[0]},weight=2",), resume=True)).run()


def test_another_folder_with_other_pictures_does_not_go_on_with_a_run(tmp_path: Path) -> None:
    for name in ("first", "second"):
        one_label(tmp_path / name, 3)
    Trainer(config(tmp_path / "run", data=(f"folder:{tmp_path}/first,split=train",), iterations=2)).run()
    for part in ("images", "labels"):
        shutil.copy(tmp_path / "second" / part / "a.png", tmp_path / "second" / part / "b.png")
    (tmp_path / "second" / "train.txt").write_text("a\nb\n")
    other = config(tmp_path / "run", data=(f"folder:{tmp_path}/second,split=train",), resume=True, iterations=4)
    with pytest.raises(ConfigError, match=r"began with 1 picture where folder:.*second,split=train has 2: give the"):
        Trainer(other).run()
    state = load_state(tmp_path / "run")
    assert state.pop("pictures") == [1]
    save_state(tmp_path / "run", 2, state)  # as an earlier version saved it
    Trainer(other).run()
    assert load_state(tmp_path / "run")["done"] == 4
