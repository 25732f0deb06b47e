"""Every number that a lesson states of its figure, computed by the modules that draw it."""

import math

import pytest

from app.views.learn.lesson import Lesson
from app.views.learn.lessons import LESSONS
from tests.app.components.learn.conftest import Evaluate

LAYERS, CROSSING, SOLVERS, TRAINING, GRADIENTS = LESSONS
#: `errorAt(field, solver, {steps or rtol}, knob)`: the error at T, and the evaluations of f.
ERROR = """
const { TABLEAUS, distance, solveAdaptive, solveFixed } = runge_kutta;
const errorAt = (name, solver, size, knob = fields.FIELDS[name].knob?.[3]) => {
    const field = fields.FIELDS[name], start = field.starts[0], f = (t, y, d) => field.f(t, y, d, knob);
    const exact = field.exact
        ? field.exact(start, field.until, knob)
        : solveAdaptive(f, start, field.until, { rtol: 1e-11, most: 1e6 }).end;
    const run = TABLEAUS[solver]
        ? solveFixed(f, start, field.until, size, TABLEAUS[solver])
        : solveAdaptive(f, start, field.until, { rtol: size });
    return [distance(run.end, exact), run.nfe];
};
"""


def words(lesson: Lesson) -> str:
    """All that a lesson says."""
    said = [step.text for step in lesson.steps]
    for question in lesson.questions:
        said += [question.text, question.why, *question.options]
    return "\n".join([lesson.idea, *said])


def test_independent_layers_end_almost_where_they_began(evaluate: Evaluate) -> None:
    distances = evaluate(
        ["residual_network", "runge_kutta"],
        """({ residual_network, runge_kutta }) => [16, 64, 256].map((count) => {
            let sum = 0;
            for (let seed = 1; seed <= 40; seed++) {
                const weights = new residual_network.LayerWeights(seed), start = [0.3, -0.4];
                const states = residual_network.statesOfLayers(weights, start, count, "ode", 1);
                sum += runge_kutta.distance(states[count], start) / 40;
            }
            return sum;
        })""",
    )
    a, b, c = (f"{distance:.2f}" for distance in distances)
    assert f"{a} with 16 layers, {b} with 64 and {c} with 256" in words(LAYERS)


def test_smooth_layers_come_close_with_order_1_and_go_twice_as_far_without_scaling(evaluate: Evaluate) -> None:
    order, growth = evaluate(
        ["residual_network", "runge_kutta"],
        """({ residual_network, runge_kutta }) => {
            const { LayerWeights, layerField, statesOfLayers } = residual_network;
            const { TABLEAUS, distance, solveFixed } = runge_kutta;
            let error = [0, 0], way = [0, 0];
            for (let seed = 1; seed <= 20; seed++) {
                const weights = new LayerWeights(seed), start = [0.3, -0.4];
                const f = (t, h, d) => layerField(weights.smooth(t), h, d);
                const exact = solveFixed(f, start, 1, 64, TABLEAUS.rk4).end;
                [64, 128].forEach((count, i) => {
                    error[i] += distance(statesOfLayers(weights, start, count, "ode", 0)[count], exact);
                    way[i] += distance(statesOfLayers(weights, start, count, "none", 0)[count], start);
                });
            }
            return [Math.log2(error[0] / error[1]), way[1] / way[0]];
        }""",
    )
    assert order == pytest.approx(1, abs=0.1)
    assert growth == pytest.approx(2, abs=0.2)


def test_the_example_by_hand() -> None:
    said = words(LAYERS)
    assert f"e^{{-1}} = {math.exp(-1):.3f}" in said
    assert f"${0.75**4:.3f}$" in said
    assert f"${0.875**8:.3f}$" in said
    errors = [f"${math.exp(-1) - (1 - 1 / count) ** count:.3f}$" for count in (2, 4, 8)]
    assert f"{errors[0]}, {errors[1]} and {errors[2]}" in said


def test_the_swap() -> None:
    assert f"e^{{-2}} = {math.exp(-2):.3f}" in words(CROSSING)


def test_solvers_in_one_step(evaluate: Evaluate) -> None:
    ends = evaluate(
        ["runge_kutta"],
        """({ runge_kutta: { TABLEAUS, solveFixed } }) => {
            const f = (t, y, d) => (d[0] = -y[0]);
            const end = (solver, steps) => solveFixed(f, [1], 1, steps, TABLEAUS[solver]).end[0];
            return [end("euler", 1), end("midpoint", 1), end("rk4", 1), end("euler", 4)];
        }""",
    )
    euler, midpoint, rk4, four = (f"${end:.3g}$" for end in ends)
    assert f"Euler gives {euler}, midpoint {midpoint}, RK4 {rk4}" in words(SOLVERS)
    assert f"Euler in four steps gives {four}" in words(SOLVERS)


def test_orders(evaluate: Evaluate) -> None:
    orders = evaluate(
        ["runge_kutta", "fields"],
        f"""({{ runge_kutta, fields }}) => {{
            {ERROR}
            return ["euler", "midpoint", "heun", "rk4"].map((solver) =>
                Math.log2(errorAt("spiral", solver, 128)[0] / errorAt("spiral", solver, 256)[0]));
        }}""",
    )
    assert orders == pytest.approx([1, 2, 2, 4], abs=0.1)


def test_the_river(evaluate: Evaluate) -> None:
    found = evaluate(
        ["runge_kutta", "fields"],
        f"""({{ runge_kutta, fields }}) => {{
            {ERROR}
            return {{
                euler: errorAt("river", "euler", 64)[0], rk4: errorAt("river", "rk4", 16)[0],
                tight: errorAt("river", "dopri5", 1e-3, 60)[1], loose: errorAt("river", "dopri5", 1e-1, 60)[1],
                unstable: errorAt("river", "euler", 170, 60)[0], stable: errorAt("river", "euler", 190, 60)[0],
            }};
        }}""",
    )
    said = words(SOLVERS)
    assert f"Euler's error is {found['euler']:.2g}," in said
    assert round(math.log10(found["rk4"])) == 15
    assert f"dopri5 takes {found['tight']} evaluations" in said
    assert f"It takes {found['loose']}:" in said
    assert found["unstable"] > 1 > found["stable"]  # the bound: T lambda / 2 = 180 steps


def test_the_tolerance_is_not_the_error(evaluate: Evaluate) -> None:
    loose, tight = evaluate(
        ["runge_kutta", "fields"],
        f"""({{ runge_kutta, fields }}) => {{
            {ERROR}
            return [1e-1, 1e-2].map((tolerance) => errorAt("oscillator", "dopri5", tolerance));
        }}""",
    )
    assert f"it is about ${tight[0]:.2g}$. With $10^{{-1}}$ it is about ${loose[0]:.0f}$" in words(SOLVERS)
    assert loose[1] > tight[1]


def test_be_the_solver(evaluate: Evaluate) -> None:
    equal, hand = evaluate(
        ["runge_kutta", "fields"],
        """({ runge_kutta: { TABLEAUS, distance, interpolate, solveAdaptive, solveFixed }, fields }) => {
            const { f, starts: [start], until } = fields.FIELDS.whirl;
            const fine = solveAdaptive(f, start, until, { rtol: 1e-10 });
            const exact = (t) => {
                const step = fine.steps.find(({ to }) => t <= to) ?? fine.steps.at(-1);
                return interpolate(step, Math.min((t - step.from) / (step.to - step.from), 1), fine.tableau);
            };
            return [6, [0, 1.55, 2.1, 2.5, 2.9, 3.4, until]].map((grid) =>
                Math.max(...solveFixed(f, start, until, grid, TABLEAUS.rk4).steps.map(({ to, end }) =>
                    distance(end, exact(to)))));
        }""",
    )
    assert f"about ${equal:.2f}$" in words(SOLVERS)
    assert hand < 0.03


TRAIN = """({ training: { Training } }, { settings, steps }) => {
    const training = new Training(settings);
    for (let step = 0; step < steps; step++) training.step();
    return { right: training.right, loss: training.loss, weights: training.net.weights.length, ...training.check() };
}"""


def trained(evaluate: Evaluate, steps: int, **changes: object) -> dict[str, float]:
    settings = {"points": "moons", "solver": "drawn", "size": 2, "seed": 1} | changes
    return evaluate(["training"], TRAIN, {"settings": settings, "steps": steps})


def test_moons_are_learned_whatever_solver_answers(evaluate: Evaluate) -> None:
    result = trained(evaluate, 200)
    assert result["loss"] < 0.01  # as the third step has a person wait for
    assert min(result["trained"], result["twice"], result["fine"]) > 0.98
    head = 3
    assert f"{result['weights'] - head:,} weights" in words(TRAINING)


def test_a_ring_of_two_numbers_leaves_gaps_and_one_added_frees_it(evaluate: Evaluate) -> None:
    plane, space = (trained(evaluate, 400, points="ring", size=size) for size in (2, 3))
    assert plane["right"] > 0.97
    assert plane["fine"] < 0.99
    assert space["right"] == 1
    assert space["fine"] > 0.995


def test_spirals_under_euler_2_are_no_ode(evaluate: Evaluate) -> None:
    result = trained(evaluate, 400, points="spirals", solver="two")
    assert result["trained"] > 0.95
    assert result["twice"] < 0.75
    assert result["fine"] < 0.75


def test_there_and_back(evaluate: Evaluate) -> None:
    there, back, far, *ends = evaluate(
        ["runge_kutta", "fields"],
        """({ runge_kutta: { TABLEAUS, distance, solveFixed }, fields }) => {
            const { f, exact, starts: [start], until } = fields.FIELDS.river;
            const both = (knob, steps) => {
                const end = solveFixed((t, y, d) => f(t, y, d, knob), start, until, steps, TABLEAUS.rk4).end;
                const reversed = (t, y, d) => {
                    f(until - t, y, d, knob);
                    d[0] = -d[0];
                    d[1] = -d[1];
                };
                const back = solveFixed(reversed, end, until, steps, TABLEAUS.rk4).end;
                return [distance(end, exact(start, until, knob)), distance(back, start)];
            };
            return [...both(2, 32), both(4, 512)[1], both(4, 512)[0], both(12, 512)[0]];
        }""",
    )
    assert f"ends only ${there:.5f}$" in words(GRADIENTS)
    assert f"ends {back:.1f} from the start" in words(GRADIENTS)
    assert f"{round(math.exp(12), -3):,.0f}" in words(GRADIENTS)
    assert far > 1
    assert max(ends) < 1e-8
