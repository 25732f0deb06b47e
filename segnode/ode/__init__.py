"""Solvers of ordinary differential equations over a tuple of streams, their gradients and continuous extensions."""

from segnode.ode.fixed import Step, walk, weighted_sum
from segnode.ode.gradients import frozen_statistics, recomputed
from segnode.ode.solve import Solution, solve
from segnode.ode.tableau import TABLEAUS, Tableau

__all__ = [
    "TABLEAUS",
    "Solution",
    "Step",
    "Tableau",
    "frozen_statistics",
    "recomputed",
    "solve",
    "walk",
    "weighted_sum",
]
