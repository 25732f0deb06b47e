"""A vector field that counts its evaluations: one object per solve, so that a shared model holds no counter."""

from collections.abc import Callable

from torch import Tensor

from segnode.errors import SolverError, SolveStopped
from segnode.types import State

#: f(t, h) -> dh/dt, with t a float or a 0-dimensional tensor.
VectorField = Callable[[float | Tensor, State], State]
#: Called with the depth of the evaluation that is about to be made; returning False stops the solve.
OnEvaluation = Callable[[float], bool | None]


class Evaluations:
    """`f`, counted for the length of one solve.

    Raises `SolverError` past `limit` evaluations (remedy: loosen the tolerance), `SolveStopped` when `on_evaluation`
    answers False.
    """

    def __init__(self, f: VectorField, limit: int, on_evaluation: OnEvaluation | None = None) -> None:
        self.f = f
        self.limit = limit
        self.on_evaluation = on_evaluation
        self.count = 0

    def __call__(self, t: float | Tensor, state: State) -> State:
        if self.on_evaluation is not None and self.on_evaluation(_depth(t)) is False:
            raise SolveStopped(f"The solve was stopped at t = {_depth(t):.3f}, after {self.count} evaluations of f.")
        if self.count >= self.limit:
            raise SolverError(
                f"The solver used all {self.limit} evaluations of f it was allowed and reached only"
                f" t = {_depth(t):.3f}: loosen rtol and atol, or choose a fixed grid."
            )
        self.count += 1
        return self.f(t, state)


def _depth(t: float | Tensor) -> float:
    """As a number; the adjoint's backward pass differentiates by t."""
    return float(t.detach() if isinstance(t, Tensor) else t)
