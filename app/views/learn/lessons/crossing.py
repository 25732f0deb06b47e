"""Lesson 2: what the uniqueness of solutions forbids, and what it does not."""

from app.views.learn.lesson import Lesson, Link, Question, Source, Step

CROSSING = Lesson(
    title="What may cross",
    idea="One state has one future: full states never meet, parts of them may. So a flow cannot swap two points on a"
    " line; an added dimension lets it.",
    figure="crossing",
    held=("field=wind",),
    steps=(
        Step(
            "One state, one future",
            r"""
A field gives every point of the plane one arrow, and a path follows the arrows:

$$\mathbf h(t) = \mathbf h(0) + \int_0^t f(\mathbf h(s))\,\mathrm ds$$

If $f$ is Lipschitz (it does not change too abruptly), each point has exactly **one** path through it. Two paths can
then neither cross nor merge: where they met, one state would have two futures.

Drag the three starts and try. The field is a pendulum's: $x$ is its angle, $y$ how fast it turns.
""",
            {"field": "pendulum"},
        ),
        Step(
            "A part may cross",
            r"""
The plot at the right shows one coordinate alone, $x(t)$. These curves do cross, as often as they like: $x$ is only a
part of the state. At a ring, two pendulums hang at the same angle and turn at different speeds.

Move the time $t$ and watch the dots: at each ring of the plot, two dots stand exactly above each other in the plane.
""",
            {"field": "pendulum", "share": 0.5},
        ),
        Step(
            "Predict",
            r"""
So far the arrows stood still. Let them turn with time: the field is $f(t, \mathbf h)$, and the arrow at a place is
another a moment later.

$$\frac{\mathrm d\mathbf h}{\mathrm dt} = f(t, \mathbf h(t))$$

Each path still follows the arrow of its place and moment.
""",
            {"field": "spiral"},
            questions=(
                Question(
                    "The arrows turn with time. Can two paths cross in the plane?",
                    (
                        "No, that is forbidden for every ODE",
                        "Yes, but they are there at different times",
                        "Yes, even at the same time",
                    ),
                    1,
                    "The rings show where paths cross; each path is there at another time, when the arrow was another."
                    " Two paths at one place at one time would have one future, and so would be one path: in (t, x, y)"
                    " nothing crosses.",
                    {"field": "wind"},
                ),
            ),
        ),
        Step(
            "Swap two points",
            r"""
Can $-1$ and $1$ change places on a line? One residual layer can do it: with $f(h) = -2h$,

$$h + f(h) = -h.$$

Now take the same $f$ in more layers, each adding $1/N$. With $N = 2$ both points end at $0$; with ever more they come
close to the flow, which takes $1$ to $e^{-2} = 0.135$.

A flow on a line keeps the order of its points: to swap, they would have to meet. So $x \mapsto -x$ is no flow.
""",
            {"numbers": "1", "count": 1},
            "swap",
        ),
        Step(
            "An added dimension",
            r"""
Give each state a second number, $0$ at the start. Now there is room to go round:

$$(x, 0) \mapsto (x\cos\pi t,\; x\sin\pi t)$$

is half a turn, the flow of $f(x, y) = \pi\,(-y, x)$. At $t = 1$ the points have changed
places and never met. Few layers overshoot: a long Euler step leaves the circle.

Adding numbers that start at $0$ is called *augmentation*. In the plane, too, a flow has its limits: what lies inside a
closed curve stays inside. Lesson 4 shows it.
""",
            {"numbers": "2", "count": 32},
            "swap",
        ),
        Step(
            "Check",
            r"""
In SegNode the state is that of the whole picture: several hundred thousand numbers, one path. What you see of a pixel,
the probability of each class, is read off that state.
""",
            {"numbers": "1", "count": 1},
            "swap",
            questions=(
                Question(
                    "Can one residual layer swap \u22121 and 1 on a line?",
                    (
                        "Yes: a layer jumps, so nothing has to meet",
                        "No: paths may not cross",
                        "Only with an added dimension",
                    ),
                    0,
                    "A layer h + f(h) with f(h) = \u22122h gives \u2212h. As a step of Euler's method it is far too"
                    " long to follow the flow of dh/dt = \u22122h, which keeps the order. A residual network may do"
                    " what its ODE cannot.",
                ),
                Question(
                    "Two pinned pixels: their probabilities of sky cross at some t. Have two states met?",
                    (
                        "Yes: at that t both pixels are in one state",
                        "No: both are read off one and the same state",
                        "Only if the solver made an error",
                    ),
                    1,
                    "There is one state and one path, and each probability is a function of it, as x is here. That two"
                    " such functions are equal for a moment says nothing about states.",
                ),
            ),
        ),
    ),
    link=Link(
        "Two pixels of the real network whose probabilities of sky cross",
        "./?seed=100210&t=0.5&pins=26-18_190-142",
    ),
    sources=(
        Source("Dupont et al., Augmented Neural ODEs, 2019", "https://arxiv.org/abs/1904.01681"),
        Source("Chen et al., Neural Ordinary Differential Equations, 2018", "https://arxiv.org/abs/1806.07366"),
    ),
)
