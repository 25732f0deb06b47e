"""The lessons, in order."""

from app.views.learn.lesson import Lesson
from app.views.learn.lessons.crossing import CROSSING
from app.views.learn.lessons.layers import LAYERS

LESSONS: tuple[Lesson, ...] = (LAYERS, CROSSING)
#: The most steps that a lesson has.
MOST_STEPS = max(len(lesson.steps) for lesson in LESSONS)
