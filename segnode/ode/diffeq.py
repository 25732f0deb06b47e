"""All use of torchdiffeq: adaptive solvers, the paper's adjoint, and the reference for tests of our fixed grids."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torchdiffeq import odeint, odeint_adjoint

from segnode.config import SolverConfig
from segnode.errors import SolverError
from segnode.ode.evaluations import Evaluations
from segnode.ode.statistics import frozen_statistics
from segnode.types import State

#: Our names of the methods that torchdiffeq has, and its own. Its `rk4` is the 3/8 rule; it has no classic RK4.
METHODS = {
    "euler": "euler",
    "midpoint": "midpoint",
    "heun": "heun2",
    "rk4_38": "rk4",
    "dopri5": "dopri5",
    "bosh3": "bosh3",
    "adaptive_heun": "adaptive_heun",
}
#: The gradient of one of a hundred thousand pixels is about that much smaller than the state: an absolute tolerance
#: that suits the state would let the adjoint take any step.
_ADJOINT_ATOL = 1e-5
#: Below this float32 cannot tell one step's error from rounding, and no step would be small enough.
_LEAST_ATOL = 1e-8


def integrate(
    f: Evaluations, state: State, times: Sequence[float], config: SolverConfig, adjoint_of: nn.Module | None = None
) -> tuple[list[State], list[float], list[float]]:
    """States at `times` (increasing, the first is the start, the last the end), the depths stepped to, and those that
    steps rejected by an adaptive solver would have reached.

    adjoint_of: the module whose parameters get their gradient from the adjoint ODE; without it gradients flow
    through the solver. Raises `SolverError` when a step falls under the smallest float or the state overflows
    (remedy: loosen `rtol`); so does the backward pass of the adjoint, which is a solve of its own. Source: Chen et al.,
    Neural Ordinary Differential Equations, 2018.
    """
    term = _SteppedTerm(f, adjoint_of, config.method) if config.adaptive else _Term(f, adjoint_of)
    depths = torch.tensor(times, dtype=torch.float64, device=state[0].device)
    settings = {"rtol": config.rtol, "atol": config.atol, "method": METHODS[config.method]}
    if config.adaptive:
        settings["options"] = {"step_t": depths[-1:]}
    else:
        grid = torch.linspace(times[0], times[-1], config.steps + 1, dtype=torch.float64, device=depths.device)
        settings["options"] = {"grid_constructor": lambda func, y0, t: _between(grid, t)}
    if adjoint_of is None:
        streams = odeint(term, state, depths, **settings)
    else:
        if config.adaptive:
            settings["adjoint_options"] = {"norm": "seminorm"}
            settings["adjoint_atol"] = min(config.atol, max(_LEAST_ATOL, _ADJOINT_ATOL * config.atol))
        parameters = tuple(p for p in adjoint_of.parameters() if p.requires_grad)
        streams = odeint_adjoint(term, state, depths, adjoint_params=parameters, **settings)
    stepped, refused = (term.accepted, term.refused) if isinstance(term, _SteppedTerm) else (grid.tolist(), [])
    return [tuple(stream[index] for stream in streams) for index in range(len(times))], stepped, refused


class _Term:
    """f as torchdiffeq calls it; while the adjoint finds gradients, running statistics are left alone.

    The adjoint's backward pass is a solve of its own: it has its own count of evaluations, under the same limit.
    """

    def __init__(self, f: Evaluations, adjoint_of: nn.Module | None) -> None:
        self.f = f
        self.adjoint_of = adjoint_of
        self.backward = Evaluations(adjoint_of, f.limit) if adjoint_of is not None else f

    def __call__(self, t: Tensor, state: State) -> State:
        if self.adjoint_of is not None and torch.is_grad_enabled():  # only the adjoint's backward pass comes here
            with frozen_statistics(self.adjoint_of):
                return self.backward(t, state)
        return self.f(t, state)


class _SteppedTerm(_Term):
    """Records an adaptive solver's accepted and rejected steps, and gives up where torchdiffeq would fail an assertion.

    torchdiffeq calls the methods whose names it gives, forward and (`_adjoint`) in the adjoint's backward pass.
    """

    def __init__(self, f: Evaluations, adjoint_of: nn.Module | None, method: str) -> None:
        super().__init__(f, adjoint_of)
        self.method = method
        self.accepted = [0.0]
        self.refused: list[float] = []

    def callback_step(self, t: Tensor, state: State, size: Tensor) -> None:
        self._refuse(t, state, size, "")

    def callback_step_adjoint(self, t: Tensor, state: State, size: Tensor) -> None:
        self._refuse(t, state, -size, " back through the adjoint")

    def callback_accept_step(self, t: Tensor, state: State, size: Tensor) -> None:  # noqa: ARG002
        self.accepted.append((t + size).item())

    def callback_reject_step(self, t: Tensor, state: State, size: Tensor) -> None:  # noqa: ARG002
        self.refused.append((t + size).item())

    def _refuse(self, t: Tensor, state: State, size: Tensor, way: str) -> None:
        """Raise `SolverError` for a step too small to change t, or one that begins with values that are not finite.

        torchdiffeq replaces a `size` that is not finite by 0.
        """
        if size == 0 or not all(bool(x.isfinite().all()) for x in state):
            raise SolverError(
                f"{self.method} could not go on{way} at t = {t.item():.3f}, because f or the state is not finite there:"
                " look for values in the weights or the picture that are not finite or far too large, else loosen rtol"
                " and atol, or choose a fixed grid."
            )
        if t + size == t:
            raise SolverError(
                f"{self.method} could not go on{way} at t = {t.item():.3f}, where no step is small enough: loosen rtol"
                " and atol, or choose a fixed grid."
            )


def _between(grid: Tensor, times: Tensor) -> Tensor:
    """The ends of `times` and `grid` between them: the adjoint is solved from each time back to the one before."""
    low, high = times.aminmax()
    near = 1e-9 * (grid[-1] - grid[0])  # a time and a point that only rounding keeps apart
    inner = grid[(grid > low + near) & (grid < high - near)]
    return torch.cat([times[:1], inner if times[0] < times[-1] else inner.flip(0), times[-1:]])
