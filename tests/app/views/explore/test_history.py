"""One state in Chromium: what is drawn, its labels and the address agree, through Back, Forward, pages and reloads."""

import re

from playwright.sync_api import BrowserContext, Page, expect

from tests.app.browser import Server, Tab

VIEW = "&t=0.5&view=divider&divide=30&hatch=true&class=sky&speed=2&loop=true&pins=100-30"


def drawn(page: Page, seed: int) -> None:
    """The scene is drawn, and pill and box say so."""
    expect(page.locator(".over")).to_have_attribute("aria-label", re.compile(f"Street scene {seed}, "))
    expect(page.locator(".st-key-pill-scene button").first).to_contain_text(str(seed))
    expect(page.locator(".stApp")).to_have_attribute("data-test-script-state", "notRunning")
    page.locator(".st-key-pill-scene button").first.click()
    expect(page.get_by_label("Seed of a generated street")).to_have_value(str(seed))
    page.keyboard.press("Escape")


def heard(tab: Tab) -> None:
    """The server has heard where the scrubber came to rest, and answered: a Back that crosses its answer is undone."""
    tab.rest()
    expect(tab.page.locator(".stApp")).to_have_attribute("data-test-script-state", "notRunning")
    tab.rest()


def test_next_scene_twice_and_back_step_by_step(tab: Tab) -> None:
    page = tab.open("?seed=100011&steps=1&pins=240-30")
    for seed in (100012, 100013):
        page.get_by_role("button", name="Next scene").click()
        drawn(page, seed)
        tab.until_address(seed=str(seed))
        assert page.locator(".pins li").count() == 1
    for move, seed in ((page.go_back, 100012), (page.go_back, 100011), (page.go_forward, 100012)):
        heard(tab)
        move()
        drawn(page, seed)
        tab.until_address(seed=str(seed), steps="1")


def test_back_goes_through_choices_of_the_view_one_by_one(tab: Tab) -> None:
    page = tab.open("?seed=100011&steps=1")
    tab.choose("Confidence")
    tab.until_address(show="confidence")
    tab.pin(240, 100)
    tab.until_address(pins="240-100")
    tab.choose("Side by side")
    tab.until_address(view="side")
    heard(tab)
    page.go_back()
    expect(page.locator("[value=overlay]")).to_be_checked()
    assert page.locator(".pins li").count() == 1
    heard(tab)
    page.go_back()
    expect(page.locator(".pins li")).to_have_count(0)
    assert page.locator("[value=confidence]").is_checked()
    heard(tab)
    page.go_back()
    expect(page.locator("[value=labels]")).to_be_checked()
    heard(tab)
    page.go_forward()
    expect(page.locator("[value=confidence]")).to_be_checked()
    tab.until_address(show="confidence", pins=None)


def seen(tab: Tab) -> tuple:
    """All that is drawn, and what the page says of it."""
    tab.rest()
    page = tab.page
    parts = (".badge", ".classes", ".pins", ".facts", ".pace", ".st-key-controls")
    held = page.locator(".classes button[aria-pressed=true]").all_inner_texts()
    hatched = page.locator("[name=hatch]").is_checked()
    loop = page.locator("[data-do=loop]").get_attribute("aria-pressed")
    divide = page.locator(".divider").get_attribute("aria-valuenow")
    return tab.time, tab.canvas().tobytes(), held, hatched, loop, divide, [tab.text(part) for part in parts]


def test_all_of_a_view_survives_link_reload_theme_and_a_change_of_page(tab: Tab) -> None:
    page = tab.open(f"?seed=100011&steps=1{VIEW}")
    before = seen(tab)
    assert before[2:6] == ([before[2][0]], True, "true", "30")
    assert before[2][0].startswith("sky")
    page.reload()
    tab.ready()
    assert seen(tab) == before
    page.emulate_media(color_scheme="dark")
    tab.ready()
    assert seen(tab)[0] == before[0]
    page.emulate_media(color_scheme="light")
    page.get_by_text("The paper", exact=True).first.click()
    page.get_by_text("Table 2").first.click()
    expect(page.locator("h2").first).to_be_visible()
    page.get_by_role("link", name="Explore").click()
    tab.ready()
    assert seen(tab) == before
    tab.until_address(seed="100011", steps="1", divide="30", hatch="true", speed="2", loop="true", pins="100-30")
    tab.until_address(**{"class": "sky"})


def test_the_link_that_is_copied_opens_the_view(tab: Tab, context: BrowserContext, server: Server) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=server.url.rstrip("/"))
    page = tab.open("?seed=100011&steps=1")
    tab.choose("Divider")
    page.get_by_role("button", name="Copy link").click()
    expect(page.locator(".toast")).to_have_text("Link copied.")
    link = page.evaluate("navigator.clipboard.readText()")
    assert "view=divider" in link
    assert "seed=100011" in link
    assert link == page.evaluate("location.href")
