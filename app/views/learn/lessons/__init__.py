"""The lessons, in order."""

from app.views.learn.lesson import Lesson
from app.views.learn.lessons.crossing import CROSSING
from app.views.learn.lessons.gradients import GRADIENTS
from app.views.learn.lessons.layers import LAYERS
from app.views.learn.lessons.solvers import SOLVERS
from app.views.learn.lessons.training import TRAINING

LESSONS: tuple[Lesson, ...] = (LAYERS, CROSSING, SOLVERS, TRAINING, GRADIENTS)
#: The most steps that a lesson has.
MOST_STEPS = max(len(lesson.steps) for lesson in LESSONS)
