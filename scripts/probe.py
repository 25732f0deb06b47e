"""What is measured inside Chromium: how soon a page is there and a hand is followed, and what goes over the wire."""

import re
import statistics
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Page, ViewportSize, WebSocket, expect

#: Run before the page: a browser that has been here, where nothing plays by itself.
RETURNING = "localStorage.setItem('segnode-visited', 'closed')"
WINDOW: ViewportSize = {"width": 1366, "height": 768}
PATIENCE_MS = 120_000
#: Before anything of the page: when its parts come, counted from navigation, and how big a message is with a solve.
MARKS = """
window.marks = {};
const mark = (name) => (marks[name] ??= performance.now());
addEventListener("DOMContentLoaded", () => mark("document"));
const Socket = WebSocket;
window.WebSocket = class extends Socket {
  constructor(...words) {
    super(...words);
    this.addEventListener("open", () => mark("connected"));
    this.addEventListener("message", ({ data }) => (data.size ?? data.byteLength) > 1e5 && mark("received"));
  }
};
const Stream = DecompressionStream;
window.DecompressionStream = class extends Stream {
  constructor(...words) {
    mark("mounted");
    super(...words);
  }
};
const put = CanvasRenderingContext2D.prototype.putImageData;
CanvasRenderingContext2D.prototype.putImageData = function (...words) {
  put.apply(this, words);
  if (!marks.painted) requestAnimationFrame(() => setTimeout(() => mark("drawn")));
  mark("painted");
};
"""
#: Of every event that moves the slider: milliseconds until the scrubber has drawn, and until the frame is done. The
#: animation frame asked for here comes after the scrubber's own, a message after the browser's style, layout and paint.
DRAGS = """
window.drags = [];
let moved = null;
addEventListener("pointermove", (event) => (moved ??= event.timeStamp), true);
addEventListener("input", ({ timeStamp }) => {
  const hand = moved ?? timeStamp, channel = new MessageChannel();
  moved = null;
  requestAnimationFrame(() => {
    const drawn = performance.now();
    channel.port1.onmessage = () => {
      const done = performance.now();
      drags.push({ event_to_drawn: drawn - timeStamp, event_to_frame: done - timeStamp, hand_to_frame: done - hand });
    };
    channel.port2.postMessage(null);
  });
});
"""


def opening(browser: Browser, url: str) -> dict[str, float]:
    """Milliseconds from navigation until each part of the page is there, in a browser that has nothing of it yet."""
    with browser.new_context(viewport=WINDOW) as context:
        context.add_init_script(MARKS)
        page = context.new_page()
        page.goto(url)
        page.wait_for_function("marks.drawn", timeout=PATIENCE_MS)
        return page.evaluate("marks")


def drag(browser: Browser, url: str, moves: int, rate: int) -> dict[str, Any]:
    """One long drag of the slider: how soon each movement is seen, and what the server is asked meanwhile.

    moves: of the mouse. rate: how many times slower than it is the processor is made to look.
    """
    with browser.new_context(viewport=WINDOW) as context:
        context.add_init_script(RETURNING)
        page = context.new_page()
        wire = Wire(page)
        page.goto(url)
        _await_curve(page)
        page.evaluate(DRAGS)
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": rate})
        box = page.locator(".track").bounding_box()
        assert box is not None
        height = box["y"] + box["height"] / 2
        page.mouse.move(box["x"] + 0.05 * box["width"], height)
        wire.forget()
        page.mouse.down()
        for share in np.linspace(0.05, 0.95, moves):
            page.mouse.move(box["x"] + share * box["width"], height)
        during = wire.said()
        page.mouse.up()
        page.wait_for_timeout(1500)
        times = page.evaluate("drags")
        return {
            "frames": len(times),
            **{
                f"{name}_ms": {
                    "median": statistics.median(values),
                    "p95": float(np.percentile(values, 95)),
                }
                for name in times[0]
                for values in [[each[name] for each in times]]
            },
            "during": during,
            "with_release": wire.said(),
        }


class Wire:
    """What a page says to the server and hears of it."""

    def __init__(self, page: Page) -> None:
        self.requests = 0
        self.sent: list[int] = []
        self.received: list[bytes] = []
        page.on("request", self._asked)
        page.on("websocket", self._opened)

    def _asked(self, _: object) -> None:
        self.requests += 1

    def _opened(self, socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: self.sent.append(len(frame)))
        socket.on(
            "framereceived", lambda frame: self.received.append(frame if isinstance(frame, bytes) else frame.encode())
        )

    def forget(self) -> None:
        """Count from here."""
        self.requests, self.sent, self.received = 0, [], []

    def said(self) -> dict[str, int]:
        """Requests, messages sent over the websocket, and bytes received over it."""
        return {
            "requests": self.requests,
            "messages_sent": len(self.sent),
            "bytes_received": sum(map(len, self.received)),
        }


def message(browser: Browser, url: str) -> dict[str, int]:
    """Bytes of the message that carries a run, and of what is in it."""
    with browser.new_context(viewport=WINDOW) as context:
        context.add_init_script(RETURNING)
        page = context.new_page()
        wire = Wire(page)
        page.goto(url)
        _await_curve(page)
        largest = max(wire.received, key=len)
        parts = re.findall(rb'"(photo|truth|flow)": ?"([^"]*)"', largest)
        return {"message": len(largest), **{name.decode(): len(text) for name, text in parts}}


def _await_curve(page: Page) -> None:
    """Until the error curve is drawn whole: nothing is left to do."""
    line = page.locator(".curve .line.final")
    expect(line).to_have_attribute("d", re.compile(r"^M[^L]+(L[^L]+){64}$"), timeout=PATIENCE_MS)
