"""The decoded flow: logits at any depth of one solve, as polynomials in time.

Between its steps a method has its own continuous extension, a polynomial in time whose values are sums of stages.
The head is linear, so the logits are a polynomial of the same degree, which a few samples per step determine.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32

from segnode.config import HeadKind, SolverConfig
from segnode.ode import TABLEAUS

#: Samples that a flow should not exceed: a solve of many steps keeps fewer per step, though never less than one.
MOST_SAMPLES = 33
#: Samples and degree where the solver chose its own steps: close to its dense output except at kinks between steps.
_ADAPTIVE_SAMPLES, _ADAPTIVE_DEGREE = 25, 2


@dataclass(frozen=True)
class Flow:
    """Logits along a solve, at stride 4 of the padded working size.

    until: the depth of the last sample; the first is at 0 and they are evenly spaced. degree: of the polynomial
    through each group of `degree` + 1 neighbours; groups meet at their ends, and a fixed grid's groups are its steps.
    """

    until: float
    degree: int
    samples: Float32[np.ndarray, "samples c h4 w4"]

    @property
    def times(self) -> np.ndarray:
        """Depth of each sample."""
        return sample_times(len(self.samples), self.until)

    def at(self, time: float) -> Float32[np.ndarray, "c h4 w4"]:
        """Logits at a depth from 0 to `until`."""
        place = min(max(time / self.until, 0.0), 1.0) * (len(self.samples) - 1)
        first = min(int(place / self.degree) * self.degree, len(self.samples) - 1 - self.degree)
        weights = np.array(lagrange(self.degree, place - first), dtype=np.float32)
        return np.tensordot(weights, self.samples[first : first + self.degree + 1], axes=1)


def lagrange(degree: int, place: float) -> list[float]:
    """Weights of the samples at 0, 1, ..., `degree` for the value of their polynomial at `place`."""
    nodes = range(degree + 1)
    return [float(np.prod([(place - other) / (node - other) for other in nodes if other != node])) for node in nodes]


def sampling(solver: SolverConfig, head: HeadKind = "linear") -> tuple[int, int]:
    """The number of samples that represent a solve, and the degree of the polynomial through them.

    The degree is that of the method's continuous extension unless this takes more than `MOST_SAMPLES`. head: only with
    a linear one are the logits a polynomial of that degree between steps.
    """
    if solver.adaptive or head != "linear":
        return _ADAPTIVE_SAMPLES, _ADAPTIVE_DEGREE
    degree = min(TABLEAUS[solver.method].degree, max(1, (MOST_SAMPLES - 1) // solver.steps))
    return solver.steps * degree + 1, degree


def sample_times(samples: int, until: float) -> np.ndarray:
    """Depths of `samples` evenly spaced samples."""
    return until * np.arange(samples) / (samples - 1)
