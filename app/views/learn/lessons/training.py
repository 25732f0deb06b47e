"""Lesson 4: a field is learned, by the gradient of a discrete solve."""

from app.views.learn.lesson import Lesson, Link, Question, Source, Step

TRAINING = Lesson(
    title="Learning a field",
    idea="Training bends the flow until a straight line can read its end. It cannot undo what every flow keeps, and the"
    " solver it trains with is part of what it learns.",
    figure="training",
    held=("points=ring",),
    steps=(
        Step(
            "A field with weights",
            r"""
Nobody draws the arrows of a neural ODE: a small network $f_\theta$, with 1,218 weights, gives them. Each point
$\mathbf x$ is a start $\mathbf h(0)$, flows until $t = 1$, and a **straight line** reads where it ends:

$$p(\mathbf x) = \sigma(\mathbf w\cdot\mathbf h(1) + b)$$

The colours behind the points say how a *start* there would be classified. Press Train.
""",
            {"points": "moons"},
        ),
        Step(
            "What training changes",
            r"""
The loss is the mean cross-entropy of the 128 points. Its gradient is that of the solver's steps: back through every
evaluation of every step, down to $\theta$. A small move against it, and the arrows have changed a little.

Each training step here uses RK4 with 3 to 6 steps, drawn anew. Start again and take single steps: at first the loss
hardly moves, then the field finds a way.
""",
            {"points": "moons"},
        ),
        Step(
            "Watch the flow",
            r"""
Train until the loss is below $0.01$. Then move the depth $t$ from 0 to 1: the moons drift apart until the dashed line
separates them. The line is straight, so all the bending was done by the flow.

The plane zooms out where points move far. Try the spirals: the flow has to unwind them.
""",
            {"points": "moons", "share": 0.5},
        ),
        Step(
            "Predict",
            r"""
Now a disc inside a ring, and two numbers a state, as before. A flow moves the plane without tearing or folding it.

To be right everywhere, it must bring the whole disc to one side of a straight line and the whole ring to the other.
""",
            {"points": "moons"},
            questions=(
                Question(
                    "Disc and ring, two numbers a state: can a flow bring them to two sides of a straight line?",
                    (
                        "Yes, with a large enough network",
                        "No: the ring would have to be cut",
                        "Only with an adaptive solver",
                    ),
                    1,
                    "The inner edge of the ring flows to a closed curve that still encloses the disc. If the whole ring"
                    " came to one side of a line, so would all that this curve encloses: the disc, too. Watch what"
                    " training finds instead.",
                    {"points": "ring", "running": True},
                ),
            ),
        ),
        Step(
            "Gaps, and a way out",
            r"""
Yet nearly all of the 128 points come out right. They are finitely many: the flow pulls the ring apart between two of
its points and squeezes the disc out through the gap. New points that fall into the gap come out wrong.

Now give each state **one added** number, $0$ at the start, and train. The disc is simply lifted out of the ring, and a
plane reads the end. Height is drawn as size, and upwards.
""",
            {"points": "ring"},
        ),
        Step(
            "The solver is part of it",
            r"""
These spirals are trained with Euler in two steps, and only with that. Train, then choose other ways to answer: the
weights are the same, but with more steps many points come out wrong.

The network has learned two good jumps, not a flow. It is a residual network, and **no discretized ODE**. Drawing the
number of steps anew in each training step rewards what all of them agree on, and that is the flow.
""",
            {"points": "spirals", "solver": "two"},
        ),
        Step(
            "Check",
            r"""
SegNode's head is linear, too: for each pixel it reads weighted sums of the state. After the encoder, all the bending is
done by the flow.

Whether its weights belong to a flow can be tried in the same way: solve with other steps and another solver, and
compare the answers.
""",
            {"points": "spirals", "solver": "drawn"},
            questions=(
                Question(
                    "After training, where are the two classes at t = 1?",
                    ("Each in one point", "On two sides of a straight line", "Back where they started"),
                    1,
                    "The head can only draw a straight line, so training moves the ends to two sides of one. How far"
                    " they spread there does not matter to it.",
                ),
                Question(
                    "A network was trained with Euler in two steps. Answered with RK4 in 24 steps, its points",
                    (
                        "come out the same, only more exactly",
                        "may come out wrong",
                        "come out right: RK4 is the better solver",
                    ),
                    1,
                    "RK4 follows the field closely, but the field was never trained to be followed: the weights fit the"
                    " two long steps. The better solver of the wrong question gives the wrong answer.",
                ),
            ),
        ),
    ),
    link=Link("Solve the real network with RK4 in 8 steps", "./?solver=rk4&steps=8"),
    sources=(
        Source("Dupont et al., Augmented Neural ODEs, 2019", "https://arxiv.org/abs/1904.01681"),
        Source(
            "Ott et al., ResNet After All? Neural ODEs and Their Numerical Solution, 2021",
            "https://arxiv.org/abs/2007.15386",
        ),
    ),
)
