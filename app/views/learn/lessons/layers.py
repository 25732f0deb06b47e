"""Lesson 1: residual layers as the steps of Euler's method."""

from app.views.learn.lesson import Lesson, Link, Question, Source, Step

LAYERS = Lesson(
    title="From layers to time",
    idea="Many small residual steps are Euler's method for an ODE, if the weights change smoothly with depth and each"
    " step shrinks as 1/N.",
    figure="layers",
    held=("roughness",),
    steps=(
        Step(
            "A layer adds",
            r"""
A residual layer does not replace the state $\mathbf h$, it *adds to* it. Let each of $N$ layers add only $1/N$ of what
its function $f$ gives:

$$\mathbf h_{k+1} = \mathbf h_k + \tfrac1N\, f(\mathbf h_k, \theta_k)$$

Here the state is a point of the plane, and the weights $\theta_k$ change smoothly with depth. Each blue dot is the
state after one layer. Drag the start, and take more layers.
""",
            {"count": 4},
        ),
        Step(
            "The limit is an ODE",
            r"""
More layers do not mean more change; they mean the same change in finer steps. This is **Euler's method** with step
$\Delta t = 1/N$ for the ordinary differential equation

$$\frac{\mathrm d\mathbf h}{\mathrm dt} = f(\mathbf h(t), \theta(t)),\qquad 0 \le t \le 1.$$

The wide grey line is its solution. Depth has become time: layer $k$ stands at $t = k/N$.

The lower plot shows how far the last state is from the solution's end: about half as far with twice the layers.
""",
            {"count": 16},
        ),
        Step(
            "By hand",
            r"""
Take one number instead of two, $f(h) = -h$, and start from $h = 1$. The solution ends at $e^{-1} = 0.368$.

- $N = 2$: $1 \to 0.5 \to 0.25$
- $N = 4$: four times $\cdot\, 0.75$, which gives $0.316$
- $N = 8$: eight times $\cdot\, 0.875$, which gives $0.344$

The errors are $0.118$, $0.051$ and $0.024$: each about half of the one before, as

$$\lVert \mathbf h_N - \mathbf h(1)\rVert = O(1/N)$$

says. What does $N = 1$ give? One step of length 1: $1 - 1 = 0$.
""",
            {"count": 8},
        ),
        Step(
            "Predict",
            r"""
So far, neighbouring layers had nearly the same weights. Nothing in ordinary training asks for that: a network learns
the weights of each layer separately.

Suppose that each layer has weights of its own, drawn at random and **independent** of all others. Keep the factor $1/N$
and take 256 layers.

Answer first; then the figure shows it.
""",
            {"count": 16},
            questions=(
                Question(
                    "Independent weights, factor 1 / N, 256 layers: where does the path end?",
                    (
                        "On the same curve, only rougher",
                        "Almost where it began",
                        "Far away, somewhere else each time",
                    ),
                    1,
                    "Independent layers pull in all directions. A sum of N such pulls grows like √N, and the factor"
                    " 1 / N makes it vanish like 1 / √N: over 40 draws the mean distance from the start is 1.10 with 16"
                    " layers, 0.62 with 64 and 0.27 with 256.",
                    {"count": 256, "roughness": 1},
                ),
            ),
        ),
        Step(
            "What an ODE takes",
            r"""
Two things made the layers an ODE: a factor $1/N$, **and** weights that are smooth in depth. Try the others.

- **No scaling**: nothing settles; twice the layers go about twice as far.
- **$1/\sqrt N$, independent weights**: the path neither vanishes nor settles. Its limit is random: a *stochastic*
  differential equation.

So a deep residual network is not an ODE just because it is deep. In SegNode all of the depth shares one set of
weights, as smooth as can be. Lesson 3 is about its steps.
""",
            {"count": 256, "roughness": 1, "scale": "root"},
        ),
        Step(
            "Check",
            r"""
Two questions. Try them in the figure, before or after you answer.

Then look at the real network. SegNode's field has two modules, $f(\mathbf h) = M_1(\mathbf h) + M_2(\mathbf h +
M_1(\mathbf h))$. One Euler step of length 1 is therefore exactly the residual network
$\mathbf h \leftarrow \mathbf h + M_1(\mathbf h)$, $\mathbf h \leftarrow \mathbf h + M_2(\mathbf h)$.
""",
            {"count": 32},
            questions=(
                Question(
                    "Smooth weights, factor 1 / N. You halve the step by taking twice the layers. The distance from the"
                    " ODE's end",
                    ("stays, it is the same network", "becomes about half", "becomes about a quarter"),
                    1,
                    "Euler's method has order 1: its error is proportional to the step, once the step is small.",
                ),
                Question(
                    "Smooth weights, no scaling. With twice the layers the path ends",
                    ("at the same place, more exactly", "about twice as far away", "about half as far away"),
                    1,
                    "Without 1 / N each layer adds as much as before, so twice the layers do not refine the path: they"
                    " lengthen it. There is no limit to come close to.",
                ),
            ),
        ),
    ),
    link=Link("Solve the real network with one Euler step", "./?solver=euler&steps=1"),
    sources=(
        Source("Chen et al., Neural Ordinary Differential Equations, 2018", "https://arxiv.org/abs/1806.07366"),
        Source(
            "Sander et al., Do Residual Neural Networks discretize Neural ODEs?, 2022",
            "https://arxiv.org/abs/2205.14612",
        ),
        Source("Cohen et al., Scaling Properties of Deep Residual Networks, 2021", "https://arxiv.org/abs/2105.12245"),
        Source("Marion et al., Scaling ResNets in the Large-depth Regime, 2025", "https://arxiv.org/abs/2206.06929"),
    ),
)
