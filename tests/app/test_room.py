"""The room that the page has in a window: the drawer of settings, and what a phone shows."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from app.address import fits
from tests.app.browser import Server, Tab

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


def test_present_mode_makes_the_picture_as_large_as_the_screen(tab: Tab) -> None:
    page = tab.open("?t=0.4&pins=100-100")
    page.get_by_role("button", name="Present", exact=True).click()
    tab.until_address(present="1")
    box, transport = tab.still(".over"), tab.box(".transport")
    assert box["top"] < 20
    assert transport["bottom"] > 768 - 20
    assert box["bottom"] > 768 - 80
    for part in (".st-key-controls", ".st-key-brand", "[data-testid=stHeader]"):
        expect(page.locator(part)).to_be_hidden()
    assert min(_sizes_of_text(page)) > 17.99
    page.keyboard.press("Escape")
    expect(page.locator(".st-key-controls")).to_be_visible()
    tab.until_address(present=None)
    assert tab.still(".curve")["top"] >= tab.box(".track")["bottom"], "the curve is under its slider again"


def _sizes_of_text(page: Page) -> list[float]:
    """Pixels, of every text that is seen on the board, as magnified as it is."""
    return page.locator(".board").evaluate(
        """(board) => {
            const walk = document.createTreeWalker(board, NodeFilter.SHOW_TEXT), sizes = [];
            for (let text; (text = walk.nextNode()); ) {
                const part = text.parentElement, seen = part.checkVisibility({ visibilityProperty: true });
                if (!seen || !text.data.trim() || part.closest(".spoken, [popover], [hidden]")) continue;
                sizes.push(parseFloat(getComputedStyle(part).fontSize) * part.currentCSSZoom);
            }
            return sizes;
        }"""
    )


def test_keys_of_present_mode_need_no_focus(tab: Tab) -> None:
    page = tab.open("?t=0.4&present=1")
    press = page.keyboard.press
    page.evaluate("document.activeElement.blur()")
    for key, time in (("ArrowRight", 0.41), (".", 0.5), (",", 0.25), ("End", 1.0), ("Home", 0.0)):
        press(key)
        tab.drawn()
        assert tab.time == pytest.approx(time), key
    press("c")
    expect(page.locator("[value=confidence]")).to_be_checked()
    press("l")
    expect(page.locator("[value=side]")).to_be_checked()
    press("Space")
    expect(page.locator("[data-do=play]")).to_have_attribute("aria-label", "Pause")
    page.locator(".over").click(position={"x": 50, "y": 50})
    press("Home")
    expect(page.locator("[data-do=play]")).to_have_attribute("aria-label", "Play")
    press("?")
    keys = page.get_by_role("dialog", name="Keys in present mode")
    expect(keys).to_be_visible()
    press("Escape")
    expect(keys).to_be_hidden()
    expect(page.locator(".st-key-controls")).to_be_hidden()
    press("f")
    page.wait_for_function("document.fullscreenElement !== null")
    press("f")
    page.wait_for_function("document.fullscreenElement === null")


def test_a_lesson_link_opens_the_panels_that_were_ticked(tab: Tab, context: BrowserContext, server: Server) -> None:
    page = tab.open("?t=0.4&seed=100011")
    page.get_by_role("button", name="Lesson link").click()
    for panel in ("Settings", "Curve under the slider", "Pinned pixels"):
        page.locator(".lesson").get_by_label(panel).uncheck()
    link = page.get_by_role("textbox", name="Link").input_value()
    assert "hide=settings,curve,pins" in link
    page.get_by_role("button", name="Copy link").last.click()
    assert page.evaluate("location.href").find("hide") < 0, "this page stays as it is"
    other = Tab(context, server)
    other.page.goto(link)
    lesson = other.ready()
    for part in (".st-key-controls", ".curve", ".side .pins"):
        expect(lesson.locator(part)).to_be_hidden()
    for part in (".over", ".track", ".classes", ".facts", "details.view", ".intro"):
        expect(lesson.locator(part)).to_be_visible()
    assert other.time == 0.4
    other.go(0.6)
    assert other.address()["hide"] == "settings,curve,pins"
    assert lesson.get_by_text("This link asks for").count() == 0
    lesson.get_by_role("button", name="Show all panels").click()
    expect(lesson.locator(".st-key-controls")).to_be_visible()
    other.until_address(hide=None)
    other.check()
    other.page.close()


@pytest.mark.parametrize("width", [1366, 390])
def test_the_header_is_opaque_and_everything_pressed_is_large_enough(tab: Tab, width: int) -> None:
    tab.page.set_viewport_size({"width": width, "height": 768 if width > 1000 else 844})
    page = tab.open("?pins=100-100_300-200&view=divider")
    small = page.evaluate(SMALL_TARGETS)
    assert small == []
    page.locator(".note").scroll_into_view_if_needed()
    alpha = """([x, y]) => {
        const colours = document.elementsFromPoint(x, y).map((part) => getComputedStyle(part).backgroundColor);
        const cover = document.elementsFromPoint(x, y).findIndex((part) => part.matches(".st-key-brand"));
        return colours.slice(0, cover + 1).filter((colour) => colour.startsWith("rgb(")).length;
    }"""
    assert page.evaluate(alpha, [width / 2, 30]) > 0


#: Buttons, links and fields less than 24 pixels wide or high, label included, of those that are seen.
SMALL_TARGETS = """() => {
    const roots = [document, ...[...document.querySelectorAll("*")].map((part) => part.shadowRoot).filter(Boolean)];
    const parts = roots.flatMap((root) => [...root.querySelectorAll("button, input, summary, a[href], [role=slider]")]);
    const seen = parts.filter((part) => part.checkVisibility({ visibilityProperty: true }) && part.tabIndex >= 0);
    const target = (part) => (part.closest("label") ?? part).getBoundingClientRect();
    return seen // but for the link that is seen where the keyboard reaches it
        .map((part) => [part.outerHTML.slice(0, 90), target(part).width, target(part).height])
        .filter(([, width, height]) => width > 1 && (width < 24 || height < 23.9));
}"""


def test_nothing_moves_by_itself_where_motion_is_reduced(tab: Tab) -> None:
    tab.page.emulate_media(reduced_motion="reduce")
    page = tab.open("?t=0.4")
    page.get_by_role("button", name="How it works").click()
    moving = """(board) => [board, ...board.querySelectorAll("*")]
        .filter((part) => getComputedStyle(part).transitionDuration.split(", ").some((time) => parseFloat(time) > 0))
        .map((part) => part.outerHTML.slice(0, 80))"""
    assert page.locator(".board").evaluate(moving) == []


@pytest.mark.parametrize(("width", "height"), [(320, 568), (683, 384)])
@pytest.mark.parametrize("address", ["?pins=100-100", "?present=1", "?hide=curve,settings,pins"])
def test_small_and_enlarged_windows_hold_the_page(tab: Tab, width: int, height: int, address: str) -> None:
    tab.page.set_viewport_size({"width": width, "height": height})
    page = tab.open(address)
    roots = ("document.documentElement", "document.querySelector('[data-testid=stMain]')")
    for root in roots:
        assert page.evaluate(f"{root}.scrollWidth - {root}.clientWidth") <= 0
    page.locator(".over").scroll_into_view_if_needed()
    assert tab.box(".over")["right"] <= width


def test_a_link_that_leaves_out_what_there_is_not_says_so() -> None:
    assert fits("hide", ["curve,settings,pins"])
    assert not fits("hide", ["curve,dragon"])
    assert not fits("hide", ["curve,"])
    assert not fits("present", ["yes"])
