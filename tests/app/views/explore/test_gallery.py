"""The gallery without a browser: what a click shows, what the address keeps, and what is said of a photograph."""

import pytest
from streamlit.testing.v1 import AppTest

from app.solving.gallery import PHOTOGRAPHED, STREETS
from scripts.serving import ROOT
from tests.app.reading import html


def opened(**address: str) -> AppTest:
    page = AppTest.from_file(ROOT / "app" / "main.py", default_timeout=60)
    page.query_params.update({"frames": "5", "plain": "true"} | address)
    page.run()
    assert not page.exception
    assert not page.error
    return page


def picked(page: AppTest, name: str) -> AppTest:
    page.button(key="pill-gallery").click().run()
    page.button(key=f"gallery-{name}").click().run()
    assert not page.exception
    return page


def shown(page: AppTest) -> str:
    return page.session_state["explore"].drawn.picture.key


def scene_pill(page: AppTest) -> str:
    (label,) = (
        each.proto.popover.label for each in page.get("popover") if each.proto.popover.label.startswith("Scene")
    )
    return label.replace("\\", "").removeprefix("Scene **").removesuffix("**")


def test_every_picture_is_offered_with_its_words() -> None:
    page = opened()
    page.button(key="pill-gallery").click().run()
    for item in (*STREETS, *PHOTOGRAPHED):
        label = page.button(key=f"gallery-{item.name}").label.replace("\\", "")
        assert f"app/static/gallery/{item.name}.webp" in label
        assert item.title in label
        assert item.caption in label


def test_a_photograph_has_no_score_and_a_calm_word_says_so() -> None:
    page = picked(opened(), "houses")
    assert shown(page) == "photograph houses"
    assert scene_pill(page) == "Photograph: road and houses"
    assert page.query_params["picture"] == "houses"
    assert "share of pixels" in html(page)
    words = " ".join(each.value for each in (*page.info, *page.caption)).replace("\\", "")
    assert "generated street" not in words


def test_a_street_takes_the_photograph_s_place_and_next_goes_on_from_it() -> None:
    page = picked(picked(opened(), "station"), str(STREETS[1].seed))
    assert shown(page) == f"street {STREETS[1].seed}"
    assert scene_pill(page) == STREETS[1].title
    assert "picture" not in page.query_params
    page.button(key="next").click().run()
    assert shown(page) == f"street {STREETS[1].seed + 1}"


def test_next_scene_after_a_photograph_leaves_it() -> None:
    page = picked(opened(seed="7"), "pavement")
    page.button(key="next").click().run()
    assert shown(page) == "street 8"
    assert "picture" not in page.query_params


def test_a_link_opens_a_photograph() -> None:
    assert shown(opened(picture="station")) == "photograph station"


@pytest.mark.parametrize("name", ["nowhere", "../houses", ""])
def test_a_photograph_that_is_none_gives_the_default_and_a_word(name: str) -> None:
    page = opened(picture=name, seed="7")
    assert shown(page) == "street 7"
    assert f"picture={name}" in page.info[0].value.replace("\\", "")
