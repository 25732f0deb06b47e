"""What a first visit brings, in Chromium: time plays once, callouts are closed for good, terms are explained."""

import base64
import io
from collections.abc import Callable, Generator

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from app.ui.glossary import TERMS
from tests.app.browser import Server, Tab

Visit = Callable[..., Tab]


@pytest.fixture
def visit(chromium: Browser, server: Server) -> Generator[Visit]:
    """Makes a tab of a browser that was never here."""
    contexts = []

    def begin(**settings: object) -> Tab:
        contexts.append(chromium.new_context(**{"viewport": {"width": 1366, "height": 768}} | settings))
        return Tab(contexts[-1], server)

    yield begin
    for context in contexts:
        context.close()


def callout(page: Page) -> Locator:
    return page.locator(".callout")


def test_on_the_first_visit_time_plays_once_and_three_callouts_follow(visit: Visit) -> None:
    tab = visit()
    page = tab.open()
    assert tab.time < 1
    assert callout(page).count() == 0
    expect(callout(page)).to_contain_text("Drag")
    assert tab.time == 1
    callout(page).get_by_role("button", name="Next").click()
    expect(callout(page)).to_contain_text("Click a pixel")
    callout(page).get_by_role("button", name="Next").click()
    expect(callout(page)).to_contain_text("Step")
    callout(page).get_by_role("button", name="Done").click()
    expect(callout(page)).to_have_count(0)
    page.goto(tab.server.url)
    tab.ready()
    tab.rest()
    assert (tab.time, callout(page).count()) == (0.3, 0)
    tab.check()


@pytest.mark.parametrize(
    ("address", "settings", "time"), [("?t=0.4", {}, 0.4), ("", {"reduced_motion": "reduce"}, 0.3)]
)
def test_nothing_plays_for_a_link_with_a_time_or_where_motion_is_not_wanted(
    visit: Visit, address: str, settings: dict[str, str], time: float
) -> None:
    tab = visit(**settings)
    page = tab.open(address)
    expect(callout(page)).to_contain_text("Drag")
    assert tab.time == time
    callout(page).get_by_role("button", name="Close").click()
    expect(callout(page)).to_have_count(0)
    page.reload()
    tab.ready()
    assert callout(page).count() == 0
    tab.check()


def test_how_it_works_follows_time(tab: Tab) -> None:
    page = tab.open("?steps=4&t=0")
    opener = page.get_by_role("button", name="How it works")
    opener.click()
    panel = page.locator(".how")
    lit = panel.locator(".equation .lit")
    assert lit.all_inner_texts() == ["h(0)"]
    tab.go(0.3)
    assert [text[:4] for text in lit.all_inner_texts()] == ["h(t)", "∫0t "]
    expect(panel).to_contain_text("Step 2 of 4, from t = 0.25 to 0.50.")
    assert panel.locator(".evaluations .lit").all_inner_texts() == ["k₁ = f(h)"]
    tab.go(1)
    assert lit.all_inner_texts() == ["h(t)", "head(h(t))"]
    assert panel.locator(".evaluations li").all_inner_texts() == [
        "k₁ = f(h)",
        "k₂ = f(h + 1/2 Δt k₁)",
        "next h = h + Δt k₂",
    ]
    panel.get_by_text("Words on this page").click()
    assert panel.locator("dt").all_inner_texts() == [term.texts[0] for term in TERMS]
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    assert opener.evaluate("(button) => button.getRootNode().activeElement === button")


def test_how_it_works_has_each_method_s_own_step(tab: Tab) -> None:
    page = tab.open("?solver=rk4&steps=1&t=1")
    page.get_by_role("button", name="How it works").click()
    lines = page.locator(".how .evaluations li")
    assert lines.all_inner_texts()[3:] == ["k₄ = f(h + Δt k₃)", "next h = h + Δt (1/6 k₁ + 1/3 k₂ + 1/3 k₃ + 1/6 k₄)"]
    tab.open("?solver=dopri5&tolerance=1e-1&t=1")
    page.get_by_role("button", name="How it works").click()
    expect(page.locator(".how .step")).to_contain_text("chooses its steps")
    assert lines.count() == 0


def test_every_fact_is_explained_when_it_is_pointed_at_or_reached_by_the_keyboard(tab: Tab) -> None:
    page = tab.open()
    meaning = page.locator(".meaning")
    facts = page.locator(".facts dt")
    for fact in facts.all():
        fact.hover()
        expect(meaning).to_be_visible()
    page.mouse.move(5, 5)
    expect(meaning).to_be_hidden()
    facts.first.focus()
    expect(meaning).to_contain_text("follows dh/dt")
    page.keyboard.press("Escape")
    expect(meaning).to_be_hidden()


@pytest.mark.parametrize("event", ["drop", "paste"])
def test_a_picture_is_dropped_onto_the_board_or_pasted(tab: Tab, event: str) -> None:
    page = tab.open()
    file = io.BytesIO()
    pixels = np.random.default_rng(0).integers(0, 256, (48, 64, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(file, "PNG")
    page.locator(".board").evaluate(
        """(board, [text, name]) => {
            const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File([bytes], "mine.png", { type: "image/png" }));
            const settings = { dataTransfer, clipboardData: dataTransfer, bubbles: true, cancelable: true };
            const dropped = name === "drop";
            (dropped ? board : document.body).dispatchEvent(
                dropped ? new DragEvent(name, settings) : new ClipboardEvent(name, settings)
            );
        }""",
        [base64.b64encode(file.getvalue()).decode(), event],
    )
    page.wait_for_selector(".over[aria-label^='Your picture']")
    expect(page.locator("[data-testid=stPopoverBody]")).to_have_count(0)
