"""Shapes are checked while tests run, and only then: jaxtyping's annotations, enforced by beartype."""

import os
from collections.abc import Iterator

import pytest
from jaxtyping import install_import_hook

# The networks here are tiny, and on a busy machine threads wait for each other. Before torch is imported.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# Not the Hub's floor, whose typing.Self beartype does not know on a method; not what paints a street,
# whose thousand small drawing calls a scene would take fifteen times as long.
DATA = (
    "augment",
    "batches",
    "camvid",
    "camvid_original",
    "cityscapes",
    "crops",
    "decode",
    "flips",
    "folder",
    "imagenet",
    "images",
    "labelme_facade",
    "lip",
    "mapillary",
    "pascal_context",
    "sizes",
    "uploads",
)
WHOLE = ("ode", "metrics", "model", "predict", "inference", "familiarity", "train", "analysis")
SHAPED = (*WHOLE, "streets.dataset", *(f"data.{part}" for part in DATA))
install_import_hook([f"segnode.{part}" for part in SHAPED], "beartype.beartype")

from accelerate.state import AcceleratorState  # noqa: E402 - it imports torch


@pytest.fixture
def fresh_group() -> Iterator[None]:
    """accelerate keeps a process's precision for good; each test that uses this may choose its own."""
    AcceleratorState._reset_state(reset_partial_state=True)
    yield
    AcceleratorState._reset_state(reset_partial_state=True)
