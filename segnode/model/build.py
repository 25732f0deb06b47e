"""Networks by name."""

from collections.abc import Callable

from segnode.config import ModelConfig, SolverConfig
from segnode.data.classes import CAMVID, ClassSet
from segnode.errors import ConfigError
from segnode.model.segnode import SegNode


def build_model(name: str, num_classes: int = 11) -> SegNode:
    """A network of the paper's tables, untrained, by name. Raises `ConfigError` for a name that is none of them.

    `segnode-w48`: 20.9 M parameters (paper, Table 2), 20,915,084 at 11 classes. `segnode-compact`: the same layout a
    third as wide, for two cores.
    """
    if name not in _BUILDERS:
        raise ConfigError(f"There is no network {name!r}: choose one of {', '.join(_BUILDERS)}.")
    return _BUILDERS[name](num_classes)


def _segnode_w48(num_classes: int) -> SegNode:
    return SegNode(ModelConfig(num_classes), _classes(num_classes), SolverConfig("midpoint", steps=2))


def _segnode_compact(num_classes: int) -> SegNode:
    layout = ModelConfig(num_classes, widths=(16, 32, 64, 128), stem_width=24)
    return SegNode(layout, _classes(num_classes), SolverConfig("midpoint", steps=4))


def _classes(count: int) -> ClassSet:
    """CamVid's classes where there are eleven, else numbered ones in colours spread over the hue circle."""
    return CAMVID if count == len(CAMVID) else ClassSet.numbered(count)


_BUILDERS: dict[str, Callable[[int], SegNode]] = {
    "segnode-w48": _segnode_w48,
    "segnode-compact": _segnode_compact,
}
