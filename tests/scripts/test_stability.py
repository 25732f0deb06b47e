"""Short trials of the recipes' settings: what is tried, and that a run which fails is told as one."""

import math
from dataclasses import replace
from pathlib import Path

import pytest

from tests.scripts.loading import SCRIPTS, load
from tests.train.test_loop import config

stability = load("stability")


def test_each_family_is_tried_in_both_precisions_with_the_settings_of_its_recipe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stability, "write_randomly_labelled", lambda settings, folder: None)
    settings = stability.Settings(data="streets:,seeds=0-1")
    variants = stability.variants()
    for recipe in stability.LAYOUTS:
        full = stability.read_recipe(SCRIPTS / "recipes" / f"{recipe}.toml").config
        for precision in ("float32", "bfloat16"):
            name, changes = variants[f"{recipe}, {precision}"]
            small = stability.small(settings, name, tmp_path / precision / recipe, changes)
            assert small.precision == precision
            for kept in ("network", "optimizer", "rate", "warmup", "clip", "decay", "average", "iterations"):
                assert getattr(small, kept) == getattr(full, kept), kept
    for recipe in stability.SEGNODE:
        assert variants[f"{recipe}, float32, without warm-up and clipping"][1]["warmup"] == 0


def test_a_trial_tells_its_losses_and_its_first_step_that_is_not_finite(tmp_path: Path) -> None:
    steady = stability.run_trial(config(tmp_path / "steady", save_every=100), 5)
    assert (steady.steps, steady.not_finite) == (5, None)
    assert 0 < steady.last_loss < 10
    assert steady.highest_gradient_norm > 0
    assert steady.highest_rate == pytest.approx(2e-3, rel=0.01)
    wild = stability.run_trial(replace(config(tmp_path / "wild"), optimizer="sgd", rate=1e30, clip=1e9), 5)
    assert wild.not_finite == wild.steps <= 3
    assert all(value is None or math.isfinite(value) for value in vars(wild).values())
