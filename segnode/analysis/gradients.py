"""Three ways to the gradient of one loss: what each costs, and how far the adjoint's is from the exact one.

`backprop` and `checkpoint` differentiate the solver's own steps, so they agree to rounding. The adjoint solves a second
ODE backward beside the state, which does not come back to where it began: its gradient is off by the solver's error.
Sources: Chen et al., Neural Ordinary Differential Equations, 2018; Gholami et al., ANODE, 2019.
"""

import copy
from collections.abc import Iterator
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from segnode.analysis.memory import LiveBytes
from segnode.config import Gradient, SolverConfig
from segnode.model.loss import segmentation_loss
from segnode.model.segnode import SegNode
from segnode.predict import batch_of
from segnode.types import ImageArray, LabelArray

#: Those measured; the first is what errors are taken against.
WAYS: tuple[Gradient, ...] = ("backprop", "checkpoint", "adjoint")


@dataclass(frozen=True)
class GradientCost:
    """One way to a gradient.

    solver: its name. error: |g - exact| / |exact| over f's parameters, where exact is backprop's gradient of the same
    solve. cosine: of the angle between both. memory: peak bytes of loss and gradient, parameters not counted.
    evaluations: of f, forward and backward together.
    """

    gradient: Gradient
    solver: str
    error: float
    cosine: float
    memory: int
    evaluations: int


def gradient_costs(
    model: SegNode, image: ImageArray, labels: LabelArray, solver: SolverConfig
) -> Iterator[GradientCost]:
    """Each of `WAYS` under `solver`, one after the other, on the loss of one picture and its truth.

    Measured on a copy in evaluation mode: `model` may be in use elsewhere. Raises `ConfigError` for rk4, which has no
    adjoint here, and `SolverError` as a solve does.
    """
    own = copy.deepcopy(model).eval().requires_grad_()
    parameters = list(own.field.parameters())
    images, truth = batch_of(image), torch.from_numpy(labels).long()[None]
    calls: list[None] = []
    own.field.register_forward_pre_hook(lambda *_: calls.append(None))  # a recomputation stops before its end
    exact: list[Tensor] = []
    for way in WAYS:
        calls.clear()
        with torch.enable_grad(), LiveBytes() as memory:
            loss = segmentation_loss(own, own.outputs(images, replace(solver, gradient=way)), truth)
            # All parameters, as in training: the solve back to the encoder is part of the cost.
            found = torch.autograd.grad(loss, [*parameters, *own.encoder.parameters(), *own.head.parameters()])
            del loss
        gradient = [g.detach() for g in found[: len(parameters)]]
        exact = exact or gradient
        error = _dot(*[[g - e for g, e in zip(gradient, exact, strict=True)]] * 2) ** 0.5
        size, full = _dot(gradient, gradient) ** 0.5, _dot(exact, exact) ** 0.5
        yield GradientCost(
            way,
            solver.name,
            error / full if full else float("nan"),
            _dot(gradient, exact) / (size * full) if size * full else float("nan"),
            memory.peak,
            len(calls),
        )


def _dot(a: list[Tensor], b: list[Tensor]) -> float:
    return float(sum((x.double() * y.double()).sum() for x, y in zip(a, b, strict=True)))
