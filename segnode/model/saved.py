"""Opening a checkpoint without knowing its network class."""

from pathlib import Path
from typing import Any

from segnode.errors import CheckpointError
from segnode.model.baseline import Baseline
from segnode.model.classifier import Classifier
from segnode.model.network import Network
from segnode.model.segnode import SegNode
from segnode.model.zoo.deeplabv3 import DeepLabV3
from segnode.model.zoo.hrnet import HRNetV2
from segnode.model.zoo.nodes_unet import NODEsUNet
from segnode.model.zoo.pspnet import PSPNet
from segnode.model.zoo.unet import UNet
from segnode.model.zoo.unode import UNode

_CLASSES: dict[str, type[Network]] = {
    network.__name__: network
    for network in (SegNode, Baseline, HRNetV2, UNet, PSPNet, DeepLabV3, UNode, NODEsUNet, Classifier)
}


def open_network(name_or_path: str | Path) -> Network:
    """The trained network of a folder, or of `owner/name` on the Hub, in evaluation mode, whatever its class.

    Raises as `Network.from_pretrained` does, and `CheckpointError` for a class this version does not know.
    """
    return SavedNetwork.from_pretrained(name_or_path)


class SavedNetwork(Network):
    """What its settings say it is: never built itself."""

    @classmethod
    def from_settings(cls, settings: dict[str, Any]) -> Network:  # ty: ignore[incompatible-method-override]
        """The network `settings` describe, untrained. Raises `CheckpointError` where they describe none."""
        kind = settings.get("network")
        if kind not in _CLASSES:
            raise CheckpointError(
                f"config.json describes the network {kind!r}, and this version knows {', '.join(_CLASSES)}: give a"
                " checkpoint of one of them, or update segnode."
            )
        return _CLASSES[kind].from_settings(settings)
