"""What time buys, measured on a tiny network and one street."""

import json
from pathlib import Path

import torch

from segnode import ModelConfig, SegNode
from segnode.data.classes import CAMVID
from segnode.results.accuracy_cost import Variant
from tests.scripts.loading import load


def test_measures_every_variant_and_keeps_the_other_part(tmp_path: Path) -> None:
    script = load("accuracy_cost")
    torch.manual_seed(0)
    SegNode(ModelConfig(11, (8, 8), 8, modules=1, blocks=1), CAMVID).save_pretrained(tmp_path / "tiny")
    data = "streets:,seeds=7-7"
    few = {"steps": (1, 2), "tolerances": (1e-2,), "rounds": 1, "out": tmp_path}
    for part in ("accuracy", "time"):
        script.main(script.Settings(tmp_path / "tiny", (data,), parts=(part,), **few))
    result = json.loads((tmp_path / "tiny.json").read_text())
    variants = result["sets"][data]["variants"]
    assert {"euler-2", "rk4-1", "dopri5, 1e-02", "stopped at 0.25", "beyond T at 2"} <= set(variants)
    assert variants["stopped at 1"]["evaluations"] == 8
    assert variants["euler-2"]["state_error"] < variants["euler-1"]["state_error"]
    assert result["sets"][data]["full"] in variants
    assert set(result["provenance"]) == {"accuracy", "time"}
    assert result["milliseconds"]["regions, doubt 0.2, margin 1"] > 0


def test_full_is_the_cheapest_near_the_best_and_never_a_shortcut() -> None:
    script = load("accuracy_cost")
    rows = {"euler-1": (60.0, 1), "rk4-1": (69.95, 4), "rk4-2": (70.0, 8), "regions, a": (70.0, 3)}
    assert script.full({name: Variant(score, spent, None) for name, (score, spent) in rows.items()}) == "rk4-1"
