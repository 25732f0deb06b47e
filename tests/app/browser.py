"""A tab of Chromium on the served page, and what a hand does in it."""

import base64
import io
import math
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
from PIL import Image
from playwright.sync_api import BrowserContext, Page, WebSocket, expect

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


@dataclass(frozen=True)
class Server:
    """The running page. log: hosts it tried to reach beyond this machine. checkpoint: folder of its first network."""

    url: str
    log: Path
    checkpoint: Path


class Tab:
    """A tab, with all it complained of, asked for and sent to the server once open."""

    def __init__(self, context: BrowserContext, server: Server) -> None:
        self.server = server
        self.page: Page = context.new_page()
        self.page.set_default_timeout(60_000)
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.sent: list[bytes | str] = []
        self.page.on("console", lambda line: self.complaints.append(line.text) if line.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        self.requests.append(socket.url)
        socket.on("framesent", lambda frame: self.sent.append(frame))

    def open(self, address: str = "") -> Page:
        """Go there, and wait until a solve can be moved through and its whole curve is drawn."""
        self.page.goto(self.server.url + address)
        return self.ready()

    def ready(self) -> Page:
        """Wait until a solve is drawn, with its whole curve."""
        expect(self.page.locator(".board")).to_have_attribute("aria-busy", "false")
        expect(self.page.locator(".curve .line.final")).to_have_attribute("d", re.compile(r"^M[^L]+(L[^L]+){64}$"))
        return self.page

    def open_plain(self, address: str = "") -> Page:
        """Go there, and wait for the player that the server draws."""
        self.page.goto(f"{self.server.url}?plain=true{address}")
        self.page.wait_for_selector(".st-key-picture img")
        self.page.wait_for_selector(".st-key-curve .main-svg")
        return self.page

    def check(self) -> None:
        """No complaint, and nobody but the server was asked anything, by the page or by the server."""
        assert self.complaints == []
        here = urlsplit(self.server.url).netloc
        hosts = {urlsplit(url).netloc for url in self.requests if not url.startswith(("data:", "blob:"))}
        assert hosts == {here}
        assert not self.server.log.exists(), self.server.log.read_text()

    # What is seen.

    def drawn(self) -> None:
        """Wait for the frame that is due."""
        self.page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")

    def canvas(self) -> np.ndarray:
        """The pixels of the canvas, four bytes each."""
        self.drawn()
        address = self.page.locator(".over canvas").evaluate("(canvas) => canvas.toDataURL()")
        return np.array(Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2]))).convert("RGBA"))

    def text(self, part: str) -> str:
        """What stands in a part of the scrubber."""
        return self.page.locator(part).inner_text()

    @property
    def time(self) -> float:
        """Where the slider stands."""
        return float(self.page.locator(".track input").input_value())

    @property
    def cursor(self) -> float:
        """The curve's cursor: pixels from the left of the window."""
        self.drawn()
        return self.box(".curve .cursor")["x"]

    def box(self, part: str) -> dict[str, float]:
        """x, y, width and height in the window."""
        return self.page.locator(part).evaluate("(part) => part.getBoundingClientRect().toJSON()")

    def place(self, x: int, y: int) -> tuple[float, float]:
        """Where a pixel of a 480 x 360 picture is in the window, in whole pixels: a click is of one."""
        box = self.still(".over")
        return math.ceil(box["x"] + box["width"] * x / 480), math.ceil(box["y"] + box["height"] * y / 360)

    def still(self, part: str) -> dict[str, float]:
        """The box of a part once it has stopped moving: another layout, or a chart below a pin, may be about to."""
        before, box = None, self.box(part)
        while box != before:
            self.drawn()
            before, box = box, self.box(part)
        return box

    def until_address(self, **settings: str | None) -> None:
        """Wait until the address holds these settings, and none that is None: the page and the server both write it."""
        self.page.wait_for_function(
            """(wanted) => {
                const query = new URLSearchParams(location.search);
                return Object.entries(wanted).every(([key, value]) => query.get(key) === value);
            }""",
            arg=settings,
        )

    def rest(self) -> None:
        """Keep still until the scrubber takes it for rest: timers of a page ring in order, however busy the machine."""
        self.page.evaluate("new Promise((done) => setTimeout(done, 300))")

    def address(self) -> dict[str, str]:
        """The settings in the page's address, once the hand is at rest."""
        return {key: value[0] for key, value in parse_qs(urlsplit(self.link()).query).items()}

    def link(self) -> str:
        """The page's address, once the hand is at rest: asked of the page, as what Playwright knows may be older."""
        self.rest()
        return self.page.evaluate("location.href")

    # What a hand does.

    def go(self, time: float) -> None:
        """Bring the slider to a time."""
        self.page.locator(".track input").fill(str(time))
        self.drawn()

    def pin(self, x: int, y: int) -> None:
        """Pin a pixel of a 480 x 360 picture, and see that it is."""
        pins = self.page.locator(".pins li")
        count = pins.count()
        self.page.mouse.click(*self.place(x, y))
        expect(pins).to_have_count(count + 1)

    def choose(self, name: str) -> None:
        """One of the layouts or of what the colours show."""
        self.page.locator(".choice label", has_text=name).click()
        self.drawn()

    def unpin(self) -> None:
        """Take every pin away."""
        while self.page.locator(".pins li").count():
            self.page.locator(".pins li button").first.click()

    def drag(self, part: str, start: float, end: float) -> None:
        """From one share of a part's width to another, the button held."""
        box = self.box(part)
        height = box["y"] + box["height"] / 2
        self.page.mouse.move(box["x"] + start * box["width"], height)
        self.page.mouse.down()
        self.page.mouse.move(box["x"] + end * box["width"], height, steps=8)
        self.page.mouse.up()
        self.drawn()


def labels_of(pixels: np.ndarray, palette: np.ndarray) -> np.ndarray:
    """The train ids that a canvas shows in labels mode; 255 where a colour is no class's."""
    same = (pixels[:, :, None, :3] == palette[None, None]).all(axis=3) & (pixels[:, :, 3:] == 255)
    return np.where(same.any(axis=2), same.argmax(axis=2), 255).astype(np.uint8)
