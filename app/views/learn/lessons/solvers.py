"""Lesson 3: what an evaluation of f buys, under which solver."""

from app.views.learn.lesson import Lesson, Link, Question, Source, Step

SOLVERS = Lesson(
    title="Solvers",
    idea="Evaluations of f are the price. The order says how fast the error falls, but only once the steps are short"
    " enough to be stable.",
    figure="solvers",
    held=("field=river",),
    steps=(
        Step(
            "What a solver knows",
            r"""
A solver knows the field only where it evaluates $f$, and **evaluations are the price**: in a neural ODE each one runs
the network. Per step Euler takes one, midpoint and Heun two, RK4 four.

One step $\Delta t = 1$ of $\dot x = -x$ from $x = 1$, where the truth is $0.368$:

- Euler gives $0$, midpoint $0.5$, RK4 $0.375$;
- Euler in four steps gives $0.316$, at RK4's price.

Here all have the same budget. Switch solvers on in the table; drag the start.
""",
            {"field": "spiral", "budget": 24},
        ),
        Step(
            "Order",
            r"""
A solver has order $p$ if its error at $T$ shrinks like

$$\lVert \mathbf h_N - \mathbf h(T)\rVert \approx C\,\Delta t^{\,p}$$

once $\Delta t$ is small. On logarithmic axes that is a straight line of slope $-p$: about $-1$ for Euler, $-2$ for
midpoint and Heun, $-4$ for RK4.

Change the budget and the field. The constant $C$ changes from field to field, the slopes do not; with few evaluations
no line is straight yet.
""",
            {"field": "spiral", "budget": 64, "shown": ["euler", "midpoint", "heun", "rk4"]},
        ),
        Step(
            "Predict",
            r"""
Another field: a *steep river*. Everything flows to the right at speed 1 and is pulled towards the bed $y = \sin x$:

$$\dot x = 1,\qquad \dot y = -\lambda\,(y - \sin x)$$

Here $\lambda = 12$ and $T = 6$. After a short time the solution follows the bed, smooth and slow. Each solver may spend
64 evaluations.
""",
            {"field": "spiral", "budget": 64, "shown": ["euler", "rk4"]},
            questions=(
                Question(
                    "In the river, with 64 evaluations each: whose end is nearer to the truth?",
                    ("RK4's: it has the higher order", "Euler's: it takes 64 short steps", "Both are about as near"),
                    1,
                    "Euler's error is 0.0011, RK4's about 10¹⁵. RK4 spends 64 evaluations on 16 steps of 0.375,"
                    " so that λ Δt = 4.5: beyond 2.785 the error grows with every step. Euler's 64 steps have"
                    " λ Δt = 1.1, below its bound of 2.",
                    {"field": "river", "budget": 64},
                ),
            ),
        ),
        Step(
            "Stability",
            r"""
On $\dot y = -\lambda y$ every step multiplies $y$ by a number $R(\lambda \Delta t)$, and nothing stays small unless

$$|R(\lambda\Delta t)| < 1.$$

Euler: $|1 - \lambda \Delta t| < 1$, so $\Delta t < 2/\lambda$. RK4: $\Delta t < 2.785/\lambda$, at four evaluations a
step.

A field is called *stiff* if this bound, not accuracy, decides how short the steps must be. Raise $\lambda$, then the
budget: Euler holds once it takes more than $T\lambda/2$ steps.
""",
            {"field": "river", "budget": 64, "shown": ["euler", "rk4"]},
        ),
        Step(
            "Steps that adapt",
            r"""
dopri5 chooses its steps. It compares a result of order 5 with one of order 4; where they differ by more than the
tolerance, the step is **refused** (dashed, crossed out below) and tried again, shorter. Refused steps are paid for.

The tolerance bounds the estimated error of *one step*. The error at $T$ is another matter: here, with tolerance
$10^{-2}$, it is about $0.15$. With $10^{-1}$ it is about $4$, and the solve even costs more: try it.
""",
            {"field": "oscillator", "tolerance": 1e-2, "shown": ["dopri5"]},
        ),
        Step(
            "Be the solver",
            r"""
You have six RK4 steps, 24 evaluations, through a whirlpool in a stream. Where should they end? Move the bars below the
plane. The score is the largest error at the end of a step.

Equal steps make an error of about $0.15$; a good hand comes below $0.03$. Where the path bends, steps must be short;
where it runs straight, they may be long. An adaptive solver does the same by its own estimate, which at so loose a
tolerance misses the whirlpool.
""",
            {},
            "steps",
        ),
        Step(
            "Check",
            r"""
The first can be tried in the figure, where $\lambda$ is 60.

On Explore, dopri5 solves the real network: the ticks below its slider show where it stepped, and how many steps it
refused is listed beside.
""",
            {"field": "river", "knob": 60, "budget": 256, "tolerance": 1e-3, "shown": ["dopri5"]},
            questions=(
                Question(
                    "The river at λ = 60. With tolerance 10⁻³ dopri5 takes 836 evaluations. And with 10⁻¹?",
                    ("About 80", "About 800", "About 8000"),
                    1,
                    "It takes 818: nearly as many. What keeps the steps short is stability, and a looser tolerance does"
                    " not change the field.",
                ),
                Question(
                    "RK4 is stable and in its straight range. For a tenth of the error it needs",
                    ("1.8 times as many steps", "3.2 times as many steps", "10 times as many steps"),
                    0,
                    "The error goes with Δt to the fourth power: ten to the power 1/4 is 1.8. With order 2 it would"
                    " be 3.2, with order 1 it would be 10.",
                ),
            ),
        ),
    ),
    link=Link("Solve the real network with dopri5", "./?solver=dopri5&tolerance=1e-3"),
    sources=(
        Source(
            "Hairer, Nørsett, Wanner, Solving Ordinary Differential Equations I, 1993",
            "https://doi.org/10.1007/978-3-540-78862-1",
        ),
        Source(
            "Hairer, Wanner, Solving Ordinary Differential Equations II: Stiff Problems, 1996",
            "https://doi.org/10.1007/978-3-642-05221-7",
        ),
    ),
)
