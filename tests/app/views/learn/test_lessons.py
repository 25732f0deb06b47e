"""The lessons as data: what each must have, and that its words are few and its links possible."""

import re
from urllib.parse import parse_qsl, urlsplit

import pytest

from app.address import fits
from app.public import PAGES
from app.views.learn.lesson import Lesson
from app.views.learn.lessons import LESSONS
from app.views.learn.progress import DONE, Place, names

MOST_WORDS = 90


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.title)
class TestLesson:
    def test_one_prediction_before_two_checks(self, lesson: Lesson) -> None:
        assert [question.kind for question in lesson.questions] == ["predict", "check", "check"]
        assert lesson.steps[-1].questions == lesson.questions[1:]

    def test_a_right_option_among_others(self, lesson: Lesson) -> None:
        for question in lesson.questions:
            assert 0 <= question.right < len(question.options) == len(set(question.options))

    def test_a_step_is_short(self, lesson: Lesson) -> None:
        for step in lesson.steps:
            prose = re.sub(r"\$[^$]*\$", "x", step.text)
            assert len(prose.split()) <= MOST_WORDS, step.title

    def test_its_link_asks_for_what_can_be(self, lesson: Lesson) -> None:
        link = urlsplit(lesson.link.address)
        assert link.path.removeprefix(".") in PAGES
        settings = parse_qsl(link.query, strict_parsing=bool(link.query))
        assert all(fits(key, [value]) for key, value in settings)

    def test_its_sources_have_addresses(self, lesson: Lesson) -> None:
        assert lesson.sources
        assert all(each.address.startswith("https://") for each in lesson.sources)


def test_every_answer_fits_into_the_address() -> None:
    places = [Place(number + 1, step + 1) for number, each in enumerate(LESSONS) for step in range(len(each.steps))]
    answers = [f"{name}-0" for place in places for name in names(place)]
    assert len(answers) == 3 * len(LESSONS)
    assert re.fullmatch(DONE, "_".join(answers))


def test_next_and_back_go_through_all_steps() -> None:
    place, seen = Place(1, 1), 1
    assert place.before is None
    while place.next is not None:
        assert place.next.before == place
        place, seen = place.next, seen + 1
    assert seen == sum(len(lesson.steps) for lesson in LESSONS)
