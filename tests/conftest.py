"""Shapes are checked while tests run, and only then: jaxtyping's annotations, enforced by beartype."""

from jaxtyping import install_import_hook

# Not the floors without arrays: beartype does not know typing.Self on a method.
SHAPED = ("ode", "data", "metrics", "model", "predict", "train", "analysis")
install_import_hook([f"segnode.{part}" for part in SHAPED], "beartype.beartype")
