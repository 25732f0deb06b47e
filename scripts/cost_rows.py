"""The rows of the cost table: each network of the paper's Table 2, and ours with every trick that matters."""

from dataclasses import dataclass, replace
from typing import Any

from segnode import SolverConfig, build_model
from segnode.config import FIXED_METHODS, GRADIENTS
from segnode.model.baseline import Baseline
from segnode.model.network import Network
from segnode.model.segnode import SegNode
from segnode.model.zoo.hrnet import HRNetV2
from segnode.model.zoo.ode_block import ODEBlock


@dataclass(frozen=True)
class Row:
    """One network, and how it is solved and differentiated.

    network: for `build_model`. family: as the paper's table calls it. solver: None for a network that is no ODE.
    recompute: modules again in the backward pass. tied: residuals share one module. paper: the row of the paper's table
    this is the counterpart of.
    """

    network: str
    family: str
    solver: SolverConfig | None = None
    recompute: bool = False
    tied: bool = False
    paper: str | None = None

    @property
    def name(self) -> str:
        """What the table calls it."""
        words = [_TITLES[self.network]]
        if self.tied:
            words[0] += ", tied"
        if self.solver is not None:
            words += [self.solver.name, self.solver.gradient]
        if self.recompute:
            words.append("checkpoint")
        return ", ".join(words)

    def build(self) -> Network:
        """The network, untrained."""
        network: Any = build_model(self.network)
        if self.tied:
            network = Baseline(network.classes, distinct=1)
        if isinstance(network, Baseline | HRNetV2):
            network.recompute = self.recompute
        if self.solver is not None:
            if isinstance(network, SegNode):
                network.solver = self.solver
            for block in network.modules():
                if isinstance(block, ODEBlock):
                    block.solver = self.solver
        return network

    @property
    def fake(self) -> bool:
        """Whether fake tensors can rehearse it: torchdiffeq looks at values, which they have not."""
        return self.solver is None or not (self.solver.adaptive or self.solver.gradient == "adjoint")

    def with_steps(self, steps: int) -> "Row":
        """The same row at another number of solver steps."""
        return self if self.solver is None else replace(self, solver=replace(self.solver, steps=steps))


_TITLES = {
    "hrnetv2-w48": "HRNetV2",
    "hrnetv2-w48-ocr": "HRNetV2 + OCR",
    "baseline-w48": "Baseline",
    "baseline-w48-six": "Baseline, six modules",
    "unet": "U-Net",
    "pspnet": "PSPNet",
    "deeplabv3": "DeepLab v3",
    "unode": "U-Node",
    "nodes-unet": "NODEs-UNet",
    "segnode-w48": "SegNode",
    "segnode-w48-ocr": "SegNode + OCR",
}


def _segnode(method: str, steps: int, gradient: str, **more: Any) -> Row:
    solver = SolverConfig.from_dict({"method": method, "steps": steps, "gradient": gradient})
    return Row("segnode-w48", "SegNode", solver, **more)


#: HRNetV2 first: the one the others are held against.
ROWS = (
    Row("hrnetv2-w48", "HRNetV2", paper="HRNetV2"),
    Row("hrnetv2-w48", "HRNetV2", recompute=True),
    Row("hrnetv2-w48-ocr", "HRNetV2"),
    Row("baseline-w48", "Baseline", paper="Baseline"),
    Row("baseline-w48", "Baseline", recompute=True),
    Row("baseline-w48", "Baseline", tied=True),
    Row("baseline-w48", "Baseline", tied=True, recompute=True),
    Row("baseline-w48-six", "Baseline"),
    Row("unet", "U-Net", paper="U-Net"),
    Row("pspnet", "PSPNet", paper="PSPNet"),
    Row("deeplabv3", "DeepLab v3", paper="DeepLab v3"),
    _segnode("midpoint", 2, "checkpoint", paper="SegNode"),
    _segnode("midpoint", 2, "backprop", paper="SegNode"),
    _segnode("midpoint", 2, "adjoint", paper="SegNode"),
    _segnode("rk4", 1, "checkpoint"),
    _segnode("rk4", 1, "backprop"),
    _segnode("rk4_38", 1, "adjoint", paper="SegNode"),
    _segnode("euler", 4, "checkpoint"),
    _segnode("euler", 4, "backprop"),
    _segnode("midpoint", 4, "checkpoint"),
    _segnode("midpoint", 4, "backprop"),
    _segnode("midpoint", 4, "adjoint"),
    _segnode("dopri5", 4, "checkpoint"),
    _segnode("dopri5", 4, "backprop"),
    _segnode("dopri5", 4, "adjoint"),
    Row("segnode-w48-ocr", "SegNode", SolverConfig("midpoint", 2)),
    Row("unode", "U-Node", SolverConfig("midpoint", 2)),
    Row("nodes-unet", "NODEs-UNet", SolverConfig("midpoint", 2)),
)

#: The networks of the calculator, with the gradients each has.
CALCULATED: dict[str, tuple[str, dict[str, dict[str, Row]]]] = {
    "segnode-w48": (
        "SegNode",
        {
            method: {
                gradient: _segnode(method, 2, gradient)
                for gradient in GRADIENTS
                if (method, gradient) != ("rk4", "adjoint")  # which torchdiffeq has not
            }
            for method in FIXED_METHODS
        },
    ),
    "hrnetv2-w48": (
        "HRNetV2",
        {"": {"backprop": Row("hrnetv2-w48", "HRNetV2"), "checkpoint": Row("hrnetv2-w48", "HRNetV2", recompute=True)}},
    ),
    "baseline-w48": (
        "Baseline",
        {
            "": {
                "backprop": Row("baseline-w48", "Baseline"),
                "checkpoint": Row("baseline-w48", "Baseline", recompute=True),
            }
        },
    ),
}
