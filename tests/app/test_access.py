"""Every page under axe-core, in light and dark, on a laptop and on a phone: it finds nothing that keeps people out."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

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


@pytest.mark.parametrize("width", [1366, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(
    name: str, scheme: str, width: int, server: Server, context: BrowserContext, pytestconfig: pytest.Config
) -> None:
    script = axe.source(pytestconfig.rootpath / ".pytest_cache" / "axe")
    tab = Tab(context, server)
    tab.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    tab.page.set_viewport_size({"width": width, "height": 844 if width < 500 else 768})
    page = PAGES[name](tab)
    assert axe.violations(page, script) == []
    tab.page.close()
