"""Explicit Runge-Kutta methods as data: nodes, coefficients, weights, and a continuous extension of each.

The continuous extension gives the state within a step from the stages k_s already computed, for theta from 0 to 1:
y(t + theta dt) = y + dt sum_s b_s(theta) k_s. It needs no further evaluation of f, and b_s(1) are the method's weights,
so it ends where the step does. Source: Hairer, Norsett and Wanner, Solving Ordinary Differential Equations I, section
II.6.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tableau:
    """A Butcher tableau with continuous weights.

    order: convergence order at the ends of steps. nodes: c, one per stage. coefficients: the strictly lower triangle of
    a, one row per stage. extension: for each stage the coefficients of b_s(theta) for theta, theta^2, theta^3, ...
    """

    order: int
    nodes: tuple[float, ...]
    coefficients: tuple[tuple[float, ...], ...]
    extension: tuple[tuple[float, ...], ...]

    @property
    def stages(self) -> int:
        """Evaluations of f per step."""
        return len(self.nodes)

    @property
    def degree(self) -> int:
        """Degree of the continuous extension as a polynomial in theta."""
        return max(len(row) for row in self.extension)

    def weights(self, theta: float) -> tuple[float, ...]:
        """b_s(theta) for theta from 0 (start of the step) to 1 (its end)."""
        return tuple(
            sum(coefficient * theta**power for power, coefficient in enumerate(row, start=1)) for row in self.extension
        )


#: Euler, 1768: the residual network's own step. Linear between steps.
EULER = Tableau(order=1, nodes=(0.0,), coefficients=((),), extension=((1.0,),))

#: The explicit midpoint rule (Runge, 1895). Quadratic extension.
MIDPOINT = Tableau(
    order=2,
    nodes=(0.0, 1 / 2),
    coefficients=((), (1 / 2,)),
    extension=((1.0, -1.0), (0.0, 1.0)),
)

#: Heun's second-order method, the explicit trapezoidal rule (1900). Quadratic extension.
HEUN = Tableau(
    order=2,
    nodes=(0.0, 1.0),
    coefficients=((), (1.0,)),
    extension=((1.0, -1 / 2), (0.0, 1 / 2)),
)

#: The classic method of Kutta (1901). Cubic extension, of order 3 between the steps.
RK4 = Tableau(
    order=4,
    nodes=(0.0, 1 / 2, 1 / 2, 1.0),
    coefficients=((), (1 / 2,), (0.0, 1 / 2), (0.0, 0.0, 1.0)),
    extension=((1.0, -3 / 2, 2 / 3), (0.0, 1.0, -2 / 3), (0.0, 1.0, -2 / 3), (0.0, -1 / 2, 2 / 3)),
)

#: Kutta's 3/8 rule (1901), which torchdiffeq calls `rk4`. Cubic extension: the only one from its own stages
#: that meets the four order conditions up to order 3.
RK4_38 = Tableau(
    order=4,
    nodes=(0.0, 1 / 3, 2 / 3, 1.0),
    coefficients=((), (1 / 3,), (-1 / 3, 1.0), (1.0, -1.0, 1.0)),
    extension=((1.0, -15 / 8, 1.0), (0.0, 15 / 8, -3 / 2), (0.0, 3 / 8), (0.0, -3 / 8, 1 / 2)),
)

#: By the names of `segnode.config.FIXED_METHODS`.
TABLEAUS: dict[str, Tableau] = {
    "euler": EULER,
    "midpoint": MIDPOINT,
    "heun": HEUN,
    "rk4": RK4,
    "rk4_38": RK4_38,
}


def evaluations(method: str, steps: int) -> int:
    """Evaluations of f in a solve by `method`, one of `TABLEAUS`, in `steps` steps."""
    return TABLEAUS[method].stages * steps
