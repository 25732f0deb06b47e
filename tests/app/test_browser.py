"""The page in Chromium, served by the real command: what a person sees and does around the scrubber."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.app.browser import Server, Tab


def test_opens_without_a_network(tab: Tab) -> None:
    assert tab.server.log.with_name(tab.server.log.name + ".armed").exists()
    tab.open()
    assert "solved in" in tab.text(".facts")
    assert "IoU at t" in tab.text(".classes")


def test_a_link_opens_the_view_it_was_copied_from(tab: Tab, context: BrowserContext, server: Server) -> None:
    page = tab.open("?seed=100011&solver=heun&steps=3&T=1.25&frames=9")
    page.locator("[name=opacity]").fill("0.35")
    tab.choose("Confidence")
    tab.choose("Divider")
    for x, y in [(100, 30), (400, 333)]:
        tab.pin(x, y)
    page.get_by_role("button", name="Step forward").click()
    stepped = _view(tab)
    assert stepped[0] == pytest.approx(1.25 / 3, abs=1e-9)
    links = [tab.link()]
    tab.drag(".track", 0.2, 0.6173)
    dragged = _view(tab)
    links.append(tab.link())
    other = Tab(context, server)
    for link, view in zip(links, (stepped, dragged), strict=True):
        assert {"seed=100011", "solver=heun", "steps=3", "T=1.25", "frames=9", "pins=100-30_400-333"} <= set(
            re.split(r"[?&]", link)
        )
        other.open(link.removeprefix(server.url))
        assert _view(other) == view
    other.check()
    other.page.close()


def _view(tab: Tab) -> tuple:
    """All that a link is to bring back: time, pixels, words, settings."""
    tab.address()
    checked = [radio.get_attribute("value") for radio in tab.page.locator(".choice input:checked").all()]
    opacity = tab.page.locator("[name=opacity]").input_value()
    words = [tab.text(part) for part in (".badge", ".classes", ".pins", ".st-key-controls")]
    return tab.time, tab.canvas().tobytes(), words, checked, opacity


def test_the_next_scene_keeps_the_view_and_the_pins(tab: Tab) -> None:
    page = tab.open("?seed=100012&show=confidence&t=0.5&pins=240-30")
    assert page.locator(".pins li").count() == 1
    before = tab.text(".pins ol")
    page.get_by_role("button", name="Next scene").click()
    expect(page.locator(".over")).to_have_attribute("aria-label", re.compile("100013"))
    tab.ready()
    assert page.locator(".pins li").count() == 1
    assert tab.text(".pins ol") != before, "the pin is of the new scene"
    assert "100013" in page.locator(".st-key-pill-scene").inner_text()
    assert tab.time == 0.5
    assert page.locator("[value=confidence]").is_checked()
    tab.until_address(seed="100013", t="0.5", show="confidence", pins="240-30")


def test_lays_out_light_dark_wide_and_narrow(tab: Tab) -> None:
    tab.page.emulate_media(color_scheme="light")
    page = tab.open("?pins=240-30&steps=3")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        themed = "(dark) => matchMedia('(prefers-color-scheme: dark)').matches === dark"
        page.wait_for_function(themed, arg=scheme == "dark")
        _until_bright(page, scheme == "light")
        back, ink = _brightness(page, ".stApp", "backgroundColor"), _brightness(page, ".board", "color")
        assert (back > 200 and ink < 60) if scheme == "light" else (back < 60 and ink > 200)
        for width, height in ((1366, 768), (800, 1000), (390, 844)):
            page.set_viewport_size({"width": width, "height": height})
            _until_laid_out(tab, width)
            _fits(tab, width)
            _one_axis(tab)
    page.set_viewport_size({"width": 1366, "height": 768})
    _until_laid_out(tab, 1366)
    assert _overflow(page, "Height") <= 0, "no scrolling to see the curve"
    assert tab.box(".curve")["bottom"] <= 768


def _until_bright(page: Page, bright: bool) -> None:
    """Wait until the theme has followed the browser's colours, all the way."""
    page.wait_for_function(
        """([app, board, bright]) => {
            const grey = (part, colour) => {
                const found = getComputedStyle(part)[colour].match(/[\\d.]+/g);
                return found.slice(0, 3).reduce((sum, part) => sum + Number(part), 0) / 3;
            };
            const back = grey(app, "backgroundColor"), ink = grey(board, "color");
            return bright ? back > 200 && ink < 60 : back < 60 && ink > 200;
        }""",
        arg=[page.locator(".stApp").element_handle(), page.locator(".board").element_handle(), bright],
    )


def _until_laid_out(tab: Tab, width: int) -> None:
    """Wait until a window of this width is laid out."""
    tab.page.wait_for_function("(width) => innerWidth === width", arg=width)
    for part in (".over", ".curve", ".track"):
        tab.still(part)


def _brightness(page: Page, part: str, colour: str) -> float:
    """0 to 255."""
    found = page.locator(part).first.evaluate(f"(part) => getComputedStyle(part).{colour}")
    return sum(map(float, re.findall(r"[\d.]+", found)[:3])) / 3


def _overflow(page: Page, way: str) -> int:
    """Pixels to scroll, across (Width) or down (Height)."""
    roots = ("document.documentElement", "document.querySelector('[data-testid=stMain]')")
    return max(page.evaluate(f"{root}.scroll{way} - {root}.client{way}") for root in roots)


def _fits(tab: Tab, width: int) -> None:
    assert _overflow(tab.page, "Width") <= 0
    for part in (".over", ".transport", ".curve", ".classes", ".facts", ".pins"):
        box = tab.box(part)
        assert box["left"] >= 0
        assert box["right"] <= width + 1
        assert box["width"] > 200


def _one_axis(tab: Tab) -> None:
    """The slider's thumb goes where the hand clicks; the curve's cursor and the solver's ticks are there too."""
    page = tab.page
    page.locator(".track").scroll_into_view_if_needed()
    for index in (1, 2):
        tick = page.locator(".ticks i").nth(index).bounding_box()
        middle = tick["x"] + tick["width"] / 2
        page.mouse.click(middle, tick["y"] + tick["height"] / 2)
        rail = tab.box(".track")
        assert rail["x"] + tab.time * rail["width"] == pytest.approx(middle, abs=1)
        tab.go(index / 3)
        assert tab.cursor == pytest.approx(middle, abs=1)


def test_a_bad_file_is_told_and_its_name_stays_text(tab: Tab, tmp_path: Path) -> None:
    page = tab.open()
    bad = tmp_path / "![x](y) :red[hi] $x$ www.example.org <b>b.png"
    bad.write_bytes(b"no picture")
    page.locator(".st-key-pill-scene button").first.click()
    page.locator("input[type=file]").set_input_files(bad)
    told = page.locator(".st-key-notices [data-testid=stAlert]")
    told.wait_for()
    assert f"{bad.name} is not a picture" in told.inner_text().replace("\u2060", "")
    assert told.locator("a, img, b, .katex").count() == 0
    assert page.locator(".over canvas").is_visible()


def test_the_plain_player_moves_time_on_the_server(tab: Tab) -> None:
    page = tab.open_plain("&seed=100011&frames=9&t=0.75")
    expect(page.locator(".st-key-badge")).to_contain_text("t = 0.75")
    thumb, picture = page.locator(".st-key-time input"), page.locator(".st-key-picture img")
    assert thumb.get_attribute("aria-label")
    assert str(picture.get_attribute("alt")).startswith("Street scene 100011")
    before = str(picture.get_attribute("src")), page.locator(".st-key-side").inner_text()
    thumb.focus()
    page.keyboard.press("End")
    expect(page.locator(".st-key-side")).to_contain_text("100 %")
    expect(picture).not_to_have_attribute("src", before[0])
    assert page.locator(".st-key-side").inner_text() != before[1]
    tab.until_address(t="1.00")
    for width, height in ((1366, 768), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_function("(width) => innerWidth === width", arg=width)
        tab.still(".st-key-picture")
        assert _overflow(page, "Width") <= 0
