"""The vector field f: what moves the four streams through depth."""

from itertools import pairwise

from torch import Tensor, nn

from segnode.config import Norm
from segnode.model.blocks import Block, conv3x3, upsample
from segnode.types import State


class DownChain(nn.Module):
    """Stride-2 3x3 convolutions from one stream to a lower one, ReLU between; widths follow the streams."""

    def __init__(self, widths: tuple[int, ...]) -> None:
        super().__init__()
        self.convs = nn.ModuleList(conv3x3(a, b, stride=2) for a, b in pairwise(widths))

    def forward(self, x: Tensor) -> Tensor:
        for index, conv in enumerate(self.convs):
            x = conv(x.relu_() if index else x)
        return x


class Branch(nn.ModuleList):
    """Blocks in a row."""

    def forward(self, x: Tensor, t: Tensor | float) -> Tensor:
        for block in self:
            x = block(x, t)
        return x


class Module(nn.Module):
    """One multi-resolution module of HRNetV2 in pre-activation form, without a skip of its own (paper, Fig. 2).

    Nor have its blocks skips, where the paper calls them residual: a deviation (see `segnode.model.baseline`).
    Each stream passes through its branch of blocks; then every stream receives all the others: lower ones by a 1x1
    convolution and bilinear interpolation by their power of two, higher ones by a `DownChain`, its own unchanged.
    """

    def __init__(self, widths: tuple[int, ...], blocks: int, norm: Norm, time: bool) -> None:
        super().__init__()
        self.branches = nn.ModuleList(Branch(Block(width, norm, time) for _ in range(blocks)) for width in widths)
        streams = range(len(widths))
        self.fuse = nn.ModuleDict(
            {
                f"{source}to{target}": DownChain(widths[source : target + 1])
                if source < target
                else nn.Conv2d(widths[source], widths[target], kernel_size=1, bias=False)
                for target in streams
                for source in streams
                if source != target
            }
        )

    def forward(self, state: State, t: Tensor | float) -> State:
        streams = [branch(x, t) for branch, x in zip(self.branches, state, strict=True)]
        return tuple(self._fused(target, streams) for target in range(len(streams)))

    def _fused(self, target: int, streams: list[Tensor]) -> Tensor:
        own = total = streams[target]
        for source, x in enumerate(streams):
            if source != target:
                passed = self.fuse[f"{source}to{target}"](x)
                passed = passed if source < target else upsample(passed, 2 ** (source - target))
                total = passed.add_(own) if total is own else total.add_(passed)  # `own` is what other streams read
        return total


class Field(nn.Module):
    """The time derivative of the state: f(h) = M1(h) + M2(h + M1(h)) for two modules (paper, section 3.2, eq. 2).

    So h + f(h) is the residual network h <- h + M1(h), h <- h + M2(h): one Euler step of length 1 *is* the residual
    network, and f carries no copy of h, which would grow like e^t.
    """

    def __init__(self, widths: tuple[int, ...], modules: int, blocks: int, norm: Norm, time: bool) -> None:
        super().__init__()
        self.residuals = nn.ModuleList(Module(widths, blocks, norm, time) for _ in range(modules))

    def forward(self, t: Tensor | float, state: State) -> State:
        total: State | None = None
        for module in self.residuals:
            change = module(state if total is None else _add(state, total), t)
            total = change if total is None else tuple(x.add_(y) for x, y in zip(total, change, strict=True))
        assert total is not None  # ModelConfig asks for at least one module
        return total


def _add(a: State, b: State) -> State:
    return tuple(x + y for x, y in zip(a, b, strict=True))
