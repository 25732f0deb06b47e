"""NODEs-UNet: a U-Net with an ODE at the end of each stage."""

from typing import ClassVar

import torch
from torch import nn

from segnode.data.classes import ClassSet
from segnode.model.zoo.ode_block import ODEBlock, Solver, solver_config
from segnode.model.zoo.unet import UNet


class NODEsUNet(UNet, tags=["unet", "neural-ode", "semantic-segmentation"]):
    """The `UNet` of nine stages, four down, one at the bottom, four up, with an ODE block at the end of each.

    width: channels of the first level; each of the four below has twice the one above. solver: of all nine ODEs, a
    `SolverConfig` or its settings by name; without one dopri5 with rtol = atol = 1e-3 and the adjoint.

    Source: Li et al., Robust Blood Cell Image Segmentation Method Based on Neural Ordinary Differential Equations, 2021
    ([21] of the paper). Known of it: U-Net, the nine blocks and their places, an error tolerance chosen for speed and
    accuracy together. We found neither its code nor a count of parameters, and have not seen what its f is made of.
    Chosen here: our U-Net, without normalization, and U-Node's block with U-Node's solver, since the paper calls the
    two networks similar; so they differ in where the block stands, not in what it is. A skip carries what leaves the
    block. 62,499,403 parameters at eleven classes, of which 31,032,395 are the U-Net's.

    Raises `ConfigError` for a value out of range. Its solves raise as `segnode.ode.solve` does.
    """

    #: Padded to 32, two pixels at the bottom; a single one cannot be normalized.
    smallest: ClassVar[int] = 17

    def __init__(self, classes: ClassSet, width: int = 64, solver: Solver = None) -> None:
        super().__init__(classes, width)
        solver = solver_config(solver)
        self.layout = {"width": width, "solver": solver.to_dict()}
        for stages in (self.down, self.up):
            for level, stage in enumerate(stages):
                stages[level] = nn.Sequential(stage, ODEBlock(width * 2**level, solver))
        self.to(memory_format=torch.channels_last)  # ty: ignore[no-matching-overload] - torch's own overload is missing
