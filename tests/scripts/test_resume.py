import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import torch

ROOT = Path(__file__).parents[2]


def test_a_run_killed_twice_ends_as_an_undisturbed_one(tmp_path: Path) -> None:
    out = tmp_path / "resume.json"
    command = [sys.executable, "scripts/resume.py", "--kills", "2", "--iterations", "60", "--out", str(out)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    result = json.loads(out.read_text())
    assert len(result["kills"]) == 2
    assert result["tensors"] > 100
    assert result["differing"] == []
    assert result["weights_sha256"]["killed"] == result["weights_sha256"]["undisturbed"]


def test_one_bit_would_be_seen() -> None:
    spec = importlib.util.spec_from_file_location("resume", ROOT / "scripts/resume.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    one = {"network": {"a": torch.ones(3)}, "optimizer": {"state": {0: {"step": 1}}}, "seconds": 1.0}
    other = {"network": {"a": torch.ones(3)}, "optimizer": {"state": {0: {"step": 1}}}, "seconds": 2.0}
    assert module.differences(one, other) == []
    other["network"]["a"][1] += 2**-23
    other["optimizer"]["state"][0]["step"] = 2
    assert module.differences(one, other) == ["/network/a", "/optimizer/state/0/step"]
