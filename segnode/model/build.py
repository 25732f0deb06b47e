"""Networks by name."""

from collections.abc import Callable, Sequence
from typing import Any

from segnode.config import ModelConfig, SolverConfig
from segnode.data.classes import CAMVID, ClassSet
from segnode.errors import ConfigError
from segnode.model.baseline import Baseline
from segnode.model.network import Network
from segnode.model.segnode import SegNode
from segnode.model.zoo.deeplabv3 import DeepLabV3
from segnode.model.zoo.hrnet import HRNetV2
from segnode.model.zoo.nodes_unet import NODEsUNet
from segnode.model.zoo.pspnet import PSPNet
from segnode.model.zoo.unet import UNet
from segnode.model.zoo.unode import UNode


def build_model(name: str, num_classes: int = 11, *, classes: ClassSet | None = None, **layout: Any) -> Network:
    """A network of the paper's tables, untrained, by name.

    classes: what the channels mean, in place of a number of them. layout: what is to differ, as `modules=3`; for a
    SegNode the settings of `ModelConfig`, for the others the arguments of their class. Raises `ConfigError` for a name
    that is none of them, and for a layout the network does not know.

    At the paper's size, with the parameters at 11 classes: `segnode-w48` 20,915,084, `segnode-w48-ocr` 25,944,806,
    `baseline-w48` 70,894,604, `baseline-w48-six` (the six modules of the text) 60,898,700, `hrnetv2-w48` 65,853,611,
    `hrnetv2-w48-ocr` 70,362,806, `unet` 31,032,395, `pspnet` 49,073,878, `deeplabv3` 58,628,427, `unode` 33,211,659,
    `nodes-unet` 62,499,403. The paper's own counts leave the layout of SegNode and the baseline open: see
    `segnode.model.baseline`.

    For two cores: `segnode-compact` 2,333,188, `baseline-compact` 7,892,868, `hrnetv2-compact` 2,342,759,
    `unode-compact` 2,087,499, `nodes-unet-compact` 2,207,639.
    """
    if name not in _NETWORKS:
        raise ConfigError(f"There is no network {name!r}: choose one of {', '.join(_NETWORKS)}.")
    if classes is None:
        classes = CAMVID if num_classes == len(CAMVID) else ClassSet.numbered(num_classes)
    build, usual = _NETWORKS[name]
    try:
        return build(classes, **{**usual, **layout})
    except TypeError as error:
        raise ConfigError(f"The layout {layout} does not fit {name} ({error}): see its class.") from error


def names() -> tuple[str, ...]:
    """All that `build_model` knows."""
    return tuple(_NETWORKS)


def _segnode(classes: ClassSet, steps: int, widths: Sequence[int] = (48, 96, 192, 384), **layout: Any) -> SegNode:
    config = ModelConfig(len(classes), tuple(widths), **layout)
    return SegNode(config, classes, SolverConfig("midpoint", steps=steps))


_COMPACT: dict[str, Any] = {"widths": (16, 32, 64, 128), "stem_width": 24}
#: What the compact networks with an ODE take in place of dopri5, which needs hundreds of evaluations of f untrained.
_MIDPOINT = {"solver": SolverConfig("midpoint", steps=2)}

_NETWORKS: dict[str, tuple[Callable[..., Network], dict[str, Any]]] = {
    "segnode-w48": (_segnode, {"steps": 2}),
    "segnode-w48-ocr": (_segnode, {"steps": 2, "head": "ocr"}),
    "segnode-compact": (_segnode, {"steps": 4, **_COMPACT}),
    "baseline-w48": (Baseline, {}),
    "baseline-w48-six": (Baseline, {"modules": 6}),
    "baseline-compact": (Baseline, _COMPACT),
    "hrnetv2-w48": (HRNetV2, {}),
    "hrnetv2-w48-ocr": (HRNetV2, {"ocr": True}),
    "hrnetv2-compact": (HRNetV2, {"width": 9, "stem": 16}),
    "unet": (UNet, {}),
    "pspnet": (PSPNet, {}),
    "deeplabv3": (DeepLabV3, {}),
    "unode": (UNode, {}),
    "unode-compact": (UNode, {"width": 16, **_MIDPOINT}),
    "nodes-unet": (NODEsUNet, {}),
    "nodes-unet-compact": (NODEsUNet, {"width": 12, **_MIDPOINT}),
}
