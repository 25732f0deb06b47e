"""The smallest networks that can be published: what the Hub's tests load and save instead of a SegNode."""

from typing import Any, Self

import torch
from torch import Tensor, nn

from segnode.hub import Published


class Tiny(nn.Module, Published, library_name="segnode", tags=["tiny"], license="mit"):
    """A convolution and a batch norm, with weights drawn from `seed`."""

    def __init__(self, width: int, names: tuple[str, ...] = ("sky", "road"), seed: int = 0) -> None:
        super().__init__()
        self.width = width
        self.names = names
        self.convolution = nn.Conv2d(3, width, 3)
        self.norm = nn.BatchNorm2d(width)
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            nn.init.normal_(self.convolution.weight)
            nn.init.normal_(self.norm.running_mean)

    def forward(self, x: Tensor) -> Tensor:
        return self.norm(self.convolution(x))

    def settings(self) -> dict[str, Any]:
        return {"width": self.width, "names": list(self.names)}

    @classmethod
    def from_settings(cls, settings: dict[str, Any]) -> Self:
        return cls(settings["width"], tuple(settings["names"]))


class Other(Tiny):
    """Another network that understands the same settings."""

    def __init__(self, width: int, names: tuple[str, ...] = ("sky", "road"), seed: int = 0) -> None:
        super().__init__(width, names, seed)
        self.extra = nn.Linear(width, 2)


def equal(one: nn.Module, other: nn.Module) -> bool:
    """Whether two networks have the same tensors, bit for bit."""
    mine, theirs = one.state_dict(), other.state_dict()
    return mine.keys() == theirs.keys() and all(torch.equal(mine[name], theirs[name]) for name in mine)
