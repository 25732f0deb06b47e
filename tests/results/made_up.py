"""Results made up for tests, as their scripts write them."""

from typing import Any

from segnode.inference import Inference
from segnode.results.evaluation import Evaluation, SetScores
from segnode.results.schema import Provenance
from segnode.results.training import Run, Start


def origin(script: str, revision: str = "0123456789ab-changed") -> dict[str, Any]:
    """A provenance."""
    return {
        "command": f"python scripts/{script}.py",
        "revision": revision,
        "versions": {"torch": "2"},
        "hardware": "a machine",
        "threads": 1,
        "seed": None,
    }


def training_run(data: dict[str, int] | None = None, **changes: Any) -> Run:
    """One run of `training.json`, started once, on two pictures."""
    values: dict[str, Any] = {
        "data": data or {"streets:,seeds=0-1": 2},
        "iterations": 1,
        "seconds": 61,
        "settings": {},
        "starts": (Start(**origin("train", "0" * 40), iteration=0),),
        "history": (),
    }
    return Run(**values | changes)


def evaluation(scores: dict[str, float | None], pictures: int = 3, **changes: Any) -> Evaluation:
    """An evaluation of a network without an ODE. scores: mIoU by data set."""
    values: dict[str, Any] = {
        "provenance": Provenance(**origin("evaluate", "0" * 40)),
        "weights_sha256": "ab",
        "network": "HRNetV2",
        "solver": None,
        "inference": Inference(),
        "scores": {name: set_scores(mean_iou, pictures) for name, mean_iou in scores.items()},
        "curves": {},
        "failed": {},
    }
    return Evaluation(**values | changes)


def set_scores(mean_iou: float | None, pictures: int = 3) -> SetScores:
    """Of two classes; without labels where there is no mean IoU."""
    each = {"sky": mean_iou, "road": mean_iou}
    pixels = 0 if mean_iou is None else 10
    return SetScores(pictures, pixels, mean_iou, mean_iou, mean_iou, each, each, None, ((pixels, 0), (0, 0)))


def run(seed: int, score: float, iterations: int = 400, epochs: float = 40.0) -> dict[str, Any]:
    """One training, as `scripts/compare.py` tells it."""
    half = iterations // 2
    return {
        "seed": seed,
        "optimizer": "adamw",
        "rate": 0.001,
        "iterations": iterations,
        "epochs": epochs,
        "seconds": 9999,
        "mIoU": score,
        "validations": [[half, score - 10], [iterations, score]],
        "loss": [[20, 3.0], [half, 1.0], [iterations, 0.5]],
        "revision": "fedcba9876543210",
    }


def searched(score: float) -> dict[str, Any]:
    """What one setting of a search came to."""
    return {"iterations": 9, "mIoU": score}


def network(name: str, *runs: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """One contestant: 6 s a step, so that ten steps are a minute."""
    return {
        "network": f"{name}-compact",
        "layout": [],
        "solvers": [],
        "question": "",
        "settings_of": "",
        "searched": {"a": searched(21.0), "b": searched(20.0)},
        "parameters": 2_000_000,
        "training_bytes": 200 * 2**20,
        "testing_bytes": 20 * 2**20,
        "seconds_a_step": 6.0,
        "seconds_an_answer": 0.25,
        "runs": list(runs),
        "mIoU": [each["mIoU"] for each in runs],
    } | changes


def comparison(**networks: Any) -> dict[str, Any]:
    """A comparison of SegNode with its baseline, one network that waits and one control; `networks` replace them."""
    control = {
        "network": "segnode-compact",
        "layout": ["modules=1"],
        "settings_of": "segnode",
        "searched": {},
    }
    found = {
        "segnode": network("segnode", run(0, 55.0)),
        "baseline": network("baseline", run(0, 54.4), parameters=8_000_000),
        "hrnetv2": network("hrnetv2", searched={}),
        "one-module": network("x", run(0, 50.0), question="Does f need two? With <b>one</b>.", **control),
    } | networks
    titles = {"segnode": "SegNode", "hrnetv2": "HRNetV2", "unode": "U-Node"}
    for name, held in found.items():
        if held:
            held["title"] = titles.get(name, name.capitalize().replace("-", " "))
    return {
        "provenance": {"collected": origin("compare"), "speed": origin("compare")},
        "budget": {
            "epochs": 40,
            "minutes": 24.0,
            "search_epochs": 6,
            "search_minutes": 3.6,
            "batch_size": 8,
            "crop": [192, 160],
            "scale": [0.5, 1.5],
            "validations": 4,
        },
        "settings": {
            "a": {"optimizer": "adamw", "rate": 0.001, "decay": 0.02},
            "b": {"optimizer": "sgd", "rate": 0.1, "decay": 0.0},
        },
        "held_out_drive": "0006R0",
        "aligned": True,
        "networks": found,
    }


def seeds(name: str, *scores: float, **changes: Any) -> dict[str, Any]:
    """A contestant with a run for each of `scores`."""
    return network(name, *(run(seed, score) for seed, score in enumerate(scores)), **changes)


COLUMNS = ("Cityscapes", "CamVid")


def column(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "kinds": ["x"],
        "split": "test",
        "pictures": 1525,
        "classes": 19,
        "why": "Section 4 says <so>.",
    }


def figure(**changes: Any) -> dict[str, Any]:
    """One that fills no cell."""
    return {
        "column": "CamVid",
        "why": "it is <small>",
        "network": "segnode-compact",
        "kind": "SegNode",
        "parameters": 2_333_188,
        "checkpoint": "tiny",
        "split": "val",
        "pictures": 101,
        "mean_iou": 59.823,
        "server": False,
        "inference": {},
        "trained_on": ["camvid"],
        "revision": "0123456789ab",
    } | changes


def cell(paper: float | None, *runs: float, server: bool = False) -> dict[str, Any]:
    return {
        "paper": paper,
        "measured": sum(runs) / len(runs) if runs else None,
        "status": "measured" if runs else "not measured",
        "runs": [figure(mean_iou=score, why=None, server=server) for score in runs],
    }


def row(name: str, network: str, *cells: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "network": network, "mapillary": False, "cells": dict(zip(COLUMNS, cells, strict=True))}


def table1(**changes: Any) -> dict[str, Any]:
    """Two data sets and three networks; SegNode was measured once, in two runs."""
    aside = figure()
    return {
        "provenance": origin("results", "0123456789ab"),
        "source": "Table 1",
        "columns": [column(name) for name in COLUMNS],
        "rows": [
            row("HRNetV2", "hrnetv2-w48", cell(81.6), cell(80.9)),
            row("SegNode", "segnode-w48", cell(81.8), cell(81.1, 79.4, 80.0)),
            row("SegNode+OCR†", "segnode-w48-ocr", cell(84.5), cell(None)),
        ],
        "compact": [aside],
        "other": [aside | {"network": None, "kind": "Own", "mean_iou": 12.0}],
        "open": ["Gaps are small: `a < b`."],
    } | changes


CAVEAT = "Accuracy at 4 evaluations and this size is not measured here."
_GIB = 2**30


def cost_row(name: str, family: str, **changes: Any) -> dict[str, Any]:
    """One row, as `scripts/cost.py` writes it."""
    return {
        "name": name,
        "network": "x",
        "family": family,
        "solver": None,
        "recompute": False,
        "paper": family,
        "parameters": 65_800_000,
        "multiply_adds": 187_000_000_000,
        "evaluations": None,
        "training_gib": 20.0,
        "largest_batch": 38,
        "testing_gib": 1.0,
        "memory_by": "fake tensors",
        "training_ms": 9000.0,
        "training_to_hrnetv2": 1.0,
        "testing_ms": 2000.0,
        "testing_to_hrnetv2": 1.0,
        "training_gib_to_hrnetv2": 1.0,
        "testing_gib_to_hrnetv2": 1.0,
    } | changes


def _moment(fixed: float, pixel: float) -> dict[str, float]:
    return {"fixed": fixed, "pixel": pixel, "excess": 0.0}


def cost(**changes: Any) -> dict[str, Any]:
    """Results of four rows. SegNode takes 1 GiB and a byte a pixel, picture and step, one more, and 1.5 GiB at least in
    more than one step; HRNetV2 4 bytes a pixel."""
    segnode = {"parameters": 20_900_000, "training_gib": 3.2, "training_to_hrnetv2": 0.42, "testing_to_hrnetv2": 0.3}
    paper = {
        "HRNetV2": (24, 31.1, 1.2, 18, 48, 65.8),
        "SegNode": (62, 13.4, 0.7, 34, 117, 20.9),
    }
    keys = ("largest_batch", "training_gb", "testing_gb", "training_s_an_epoch", "testing_ms", "parameters_m")
    three, four, one, none = (_moment(fixed, pixel) for fixed, pixel in ((_GIB, 3), (_GIB, 4), (0, 1), (0, 0)))
    peak = {"few": [[_moment(_GIB, 2)]], "many": [three, _moment(1.5 * _GIB, 0.1)], "step": [one, none], "multiple": 4}
    flat, no_ode = (
        {"few": [[four]], "many": [four], "step": [none], "multiple": 4},
        {"few": [[four]], "many": [], "step": [], "multiple": 4},
    )
    return {
        "provenance": {
            "time": origin("cost"),
        },
        "picture": "480 x 360",
        "classes": 11,
        "training_batch": 24,
        "limit_gib": 32,
        "timed_batches": {"training": 2, "testing": 1},
        "networks": [
            cost_row("HRNetV2", "HRNetV2"),
            cost_row("SegNode, midpoint-2, checkpoint", "SegNode", evaluations=4, **segnode),
            cost_row("SegNode, midpoint-2, adjoint", "SegNode", memory_by="real tensors at batches 1 and 2", **segnode),
            cost_row("Odd <b>", "U-Node", paper=None, training_ms=None, training_to_hrnetv2=None),
        ],
        "cuda": None,
        "paper": {name: dict(zip(keys, row, strict=True)) for name, row in paper.items()},
        "sentences": {"SegNode": "The paper's solver took more evaluations."},
        "claims": [{"claim": "Less memory: 0.16 of it", "caveat": CAVEAT}],
        "calculator": {
            "segnode-w48": {
                "label": "SegNode",
                "multiply_adds_a_pixel": {"once": 1000.0, "an_evaluation": 500.0},
                "evaluations_a_step": {"euler": 1, "midpoint": 2},
                "training": {
                    "euler": {"checkpoint": peak, "backprop": flat},
                    "midpoint": {"checkpoint": peak, "backprop": flat, "adjoint": peak},
                },
                "testing": dict.fromkeys(("euler", "midpoint"), flat),
            },
            "hrnetv2-w48": {
                "label": "HRNetV2",
                "multiply_adds_a_pixel": {"once": 9000.0, "an_evaluation": 0},
                "evaluations_a_step": {},
                "training": {"": {"backprop": no_ode, "checkpoint": no_ode}},
                "testing": {"": no_ode},
            },
        },
        "calculator_largest_error": 0.031,
        "left_open": ["Testing Odd <b> was not tried."],
    } | changes


#: What is no JSON object of any kind of result.
UNREADABLE = (b"", b"{}", b"[1]", b"not JSON", b"\xff", b"[" * 100_000)
