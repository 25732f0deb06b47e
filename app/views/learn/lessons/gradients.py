"""Lesson 5: how a gradient goes back through a solve, and what a solve backwards returns to."""

from app.views.learn.lesson import Lesson, Link, Question, Source, Step

GRADIENTS = Lesson(
    title="Back in time",
    idea="A gradient goes back through the solve and needs the states on the way. Solving backwards for them saves"
    " memory, but need not lead back to where it began.",
    figure="return",
    held=("field=river",),
    steps=(
        Step(
            "Three ways back",
            r"""
**Backpropagation** keeps what every evaluation of $f$ computed. **Checkpointing** keeps one state an evaluation and
computes the rest again. The **adjoint method** keeps the end alone, and solves backwards in time for the state and for
its gradient $\mathbf a = \partial L/\partial \mathbf h$:

$$\dot{\mathbf a} = -\mathbf a^{\top}\frac{\partial f}{\partial\mathbf h}$$

$$\frac{dL}{d\theta} = \int_0^T \mathbf a^{\top}\frac{\partial f}{\partial\theta}\,dt$$

So much depends on the way back. Here blue goes there, orange returns.
""",
            {"field": "spiral", "steps": 8},
        ),
        Step(
            "There and back",
            r"""
An ODE can be run backwards: from its end it returns exactly to its start. A solver makes errors both ways, so it
returns only about there.

The plot shows how far from the start it ends, over the number of steps. In the spiral and the pendulum more steps help,
as fast as the order says or faster. Try Euler, too: it needs very many.
""",
            {"field": "spiral", "steps": 16},
        ),
        Step(
            "Predict",
            r"""
The steep river of lesson 3 again, with $\lambda = 2$: everything is pulled towards the bed,

$$\dot x = 1,\qquad \dot y = -\lambda\,(y - \sin x)$$

RK4 in 32 steps to $T = 6$ ends only $0.00004$ from the true end. Then it goes back from there, with 32 steps as well.
""",
            {"field": "spiral", "steps": 32},
            questions=(
                Question(
                    "How far from its start does the way back end?",
                    (
                        "About as little, 0.0001",
                        "About 2, far off on this plane",
                        "Not at all: an ODE can be run backwards",
                    ),
                    1,
                    "It ends 2.4 from the start. Forwards the river pulls all paths together, and so the end is exact;"
                    " backwards it drives them apart, and the same small errors grow.",
                    {"field": "river", "knob": 2, "steps": 32},
                ),
            ),
        ),
        Step(
            "Together, apart",
            r"""
Two paths of the river come together like $e^{-\lambda t}$. Run backwards, they part like $e^{\lambda t}$: with
$\lambda = 2$ over $T = 6$ by a factor of $e^{12}$, about 163,000. Every error on the way is multiplied so, rounding
included.

Raise $\lambda$. At 4, 512 steps of RK4 do not lead back; at 12 no number of steps does, for rounding alone has grown
beyond the plane. Forwards, the same 512 steps end within $10^{-8}$ of the truth.
""",
            {"field": "river", "knob": 4, "steps": 512},
        ),
        Step(
            "What each gradient is",
            r"""
Backpropagation and checkpointing differentiate **the solve that was run**: their gradients are the same, and exact for
it, however few its steps.

The adjoint's is the gradient of the ODE, as far as the way back follows it: with few steps it is rough, and in a field
that pulls together strongly it can be wrong. Its memory does not grow with the steps; but on the way back it carries
an integral as large as $\theta$.
""",
            {"field": "river", "knob": 2, "steps": 64},
        ),
        Step(
            "Check",
            r"""
On the page of costs, training memory is measured for networks of the paper and for ours, and what it says of SegNode
depends on how its gradient is taken.
""",
            {"field": "spiral", "steps": 16},
            questions=(
                Question(
                    "With more steps of the solver, whose memory does not grow?",
                    ("Backpropagation's", "Checkpointing's", "The adjoint method's"),
                    2,
                    "It keeps the end alone. Checkpointing keeps a state for every evaluation, which is little beside"
                    " what an evaluation computes, but grows.",
                ),
                Question(
                    "When does the adjoint method give the gradient that backpropagation gives?",
                    (
                        "Always: both are exact",
                        "In the limit of short steps",
                        "Never: they differ by the solver's order",
                    ),
                    1,
                    "With short steps the solve and the way back both follow the ODE, and the two gradients meet. With"
                    " long steps only backpropagation belongs to the solve that was run.",
                ),
            ),
        ),
    ),
    link=Link("Memory and time of the networks, measured", "./cost"),
    sources=(
        Source("Chen et al., Neural Ordinary Differential Equations, 2018", "https://arxiv.org/abs/1806.07366"),
        Source("Gholami et al., ANODE, 2019", "https://arxiv.org/abs/1902.10298"),
        Source("Zhuang et al., Adaptive Checkpoint Adjoint Method, 2020", "https://arxiv.org/abs/2006.02493"),
    ),
)
