"""What the browser draws is what the library computes: labels, scores and confidences, at frames and between them."""

import re
from collections.abc import Generator
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from playwright.sync_api import BrowserContext, expect
from torch.nn import functional as F

from app.solving.pictures import colours
from segnode import Predictor, SegNode, SolverConfig
from segnode.flow import Flow
from segnode.metrics import miou_error
from segnode.streets import render_street
from tests.app.browser import Server, Tab, labels_of

SEED = 100_003
#: Frames are at sixteenths and steps at quarters: the last three are neither.
TIMES = (0.0, 0.25, 0.3, 0.6543, 0.97)


@pytest.fixture(scope="module")
def predictor(server: Server) -> Predictor:
    return Predictor(SegNode.from_pretrained(server.checkpoint))


@pytest.fixture(scope="module")
def street(context: BrowserContext, server: Server) -> Generator[Tab]:
    opened = Tab(context, server)
    opened.open(f"?seed={SEED}")
    yield opened
    opened.check()
    opened.page.close()


def probabilities(flow: Flow, time: float, rows: int, columns: int) -> np.ndarray:
    """Of each class and pixel: logits at a quarter of the size, upsampled as in the network."""
    logits = torch.from_numpy(flow.at(time))[None]
    full = F.interpolate(logits, scale_factor=4, mode="bilinear", align_corners=False)[0, :, :rows, :columns]
    return full.softmax(0).numpy()


def miou(tab: Tab) -> float:
    return float(tab.text(".badge").split("mIoU ")[1].split()[0])


def test_labels_and_scores_are_the_librarys(street: Tab, predictor: Predictor) -> None:
    scene, classes = render_street(SEED), predictor.model.classes
    flow = predictor.trajectory(scene.image, 2, SolverConfig("midpoint", 4)).flow
    for time in TIMES:
        street.go(time)
        drawn = labels_of(street.canvas(), colours(classes))
        computed = probabilities(flow, time, *drawn.shape).argmax(0)
        assert (drawn == computed).mean() > 0.995, time
        wanted = 100 - miou_error(computed[None].astype(np.uint8), scene.labels, len(classes))[0]
        assert miou(street) == pytest.approx(wanted, abs=0.3), time


@pytest.mark.parametrize(
    ("settings", "solver", "until"),
    [
        ("solver=rk4&steps=3", SolverConfig("rk4", 3), 1.0),
        ("solver=euler&steps=5", SolverConfig("euler", 5), 1.0),
        ("solver=dopri5&tolerance=1e-2", SolverConfig("dopri5", rtol=1e-2, atol=1e-2), 1.0),
        ("T=2", SolverConfig("midpoint", 4), 2.0),
    ],
)
def test_labels_are_the_librarys_under_every_kind_of_solver_and_beyond_t(
    tab: Tab, predictor: Predictor, settings: str, solver: SolverConfig, until: float
) -> None:
    tab.open(f"?seed={SEED}&{settings}")
    flow = predictor.trajectory(render_street(SEED).image, 2, solver, until).flow
    for share in (0.0, 0.37, 0.8, 1.0):  # of the way: on steps of the grids, and between
        time = round(share * until, 4)
        tab.go(time)
        drawn = labels_of(tab.canvas(), colours(predictor.model.classes))
        computed = probabilities(flow, time, *drawn.shape).argmax(0)
        assert (drawn == computed).mean() > 0.995, time


def test_confidence_is_the_librarys(street: Tab, predictor: Predictor) -> None:
    flow = predictor.trajectory(render_street(SEED).image, 2, SolverConfig("midpoint", 4)).flow
    street.go(0.3)
    shares = probabilities(flow, 0.3, 360, 480)
    for x, y in [(20, 20), (240, 180), (301, 222), (455, 344), (77, 250)]:
        street.page.mouse.move(*street.place(x, y))
        name, share = re.fullmatch(r"(.+) (\d+) %", street.text(".tip")).groups()
        assert name == predictor.model.classes.names[shares[:, y, x].argmax()]
        assert float(share) == pytest.approx(100 * shares[:, y, x].max(), abs=2)


def test_the_confidence_map_is_the_librarys(street: Tab, predictor: Predictor) -> None:
    flow = predictor.trajectory(render_street(SEED).image, 2, SolverConfig("midpoint", 4)).flow
    street.choose("Confidence")
    bar = street.page.locator(".scale i").evaluate("(bar) => getComputedStyle(bar).backgroundImage")
    stops = np.array([[int(part) for part in stop.split(",")] for stop in re.findall(r"rgb\(([^)]*)\)", bar)])
    shares = np.linspace(0, len(stops) - 1, 256)
    scale = np.stack([np.interp(shares, range(len(stops)), channel) for channel in stops.T], axis=1)
    for time in (0.1, 0.6543):
        street.go(time)
        drawn = street.canvas()[..., None, :3].astype(np.float32)
        read = np.abs(drawn - scale.astype(np.float32)).sum(axis=3).argmin(axis=2) / 255
        off = np.abs(read - probabilities(flow, time, *read.shape).max(axis=0))
        assert off.mean() < 0.01, time
        assert (off < 0.03).mean() > 0.97, time
    street.choose("Labels")


def test_a_picture_of_ones_own_is_solved_and_scored_and_nobody_elses(
    context: BrowserContext, server: Server, tab: Tab, predictor: Predictor, tmp_path: Path
) -> None:
    scene, classes = render_street(SEED + 1), predictor.model.classes
    image, truth = scene.image[100:243, 40:251], scene.labels[100:243, 40:251]  # of a size that no stride divides
    Image.fromarray(image).save(tmp_path / "mine.png")
    Image.fromarray(truth).save(tmp_path / "mask.png")
    page = tab.open("?model=segnode-streets&t=0.7")
    page.locator(".st-key-pill-scene button").first.click()
    page.locator("input[type=file]").set_input_files(tmp_path / "mine.png")
    expect(page.locator(".classes summary")).to_contain_text("share of pixels")
    assert "with the final result, at T" in tab.text(".badge")
    assert page.locator("[value=errors]").is_disabled()
    page.locator("input[type=file]").nth(1).set_input_files(tmp_path / "mask.png")
    expect(page.locator(".classes summary")).to_contain_text("IoU at t")
    page.keyboard.press("Escape")
    tab.ready()
    flow = predictor.trajectory(image, 2, SolverConfig("midpoint", 4)).flow
    drawn = labels_of(tab.canvas(), colours(classes))
    computed = probabilities(flow, 0.7, *truth.shape).argmax(0).astype(np.uint8)
    assert (drawn == computed).mean() > 0.995
    assert miou(tab) == pytest.approx(100 - miou_error(computed[None], truth, len(classes))[0], abs=0.3)
    tab.choose("Errors")
    wrong = tab.canvas()[..., 3] == 255
    assert (wrong == (drawn != truth))[truth != 255].all()
    assert str(page.locator(".over").get_attribute("aria-label")).startswith("Your picture")

    other = Tab(context.browser.new_context(), server)
    other.page.goto(tab.link())
    other.ready()
    assert str(other.page.locator(".over").get_attribute("aria-label")).startswith("Street scene")
    other.check()
    other.page.context.close()
