"""The scrubber in Chromium: time under the hand, and everything beside it, with no word to the server meanwhile."""

import re
from collections.abc import Generator

import numpy as np
import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from scripts.probe import RETURNING
from tests.app.browser import Server, Tab

#: Solved in thirds, so that no step lies on a round number.
SCENE = "?seed=100003&steps=3"


@pytest.fixture(scope="module")
def street(context: BrowserContext, server: Server) -> Generator[Tab]:
    """One tab for the file: each test finds it as the one before left it, but for what `tab` puts back."""
    opened = Tab(context, server)
    opened.open(SCENE)
    yield opened
    opened.page.close()


@pytest.fixture
def tab(street: Tab) -> Generator[Tab]:
    """The street at t = 0.3 as it opens, without pins."""
    page = street.page
    page.mouse.move(5, 5)
    street.choose("Overlay")
    street.choose("Labels")
    street.unpin()
    street.go(0.3)
    street.rest()
    yield street
    street.check()


def test_the_slider_moves_picture_numbers_and_cursor_without_the_server(tab: Tab) -> None:
    canvas, badge, legend, cursor = tab.canvas(), tab.text(".badge"), tab.text(".classes"), tab.cursor
    tab.sent.clear()
    box = tab.box(".track")
    tab.page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + box["height"] / 2)
    tab.page.mouse.down()
    for share in np.linspace(0.3, 0.8, 20):
        tab.page.mouse.move(box["x"] + share * box["width"], box["y"] + box["height"] / 2)
    assert tab.time == pytest.approx(0.8, abs=0.01)
    assert tab.cursor == pytest.approx(cursor + 0.5 * box["width"], abs=1.5)
    assert (tab.canvas() != canvas).any()
    assert tab.text(".badge") != badge
    assert tab.text(".classes") != legend
    tab.rest()  # the hand halts, but still holds the slider
    assert tab.sent == []
    tab.page.mouse.up()
    tab.until_address(t=page_number(tab.time))
    assert len(tab.sent) <= 1


def test_the_curve_is_a_slider_too(tab: Tab) -> None:
    canvas, box = tab.canvas(), tab.box(".track")
    tab.sent.clear()
    height = tab.box(".curve")["y"] + 40
    tab.page.mouse.move(box["x"] + 0.4 * box["width"], height)
    tab.page.mouse.down()
    tab.page.mouse.move(box["x"] + 0.6 * box["width"], height, steps=8)
    tab.rest()
    assert tab.sent == []
    tab.page.mouse.up()
    assert tab.time == pytest.approx(0.6, abs=0.005)
    assert (tab.canvas() != canvas).any()
    tab.rest()
    assert len(tab.sent) <= 1


def test_keys_move_time(tab: Tab) -> None:
    canvas = tab.canvas()
    slider = tab.page.locator(".track input")
    assert slider.get_attribute("aria-label")
    slider.focus()
    tab.page.keyboard.press("ArrowRight")
    tab.drawn()
    assert tab.time == pytest.approx(0.31)
    assert (tab.canvas() != canvas).any()
    for key, time in [("PageUp", 0.41), ("ArrowLeft", 0.4), ("End", 1), ("Home", 0), ("Shift+ArrowRight", 1 / 3)]:
        tab.page.keyboard.press(key)
        tab.drawn()
        assert tab.time == pytest.approx(time), key
    assert "t = 0.33" in str(slider.get_attribute("aria-valuetext"))
    expect(tab.page.locator(".spoken")).to_contain_text("t = 0.33")


def test_streamlits_own_keys_do_nothing_over_the_picture(tab: Tab) -> None:
    tab.page.locator(".over").focus()
    tab.sent.clear()
    for key in ("r", "c"):
        tab.page.keyboard.press(key)
    tab.rest()
    assert tab.sent == []
    assert tab.page.locator("[role=dialog]").count() == 0


def test_step_buttons_stop_at_the_solvers_steps(tab: Tab) -> None:
    ticks = [tick["x"] + tick["width"] / 2 for tick in _boxes(tab, ".ticks i")]
    assert len(ticks) == 4
    for button, step in [("Step forward", 1), ("Step forward", 2), ("Step forward", 3), ("Step back", 2)]:
        tab.page.get_by_role("button", name=button).click()
        assert tab.cursor == pytest.approx(ticks[step], abs=1)
        assert tab.time == pytest.approx(step / 3, abs=1e-9)
        assert f"{2 * step} of 6" in tab.text(".facts")
    tab.page.keyboard.press(",")
    tab.drawn()
    assert tab.time == pytest.approx(1 / 3, abs=1e-9)


def test_playing_goes_to_the_end_or_round(tab: Tab) -> None:
    page = tab.page
    page.get_by_role("button", name="Speed 1").click()
    page.get_by_role("button", name="Speed 2").wait_for()
    tab.go(0.4)  # two seconds from the end: time to see that it plays, on a busy machine too
    page.get_by_role("button", name="Play").click()
    page.get_by_role("button", name="Pause").wait_for()
    page.get_by_role("button", name="Play").wait_for()
    assert tab.time == 1
    page.get_by_role("button", name="Loop").click()
    expect(page.get_by_role("button", name="Loop")).to_have_attribute("aria-pressed", "true")
    tab.go(0.9)
    page.locator(".track input").focus()
    page.keyboard.press("Space")
    page.wait_for_function("(slider) => slider.value < 0.5", arg=page.locator(".track input").element_handle())
    canvas = tab.canvas()
    tab.rest()
    assert (tab.canvas() != canvas).any()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Play").wait_for()
    tab.drawn()  # the frame in which it comes to rest where a hand can stand
    stopped = tab.time
    tab.rest()
    assert tab.time == stopped
    page.get_by_role("button", name="Loop").click()
    for speed in ("2", "0.25", "0.5"):
        page.get_by_role("button", name=f"Speed {speed}", exact=True).click()
    page.get_by_role("button", name="Speed 1", exact=True).wait_for()


def test_a_pixel_is_pinned_by_click_and_told_by_hover(tab: Tab) -> None:
    page, badge = tab.page, tab.text(".badge")
    for x, y in [(240, 30), (240, 330), (100, 200)]:
        tab.pin(x, y)
    assert tab.text(".tip") in tab.text(".pins li:last-child .top")
    assert re.fullmatch(r"[a-z]+ \d+ %", tab.text(".tip"))
    assert tab.text(".marks").split() == ["1", "2", "3"]
    assert tab.page.locator(".pins .hint").is_hidden()
    before = tab.text(".pins ol")
    tab.go(0.9)
    assert tab.text(".pins ol") != before
    assert tab.text(".badge") != badge
    page.get_by_role("button", name="Remove the pin at 240, 30").click()
    expect(page.locator(".pins li")).to_have_count(2)
    assert tab.text(".marks").split() == ["2", "3"], "a pin keeps its number"
    tab.until_address(pins="_240-330_100-200")
    for x in (60, 120):  # in the place that is free, then in the next
        tab.pin(x, 100)
    tab.until_address(pins="60-100_240-330_100-200_120-100")
    page.mouse.click(*tab.place(300, 100))
    expect(page.locator(".toast")).to_have_text("Four pixels are pinned: remove one to pin another.")
    expect(page.locator(".pins li")).to_have_count(4)
    tab.unpin()
    expect(page.locator(".pins .hint")).to_be_visible()
    tab.until_address(pins=None)


def test_a_pixel_is_pinned_by_keyboard_alone(tab: Tab) -> None:
    page = tab.page
    page.locator(".over").focus()
    for key in ("ArrowLeft", "ArrowDown", "Shift+ArrowDown"):
        page.keyboard.press(key)
    assert page.locator(".tip").is_visible()
    assert tab.text(".spoken") == tab.text(".tip")
    page.keyboard.press("Enter")
    expect(page.locator(".pins li")).to_have_count(1)
    tab.until_address(pins="232-189")
    expect(page.locator(".over")).to_have_attribute("aria-label", re.compile("Street scene 100003.*Enter pins"))
    page.keyboard.press("Delete")
    expect(page.locator(".pins li")).to_have_count(0)
    page.locator(".track input").focus()
    assert page.locator(".tip").is_hidden()


def test_a_class_is_singled_out_from_the_legend(tab: Tab) -> None:
    whole = tab.canvas()
    sky = tab.page.locator(".classes button", has_text="sky")
    sky.hover()
    single = tab.canvas()
    assert 0.1 < (single != whole).any(axis=2).mean() < 0.95
    tab.page.mouse.move(5, 5)
    assert (tab.canvas() == whole).all()
    sky.click()
    tab.page.mouse.move(5, 5)
    assert (tab.canvas() == single).all()
    sky.click()
    tab.page.mouse.move(5, 5)
    assert (tab.canvas() == whole).all()


def test_modes_hatch_and_opacity_change_the_picture(tab: Tab) -> None:
    page, shown = tab.page, [tab.canvas()]
    tab.choose("Confidence")
    assert page.locator(".scale").is_visible()
    shown.append(tab.canvas())
    tab.choose("Errors")
    shown.append(tab.canvas())
    tab.choose("Labels")
    page.locator("[name=hatch]").check()
    shown.append(tab.canvas())
    page.locator("[name=hatch]").uncheck()
    assert (tab.canvas() == shown[0]).all()
    assert all((one != other).any() for i, one in enumerate(shown) for other in shown[:i])
    page.locator("[name=opacity]").fill("0.2")
    assert page.locator(".over canvas").evaluate("(canvas) => getComputedStyle(canvas).opacity") == "0.2"
    page.locator("[name=opacity]").fill("0.6")


def test_errors_are_where_the_badge_says(tab: Tab) -> None:
    tab.choose("Errors")
    tab.go(1.0)
    wrong = tab.canvas()[..., 3] > 0
    assert 0.02 < wrong.mean() < 0.6
    assert "pixels missed, false alarms" in tab.text(".classes summary")


def test_layouts(tab: Tab) -> None:
    page, over = tab.page, tab.box(".over")
    tab.choose("Side by side")
    photo, beside = tab.box(".pane.left"), tab.box(".over")
    assert photo["right"] < beside["left"]
    assert photo["width"] == pytest.approx(beside["width"], abs=1)
    assert beside["width"] < 0.6 * over["width"]
    tab.choose("Divider")
    divider = page.get_by_role("slider", name="Divider")
    before = _clip(tab)
    tab.drag(".divider", 0.5, 4.5)
    dragged = _clip(tab)
    assert dragged > before + 10
    assert divider.get_attribute("aria-valuenow") == str(round(dragged))
    assert page.locator(".pins li").count() == 0
    divider.focus()
    page.keyboard.press("ArrowLeft")
    assert _clip(tab) == pytest.approx(dragged - 2, abs=0.1)
    tab.choose("Overlay")
    assert page.locator(".pane.left").is_hidden()


def test_a_finger_pins_and_scrubs(chromium: Browser, server: Server) -> None:
    phone = chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    phone.add_init_script(RETURNING)
    tab = Tab(phone, server)
    page = tab.open(SCENE)
    page.touchscreen.tap(*tab.place(240, 300))
    expect(page.locator(".pins li")).to_have_count(1)
    canvas, box = tab.canvas(), tab.box(".track")
    page.touchscreen.tap(box["x"] + 0.75 * box["width"], box["y"] + box["height"] / 2)
    tab.drawn()
    assert tab.time == pytest.approx(0.75, abs=0.01)
    assert (tab.canvas() != canvas).any()
    tab.check()
    phone.close()


def test_a_browser_that_cannot_is_told_so(chromium: Browser, server: Server) -> None:
    old = chromium.new_context()
    old.add_init_script("delete window.DecompressionStream")
    tab = Tab(old, server)
    page = tab.page
    page.goto(f"{server.url}{SCENE}&t=0.4321")
    expect(page.locator(".failed")).to_contain_text("could not draw")
    page.get_by_role("link", name="Open the plain player").click()
    expect(page.locator(".st-key-picture img")).to_have_attribute("alt", re.compile("Street scene 100003"))
    assert "plain=true" in page.url
    tab.check()
    old.close()


def page_number(time: float) -> str:
    """As the page writes a time into the address."""
    return f"{time:g}"


def _boxes(tab: Tab, parts: str) -> list[dict[str, float]]:
    return [part.bounding_box() for part in tab.page.locator(parts).all()]


def _clip(tab: Tab) -> float:
    """The divider's place: percent of the picture's width that the left picture keeps."""
    clip = tab.page.locator(".pane.left").evaluate("(pane) => getComputedStyle(pane).clipPath")
    return 100 - float(clip.split()[1].removesuffix("%"))
