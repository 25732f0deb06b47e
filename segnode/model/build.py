"""Networks by name."""

from collections.abc import Callable

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

#: What the compact networks with an ODE take in place of dopri5, which needs hundreds of evaluations of f untrained.
_MIDPOINT = SolverConfig("midpoint", steps=2)
_COMPACT_WIDTHS = (16, 32, 64, 128)


def build_model(name: str, num_classes: int = 11) -> Network:
    """A network of the paper's tables, untrained, by name. Raises `ConfigError` for a name that is none of them.

    At the paper's size, with the parameters at 11 classes: `segnode-w48` 20,915,084, `segnode-w48-ocr` 25,944,806,
    `baseline-w48` 70,894,604, `baseline-w48-six` (the six modules of the text) 60,898,700, `hrnetv2-w48` 65,853,611,
    `hrnetv2-w48-ocr` 70,362,806, `unet` 31,032,395, `pspnet` 49,073,878, `deeplabv3` 58,628,427, `unode` 33,211,659,
    `nodes-unet` 62,499,403.

    For two cores: `segnode-compact` 2,333,188, `baseline-compact` 7,892,868, `hrnetv2-compact` 2,342,759,
    `unode-compact` 2,087,499, `nodes-unet-compact` 2,207,639.
    """
    if name not in _BUILDERS:
        raise ConfigError(f"There is no network {name!r}: choose one of {', '.join(_BUILDERS)}.")
    return _BUILDERS[name](CAMVID if num_classes == len(CAMVID) else ClassSet.numbered(num_classes))


def names() -> tuple[str, ...]:
    """All that `build_model` knows."""
    return tuple(_BUILDERS)


_BUILDERS: dict[str, Callable[[ClassSet], Network]] = {
    "segnode-w48": lambda classes: SegNode(ModelConfig(len(classes)), classes, SolverConfig("midpoint", steps=2)),
    "segnode-w48-ocr": lambda classes: SegNode(
        ModelConfig(len(classes), head="ocr"), classes, SolverConfig("midpoint", steps=2)
    ),
    "segnode-compact": lambda classes: SegNode(
        ModelConfig(len(classes), _COMPACT_WIDTHS, stem_width=24), classes, SolverConfig("midpoint", steps=4)
    ),
    "baseline-w48": Baseline,
    "baseline-w48-six": lambda classes: Baseline(classes, modules=6),
    "baseline-compact": lambda classes: Baseline(classes, _COMPACT_WIDTHS, stem_width=24),
    "hrnetv2-w48": HRNetV2,
    "hrnetv2-w48-ocr": lambda classes: HRNetV2(classes, ocr=True),
    "hrnetv2-compact": lambda classes: HRNetV2(classes, width=9, stem=16),
    "unet": UNet,
    "pspnet": PSPNet,
    "deeplabv3": DeepLabV3,
    "unode": UNode,
    "unode-compact": lambda classes: UNode(classes, width=16, solver=_MIDPOINT),
    "nodes-unet": NODEsUNet,
    "nodes-unet-compact": lambda classes: NODEsUNet(classes, width=12, solver=_MIDPOINT),
}
