"""What a lesson is made of: data, from which the page, its printed sheet and the tests are made."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

#: What the live figure of a step shows, in the words of its class in `app/components/learn/`.
View = Mapping[str, Any]


@dataclass(frozen=True)
class Question:
    """A question with one right option, numbered from 0; the others are mistakes that people make.

    why: said after any answer. after: of a prediction, what the figure shows then, where it differs from the step's.
    """

    text: str
    options: tuple[str, ...]
    right: int
    why: str
    after: View | None = None

    @property
    def kind(self) -> str:
        """What it is asked for: to predict what the figure will show, or to check."""
        return "check" if self.after is None else "predict"


@dataclass(frozen=True)
class Step:
    """A step of a lesson. text: Markdown with formulas, at most 90 words. figure: where it is not the lesson's."""

    title: str
    text: str
    view: View = field(default_factory=dict)
    figure: str | None = None
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True)
class Link:
    """Into the real network. address: of the page, relative to this one's."""

    text: str
    address: str


@dataclass(frozen=True)
class Source:
    """Where to read on."""

    text: str
    address: str


@dataclass(frozen=True)
class Lesson:
    """One idea, one figure, one prediction, two checks.

    figure: its name in `app/components/learn/learn.js`. held: controls that would give the prediction away, which wait
    for it: "name" of a slider, "name=option" of a choice.
    """

    title: str
    idea: str
    figure: str
    steps: tuple[Step, ...]
    held: tuple[str, ...]
    link: Link
    sources: tuple[Source, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        """Its prediction and its checks, in order."""
        return tuple(question for step in self.steps for question in step.questions)

    @property
    def predicts_at(self) -> int:
        """The step, from 0, that asks for the prediction."""
        return next(i for i, step in enumerate(self.steps) if any(q.after is not None for q in step.questions))
