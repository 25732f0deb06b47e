"""The small tables beside the picture."""

import numpy as np

from app.solving.runs import Run
from app.solving.wording import about
from app.ui.text import plain
from app.views.explore import panels
from segnode import SolverConfig, Trajectory
from segnode.data.classes import ClassSet
from segnode.flow import Flow

CLASSES = ClassSet(("sky", "<img src=x onerror=alert(1)>", "unseen"), ((1, 2, 3), (4, 5, 6), (7, 8, 9)))
PALETTE = CLASSES.palette
FRAMES = np.array([[[0, 0], [0, 0]], [[0, 0], [0, 1]]], np.uint8)


def run(truth: np.ndarray | None) -> Run:
    trajectory = Trajectory(
        times=np.array([0.0, 1.0]),
        step_times=np.array([0.0, 0.4, 1.0]),
        labels=FRAMES,
        confidence=np.full(FRAMES.shape, 0.5, np.float32),
        flow=Flow(1.0, 1, np.zeros((2, 3, 1, 1), np.float32)),
        nfe=14,
        seconds=0.25,
    )
    return Run.from_trajectory(trajectory, SolverConfig("dopri5", rtol=1e-3, atol=1e-3), truth, CLASSES)


def test_names_of_classes_are_text() -> None:
    html = panels.legend(run(None), 1, CLASSES, PALETTE)
    assert "<img" not in html
    assert "&lt;img src=x" in html


def test_the_legend_gives_shares_without_a_truth_and_iou_with_one() -> None:
    shares = panels.legend(run(None), 1, CLASSES, PALETTE)
    assert "share of pixels" in shares
    assert ">75</td>" in shares
    iou = panels.legend(run(FRAMES[1]), 0, CLASSES, PALETTE)
    assert ">75</td>" in iou
    assert ">0</td>" in iou
    assert "unseen" not in iou


def test_the_facts_are_those_of_the_solve() -> None:
    html = panels.facts(run(None), 0)
    for fact in ("dopri5", "2, at tolerance 1e-3", "14", "0.25 s", "75 %", "50 %"):
        assert f"<td>{fact}</td>" in html


def test_the_badge_and_the_words_for_the_blind() -> None:
    found = run(FRAMES[1])
    assert "mIoU 100.0" in panels.badge(found, 1)
    assert "final result" in panels.badge(run(None), 0)
    assert panels.described("Street scene 1", found, 0, CLASSES) == "Street scene 1, segmented at t = 0.00: sky 100 %"


def test_a_model_of_the_hub_is_its_owners_and_tells_its_commit() -> None:
    words = about("someone/tiny", 1234, "a" * 40, bundled=False).replace("\\", "")
    assert "1,234 parameters" in words
    assert "someone/tiny" in words
    assert "a" * 12 in words
    assert "few thousand" not in words
    assert "not the paper's weights" in about("ours", 5, None, bundled=True)


def test_plain_leaves_nothing_for_markdown() -> None:
    assert plain("a\n b") == "a b"
    assert plain("**x** [y](z) $1$ :red[w]") == r"\*\*x\*\* \[y\]\(z\) \$1\$ \:red\[w\]"
    assert "www." not in plain("www.example.org").replace("\\", "")
