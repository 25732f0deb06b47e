"""Each lesson in Chromium, as a person goes through it: reads, predicts, acts, answers, goes on."""

from collections.abc import Generator

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from app.views.learn.lesson import Lesson, Question
from app.views.learn.lessons import LESSONS
from app.views.learn.progress import Place, names
from tests.app import axe
from tests.app.browser import Server, Tab


@pytest.fixture(scope="module")
def tab(context: BrowserContext, server: Server) -> Generator[Tab]:
    """One tab for the file."""
    opened = Tab(context, server)
    yield opened
    # Streamlit looks for the server under the address of the page first, and does not find it there.
    opened.complaints = [each for each in opened.complaints if "404" not in each]
    opened.check()
    opened.page.close()


def at(tab: Tab, place: Place, more: str = "") -> Page:
    """The page at a step, its figure drawn."""
    tab.page.goto(f"{tab.server.url}learn?lesson={place.lesson}&step={place.step}{more}")
    heading(tab.page, place)
    return tab.page


def heading(page: Page, place: Place) -> None:
    """Wait for a step, and for its figure to have drawn it."""
    expect(
        page.get_by_role("heading", name=LESSONS[place.lesson - 1].steps[place.step - 1].title, exact=True)
    ).to_be_visible()
    expect(page.locator(".learn")).to_have_attribute("data-step", f"{place.lesson}.{place.step}")


def card(page: Page, question: Question) -> Locator:
    return page.locator(".question", has_text=question.text)


def answer(page: Page, question: Question, option: int) -> None:
    """Press an option, and see which was right and why."""
    card(page, question).get_by_role("button", name=question.options[option], exact=True).click()
    expect(card(page, question).locator("[data-is=right]")).to_have_text(question.options[question.right])
    expect(card(page, question).locator(".why")).to_contain_text(question.why)


def act(page: Page) -> None:
    """Move the first handle or slider by keyboard: the figure says something else then."""
    spoken = page.locator(".learn .spoken")
    expect(spoken).not_to_be_empty()  # what is seen at first
    before = spoken.inner_text()
    movable = page.locator(".handle, .slider:not([hidden]) input:not([disabled])").first
    movable.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    expect(spoken).not_to_have_text(before)


@pytest.mark.parametrize("number", range(1, len(LESSONS) + 1))
def test_a_lesson_from_its_first_step_to_its_last(tab: Tab, number: int) -> None:
    lesson: Lesson = LESSONS[number - 1]
    page = at(tab, Place(number, 1))
    expect(page.locator(".st-key-learn-words .idea")).to_have_text(lesson.idea)
    act(page)
    for step in range(1, len(lesson.steps) + 1):
        place = Place(number, step)
        heading(page, place)
        expect(page.locator(".katex-error")).to_have_count(0)
        for name, question in zip(names(place), lesson.steps[step - 1].questions, strict=True):
            answer(page, question, question.right)
            page.wait_for_function("id => new URLSearchParams(location.search).get('done')?.includes(id)", arg=name)
        if step < len(lesson.steps):
            page.get_by_role("button", name="Next", exact=True).click()
    expect(page.get_by_role("link", name=lesson.link.text)).to_be_visible()
    expect(page.locator(".st-key-learn-lesson [data-testid=stIconMaterial]")).to_have_count(1)


@pytest.mark.parametrize("number", range(1, len(LESSONS) + 1))
def test_what_gives_the_answer_away_waits_for_the_prediction(context: BrowserContext, tab: Tab, number: int) -> None:
    lesson = LESSONS[number - 1]
    (question,) = lesson.steps[lesson.predicts_at].questions
    page = at(tab, Place(number, lesson.predicts_at + 1))
    held = page.locator(".learn input:disabled")
    expect(held).to_have_count(len(lesson.held))
    answer(page, question, (question.right + 1) % len(question.options))
    expect(card(page, question).locator(".why")).to_contain_text("No.")
    expect(held).to_have_count(0)


@pytest.mark.parametrize("width", [1366, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("number", range(1, len(LESSONS) + 1))
def test_axe_finds_nothing(
    number: int, scheme: str, width: int, server: Server, context: BrowserContext, pytestconfig: pytest.Config
) -> None:
    script = axe.source(pytestconfig.rootpath / ".pytest_cache" / "axe")
    tab = Tab(context, server)
    tab.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    tab.page.set_viewport_size({"width": width, "height": 844 if width < 500 else 768})
    lesson = LESSONS[number - 1]
    page = at(tab, Place(number, lesson.predicts_at + 1))
    assert axe.violations(page, script) == []
    answer(page, lesson.questions[0], 0)
    assert axe.violations(page, script) == []
    tab.page.close()
