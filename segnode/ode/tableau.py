"""Explicit Runge-Kutta methods as data: nodes, coefficients, weights, and a continuous extension of each.

Between its steps a method has its final result, made of the stages it has already computed: y(t + theta dt) =
y + dt sum_s b_s(theta) k_s. No evaluation of f is added, and b_s(1) are the method's weights, so the extension ends
where the step does. Source: Hairer, Norsett and Wanner, Solving Ordinary Differential Equations I, section II.6.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tableau:
    """A Butcher tableau with continuous weights.

    order: convergence order at the steps. nodes: c, one a stage. coefficients: the strictly lower triangle of a, one
    row a stage. extension: for each stage the coefficients of b_s(theta) for theta, theta^2, theta^3, ...
    """

    order: int
    nodes: tuple[float, ...]
    coefficients: tuple[tuple[float, ...], ...]
    extension: tuple[tuple[float, ...], ...]

    @property
    def stages(self) -> int:
        """Evaluations of f a step."""
        return len(self.nodes)

    @property
    def degree(self) -> int:
        """Of the continuous extension, as a polynomial in theta."""
        return max(len(row) for row in self.extension)

    def weights(self, theta: float) -> tuple[float, ...]:
        """b_s(theta) for theta from 0 (start of the step) to 1 (its end)."""
        return tuple(
            sum(coefficient * theta**power for power, coefficient in enumerate(row, start=1)) for row in self.extension
        )


#: Euler, 1768: the residual network's own step. Linear between steps: no smoothing.
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

#: Kutta's 3/8 rule (1901), which torchdiffeq calls `rk4`. Cubic extension: the one solution of the four order
#: conditions up to 3 in its own stages.
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
