"""The room that the page has in a window: the drawer of settings, and what a phone shows."""

import pytest
from playwright.sync_api import Page, expect

from tests.app.browser import Tab

DRAWER = "[data-testid=stPopoverBody]"
#: Pixels, more than a line of text has: the sentence above the picture may take one more.
LINE = 25


def _open_drawer(page: Page, pill: str = "solver") -> None:
    """Open the settings of a pill by the keyboard, and wait until all of them are there."""
    page.locator(f".st-key-pill-{pill} button").first.press("Enter")
    page.locator(f"{DRAWER} [data-testid=stRadio]").wait_for()


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1366, 768), (1280, 720), (1100, 700)])
def test_settings_leave_the_picture_as_it_is(tab: Tab, width: int, height: int) -> None:
    tab.page.set_viewport_size({"width": width, "height": height})
    page = tab.open()
    before = tab.still(".over")
    _open_drawer(page)
    after, drawer = tab.still(".over"), tab.still(DRAWER)
    assert after["width"] == before["width"]
    assert abs(after["top"] - before["top"]) < LINE
    assert tab.box(".board")["right"] <= drawer["left"]
    assert (drawer["right"], drawer["bottom"]) == (width, height)
    page.locator(f"{DRAWER} label", has_text="euler").first.click()
    expect(page.locator(".st-key-pill-solver button").first).to_contain_text("euler")
    expect(page.locator(DRAWER)).to_be_visible()


def test_the_drawer_stays_while_time_is_moved_and_closes_by_its_pill(tab: Tab) -> None:
    page = tab.open()
    _open_drawer(page)
    tab.drag(".track", 0.2, 0.7)
    page.locator("[value=confidence]").check(force=True)
    expect(page.locator(DRAWER)).to_be_visible()
    page.locator(".st-key-pill-solver button").first.click()
    expect(page.locator(DRAWER)).to_have_count(0)


def test_the_keyboard_goes_from_a_pill_through_its_drawer_to_the_next(tab: Tab) -> None:
    page = tab.open()
    _open_drawer(page)
    page.keyboard.press("Tab")
    steps = page.get_by_role("slider", name="Steps from 0 to the end")
    expect(steps).to_be_focused()
    page.keyboard.press("Shift+Tab")
    pill = page.locator(".st-key-pill-solver button").first
    expect(pill).to_be_focused()
    for _ in range(3):
        page.keyboard.press("Tab")
    expect(page.locator(f"{DRAWER} [type=radio]:checked")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(".st-key-pill-frames button").first).to_be_focused()
    steps.focus()
    page.keyboard.press("Escape")
    expect(page.locator(DRAWER)).to_have_count(0)
    expect(pill).to_be_focused()


def test_a_phone_holds_the_picture_while_the_rest_is_scrolled(tab: Tab) -> None:
    tab.page.set_viewport_size({"width": 390, "height": 844})
    page = tab.open("?pins=100-100")
    for name in ("vs. truth", "vs. final, T"):
        box = page.locator(".curve .name", has_text=name).bounding_box()
        assert box
        assert box["x"] + box["width"] <= 390
    tops = [tab.box(part)["top"] for part in (".over", ".track", ".curve", ".side .pins", ".classes")]
    assert tops == sorted(tops)
    page.locator(".classes button").last.scroll_into_view_if_needed()
    tab.still(".over")
    assert 0 <= tab.box(".over")["top"] < tab.box(".track")["bottom"] < 500
    assert _uncovered(page, ".classes li:last-child button")


def _uncovered(page: Page, part: str) -> bool:
    """Whether nothing lies over the middle of a part."""
    return page.locator(part).evaluate(
        """(part) => {
            const box = part.getBoundingClientRect();
            return part.contains(part.getRootNode().elementFromPoint(box.x + box.width / 2, box.y + box.height / 2));
        }"""
    )


def test_a_phone_opens_all_settings_in_one_sheet_below_the_slider(tab: Tab) -> None:
    tab.page.set_viewport_size({"width": 390, "height": 844})
    page = tab.open()
    page.locator(".classes").scroll_into_view_if_needed()
    sheets = []
    for pill in ("model", "solver"):
        page.locator(f".st-key-pill-{pill} button").first.click()
        page.locator(f"{DRAWER} [data-testid=stRadio]").wait_for()
        sheets.append(tab.still(DRAWER))
    assert [sheet["bottom"] for sheet in sheets] == [sheets[0]["bottom"]] * 2
    assert tab.box(".track")["bottom"] <= sheets[1]["top"]
    assert sheets[1]["bottom"] <= page.locator(".st-key-controls").bounding_box()["y"]
