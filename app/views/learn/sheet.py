"""A lesson on paper: all its steps, its questions without answers, its sources."""

from app.ui.text import plain
from app.views.learn.lesson import Lesson, Question


def title(lesson: Lesson) -> str:
    """What stands above the figure, as Markdown."""
    return f"## {lesson.title}\n\n{plain(lesson.idea)}"


def body(lesson: Lesson) -> str:
    """What stands below it."""
    parts: list[str] = []
    for number, step in enumerate(lesson.steps, 1):
        parts += [f"#### {number}. {step.title}", step.text.strip(), *map(_question, step.questions)]
    sources = "\n".join(f"- {plain(source.text)}: {plain(source.address)}" for source in lesson.sources)
    return "\n\n".join([*parts, "#### Sources", sources])


def _question(question: Question) -> str:
    options = "\n".join(f"- \u2610 {plain(option)}" for option in question.options)
    return f"**{plain(question.text)}**\n\n{options}"
