"""U-Node: a U-Net whose stages are ODEs."""

from itertools import pairwise
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from segnode.config import check_int
from segnode.data.classes import ClassSet
from segnode.model.blocks import resize
from segnode.model.network import Network
from segnode.model.zoo.ode_block import ODEBlock, Solver, convolution, solver_config
from segnode.types import Logits

#: Rows and columns of the picture for one at the bottom, four levels down; pictures are padded to a multiple of it.
STRIDE = 16


class UNode(Network, tags=["unet", "neural-ode", "semantic-segmentation"]):
    """Nine ODE blocks: four on the way down, one at the bottom, four on the way up.

    width: channels of the first level; each of the four below has twice the one above. solver: of all nine ODEs, a
    `SolverConfig` or its settings by name; without one the source's, dopri5 with rtol = atol = 1e-3 and the adjoint.

    Source: Pinckaers and Litjens, Neural Ordinary Differential Equations for Semantic Segmentation of Individual Colon
    Glands, 2019 ([32] of the paper), and their public code. Known from there: 1x1 convolutions with bias into the
    first level, between levels and to the classes; leaky ReLU after all but the last; bilinear halving and doubling;
    skips concatenated; the block, the solver, the initial weights. Theirs has width 16 and two classes, published as
    2 M parameters, 2,087,346 here; the paper says it used more, not how many. Width 64 gives 33,211,074, at eleven
    classes 33,211,659. Chosen here: pictures are padded to a multiple of 16 by repeating the last row and column, and
    the answer is cropped.

    Raises `ConfigError` for a value out of range. Its solves raise as `segnode.ode.solve` does.
    """

    #: Padded to 32, two pixels at the bottom; a single one cannot be normalized.
    smallest: ClassVar[int] = STRIDE + 1

    def __init__(self, classes: ClassSet, width: int = 64, solver: Solver = None) -> None:
        check_int("width", width, 1, 1024)
        solver = solver_config(solver)
        super().__init__(classes, width=width, solver=solver.to_dict())
        widths = [width * 2**level for level in range(5)]
        self.stem = convolution(3, width, kernel_size=1)
        self.down = nn.ModuleList(ODEBlock(a, solver) for a in widths[:-1])
        self.widen = nn.ModuleList(convolution(a, b, kernel_size=1) for a, b in pairwise(widths))
        self.bottom = ODEBlock(widths[-1], solver)
        self.narrow = nn.ModuleList(convolution(a + b, a, kernel_size=1) for a, b in pairwise(widths))
        self.up = nn.ModuleList(ODEBlock(a, solver) for a in widths[:-1])
        self.head = convolution(width, len(classes), kernel_size=1)
        self.to(memory_format=torch.channels_last)  # ty: ignore[no-matching-overload] - torch's own overload is missing

    def score(self, images: Tensor) -> tuple[Logits, ...]:
        """The logits alone, at the images' size."""
        rows, columns = images.shape[-2:]
        x = F.pad(images, (0, -columns % STRIDE, 0, -rows % STRIDE), mode="replicate")
        x = F.leaky_relu(self.stem(x.contiguous(memory_format=torch.channels_last)))
        levels: list[Tensor] = []
        for block, widen in zip(self.down, self.widen, strict=True):
            levels.append(block(x))
            x = F.leaky_relu(widen(levels[-1]))
            x = resize(x, (x.shape[-2] // 2, x.shape[-1] // 2))
        x = self.bottom(x)
        for level in reversed(range(len(levels))):
            x = torch.cat([resize(x, levels[level].shape[-2:]), levels[level]], dim=1)
            x = self.up[level](F.leaky_relu(self.narrow[level](x)))
        return (self.head(x)[..., :rows, :columns],)
