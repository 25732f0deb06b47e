"""Is this flow stiff? The largest eigenvalues of the field's Jacobian at a state, and where solvers are stable.

The Jacobian has as many rows as the state has numbers, so only products with vectors are made: of its transpose, which
has the same eigenvalues, by backpropagation through one evaluation of f. Arnoldi's method finds the outermost
eigenvalues from a few of them. Sources: Arnoldi, The principle of minimized iterations, 1951; Hairer and Wanner,
Solving Ordinary Differential Equations II, section IV.2.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Complex, Float
from torch import Tensor, nn

from segnode.analysis.path import start_of
from segnode.config import FixedMethod, SolverConfig
from segnode.errors import SolveStopped
from segnode.model.segnode import SegNode
from segnode.ode import TABLEAUS, solve
from segnode.types import ImageArray, State

#: Products with a vector where no number is given.
PRODUCTS = 40
OnProgress = Callable[[float], bool | None]


@dataclass(frozen=True)
class Spectrum:
    """Ritz values: approximations of the eigenvalues of df/dh, the largest modulus first.

    eigenvalues: per unit of depth; real parts below 0 shrink differences, imaginary parts turn them. residuals: of
    each, |J' v - lambda v| for the transpose J' and its approximate eigenvector v of length 1. Small ones mark values
    to rely on, though those of a matrix far from normal may be off by more.
    """

    eigenvalues: Complex[np.ndarray, " k"]
    residuals: Float[np.ndarray, " k"]


@torch.no_grad()
def spectrum(
    model: SegNode,
    image: ImageArray,
    time: float = 0.0,
    solver: SolverConfig | None = None,
    products: int = PRODUCTS,
    on_progress: OnProgress = lambda share: None,
) -> Spectrum:
    """Of the field at the state that `image`, at its own size, has at `time`, 0 to T.

    on_progress: called with the share done, 0 to 1; returning False stops. Raises `SolveStopped` when stopped, else as
    a solve does.
    """
    start = start_of(model, image)
    state = solve(model.field, start, solver or model.solver, until=model.until, times=[time]).states[0]
    return eigenvalues(model.field, time, state, products, on_progress)


def eigenvalues(
    field: nn.Module,
    time: float,
    state: State,
    products: int = PRODUCTS,
    on_progress: OnProgress = lambda share: None,
) -> Spectrum:
    """The largest eigenvalues of the Jacobian of `field` at `time` and `state`, by that many products at most.

    Fewer come back where the vectors already span all that the first one reaches. Raises `SolveStopped`.
    """
    sizes = [x.numel() for x in state]

    inputs = tuple(x.detach().requires_grad_() for x in state)
    with torch.enable_grad():
        outputs = field(time, inputs)

    def product(vector: Tensor) -> Tensor:
        given = [v.view(x.shape) for v, x in zip(vector.split(sizes), outputs, strict=True)]
        out = torch.autograd.grad(outputs, inputs, given, retain_graph=True, materialize_grads=True)
        return torch.cat([x.flatten() for x in out])

    generator = torch.Generator().manual_seed(0)
    first = torch.randn(sum(sizes), generator=generator, dtype=state[0].dtype).to(state[0].device)
    basis = [first / first.norm()]
    count = min(products, sum(sizes))
    hessenberg = np.zeros((count + 1, count))
    for j in range(count):
        if on_progress(j / count) is False:
            raise SolveStopped(f"The eigenvalues were stopped after {j} of {count} products: ask for them again.")
        vector = product(basis[j])
        size = float(vector.norm())
        for _ in range(2):  # once more for what rounding leaves of the others
            for i, other in enumerate(basis):
                share = float(other @ vector)
                hessenberg[i, j] += share
                vector = vector - share * other
        left = float(vector.norm())
        if left <= 10 * torch.finfo(vector.dtype).eps * size:
            count = j + 1
            break
        hessenberg[j + 1, j] = left
        basis.append(vector / left)
    values, vectors = np.linalg.eig(hessenberg[:count, :count])
    residuals = np.abs(vectors[-1]) * hessenberg[count, count - 1]
    order = np.argsort(-np.abs(values), kind="stable")
    return Spectrum(values.astype(complex)[order], residuals[order])


def amplification(method: FixedMethod, z: Complex[np.ndarray, "..."]) -> Complex[np.ndarray, "..."]:
    """R(z): what one step of `method` makes of a solution of dx/dt = lambda x, where z is lambda times the step.

    The method is stable where |R(z)| is at most 1.
    """
    tableau = TABLEAUS[method]
    stages: list[np.ndarray] = []
    for row in tableau.coefficients:
        stages.append(1 + z * sum(a * stage for a, stage in zip(row, stages, strict=True)))
    return 1 + z * sum(b * stage for b, stage in zip(tableau.weights(1.0), stages, strict=True))


def real_limit(method: FixedMethod) -> float:
    """How far to the left of 0 a method is stable: the largest step times -lambda, for a real lambda below 0."""
    below = -np.arange(0, 10, 1e-4)
    return float(-below[np.abs(amplification(method, below.astype(complex))) > 1 + 1e-9][0])
