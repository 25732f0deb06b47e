"""What there is to see of a solve beside its labels at t: the truth, errors, scales, when pixels were decided, pins."""

import re
from collections.abc import Generator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, expect

from app.solving.pictures import colours
from segnode import Predictor, SegNode, SolverConfig
from segnode.analysis.decided import decided_frame
from segnode.data.classes import CAMVID
from segnode.streets import render_street
from tests.app.browser import Server, Tab, labels_of

SEED = 100_003
#: As the browser visits them: 0 to 64 sixty-fourths of the solve.
MOMENTS = 65
MISSED, FALSE_ALARM = (0xF2, 0x8E, 0x1C, 255), (0x2B, 0x8C, 0xEE, 255)
LIT = (0xFF, 0xD6, 0x40, 255)
TRUTH = render_street(SEED).labels


@pytest.fixture(scope="module")
def street(context: BrowserContext, server: Server) -> Generator[Tab]:
    """One tab for the file: each test finds it as the one before left it, but for what `tab` puts back."""
    opened = Tab(context, server)
    opened.open(f"?seed={SEED}")
    yield opened
    opened.page.close()


@pytest.fixture
def tab(street: Tab) -> Generator[Tab]:
    """The street at t = 0.3 as it opens, its solve gone through."""
    street.page.mouse.move(5, 5)
    expect(street.page.locator(".decided")).to_have_attribute("data-whole", "true")
    for side, source in (("left", "Photo"), ("right", "Now")):
        street.choose("Divider")
        pick(street, side, source)
    street.choose("Overlay")
    street.choose("Labels")
    street.unpin()
    street.go(0.3)
    yield street
    street.check()


def pick(tab: Tab, side: str, source: str) -> None:
    tab.page.locator(f"[data-choice={side}] label", has_text=source).click()
    tab.drawn()


def drawn_text(tab: Tab, part: str) -> str:
    """What stands in a part of a plot."""
    return str(tab.page.locator(part).text_content())


def colour_of(pixels: np.ndarray, colour: tuple[int, ...]) -> np.ndarray:
    return (pixels == np.array(colour)).all(axis=2)


def test_one_picture_is_any_of_four(tab: Tab) -> None:
    now = tab.canvas()
    pick(tab, "right", "Truth")
    assert (labels_of(tab.canvas(), colours(CAMVID)) == TRUTH).all()
    assert tab.text(".badge") == "Truth"
    tab.page.mouse.move(*tab.place(240, 330))
    assert tab.text(".tip") == f"{CAMVID.names[TRUTH[330, 240]]} (truth)"
    with tab.page.expect_download() as saved:
        tab.page.get_by_role("button", name="Save picture").click()
    assert saved.value.suggested_filename == f"segnode-street-{SEED}-truth.png"
    pick(tab, "right", "Final")
    final, badge = tab.canvas(), tab.text(".badge")
    assert re.fullmatch(r"Final result, at T · mIoU \d+\.\d", badge)
    assert (final != now).any()
    tab.go(0.7)
    assert (tab.canvas() == final).all()
    tab.until_address(right="end")
    pick(tab, "right", "Now")
    tab.go(1)
    assert (tab.canvas() == final).all()
    assert tab.text(".badge").split("mIoU")[1] == badge.split("mIoU")[1]
    pick(tab, "right", "Photo")
    assert tab.page.locator(".over canvas").is_hidden()


@pytest.mark.parametrize("layout", ["Divider", "Side by side"])
def test_two_pictures_are_any_two_of_four(tab: Tab, layout: str) -> None:
    tab.choose(layout)
    for left, right in [("Truth", "Final"), ("Final", "Now"), ("Now", "Photo"), ("Photo", "Truth")]:
        pick(tab, "left", left)
        pick(tab, "right", right)
        for pane, source, caption in ((".left", left, ".caption"), (".over", right, ".badge")):
            canvas = tab.page.locator(f"{pane} canvas")
            assert canvas.is_hidden() == (source == "Photo")
            words = {"Photo": "Photograph", "Truth": "Truth", "Now": "t = 0.30", "Final": "Final result"}
            assert tab.text(f"{pane} {caption}").startswith(words[source])
    address = tab.address()
    assert "left" not in address, "the default is not written"
    assert address["right"] == "truth"


def test_a_singled_out_class_shows_what_it_misses_and_where_it_is_false(tab: Tab) -> None:
    labels = labels_of(tab.canvas(), colours(CAMVID))
    tab.choose("Errors")
    assert tab.text(".key").startswith("wrong")
    wrong = tab.canvas()[..., 3] > 0
    assert (wrong == (labels != TRUTH)).all()
    name = "bicyclist"
    index = CAMVID.names.index(name)
    row = tab.page.locator(".classes button", has_text=name)
    row.hover()
    missed, false = (labels != index) & (index == TRUTH), (labels == index) & (index != TRUTH)
    assert missed.sum() > 50
    assert false.sum() > 50
    canvas = tab.canvas()
    assert (colour_of(canvas, MISSED) == missed).all()
    assert (colour_of(canvas, FALSE_ALARM) == false).all()
    assert [line for line in tab.text(".key").split("\n") if line] == ["missed", "false alarm", name]
    assert row.inner_text().split() == [name, f"{missed.sum():,}", f"{false.sum():,}"]
    for kind, colour in (("missed", MISSED), ("false", FALSE_ALARM)):
        painted = tab.page.locator(f".key .{kind}").evaluate("(node) => getComputedStyle(node).backgroundColor")
        assert painted == f"rgb({colour[0]}, {colour[1]}, {colour[2]})"


@pytest.mark.parametrize("show", ["Confidence", "Decided"])
def test_a_scale_can_be_read_and_does_not_change_with_opacity(tab: Tab, show: str) -> None:
    page = tab.page
    tab.choose(show)
    numbers = page.locator(".scale span")
    assert [float(text.removesuffix(" %")) for text in numbers.all_inner_texts()] == (
        [0, 25, 50, 75, 100] if show == "Confidence" else [0, 0.25, 0.5, 0.75, 1]
    )
    size = numbers.first.evaluate("(node) => parseFloat(getComputedStyle(node).fontSize)")
    assert size >= 12
    assert page.locator("[name=opacity]").is_disabled()
    assert page.locator(".over canvas").evaluate("(canvas) => getComputedStyle(canvas).opacity") == "1"
    tab.choose("Labels")
    assert page.locator(".key").is_hidden()
    assert page.locator("[name=opacity]").is_enabled()


def test_pixels_are_decided_when_their_drawn_label_changes_for_the_last_time(tab: Tab) -> None:
    frames = []
    for moment in range(MOMENTS):
        tab.go(moment / (MOMENTS - 1))
        frames.append(labels_of(tab.canvas(), colours(CAMVID)))
    expected = decided_frame(np.stack(frames))
    tab.choose("Decided")
    canvas = tab.canvas()
    always = canvas[..., 3] == 0
    assert (always == (expected == 0)).mean() > 0.999  # a hand stops at ten-thousandths, a moment need not lie on one
    shown = np.unique(canvas[~always], axis=0)
    brightness = shown[:, :3].astype(int).sum(axis=1)
    assert len(shown) > MOMENTS / 2
    # Of each colour one moment, and later is brighter.
    moments = [np.median(expected[colour_of(canvas, tuple(colour))]) for colour in shown]
    assert np.corrcoef(np.argsort(np.argsort(moments)), np.argsort(np.argsort(brightness)))[0, 1] > 0.95
    same = sum((expected[colour_of(canvas, tuple(c))] == m).sum() for c, m in zip(shown, moments, strict=True))
    assert same / (~always).sum() > 0.98
    tab.go(0.25)
    undecided = colour_of(tab.canvas(), (255, 255, 255, 200))
    assert (undecided == (expected > (MOMENTS - 1) // 4)).mean() > 0.999


def test_the_histogram_lights_what_was_decided_at_a_time(tab: Tab) -> None:
    tab.choose("Decided")
    assert tab.text(".badge") == "Decided by t = 0.30"
    assert "decided by t" in drawn_text(tab, ".decided")
    tab.go(1)
    whole, box = tab.canvas(), tab.box(".track")
    height = tab.box(".decided")["y"] + 60
    tab.page.mouse.move(box["x"] + box["width"] * (12.5 / 64), height)
    lit = tab.canvas()
    bright = colour_of(lit, LIT)
    assert 0 < bright.mean() < 0.2
    assert len(np.unique(whole[bright], axis=0)) == 1, "they share a moment"
    assert "at t = 0.203" in drawn_text(tab, ".decided")
    share = float(drawn_text(tab, ".decided .value").removesuffix(" %"))
    labels = labels_of(_final(tab), colours(CAMVID))
    right = labels == TRUTH
    assert 100 * (bright & right).sum() / right.sum() == pytest.approx(share, abs=0.06)
    tab.page.mouse.move(box["x"] + box["width"] * (12.5 / 64), height)
    tab.page.mouse.down()
    tab.page.mouse.move(box["x"] + box["width"] * (20.5 / 64), height, steps=4)
    assert tab.time == pytest.approx(20.5 / 64, abs=0.005)
    assert "at t = 0.328" in drawn_text(tab, ".decided")
    tab.page.mouse.up()
    tab.page.mouse.move(5, 5)
    tab.go(1)
    assert (tab.canvas() == whole).all()
    tab.page.locator(".classes button", has_text="pole").hover()
    tab.drawn()
    assert drawn_text(tab, ".decided .title") == "right pole pixels, by time of decision"
    assert drawn_text(tab, ".decided .value") == "100 %"
    median = float(tab.text(".classes button:has-text('pole') b:last-child"))
    tab.go(median)
    assert float(drawn_text(tab, ".decided .value").removesuffix(" %")) == pytest.approx(50, abs=8)


def _final(tab: Tab) -> np.ndarray:
    """The canvas with the labels at the end."""
    tab.page.mouse.move(5, 5)
    tab.choose("Labels")
    canvas = tab.canvas()
    tab.choose("Decided")
    return canvas


def test_a_pin_has_axes_top_classes_truth_and_changes(tab: Tab) -> None:
    page = tab.page
    page.get_by_role("button", name="Find a pixel that changes its mind").click()
    expect(page.locator(".pins li")).to_have_count(1)
    x, y = (int(part) for part in tab.address()["pins"].split("-"))
    assert f"Truth: {CAMVID.names[TRUTH[y, x]]}." in tab.text(".pins ol p")
    changes = [float(time) for time in re.findall(r"0\.\d\d", tab.text(".pins ol p"))]
    assert changes
    assert page.locator(".plot .change").count() == len(changes)
    assert tab.text(".plot .high") + tab.text(".plot .low") == "10"
    assert "T = 1" in page.locator(".plot .time").all_inner_texts()
    for time in (max(changes[-1] - 0.02, 0), min(changes[-1] + 0.02, 1)):
        tab.go(time)
        winner, second, third = (float(share) for share in re.findall(r"(\d+) %", tab.text(".pins .top")))
        assert winner >= second >= third
        index = labels_of(tab.canvas(), colours(CAMVID))[y, x]
        assert tab.text(".pins .top").startswith(CAMVID.names[index])
    first = page.locator("[data-pin='1']").first.evaluate("(node) => getComputedStyle(node).borderColor")
    page.get_by_role("button", name="Find a pixel that changes its mind").click()
    expect(page.locator(".pins li")).to_have_count(2)
    page.locator(".pins li button").first.click()
    expect(page.locator(".marks i")).to_have_text("2")
    second = page.locator(".marks i").evaluate("(node) => getComputedStyle(node).borderColor")
    assert second != first


def test_a_finger_on_the_histogram_lights_and_lets_go(chromium: Browser, server: Server) -> None:
    phone = chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    tab = Tab(phone, server)
    page = tab.open(f"?seed={SEED}&show=decided&t=1")
    box, plot = tab.box(".track"), tab.box(".decided")
    touch = phone.new_cdp_session(page)
    spot = {"x": box["x"] + box["width"] * (16.5 / 64), "y": plot["y"] + 60}
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [spot]})
    assert colour_of(tab.canvas(), LIT).any()
    assert tab.time == pytest.approx(16.5 / 64, abs=0.01)
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert not colour_of(tab.canvas(), LIT).any()
    tab.check()
    phone.close()


def test_the_axis_marks_t_where_the_solve_goes_on(tab: Tab) -> None:
    assert tab.page.locator(".ticks .trained").count() == 0
    assert drawn_text(tab, ".curve .end.final .name") == "vs. final, T"
    beyond = Tab(tab.page.context, tab.server)
    page = beyond.open(f"?seed={SEED}&T=1.5")
    assert drawn_text(beyond, ".curve .end.final .name") == "vs. final, t = 1.5"
    (mark,) = page.locator(".curve .trained").all()
    box, track = mark.bounding_box(), beyond.box(".track")
    assert box is not None
    assert box["x"] == pytest.approx(track["x"] + track["width"] / 1.5, abs=1.5)
    marks = page.locator(".curve .grid text").all_text_contents()
    assert "T = 1" in marks
    assert "1.5" in marks
    assert page.locator(".ticks .trained").count() == 1
    beyond.check()
    beyond.page.close()


def test_the_axis_shows_accepted_and_refused_steps(tab: Tab, tmp_path: Path) -> None:
    black = np.zeros((96, 128, 3), np.uint8)
    Image.fromarray(black).save(tmp_path / "black.png")
    predictor = Predictor(SegNode.from_pretrained(tab.server.checkpoint))
    trajectory = predictor.trajectory(black, 2, SolverConfig("adaptive_heun", rtol=1e-3, atol=1e-3))
    assert len(trajectory.refused) > 0, "on a street no step is refused, on a black picture some are"
    adaptive = Tab(tab.page.context, tab.server)
    page = adaptive.open("?model=segnode-streets&solver=adaptive_heun&tolerance=1e-3")
    page.locator(".st-key-pill-scene button").first.click()
    page.locator("input[type=file]").set_input_files(tmp_path / "black.png")
    expect(page.locator(".over")).to_have_attribute("aria-label", re.compile("^Your picture"))
    adaptive.ready()
    for kind, times in (("step", trajectory.step_times.tolist()), ("refused", list(trajectory.refused))):
        marks = page.locator(f".ticks .{kind}").evaluate_all(
            "(marks) => marks.map((mark) => Number(mark.style.getPropertyValue('--at')))"
        )
        assert marks == pytest.approx([min(time, 1) for time in times], abs=1e-3), kind
    assert f"steps refused\n{len(trajectory.refused)}" in adaptive.text(".facts")
    adaptive.check()
    adaptive.page.close()
