from collections.abc import Iterator

import pytest
from accelerate.state import AcceleratorState


@pytest.fixture(autouse=True)
def fresh_group() -> Iterator[None]:
    """accelerate keeps a process's precision for good; each test may choose its own."""
    yield
    AcceleratorState._reset_state(reset_partial_state=True)
