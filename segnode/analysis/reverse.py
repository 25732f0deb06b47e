"""Back in time: from h(T) to 0 by the same ODE, and how far that misses the way it came.

An ODE can be run backward, a solver only nearly: what one direction contracts the other amplifies, rounding included.
The adjoint's gradient is found along such a solve and shares its error. Source: Gholami et al., ANODE, 2019.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from segnode.analysis.convergence import distance
from segnode.analysis.path import start_of, step_depths
from segnode.config import SolverConfig
from segnode.model.padding import upsample_logits
from segnode.model.segnode import SegNode
from segnode.ode import solve
from segnode.ode.solve import checked_times
from segnode.types import Depths, FrameLabels, ImageArray, State


@dataclass(frozen=True)
class Return:
    """A solve from 0 to T and back.

    times: dimensionless depths, increasing. errors: at each |h back - h forth| / |h(T) - h(0)|; 0 at T, where it turns.
    labels: train ids of the state on its way back.
    """

    times: tuple[float, ...]
    errors: tuple[float, ...]
    labels: FrameLabels


@torch.no_grad()
def there_and_back(
    model: SegNode,
    image: ImageArray,
    solver: SolverConfig | None = None,
    back: SolverConfig | None = None,
    times: Depths | None = None,
) -> Return:
    """`image` at its own size solved by `solver`, and back by `back`, the same where not given.

    times: the steps of `solver` where not given. Raises as a solve does: a way back can overflow where the way there
    did not.
    """
    solver = solver or model.solver
    wanted = step_depths(solver, model.until) if times is None else checked_times(times, model.until)
    start = start_of(model, image)
    forth = solve(model.field, start, solver, until=model.until, times=tuple(sorted({*wanted, model.until}))).states
    from_end = tuple(model.until - time for time in reversed(wanted))
    states = returned(model.field, forth[-1], back or solver, model.until, from_end)[::-1]
    moved = distance(forth[-1], start) or float("nan")
    labels = [upsample_logits(model.head(state), image.shape[:2])[0].argmax(0) for state in states]
    return Return(
        wanted,
        tuple(distance(a, b) / moved for a, b in zip(states, forth, strict=False)),
        np.stack([frame.to(torch.uint8).cpu().numpy() for frame in labels]),
    )


def returned(
    field: nn.Module, end: State, solver: SolverConfig, until: float, times: tuple[float, ...]
) -> tuple[State, ...]:
    """States on the way from `end` at `until` back to 0. times: how far before `until` each lies, increasing."""
    return solve(_Backward(field, until), end, solver, until=until, times=times).states


class _Backward(nn.Module):
    """The field that runs `field` backward: at s it is -f at `until` - s."""

    def __init__(self, field: nn.Module, until: float) -> None:
        super().__init__()
        self.field = field
        self.until = until

    def forward(self, s: float | Tensor, state: State) -> State:
        return tuple(-x for x in self.field(self.until - s, state))
