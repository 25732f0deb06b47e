import pytest


@pytest.fixture(autouse=True)
def _fresh_group(fresh_group: None) -> None:
    """Each test here may choose its own precision."""
