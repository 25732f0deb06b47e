"""In Chromium: what is drawn is what is named, and a person's own files and time stay, whatever fails or changes."""

import io
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from app.solving.gallery import OPENING
from app.solving.wording import INTRO
from tests.app.browser import Server, Tab

#: Kept by the page: how far parts jumped without a hand, once the picture is there.
SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (window.watching && !entry.hadRecentInput) shifts.push(entry.value);
}).observe({ type: "layout-shift" });
"""


def png(pixels: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def own(tmp_path: Path) -> tuple[Path, Path]:
    """A picture and its ground truth."""
    picture, mask = tmp_path / "mine.png", tmp_path / "truth.png"
    pixels = np.random.default_rng(0).integers(0, 256, (12, 16, 3), dtype=np.uint8).repeat(16, 0).repeat(16, 1)
    picture.write_bytes(png(pixels))
    mask.write_bytes(png(np.arange(192 * 256, dtype=np.uint32).reshape(192, 256).astype(np.uint8) % 3))
    return picture, mask


def pill(page: Page, name: str) -> str:
    return page.locator(f".st-key-pill-{name} button").first.inner_text()


def quiet(page: Page) -> None:
    expect(page.locator(".stApp")).to_have_attribute("data-test-script-state", "notRunning")


def send(page: Page, file: Path, label: str = "Your own picture") -> None:
    """Open the settings of the scene and send a file there."""
    page.locator(".st-key-pill-scene button").first.click()
    page.locator(f"[data-testid=stFileUploaderDropzone][aria-label='{label}'] input").set_input_files(file)


def closed(page: Page) -> None:
    page.keyboard.press("Escape")
    page.locator("[data-testid=stPopoverBody]").wait_for(state="hidden")


def drawn(tab: Tab, title: str) -> Page:
    """Wait until a picture of this title is drawn."""
    expect(tab.page.locator(".over")).to_have_attribute("aria-label", re.compile(re.escape(title)))
    quiet(tab.page)
    return tab.ready()


def test_an_upload_that_is_refused_is_credited_with_nothing(tab: Tab, tmp_path: Path) -> None:
    page = tab.open()
    before = tab.canvas().tobytes(), pill(page, "scene"), pill(page, "model"), tab.text(".facts")
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"no picture")
    send(page, bad)
    page.locator(".st-key-notices [data-testid=stAlert]").wait_for()
    closed(page)
    drawn(tab, f"Street scene {OPENING.seed}")
    assert (tab.canvas().tobytes(), pill(page, "scene"), pill(page, "model"), tab.text(".facts")) == before
    page.locator(".st-key-pill-download button").first.click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Error curve, CSV").click()
    assert download.value.suggested_filename.startswith(f"segnode-street-{OPENING.seed}_segnode-streets_midpoint-4_1T")


def test_a_model_of_the_hub_that_is_not_there_is_no_dead_end(context: BrowserContext, server: Server) -> None:
    tab = Tab(context, server)
    page = tab.open("?hub=nobody/none")
    alert = page.locator(".st-key-notices [data-testid=stAlert]")
    expect(alert).to_contain_text("nobody/none")
    assert "none" not in pill(page, "model")
    assert "nobody" not in tab.text(".note")
    page.get_by_role("button", name=re.compile("^Use .* instead$")).click()
    expect(alert).to_have_count(0)
    tab.until_address(hub=None)
    quiet(page)
    assert "segnode-streets" in pill(page, "model")
    page.close()
    server.log.unlink(missing_ok=True)  # the Hub was to be tried


def test_odd_settings_are_shown_as_they_are_done(tab: Tab) -> None:
    page = tab.open("?seed=1e3&steps=3.7&opacity=&t=&pins=-")
    for setting in ("seed=1e3", "steps=3.7", "opacity=", "t=", "pins=-"):
        expect(page.get_by_text("This link asks for")).to_contain_text(setting)
    tab.until_address(seed=None, steps=None)
    drawn(tab, f"Street scene {OPENING.seed}")
    assert "4 steps" in pill(page, "solver")
    assert page.locator(".ticks i").count() == 5
    assert page.locator("[name=opacity]").input_value() == "0.6"
    page.locator(".st-key-pill-scene button").first.click()
    expect(page.get_by_label("Seed of a generated street")).to_have_value(str(OPENING.seed))


def test_the_plain_player_keeps_the_time_and_a_change_of_page_too(tab: Tab) -> None:
    page = tab.open("?seed=100011&steps=1")
    assert tab.text(".intro").startswith(INTRO)
    tab.go(0.5)
    tab.until_address(t="0.5")
    tab.rest()
    quiet(page)
    page.locator(".st-key-pill-frames button").first.click()
    page.locator("[data-testid=stPopoverBody]").get_by_text("Plain player", exact=True).click()
    badge = page.locator(".st-key-badge")
    expect(badge).to_contain_text("t = 0.50")
    expect(page.get_by_text(INTRO)).to_be_visible()
    closed(page)
    tab.until_address(t="0.5", plain="true")
    page.get_by_role("link", name="Learn").click()
    expect(badge).to_have_count(0)
    quiet(page)
    page.get_by_role("link", name="Explore").click()
    expect(badge).to_contain_text("t = 0.50")
    tab.until_address(t="0.5", plain="true", seed="100011", steps="1")


def test_ones_own_picture_and_truth_stay_with_the_session(tab: Tab, own: tuple[Path, Path]) -> None:
    page = tab.open("?steps=1")
    picture, mask = own
    send(page, picture)
    drawn(tab, "Your picture")
    expect(page.get_by_text("no link to this page holds it")).to_be_visible()
    closed(page)
    assert "your picture" in pill(page, "scene")
    assert pill(page, "model").startswith("Model automatic: "), "the model was picked for it"
    send(page, mask, "Its ground truth")
    expect(page.locator(".curve .line.truth")).to_have_count(1)
    closed(page)
    tab.ready()
    before = tab.canvas().tobytes(), pill(page, "scene"), pill(page, "model"), tab.text(".badge")
    page.get_by_role("link", name="Learn").click()
    expect(page.locator(".board")).to_have_count(0)
    quiet(page)
    page.get_by_role("link", name="Explore").click()
    drawn(tab, "Your picture")
    assert (tab.canvas().tobytes(), pill(page, "scene"), pill(page, "model"), tab.text(".badge")) == before
    page.locator(".st-key-pill-scene button").first.click()
    page.get_by_label("Seed of a generated street").focus()
    closed(page)
    page.emulate_media(color_scheme="dark")
    drawn(tab, "Your picture")
    assert tab.text(".badge") == before[3]
    page.get_by_role("button", name="Next scene").click()
    drawn(tab, f"Street scene {OPENING.seed + 1}")
    assert "your picture" not in pill(page, "scene")


@pytest.mark.parametrize("width", [1366, 390])
def test_nothing_jumps_once_it_is_drawn(tab: Tab, width: int) -> None:
    page = tab.page
    page.set_viewport_size({"width": width, "height": 844 if width < 500 else 768})
    page.add_init_script(SHIFTS)
    page.add_init_script(
        "new MutationObserver(() => { window.watching ||= !!document.querySelector('.st-key-preview img'); })"
        ".observe(document, { childList: true, subtree: true });"
    )
    tab.open("?seed=100017&steps=2&pins=240-30")
    page.evaluate("window.watching = true")
    tab.rest()
    page.get_by_role("button", name="Next scene").click()
    drawn(tab, "Street scene 100018")
    tab.pin(100, 100)
    tab.rest()
    shifts = page.evaluate("shifts")
    assert sum(shifts) <= 0.05, shifts
