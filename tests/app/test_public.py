"""What a program that previews links reads: Streamlit's own document, with a description and a picture."""

import re
from collections.abc import Generator
from html.parser import HTMLParser
from importlib.resources import files
from urllib.request import urlopen

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, expect
from streamlit.web.server.app_discovery import discover_asgi_app

from app import public
from scripts.serving import ROOT, Served, serving


class Tags(HTMLParser):
    """The meta tags of a document by name, and its title."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.meta: dict[str, str] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "meta" and (name := found.get("property") or found.get("name")):
            self.meta[name] = found["content"] or ""


def test_a_preview_has_title_description_and_a_whole_address_of_a_picture() -> None:
    text = public.document("https://example.org/app/")
    meta = Tags(text).meta
    assert meta["og:title"] == "SegNode Explorer"
    assert meta["og:description"] == meta["description"] == public.DESCRIPTION
    assert meta["og:image"] == "https://example.org/app/app/static/preview.jpg"
    assert re.findall("<title>.*</title>", text) == ["<title>SegNode Explorer</title>"]


def test_the_picture_is_of_the_size_that_is_told() -> None:
    meta = Tags(public.document("https://example.org/")).meta
    file = ROOT / "app" / "static" / "preview.jpg"
    with Image.open(file) as picture:
        assert picture.size == (int(meta["og:image:width"]), int(meta["og:image:height"]))
    assert file.stat().st_size < 200_000


def test_all_else_is_streamlit_s_own() -> None:
    own = (files("streamlit") / "static" / "index.html").read_text(encoding="utf-8")
    added = [line for line in public.document("/").splitlines() if line not in own.splitlines()]
    assert all(line.strip().startswith(("<meta ", "<title>", "<script>window.__streamlit")) for line in added)


def test_streamlit_run_finds_it() -> None:
    found = discover_asgi_app(ROOT / "app" / "public.py")
    assert (found.is_asgi_app, found.app_name) == (True, "app")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Generator[Served]:
    """The page as it is served to the public."""
    with serving(tmp_path_factory.mktemp("public") / "output", main=ROOT / "app" / "public.py") as page:
        yield page


def test_every_page_names_a_picture_that_is_there(served: Served) -> None:
    for address in public.PAGES:
        with urlopen(served.url.rstrip("/") + address) as answer:
            picture = Tags(answer.read().decode()).meta["og:image"]
        with urlopen(picture) as answer:
            assert answer.headers["Content-Type"] == "image/jpeg"


def test_every_page_that_main_routes_to_has_its_address() -> None:
    routed = re.findall(r'url_path="([^"]+)"', (ROOT / "app" / "main.py").read_text(encoding="utf-8"))
    assert sorted(public.PAGES) == sorted(["/", *(f"/{name}" for name in routed)])


@pytest.mark.parametrize("address", public.PAGES)
def test_a_deep_link_opens_and_nothing_is_asked_for_in_vain(
    served: Served, context: BrowserContext, address: str
) -> None:
    page = context.new_page()
    failed: list[str] = []
    page.on("response", lambda response: failed.append(response.url) if response.status >= 400 else None)
    page.goto(served.url.rstrip("/") + address)
    expect(page.get_by_test_id("stTopNav")).to_be_visible()
    expect(page.locator(".stApp")).to_have_attribute("data-test-script-state", "notRunning")
    page.get_by_role("link", name="Explore").click()
    expect(page.locator(".board")).to_have_attribute("aria-busy", "false")
    assert failed == []
    page.close()
