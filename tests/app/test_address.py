"""Links that ask for what cannot be: the default is shown, and a word says so."""

from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect
from streamlit.testing.v1 import AppTest

from app.address import NUMBERS, fits, sentence
from app.solving.gallery import OPENING
from tests.app.browser import Server, Tab

MAIN = Path(__file__).parents[2] / "app" / "main.py"
#: Every setting that the page of scenes keeps in the address.
EXPLORE = ("seed", "steps", "frames", "T", "solver", "tolerance", "model", "hub", "revision", "plain", "t", "view")
ENDLESS = ("Infinity", "-Infinity", "inf", "1e400", "nan", "NaN")


def opened(**address: str | list[str]) -> AppTest:
    page = AppTest.from_file(MAIN, default_timeout=60)
    page.query_params.update({"frames": "5", "plain": "true"} | address)
    page.run()
    assert not page.exception
    assert not page.error
    return page


@pytest.mark.parametrize("value", [*ENDLESS, "", " ", "-1", "1e30", "many"])
@pytest.mark.parametrize("key", ["seed", "frames"])
def test_a_number_that_is_none_gives_the_default_and_a_word(key: str, value: str) -> None:
    page = opened(**{key: value})
    (told,) = page.info
    assert f"{key}={value.strip()}" in told.value.replace("\\", "")
    assert "default is shown" in told.value
    assert page.session_state["seed"] == OPENING.seed
    assert page.session_state["explore"].drawn.picture.key == f"street {OPENING.seed}"
    assert page.query_params.get(key) is None


def test_the_last_of_several_values_does_not_slip_through() -> None:
    assert opened(seed=["5", "Infinity"]).session_state["seed"] == OPENING.seed


def test_empty_values_of_all_settings_at_once() -> None:
    page = opened(**dict.fromkeys(EXPLORE, ""))
    assert page.session_state["explore"].drawn.picture.key == f"street {OPENING.seed}"
    (told,) = page.info
    assert "defaults are shown" in told.value


def test_what_can_be_is_left_alone_and_the_word_goes() -> None:
    assert not opened(seed="7").info
    page = opened(seed="Infinity", steps="3")
    assert page.query_params["steps"] == ["3"] or page.query_params["steps"] == "3"
    page.run()
    assert not page.info


@pytest.mark.parametrize("key", NUMBERS)
def test_each_number_has_its_ends(key: str) -> None:
    low, high = NUMBERS[key]
    assert fits(key, [str(low)])
    assert fits(key, [str(high)])
    for value in (*ENDLESS, "", str(low - 1), str(high + 1)):
        assert not fits(key, [value]), value


@pytest.mark.parametrize(
    ("key", "value", "kept"),
    [
        ("solver", "foo", "midpoint"),
        ("solver", "Midpoint", "midpoint"),
        ("solver", "constructor", "midpoint"),
        ("tolerance", "1e-9", None),
        ("T", "9", "1"),
        ("model", "foo", "segnode-tiny"),
        ("plain", "maybe", False),
        ("view", "foo", None),
        ("show", "toString", None),
        ("class", "dragon", None),
        ("seed", "1e3", OPENING.seed),
        ("steps", "3.7", 4),
        ("frames", "1_7", 17),
        ("pins", "-", None),
        ("pins", "1-2_3-4_5-6_7-8_9-10", None),
        ("t", "0x1", None),
        ("opacity", "4.5", None),
        ("hatch", "yes", None),
        ("speed", "3", None),
    ],
)
def test_an_option_there_is_not_gives_the_default_and_a_word(key: str, value: str, kept: object) -> None:
    page = opened(**{"plain": "false", key: value})
    (told,) = page.info
    assert f"asks for {key}={value}, which is not possible: the default is shown" in told.value.replace("\\", "")
    assert page.query_params.get(key) is None
    assert kept is None or page.session_state[key] == kept
    page.run()
    assert not page.info


def test_an_option_there_is_and_the_default_itself_need_no_word() -> None:
    options = {"solver": "rk4", "T": "1", "model": "segnode-tiny", "plain": "False", "view": "side", "show": "errors"}
    page = opened(**options)
    assert not page.info
    assert page.session_state["solver"] == "rk4"
    page.run()
    assert not page.info


def test_all_that_cannot_be_is_told_in_one_sentence() -> None:
    page = opened(seed="Infinity", solver="foo", view="bar", plain="false")
    (told,) = page.info
    assert "asks for seed=Infinity and solver=foo and view=bar, which are" in told.value.replace("\\", "")


def test_a_long_value_is_cut() -> None:
    assert len(sentence({"seed": "9" * 4000})) < 150


@pytest.mark.parametrize(
    ("page", "settings"),
    [
        ("cost", ("timed", "network", "batch", "width", "height", "method", "solve_steps", "gradient")),
        ("fig4", ("data", "average", "classes")),
        ("results", ("against", "curve", "along", "networks")),
    ],
)
def test_no_page_shows_an_error_box(
    context: BrowserContext, server: Server, page: str, settings: tuple[str, ...]
) -> None:
    tab = Tab(context, server)
    for value in ("", "Infinity", "constructor"):
        tab.page.goto(f"{tab.server.url}{page}?{'&'.join(f'{key}={value}' for key in settings)}")
        expect(tab.page.locator("h2").first).to_be_visible()
        expect(tab.page.locator(".stApp")).to_have_attribute("data-test-script-state", "notRunning")
        assert tab.page.locator("[data-testid=stException]").count() == 0
        told = tab.page.get_by_text("This link asks for")
        expect(told).to_have_count(1)
        for key in settings:
            expect(told).to_contain_text(f"{key}={value}")
    tab.page.close()


def test_the_view_of_a_link_is_one_there_is(tab: Tab) -> None:
    page = tab.open("?view=constructor&show=toString&opacity=&pins=-_&t=Infinity")
    told = page.get_by_text("This link asks for")
    for asked in ("view=constructor", "show=toString", "opacity=", "t=Infinity"):
        expect(told).to_contain_text(asked)
    assert page.locator("[data-choice=view] input:checked, .choice input[value=overlay]").first.is_checked()
    assert page.locator("[value=labels]").is_checked()
    assert float(page.locator("[name=opacity]").input_value()) == 0.6
    assert page.locator(".pins li").count() == 0
