"""Two runs that part: against what is known of them beforehand, and within the bounds of the layers."""

import numpy as np
import pytest

from segnode import Predictor, SolverConfig
from segnode.analysis.perturb import parting
from segnode.errors import ConfigError
from tests.analysis.fields import randomized, with_field

IMAGE = np.random.default_rng(0).integers(0, 256, (96, 128, 3), dtype=np.uint8)
CHANGED = IMAGE.copy()
CHANGED[40:48, 60:70] = 0


def test_where_nothing_moves_the_difference_stays_and_goes_nowhere() -> None:
    found = parting(with_field(lambda t, h: tuple(0 * x for x in h)), IMAGE, CHANGED, SolverConfig("euler", 2))
    assert found.times == (0.0, 0.5, 1.0)
    assert found.distances == (1.0, 1.0, 1.0)
    assert found.travelled[0] == found.travelled[2] > 0
    assert set(np.unique(found.parted)) <= {0, 3}


def test_a_difference_grows_as_the_flow_expands() -> None:
    found = parting(with_field(lambda t, h: h), IMAGE, CHANGED, SolverConfig("rk4", 4))
    np.testing.assert_allclose(found.distances, np.exp(found.times), rtol=1e-4)


@pytest.mark.parametrize("method", ["euler", "midpoint"])
def test_a_change_stays_within_the_bound_and_the_bound_grows(method: str) -> None:
    found = parting(randomized(scale=2.0), IMAGE, CHANGED, SolverConfig(method, 2), least=1e-6)
    assert found.bounds is not None
    assert all(far <= bound for far, bound in zip(found.travelled, found.bounds, strict=True))
    assert found.bounds[0] < found.bounds[1]
    assert found.travelled[0] < found.travelled[1]


def test_a_pixel_parts_where_its_labels_last_agreed() -> None:
    model = randomized()
    found = parting(model, IMAGE, CHANGED, SolverConfig("midpoint", 4))
    predictor, solver = Predictor(model), SolverConfig("midpoint", 4)
    one, other = (predictor.trajectory(picture, found.times, solver).labels for picture in (IMAGE, CHANGED))
    for frame in range(len(found.times)):
        assert np.array_equal(found.parted <= frame, (one[frame:] != other[frame:]).all(0))


def test_an_adaptive_solver_has_no_bound() -> None:
    assert parting(randomized(), IMAGE, CHANGED, SolverConfig("dopri5")).bounds is None


@pytest.mark.parametrize("other", [IMAGE, IMAGE[:64]], ids=["the same", "another size"])
def test_pictures_that_cannot_be_compared_are_refused(other: np.ndarray) -> None:
    with pytest.raises(ConfigError, match="change a patch"):
        parting(randomized(), IMAGE, other)
