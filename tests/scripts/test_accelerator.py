"""Half an hour of an accelerator, in small on the CPU."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from segnode.data.camvid import CamVid
from segnode.data.images import Dataset
from segnode.data.labelme_facade import LabelMeFacade
from segnode.errors import ConfigError
from segnode.model.saved import open_network
from tests.data.layouts import id_map, save, write_camvid, write_labelme_facade
from tests.scripts.loading import load

accelerator = load("accelerator")
SCRIPT = Path(accelerator.__file__)
pytestmark = pytest.mark.usefixtures("fresh_group")


def write_data(root: Path) -> Path:
    for split in ("train", "val"):
        write_camvid(root / "CamVid", split)
        write_labelme_facade(root / "LabelMeFacade", split)
    for seed, name in enumerate(("boston__1", "ulm__2")):
        save(root / "LabelMeFacade" / "teacher" / f"{name}.png", id_map(seed, 12))
    return root


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_data(tmp_path_factory.mktemp("data"))


def test_all_stages_in_small(data: Path, tmp_path: Path) -> None:
    settings = accelerator.Settings(data=data, out=tmp_path / "out", small=True, revision="0" * 40)
    accelerator.main(settings)
    result = json.loads((settings.back / "accelerator.json").read_text())
    assert result["card"] == "cpu"
    assert list(result["runs"]) == ["streets", "times", *accelerator.W48, "distil"]
    assert all(run["provenance"]["revision"] == "0" * 40 for run in result["runs"].values())
    for name in ("streets", "distil", *accelerator.W48):
        assert result["runs"][name]["pictures"] == (12 if name in accelerator.W48 else 32)
        assert 0 <= result["runs"][name]["history"][-1][f"camvid:{data}/CamVid,split=val"] <= 100
    for name in ("streets", "distil"):
        open_network(settings.back / name)
    assert all(time["training_ms"] > 0 for time in result["runs"]["times"]["networks"].values())
    with pytest.raises(ConfigError, match="holds results already"):
        accelerator.main(settings)


def test_a_killed_run_goes_on(data: Path, tmp_path: Path) -> None:
    words = [sys.executable, SCRIPT, "--small", "--stage", "streets", "--data", data, "--out", tmp_path, "--resume"]
    process = subprocess.Popen([*map(str, words)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    end = time.monotonic() + 120
    while not list((tmp_path / "streets").glob("state-*.pt")) and time.monotonic() < end:
        time.sleep(0.01)
    process.kill()
    process.wait()
    states = sorted((tmp_path / "streets").glob("state-*.pt"))
    assert states
    accelerator.main(accelerator.Settings(("streets",), data, tmp_path, small=True, resume=True))
    run = json.loads((tmp_path / "back" / "accelerator.json").read_text())["runs"]["streets"]
    assert run["iterations"] == 16
    assert run["starts"][-1]["iteration"] == int(states[-1].stem.removeprefix("state-"))


def test_what_has_to_stop_is_saved_and_resumed(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = accelerator.Settings(("streets",), data, tmp_path, small=True, resume=True)
    assert accelerator.train_network(settings, "streets", stop_at=0.0) is None
    assert [path.name for path in (tmp_path / "streets").glob("state-*.pt")] == ["state-000000000.pt"]
    accelerator.main(settings)
    assert "All is done" in capsys.readouterr().out


def test_a_pack_holds_the_same_pictures_and_labels(data: Path, tmp_path: Path) -> None:
    size = accelerator.pack(data, tmp_path)
    assert 0 < size < 2**20
    for before, after in zip(*([*opened(root)] for root in (data, tmp_path)), strict=True):
        assert len(before) == len(after) == 2
        for index in range(2):
            (image, labels), (packed, packed_labels) = before[index], after[index]
            np.testing.assert_array_equal(labels, packed_labels)
            assert image.shape == packed.shape
            assert np.abs(image.astype(int) - packed).mean() < 60  # random colours, of which much is lost


def opened(root: Path) -> Iterator[Dataset]:
    yield from (CamVid(root / "CamVid", split) for split in ("train", "val"))
    yield LabelMeFacade(root / "LabelMeFacade", "train", labels="teacher")


def test_a_pack_too_large_to_be_sent_is_refused(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accelerator, "PACK_MIB", 0)
    with pytest.raises(ConfigError, match="over 0: lower the quality"):
        accelerator.pack(data, tmp_path)


def test_the_runs_in_full_can_be_asked_for(data: Path, tmp_path: Path) -> None:
    settings = accelerator.Settings(data=data, out=tmp_path)
    streets, wide = (accelerator.config_of(settings, name) for name in ("streets", "hrnetv2-w48"))
    assert streets.iterations * streets.batch_size == pytest.approx(2_000_000, rel=1e-3)
    assert (wide.crop, wide.batch_size, wide.minutes, wide.precision) == ((352, 480), 32, 6.5, "bfloat16")
    assert wide.init is None
    with pytest.raises(ConfigError, match="run the stage streets first"):
        accelerator.config_of(settings, "distil")
