"""Shapes are checked while tests run, and only then: jaxtyping's annotations, enforced by beartype."""

import os

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
