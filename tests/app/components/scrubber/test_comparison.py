"""A against B in Chromium: two runs on one clock, where they differ, and all of it in the address."""

import re
from collections.abc import Generator

import numpy as np
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from app.solving.pictures import colours
from segnode.data.classes import CAMVID
from segnode.streets import render_street
from tests.app.browser import Server, Tab, labels_of
from tests.app.views.explore.test_history import heard

SEED = 100_003
TRUTH = render_street(SEED).labels
COMPARED = f"?seed={SEED}&solver=rk4&steps=8&a=euler-1&view=divider&left=a"
A_RIGHT, B_RIGHT, NEITHER = (0xF2, 0x8E, 0x1C, 255), (0x2B, 0x8C, 0xEE, 255), (0xD8, 0x3A, 0x9D, 255)


def ready(tab: Tab) -> None:
    """Both runs are drawn, and compared at every moment."""
    expect(tab.page.locator(".board")).to_have_class(re.compile("comparing"))
    expect(tab.page.locator(".decided")).to_have_attribute("data-whole", "true")


def opened(tab: Tab, address: str) -> Page:
    tab.page.goto(tab.server.url + address)
    ready(tab)
    return tab.page


@pytest.fixture(scope="module")
def compared(context: BrowserContext, server: Server) -> Generator[Tab]:
    """One tab for the file."""
    tab = Tab(context, server)
    opened(tab, COMPARED)
    yield tab
    tab.page.close()


@pytest.fixture
def tab(compared: Tab) -> Generator[Tab]:
    """A left and B right of the divider, as labels at t = 0.3."""
    compared.page.mouse.move(5, 5)
    compared.choose("Divider")
    pick(compared, "left", "A")
    pick(compared, "right", "B")
    compared.choose("Labels")
    compared.go(0.3)
    yield compared
    compared.check()


def pick(tab: Tab, side: str, source: str) -> None:
    tab.page.locator(f"[data-choice={side}] label", has_text=re.compile(f"^{source}$")).click()
    tab.drawn()


def labels(tab: Tab, source: str) -> np.ndarray:
    """The labels of one run at the present time, as drawn on the right."""
    tab.choose("Labels")
    pick(tab, "right", source)
    shown = labels_of(tab.canvas(), colours(CAMVID))
    pick(tab, "right", "B")
    return shown


def row(tab: Tab, name: str) -> list[str]:
    """The cells of a row of the table."""
    head = tab.page.get_by_role("rowheader", name=name, exact=True)
    return tab.page.locator(".comparison tr", has=head).locator("td").all_inner_texts()


def test_two_runs_are_held_against_each_other(tab: Tab) -> None:
    assert re.fullmatch(r"A, euler-1 · t = 0\.30 · mIoU \d+\.\d", tab.text(".left .caption"))
    assert re.fullmatch(r"B, rk4-8 · t = 0\.30 · mIoU \d+\.\d", tab.text(".badge"))
    assert row(tab, "evaluations of f") == ["1", "32"]
    assert all(re.fullmatch(r"\d+\.\d\d s", text) for text in row(tab, "solved in"))
    errors = [100 - float(tab.text(part).split("mIoU ")[1]) for part in (".left .caption", ".badge")]
    assert [float(text.removesuffix(" %")) for text in row(tab, "mIoU error at t")] == pytest.approx(errors)
    names = tab.page.locator(".curve .end .name").all_text_contents()
    assert names == ["A vs. truth", "B vs. truth", "A vs. B"]
    for key in ("a", "b", "pair"):
        assert tab.page.locator(f".curve .line.{key}").get_attribute("d").count("L") == 64


def test_the_difference_is_where_the_labels_of_the_two_differ(tab: Tab) -> None:
    one, other = labels(tab, "A"), labels(tab, "B")
    apart = one != other
    assert apart.sum() > 1000
    (share,) = row(tab, "same label at t")
    assert float(share.split(" ")[0]) == pytest.approx(100 * (~apart).mean(), abs=0.051)
    tab.choose("A ≠ B")
    canvas = tab.canvas()
    expected = {A_RIGHT: apart & (one == TRUTH), B_RIGHT: apart & (other == TRUTH)}
    expected[NEITHER] = apart & (one != TRUTH) & (other != TRUTH)
    for colour, mask in expected.items():
        assert ((canvas == np.array(colour)).all(axis=2) == mask).all()
    assert (canvas[..., 3] > 0).sum() == apart.sum()
    key = [line for line in tab.text(".key").split("\n") if line]
    assert key == ["only A is right", "only B is right", "neither"]
    road = CAMVID.names.index("road")
    assert tab.text(".classes button:has-text('road')").split()[-1] == f"{(apart & (other == road)).sum():,}"
    y, x = (int(part) for part in np.argwhere(apart[100:300, 260:460])[0] + (100, 260))
    tab.page.mouse.move(*tab.place(x, y))
    assert tab.text(".tip").startswith("A ")
    assert ", B " in tab.text(".tip")


def test_when_they_part_is_told(tab: Tab) -> None:
    tab.go(1)
    ends = [labels(tab, source) for source in ("A", "B")]
    share = 100 * (ends[0] != ends[1]).mean()
    sentence = tab.text(".comparison p")
    assert sentence.startswith(f"{share:.1f} % of the pixels end with other labels; half of them part for good by t = ")
    half = float(re.search(r"by t = (\d\.\d\d)", sentence).group(1))
    assert 0 < half < 1


@pytest.mark.parametrize("layout", ["Divider", "Side by side"])
def test_two_pictures_are_any_two_with_either_run(tab: Tab, layout: str) -> None:
    tab.choose(layout)
    words = {"Photo": "Photograph", "Truth": "Truth", "A": "A, euler-1", "B": "B, rk4-8", "Final": "B, rk4-8 · Final"}
    for left, right in [("A", "Truth"), ("Truth", "A"), ("A", "Final"), ("B", "A"), ("Photo", "A")]:
        pick(tab, "left", left)
        pick(tab, "right", right)
        assert tab.text(".left .caption").startswith(words[left])
        assert tab.text(".badge").startswith(words[right])


def seen(tab: Tab) -> tuple:
    tab.rest()
    parts = (".left .caption", ".badge", ".comparison", ".st-key-controls")
    return tab.time, tab.canvas().tobytes(), [tab.text(part) for part in parts]


def test_a_comparison_is_whole_in_the_address(context: BrowserContext, server: Server) -> None:
    tab = Tab(context, server)
    page = tab.open(f"?seed={SEED}&steps=1&t=0.6")
    page.locator(".st-key-pill-compare button").first.click()
    page.get_by_role("button", name="Begin with euler-1 against rk4-8").click()
    ready(tab)
    tab.until_address(a="euler-1_1_automatic", solver="rk4", steps="8", view="divider", left="a")
    page.keyboard.press("Escape")
    tab.choose("A ≠ B")
    tab.until_address(show="difference", t="0.6")
    before = seen(tab)
    page.reload()
    ready(tab)
    assert seen(tab) == before
    page.get_by_text("The paper", exact=True).first.click()
    page.get_by_text("Table 2").first.click()
    expect(page.locator("h2").first).to_be_visible()
    page.get_by_role("link", name="Explore").click()
    ready(tab)
    assert seen(tab) == before
    tab.until_address(a="euler-1_1_automatic", show="difference", left="a")
    tab.check()
    page.close()


def test_back_leaves_a_comparison_in_one_step_and_forward_returns(context: BrowserContext, server: Server) -> None:
    tab = Tab(context, server)
    page = tab.open(f"?seed={SEED}&solver=rk4&steps=8")
    page.locator(".st-key-pill-compare button").first.click()
    page.get_by_role("button", name="Hold this run as A").click()
    ready(tab)
    expect(page.locator(".comparison p")).to_have_text("A and B never differ.")
    page.keyboard.press("Escape")
    heard(tab)
    page.go_back()
    expect(page.locator(".board")).not_to_have_class(re.compile("comparing"))
    expect(page.locator("[value=overlay]")).to_be_checked()
    expect(page.locator(".st-key-pill-compare")).to_contain_text("Compare")
    heard(tab)
    page.go_forward()
    ready(tab)
    expect(page.locator("[value=divider]")).to_be_checked()
    tab.until_address(a="rk4-8_1_automatic", left="a")
    tab.check()
    page.close()


def test_the_shorter_run_waits_at_its_end(context: BrowserContext, server: Server) -> None:
    tab = Tab(context, server)
    page = opened(tab, f"?seed={SEED}&steps=1&a=euler-1_1.5&view=divider&left=a&t=1")
    assert float(page.locator(".track input").get_attribute("max")) == 1.5
    assert page.locator(".ticks .trained").count() == 1
    at_end = tab.canvas()
    tab.go(1.3)
    assert (tab.canvas() == at_end).all()
    assert tab.text(".badge").startswith("B, midpoint-1 · ended at T")
    assert tab.text(".left .caption").startswith("A, euler-1 to 1.5 T · t = 1.30")
    tab.check()
    page.close()


def test_networks_with_other_classes_are_drawn_but_not_held_against_each_other(
    context: BrowserContext, server: Server
) -> None:
    tab = Tab(context, server)
    page = opened(tab, f"?seed={SEED}&steps=1&a=euler-1_1_segnode-scenes&view=divider&left=a&show=difference")
    expect(page.locator(".comparison p")).to_contain_text("A and B name different classes")
    assert page.locator("[value=difference]").is_disabled()
    assert page.locator("[value=labels]").is_checked()
    assert row(tab, "model") == ["segnode-scenes", "segnode-streets"]
    assert page.locator(".curve .line.pair").count() == 0
    tab.check()
    page.close()
