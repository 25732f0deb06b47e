"""Where a person is among the lessons, and what was answered: in the address, and kept over a change of page."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from app.views.learn.lessons import LESSONS

#: `done` in the address: "lesson.question-option", the latter two from 0, joined by "_".
DONE = r"\d\.\d-\d(_\d\.\d-\d){0,63}"
_KEY = "learn"
_ANSWER = re.compile(r"(\d\.\d)-(\d)")


@dataclass(frozen=True)
class Place:
    """A lesson and one of its steps, from 1."""

    lesson: int
    step: int

    @property
    def next(self) -> "Place | None":
        """The step after it, which may be the next lesson's first; None at the end."""
        if self.step < len(LESSONS[self.lesson - 1].steps):
            return Place(self.lesson, self.step + 1)
        return Place(self.lesson + 1, 1) if self.lesson < len(LESSONS) else None

    @property
    def before(self) -> "Place | None":
        """The step before it; None at the beginning."""
        if self.step > 1:
            return Place(self.lesson, self.step - 1)
        return Place(self.lesson - 1, len(LESSONS[self.lesson - 2].steps)) if self.lesson > 1 else None


@dataclass
class Progress:
    """place: where a person was last. answers: the option that was chosen of each question, by its id."""

    place: Place
    answers: dict[str, int]

    def answer(self, name: str, option: int) -> None:
        """Take in an answer that was just given."""
        self.answers[name] = option


def follow(returned: bool) -> Progress:
    """The session's progress, brought to what the address says. returned: whether from another page.

    Once `address.checked` has let the address pass. Another page empties it: then it is as it was before.
    """
    progress: Progress = st.session_state.setdefault(_KEY, Progress(Place(1, 1), {}))
    if returned and not st.query_params and progress != Progress(Place(1, 1), {}):
        go(progress.place)
    lesson = int(st.query_params.get("lesson", "1"))
    step = int(st.query_params.get("step", "1"))
    progress.place = Place(lesson, min(step, len(LESSONS[lesson - 1].steps)))
    progress.answers |= {id_: int(option) for id_, option in _ANSWER.findall(st.query_params.get("done", ""))}
    return progress


def go(place: Place) -> None:
    """Put a place and the answers so far into the address: one entry of the browser's history."""
    progress: Progress = st.session_state[_KEY]
    done = "_".join(f"{id_}-{option}" for id_, option in progress.answers.items())
    settings = {"lesson": str(place.lesson), "step": str(place.step)}
    st.query_params.from_dict(settings | ({"done": done} if done else {}))


def names(place: Place) -> list[str]:
    """The ids of a step's questions: those of a lesson are numbered from 0."""
    steps = LESSONS[place.lesson - 1].steps
    first = sum(len(step.questions) for step in steps[: place.step - 1])
    return [f"{place.lesson}.{first + index}" for index in range(len(steps[place.step - 1].questions))]


def answered(place: Place, answers: Mapping[str, int]) -> bool:
    """Whether all questions of a step are answered."""
    return all(name in answers for name in names(place))


def finished(lesson: int, answers: Mapping[str, int]) -> bool:
    """Whether all questions of a lesson, from 1, are answered."""
    return all(answered(Place(lesson, step + 1), answers) for step in range(len(LESSONS[lesson - 1].steps)))
