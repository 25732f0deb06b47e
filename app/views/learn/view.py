"""Learn: lessons on neural ODEs, each a few steps to read beside one live figure."""

import html
from dataclasses import asdict
from typing import Any

import streamlit as st

from app.components.learn import component
from app.ui.style import add_style
from app.views.learn import progress, sheet
from app.views.learn.lesson import Lesson
from app.views.learn.lessons import LESSONS
from app.views.learn.progress import Place, Progress

_LESSON = "learn-lesson"


def page() -> None:
    """The whole view: the lessons, and one step of one of them."""
    add_style(__file__)
    now = progress.follow(returned=_LESSON not in st.session_state)
    lesson = LESSONS[now.place.lesson - 1]
    with st.container(key="learn"):
        _choose_lesson(now)
        with st.container(key="learn-paper-title"):  # as its body, seen on paper only
            st.markdown(sheet.title(lesson))
        words, figure = st.columns([1, 2.7], gap="large")
        with words:
            _words(lesson, now)
        with figure:
            component.show(_data(lesson, now), now.answer)
        with st.container(key="learn-paper-body"):
            st.markdown(sheet.body(lesson))


def _choose_lesson(now: Progress) -> None:
    def label(number: int) -> str:
        mark = ":material/check_circle:" if progress.finished(number, now.answers) else f"{number}"
        return f"{mark} {LESSONS[number - 1].title}"

    st.session_state[_LESSON] = now.place.lesson
    st.segmented_control(
        "Lesson",
        range(1, len(LESSONS) + 1),
        required=True,
        key=_LESSON,
        format_func=label,
        on_change=lambda: progress.go(Place(st.session_state[_LESSON], 1)),
        label_visibility="collapsed",
    )


def _words(lesson: Lesson, now: Progress) -> None:
    place, step = now.place, lesson.steps[now.place.step - 1]
    last = place.step == len(lesson.steps)
    with st.container(key="learn-words"):
        st.html(_heading(lesson, place))
        st.markdown(f"### {step.title}\n{step.text}")
        if last:
            st.html(_onward(lesson))
    with st.container(key="learn-steps", horizontal=True, gap="small"):
        before, after = place.before, place.next
        if before is not None:
            st.button("Back", key="learn-back", on_click=progress.go, args=(before,))
        if after is not None:
            label = "Next" if after.lesson == place.lesson else "Next lesson"
            kind = "primary" if progress.answered(place, now.answers) else "secondary"
            st.button(label, key="learn-next", type=kind, on_click=progress.go, args=(after,))


def _heading(lesson: Lesson, place: Place) -> str:
    count = len(lesson.steps)
    marks = "".join(f"<i{' class=past' if number < place.step else ''}></i>" for number in range(count))
    return (
        f"<p class='where'>Lesson {place.lesson} of {len(LESSONS)}, step {place.step} of {count}</p>"
        f"<p class='marks' aria-hidden='true'>{marks}</p>"
        f"<h2>{html.escape(lesson.title)}</h2><p class='idea'>{html.escape(lesson.idea)}</p>"
    )


def _onward(lesson: Lesson) -> str:
    """The link into the real network, and the sources."""
    sources = "".join(
        f"<li><a href='{html.escape(each.address)}' target='_blank'>{html.escape(each.text)}</a></li>"
        for each in lesson.sources
    )
    link = lesson.link
    return (
        f"<p class='real'><a href='{html.escape(link.address)}'>{html.escape(link.text)}</a></p>"
        f"<details><summary>Sources</summary><ul>{sources}</ul></details>"
    )


def _data(lesson: Lesson, now: Progress) -> dict[str, Any]:
    """A step as the component takes it."""
    place, step = now.place, lesson.steps[now.place.step - 1]
    questions = [
        {"id": name, "kind": question.kind} | asdict(question)
        for name, question in zip(progress.names(place), step.questions, strict=True)
    ]
    held = place.step - 1 <= lesson.predicts_at and f"{place.lesson}.0" not in now.answers
    return {
        "step": f"{place.lesson}.{place.step}",
        "figure": step.figure or lesson.figure,
        "view": dict(step.view),
        "questions": questions,
        "answers": now.answers,
        "held": list(lesson.held) if held else [],
    }
