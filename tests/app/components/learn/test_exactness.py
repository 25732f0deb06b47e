"""The browser's solvers are those of `segnode.ode`, and its gradient is torch's: to 1e-6, with as many evaluations."""

import math
from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from segnode.config import SolverConfig
from segnode.ode import solve
from tests.app.components.learn.conftest import Evaluate

TOLERANCE = 1e-6
SHARES = (0.13, 0.5, 0.77, 1.0)  # of T, where states are compared
Rule = Callable[[float, Tensor, Tensor, float], tuple[Tensor | float, Tensor | float]]


def whirl(_: float, x: Tensor, y: Tensor, __: float) -> tuple[Tensor, Tensor]:
    turn = 4 * torch.exp(-(x * x + y * y) / 0.4)
    return 1 - turn * y, turn * x


#: The fields of `fields.js`: a start, T, the value of the parameter, and the rule.
FIELDS: dict[str, tuple[tuple[float, float], float, float, Rule]] = {
    "spiral": ((1.7, 0.4), 4.0, 0.0, lambda t, x, y, p: (-0.25 * x - 2 * y, 2 * x - 0.25 * y)),
    "pendulum": ((-2.2, 0.0), 8.0, 0.0, lambda t, x, y, p: (y, -torch.sin(x))),
    "whirl": ((-2.4, 0.3), 4.6, 0.0, whirl),
    "river": ((-3.0, 1.3), 6.0, 12.0, lambda t, x, y, p: (1.0, -p * (y - torch.sin(x)))),
    "oscillator": ((0.4, 0.2), 8.0, 1.5, lambda t, x, y, p: (y, p * (1 - x * x) * y - x)),
    "wind": (
        (0.2, -1.1),
        4.0,
        0.0,
        lambda t, x, y, p: (math.cos(1.6 * t) + 0.25 * y, 1.3 * math.sin(1.6 * t) - 0.25 * x),
    ),
}
CONFIGS = [SolverConfig(method, steps) for method in ("euler", "midpoint", "heun", "rk4") for steps in (7, 32, 128)] + [
    SolverConfig("dopri5", rtol=tolerance, atol=tolerance) for tolerance in (1e-1, 1e-3, 1e-6)
]
SOLVE = """({ runge_kutta, fields }, { field, method, steps, tolerance, times, start, until, knob }) => {
    const { TABLEAUS, interpolate, solveAdaptive, solveFixed } = runge_kutta;
    const f = (t, y, d) => fields.FIELDS[field].f(t, y, d, knob);
    const run = TABLEAUS[method]
        ? solveFixed(f, start, until, steps, TABLEAUS[method])
        : solveAdaptive(f, start, until, { rtol: tolerance });
    const states = times.map((time) => {
        const step = run.steps.find(({ to }) => time <= to + 1e-12);
        const share = Math.min((time - step.from) / (step.to - step.from), 1);
        return Array.from(interpolate(step, share, run.tableau));
    });
    return { states, ends: [0, ...run.steps.map(({ to }) => to)], nfe: run.nfe, refused: run.refused.length };
}"""
GRADIENT = """({ neural_ode }, { size, weights, points, labels, solver }) => {
    const net = new neural_ode.NeuralOde({ size });
    net.weights.set(weights);
    const { loss } = net.gradient(Float64Array.from(points), labels, labels.length, solver);
    return { loss, grads: Array.from(net.grads) };
}"""


class Field(nn.Module):
    """A field of the plane as the library solves it."""

    def __init__(self, rule: Rule, knob: float) -> None:
        super().__init__()
        self.rule, self.knob = rule, knob

    def forward(self, t: float | Tensor, state: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        x, y = state[0]
        values = self.rule(float(t), x, y, self.knob)
        return (torch.stack([torch.as_tensor(value, dtype=torch.float64) for value in values]),)


@pytest.mark.parametrize("name", FIELDS)
def test_solves(name: str, evaluate: Evaluate) -> None:
    start, until, knob, rule = FIELDS[name]
    compared = 0
    for config in CONFIGS:
        times = [until * share for share in SHARES]
        run = solve(Field(rule, knob), (torch.tensor(start, dtype=torch.float64),), config, until=until, times=times)
        states = np.array([state[0].tolist() for state in run.states])
        if not np.isfinite(states).all() or abs(states).max() > 1e3:
            continue  # steps too long for this field: rounding grows without bound
        asked = {
            "field": name,
            "method": config.method,
            "steps": config.steps,
            "tolerance": config.rtol,
            "times": times,
            "start": start,
            "until": until,
            "knob": knob,
        }
        result = evaluate(["runge_kutta", "fields"], SOLVE, asked)
        np.testing.assert_allclose(result["states"], states, rtol=TOLERANCE, atol=TOLERANCE, err_msg=str(config))
        np.testing.assert_allclose(result["ends"], run.step_times, rtol=0, atol=TOLERANCE, err_msg=str(config))
        assert result["nfe"] == run.nfe, config
        compared += 1
    assert compared >= 8


class Net(nn.Module):
    """The network of `neural_ode.js`, its weights in the same order."""

    def __init__(self, weights: Tensor, size: int) -> None:
        super().__init__()
        shapes = [(32, size), (32,), (32, 32), (32,), (size, 32), (size,), (1, size), (1,)]
        parts = weights.split([math.prod(shape) for shape in shapes])
        self.parts = nn.ParameterList(part.reshape(shape) for part, shape in zip(parts, shapes, strict=True))

    def forward(self, t: float | Tensor, state: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        p, x = self.parts, state[0]
        for index in (0, 2):
            x = torch.tanh(F.linear(x, p[index], p[index + 1]))
        return (F.linear(x, p[4], p[5]),)


@pytest.mark.parametrize("size", [2, 3])
@pytest.mark.parametrize(("method", "steps"), [("euler", 3), ("midpoint", 4), ("heun", 2), ("rk4", 4)])
def test_gradients(size: int, method: str, steps: int, evaluate: Evaluate) -> None:
    draws = torch.Generator().manual_seed(size)
    count = 32 * size + 32 + 32 * 32 + 32 + 32 * size + size + size + 1
    weights = 0.4 * torch.randn(count, generator=draws, dtype=torch.float64)
    points = torch.randn(9, 2, generator=draws, dtype=torch.float64)
    labels = torch.arange(9) % 2
    net = Net(weights, size)
    config = SolverConfig(method, steps, gradient="backprop")
    end = solve(net, (F.pad(points, (0, size - 2)),), config).states[-1][0]
    logits = F.linear(end, net.parts[6], net.parts[7])[:, 0]
    loss = F.binary_cross_entropy_with_logits(logits, labels.double())
    loss.backward()
    grads = torch.cat([part.grad.flatten() for part in net.parts])
    asked = {
        "size": size,
        "weights": weights.tolist(),
        "points": points.flatten().tolist(),
        "labels": labels.tolist(),
        "solver": {"method": method, "steps": steps},
    }
    result = evaluate(["neural_ode"], GRADIENT, asked)
    assert result["loss"] == pytest.approx(loss.item(), rel=TOLERANCE)
    np.testing.assert_allclose(result["grads"], grads.numpy(), rtol=0, atol=TOLERANCE * float(grads.norm()))
