"""The paper's baseline: SegNode's modules in a row, each added to the state it reads; a residual network, no ODE.

How the layout of both was found. The paper gives the widths, the stem, the number of modules and two counts: 20.9 M
parameters for SegNode, 70.9 M for the baseline that repeats its module 'six times'. The rest came from a search over
several million layouts for those that meet both counts. Six modules that are alike cannot: the counts differ by four of
them, which makes 12.5 M of each and leaves less than nothing for the stem, inputs and heads. Read as the original and
six copies, seven in all, one definition meets both within 0.1 %: four blocks of batch normalization, ReLU and 3x3
convolution in each branch; down to a lower stream by 3x3 convolutions of stride 2, one a level, as wide as the streams
they pass; up to a higher one by a 1x1 convolution before the interpolation (a 3x3 after it would cost 1.4 times the
multiply-adds); no normalization where streams mix; the inputs a chain of normalized 3x3 convolutions; four 1x1 heads;
no convolution with a bias but the heads. A module then has 9,995,904 parameters, the stem 22,224, the inputs 893,088,
the heads for eleven classes 7,964.

It is not the only one. With batch normalization where streams mix the two have 20,926,028 and 70,932,908 parameters,
with HRNet's stem of 64 channels 20,938,620 and 70,918,140, and skips within a branch add none: all of these round to
the paper's counts. The paper says that each branch has several residual blocks; ours have no skip, which is a
deviation. Counts say nothing of the wiring: that a branch is four blocks in a row, that the streams mix after it, and
that a module has no skip of its own are choices of ours, the same here and in SegNode.
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from segnode.config import ModelConfig, Norm, check_int
from segnode.data.classes import ClassSet
from segnode.model.field import Module
from segnode.model.head import Head
from segnode.model.network import Network, normalize
from segnode.model.padding import coarsest_stride, pad, upsample_logits
from segnode.model.stem import Encoder
from segnode.ode import divided_momentum, recomputed
from segnode.types import CoarseLogits, ImageBatch, Logits, State


class Baseline(Network):
    """Residual modules over four streams: encode to h, then h <- h + M_k(h) for each k, then SegNode's linear head.

    widths: channels of the streams, from stride 4 downwards. stem_width: channels of the two stride-2 convolutions.
    modules: residuals in a row. blocks: blocks in each branch of a module. norm: `batch` or `group`. distinct: modules
    with weights of their own, used in turn: residual k uses module k modulo `distinct`; without it every residual has
    its own, and 1 ties them all.

    With two modules it is one Euler step of length 1 of the SegNode of the same weights. `recompute = True`, assigned,
    keeps only each module's input when training; the backward pass evaluates the module once more. The gradient is the
    same.

    Raises `ConfigError` for a value out of range. Source: paper, section 3.1 and Fig. 2, 70.9 M parameters;
    70,894,604 here, at eleven classes with seven modules. Six, the number the paper prints, give 60,898,700.
    """

    def __init__(
        self,
        classes: ClassSet,
        widths: Sequence[int] = (48, 96, 192, 384),
        stem_width: int = 48,
        modules: int = 7,
        blocks: int = 4,
        norm: Norm = "batch",
        distinct: int | None = None,
    ) -> None:
        layout: dict[str, Any] = {
            "widths": tuple(widths),
            "stem_width": stem_width,
            "modules": modules,
            "blocks": blocks,
            "norm": norm,
        }
        config = ModelConfig(len(classes), **layout)
        if distinct is not None:
            check_int("distinct", distinct, 1, modules)
        super().__init__(classes, **layout, distinct=distinct)
        self.config = config
        #: Whether training recomputes each module in the backward pass, for memory; never saved.
        self.recompute = False
        self.encoder = Encoder(stem_width, config.widths, norm)
        self.residuals = nn.ModuleList(
            Module(config.widths, blocks, norm, time=False) for _ in range(distinct or modules)
        )
        self.head = Head(config.widths, len(classes))
        self.to(memory_format=torch.channels_last)  # ty: ignore[no-matching-overload] - torch's own overload is missing

    @property
    def widths(self) -> tuple[int, ...]:
        """Channels of the streams."""
        return self.config.widths

    def upsample(self, logits: CoarseLogits, size: tuple[int, ...]) -> Logits:
        """One of `outputs` at `size`, the rows and columns of the images it was made of."""
        return upsample_logits(logits, size)

    def score(self, images: Tensor) -> tuple[CoarseLogits, ...]:
        """The logits alone, at stride 4 of the padded images."""
        return (self.head(self._streams(images)),)

    def streams(self, images: ImageBatch) -> State:
        """The state after the last residual, which the head reads. images: sRGB, 0 to 1."""
        return self._streams(normalize(images))

    def _streams(self, images: Tensor) -> State:
        images = pad(images, coarsest_stride(len(self.widths))).contiguous(memory_format=torch.channels_last)
        state = tuple(stream.float() for stream in self.encoder(images))  # as SegNode's, even under autocast
        for index in range(self.config.modules):
            turn = index % len(self.residuals)
            module = self.residuals[turn]
            residual = recomputed(module) if self.recompute and self.training else module
            with divided_momentum(module, len(range(turn, self.config.modules, len(self.residuals)))):
                change = residual(state, 0.0)
            state = tuple(h + x for h, x in zip(state, change, strict=True))
        return state
