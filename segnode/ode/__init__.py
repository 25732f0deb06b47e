"""Solvers of ordinary differential equations over a tuple of streams, their gradients and continuous extensions."""

from segnode.ode.fixed import Step, walk, weighted_sum
from segnode.ode.gradients import recomputed
from segnode.ode.solve import Solution, solve
from segnode.ode.statistics import divided_momentum, frozen_statistics
from segnode.ode.tableau import TABLEAUS, Tableau, evaluations

__all__ = [
    "TABLEAUS",
    "Solution",
    "Step",
    "Tableau",
    "divided_momentum",
    "evaluations",
    "frozen_statistics",
    "recomputed",
    "solve",
    "walk",
    "weighted_sum",
]
