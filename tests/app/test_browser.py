"""The page in Chromium, served by the real command: what a person sees and does."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Generator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from app.charts import DARK, LIGHT

ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost",
)
#: Put before everything else the server imports: it may listen and talk to itself, and every other call is recorded.
GUARD = """
import os, socket
open(os.environ["GUARD_LOG"] + ".armed", "w").close()
real = socket.socket.connect
def connect(self, address):
    if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1", "localhost"):
        with open(os.environ["GUARD_LOG"], "a") as log:
            log.write(f"{address}\\n")
        raise OSError(101, "Network is unreachable")
    return real(self, address)
socket.socket.connect = connect
names = socket.getaddrinfo
def getaddrinfo(host, *args, **kwargs):
    if host not in (None, "", "localhost", "127.0.0.1", "::1", "0.0.0.0", "::", socket.gethostname()):
        with open(os.environ["GUARD_LOG"], "a") as log:
            log.write(f"{host}\\n")
        raise socket.gaierror(-3, "Temporary failure in name resolution")
    return names(host, *args, **kwargs)
socket.getaddrinfo = getaddrinfo
"""

expect.set_options(timeout=60_000)


class Server:
    """The running page. log: hosts it tried to reach beyond this machine."""

    def __init__(self, port: int, log: Path) -> None:
        self.url = f"http://localhost:{port}/"
        self.log = log


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, checkpoints: Path) -> Generator[Server]:
    """`streamlit run app/main.py` from the root, as the README says, with an empty home and no network."""
    folder = tmp_path_factory.mktemp("server")
    (folder / "guard").mkdir()
    (folder / "guard" / "sitecustomize.py").write_text(GUARD)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {
        "HOME": str(folder),
        "PYTHONPATH": str(folder / "guard"),
        "GUARD_LOG": str(folder / "reached"),
        "HF_HOME": str(folder / "hub"),
        "OMP_NUM_THREADS": "1",  # on a busy machine threads wait for each other
    }
    bundled = (ROOT / "checkpoints" / "segnode-streets" / "model.safetensors").is_file()
    environment.pop("SEGNODE_CHECKPOINTS", None)
    if not bundled:
        environment["SEGNODE_CHECKPOINTS"] = str(checkpoints)
    command = [str(Path(sys.executable).with_name("streamlit")), "run", "app/main.py", "--server.port", str(port)]
    with (folder / "output").open("w") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT)
        try:
            _await_health(process, port, folder / "output")
            yield Server(port, folder / "reached")
        finally:
            process.terminate()
            process.wait(20)


def _await_health(process: subprocess.Popen, port: int, output: Path) -> None:
    for _ in range(150):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            assert process.poll() is None, output.read_text()
        time.sleep(0.2)
    pytest.fail(output.read_text())


@pytest.fixture(scope="module")
def browser() -> Generator[BrowserContext]:
    """One Chromium, whose tabs share what they have downloaded."""
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("No Chromium to open the page in: install it, CI must not go without.")
        pytest.skip("No Chromium on this machine, so the page was not opened in a browser.")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield started.new_context(viewport={"width": 1366, "height": 768})
        started.close()


class Watched:
    """A tab, with all it complained of and asked for. `check` fails on complaints and on foreign hosts."""

    def __init__(self, browser: BrowserContext, server: Server) -> None:
        self.page: Page = browser.new_page()
        self.page.set_default_timeout(60_000)
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda line: self.complaints.append(line.text) if line.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("websocket", lambda socket: self.requests.append(socket.url))
        self.server = server

    def open(self, address: str = "") -> Page:
        self.page.goto(self.server.url + address)
        self.page.wait_for_selector(".st-key-picture img")
        self.page.wait_for_selector(".st-key-curve .main-svg")
        return self.page

    def check(self) -> None:
        assert self.complaints == []
        here = urlsplit(self.server.url).netloc
        hosts = {urlsplit(url).netloc for url in self.requests if not url.startswith(("data:", "blob:"))}
        assert hosts == {here}
        assert not self.server.log.exists(), self.server.log.read_text()
        self.page.close()


def seen(page: Page) -> tuple[str, str, bytes]:
    """The picture's address, the numbers beside it, and the picture as drawn."""
    picture = page.locator(".st-key-picture img")
    numbers = page.locator(".st-key-side").inner_text() + page.locator(".st-key-badge").inner_text()
    return str(picture.get_attribute("src")), numbers, page.locator(".st-key-stage").screenshot()


def _rgb(colour: str) -> str:
    return f"rgb({', '.join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5))})"


def test_moving_time_changes_picture_and_numbers(browser: BrowserContext, server: Server) -> None:
    tab = Watched(browser, server)
    page = tab.open()
    thumb = page.locator(".st-key-time input")
    assert thumb.get_attribute("aria-label")
    alt = page.locator(".st-key-picture img").get_attribute("alt") or ""
    assert alt.startswith("Street scene")
    curve = page.locator(".st-key-curve").bounding_box()
    assert curve is not None
    assert curve["y"] + curve["height"] <= 768, "no scrolling to see the curve"
    start = seen(page)
    thumb.focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    expect(page.locator(".st-key-badge")).to_contain_text("t = 0.50")
    expect(page.locator(".st-key-picture img")).not_to_have_attribute("src", start[0])
    expect(page.locator(".st-key-curve")).to_have_count(1)
    page.wait_for_timeout(300)
    moved = seen(page)
    assert all(before != after for before, after in zip(start, moved, strict=True))
    page.keyboard.press("End")
    expect(page.locator(".st-key-side")).to_contain_text("100 %")
    assert "t=1.00" in page.url
    tab.check()


def test_a_link_opens_the_view_it_was_copied_from(browser: BrowserContext, server: Server) -> None:
    tab = Watched(browser, server)
    page = tab.open("?seed=100011&frames=9&solver=heun&steps=2&t=0.75")
    expect(page.locator(".st-key-badge")).to_contain_text("t = 0.75")
    assert "100011" in page.locator(".st-key-pill-scene").inner_text()
    assert re.search(r"solver\s+heun", page.locator(".st-key-side").inner_text())
    page.get_by_role("button", name="Next scene").click()
    expect(page.locator(".st-key-picture img")).to_have_attribute("alt", re.compile("100012"))
    assert "seed=100012" in page.url
    tab.check()


def test_opens_without_a_network(browser: BrowserContext, server: Server) -> None:
    assert server.log.with_name(server.log.name + ".armed").exists()
    tab = Watched(browser, server)
    page = tab.open()
    assert "solved in" in page.locator(".st-key-side").inner_text()
    tab.check()


def test_lays_out_light_dark_wide_and_narrow(browser: BrowserContext, server: Server) -> None:
    tab = Watched(browser, server)
    tab.page.emulate_media(color_scheme="light")
    page = tab.open()
    for scheme, dark, ink, time_now in (("light", False, LIGHT, "0.31"), ("dark", True, DARK, "0.38")):
        page.emulate_media(color_scheme=scheme)
        page.locator(".st-key-time input").focus()
        page.keyboard.press("ArrowRight")
        # The badge is sent after the curve; the curve it replaces stays in the page until the new one is drawn.
        expect(page.locator(".st-key-badge")).to_contain_text(f"t = {time_now}")
        page.wait_for_selector(f".st-key-curve path[style*='{_rgb(ink.truth)}']", state="attached")
        expect(page.locator(".st-key-curve")).to_have_count(1)
        red = page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor.match(/\\d+/)[0]")
        assert (int(red) < 60) == dark
        for width, height in ((1366, 768), (800, 1000), (390, 844)):
            page.set_viewport_size({"width": width, "height": height})
            page.wait_for_timeout(300)
            _fits(page, width)
    tab.check()


def _fits(page: Page, width: int) -> None:
    for root in ("document.documentElement", "document.querySelector('[data-testid=stMain]')"):
        assert page.evaluate(f"{root}.scrollWidth") <= width
    for part in ("picture", "time", "curve", "side"):
        box = page.locator(f".st-key-{part}").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width + 1
        assert box["width"] > 240


def test_a_bad_file_is_told_and_its_name_stays_text(browser: BrowserContext, server: Server, tmp_path: Path) -> None:
    tab = Watched(browser, server)
    page = tab.open()
    bad = tmp_path / "![x](y) :red[hi] $x$ www.example.org <b>b.png"
    bad.write_bytes(b"no picture")
    page.locator(".st-key-pill-scene button").first.click()
    page.locator("input[type=file]").set_input_files(bad)
    told = page.locator(".st-key-notices [data-testid=stAlert]")
    told.wait_for()
    assert f"{bad.name} is not a picture" in told.inner_text().replace("\u2060", "")
    assert told.locator("a, img, b, .katex").count() == 0
    assert page.locator(".st-key-picture img").is_visible()
    tab.check()
