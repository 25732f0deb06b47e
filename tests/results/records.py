"""A small record, made up."""

from segnode import SolverConfig
from segnode.results.schema import Provenance
from segnode.results.trajectory_error import Average, ErrorRecord


def made_up(title: str = "Made up", **changes: object) -> ErrorRecord:
    """Five times, midpoint-4, two classes; the error against the truth falls from 80 to 40 percent."""
    truth, final = (80.0, 60.0, 50.0, 44.0, 40.0), (75.0, 50.0, 30.0, 12.0, 0.0)
    values: dict = {
        "provenance": Provenance("python scripts/trajectory_error.py", "0123456789abcdef", {}, "a machine", 1, None),
        "title": title,
        "data": "streets:,seeds=0-2",
        "pictures": 3,
        "checkpoint": "tiny",
        "sha256": "ab" * 32,
        "solver": SolverConfig("midpoint", 4),
        "times": (0.0, 0.25, 0.5, 0.75, 1.0),
        "step_times": (0.0, 0.25, 0.5, 0.75, 1.0),
        "evaluations": (0.0, 2.0, 4.0, 6.0, 8.0),
        "truth": _average(truth),
        "final": _average(final),
        "iou": {"sky": (10.0, 40.0, 60.0, 70.0, 75.0), "car": (0.0, 5.0, 20.0, 40.0, 45.0)},
    }
    return ErrorRecord(**values | changes)


def _average(mean: tuple[float, ...]) -> Average:
    """Pictures lie within 10 percent of the mean; the whole set is 2 percent better."""
    around = {f"p{50 + far}": tuple(value * (1 + far / 400) for value in mean) for far in (-40, -25, 0, 25, 40)}
    return Average(dataset=tuple(0.98 * value for value in mean), mean=mean, std=(1.0,) * len(mean), **around)
