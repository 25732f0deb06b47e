"""Every page under axe-core, in light and dark, on a laptop and on a phone: it finds nothing that keeps people out."""

from collections.abc import Callable, Generator

import pytest
from playwright.sync_api import BrowserContext, Page, ViewportSize

from tests.app import axe
from tests.app.browser import Server, Tab


def _explore(tab: Tab) -> Page:
    return tab.open("?t=0.4&pins=100-100_300-200")


def _other(address: str) -> Callable[[Tab], Page]:
    def opened(tab: Tab) -> Page:
        tab.page.goto(tab.server.url + address)
        tab.page.wait_for_selector("h2, [data-testid=stHeading]")
        tab.page.wait_for_selector(".main-svg:visible")
        return tab.page

    return opened


PAGES = {"explore": _explore, "fig4": _other("fig4"), "cost": _other("cost"), "results": _other("results")}


PILLS = ("scene", "model", "solver", "frames", "download")


@pytest.fixture(params=[1366, 390])
def window(request: pytest.FixtureRequest) -> ViewportSize:
    """A laptop's and a phone's."""
    return {"width": request.param, "height": 844 if request.param < 500 else 768}


@pytest.fixture(params=["light", "dark"])
def tab(
    request: pytest.FixtureRequest, window: ViewportSize, server: Server, context: BrowserContext
) -> Generator[Tab]:
    """A tab of that size, in light and in dark."""
    opened = Tab(context, server)
    opened.page.emulate_media(color_scheme=request.param, reduced_motion="reduce")
    opened.page.set_viewport_size(window)
    yield opened
    opened.page.close()


@pytest.fixture(scope="module")
def script(pytestconfig: pytest.Config) -> str:
    """axe-core."""
    return axe.source(pytestconfig.rootpath / ".pytest_cache" / "axe")


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(name: str, tab: Tab, script: str) -> None:
    assert axe.violations(PAGES[name](tab), script) == []


def test_axe_finds_nothing_with_settings_open(tab: Tab, script: str) -> None:
    page = _explore(tab)
    for pill in PILLS:
        page.locator(f".st-key-pill-{pill} button").first.press("Enter")
        page.locator("[data-testid=stPopoverBody]").wait_for()
        tab.still("[data-testid=stPopoverBody]")
        assert axe.violations(page, script) == [], pill
        page.keyboard.press("Escape")
        page.locator("[data-testid=stPopoverBody]").wait_for(state="hidden")
