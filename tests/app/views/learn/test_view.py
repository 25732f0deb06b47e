"""The page without a browser: where a person is, in the address and after a change of page."""

from streamlit.testing.v1 import AppTest

from app.views.learn.lessons import LESSONS


def page() -> None:
    import streamlit as st

    from app.views.learn import view

    if not st.session_state.get("elsewhere"):
        view.page()


def opened(**address: str) -> AppTest:
    test = AppTest.from_function(page)
    test.query_params.update(address)
    test.run()
    assert not test.exception
    return test


def address(test: AppTest) -> dict[str, str]:
    """What the address holds."""
    return {key: "".join(value) for key, value in test.query_params.items()}


def test_next_and_back_write_the_address_with_the_answers() -> None:
    test = opened(lesson="2", step="2", done="2.0-1")
    test.button(key="learn-next").click().run()
    assert address(test) == {"lesson": "2", "step": "3", "done": "2.0-1"}
    test.button(key="learn-back").click().run()
    assert address(test)["step"] == "2"


def test_after_the_last_step_comes_the_next_lesson_and_after_the_last_nothing() -> None:
    test = opened(lesson="1", step=str(len(LESSONS[0].steps)))
    assert test.button(key="learn-next").label == "Next lesson"
    test.button(key="learn-next").click().run()
    assert address(test) == {"lesson": "2", "step": "1"}
    last = opened(lesson=str(len(LESSONS)), step=str(len(LESSONS[-1].steps)))
    assert [button.key for button in last.button] == ["learn-back"]


def test_a_step_beyond_a_lesson_s_last_is_its_last() -> None:
    shortest = min(range(len(LESSONS)), key=lambda index: len(LESSONS[index].steps))
    test = opened(lesson=str(shortest + 1), step=str(max(len(lesson.steps) for lesson in LESSONS)))
    assert any(LESSONS[shortest].steps[-1].title in markdown.value for markdown in test.markdown)


def test_a_change_of_page_keeps_the_place_and_a_bare_address_begins_anew() -> None:
    test = opened(lesson="2", step="3", done="2.0-1")
    test.query_params.clear()
    for elsewhere in (True, False):
        test.session_state["elsewhere"] = elsewhere
        test.run()
    assert address(test) == {"lesson": "2", "step": "3", "done": "2.0-1"}
    test.query_params.clear()  # Back to where the address was empty
    test.run()
    assert "lesson" not in test.query_params
    assert any(LESSONS[0].steps[0].title in markdown.value for markdown in test.markdown)
