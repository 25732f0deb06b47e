"""HRNetV2: streams of four resolutions side by side, exchanged again and again; the paper's main comparison."""

from collections import OrderedDict
from collections.abc import Callable
from functools import reduce
from operator import add
from typing import Any, ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from segnode.config import check_int
from segnode.data.classes import ClassSet
from segnode.errors import ConfigError
from segnode.model.network import Network
from segnode.model.ocr import OCR, conv_norm, pixelwise
from segnode.ode.gradients import recomputed
from segnode.types import CoarseLogits, Features, ImageBatch, Logits, State

#: Residual blocks in a row, in the first stage and in every branch of the others.
BLOCKS = 4
#: Multi-resolution modules of the stages with two, three and four streams.
MODULES = (1, 4, 3)


class HRNetV2(Network, tags=["semantic-segmentation"]):
    """HRNetV2, with the object-contextual head where `ocr` is set; answers at stride 4.

    width: channels of the finest stream, doubled in each next. stem: channels of the two stride-2 convolutions and of
    the bottlenecks, whose output is four times as wide. ocr_width: channels of the object-contextual head, whose keys
    are half as wide.

    Raises `ConfigError` for a value out of range. Source: Wang et al., "Deep High-Resolution Representation Learning
    for Visual Recognition", 2020, and for `ocr` Yuan, Chen and Wang, 2020. 65,853,611 parameters at 11 classes, with
    `ocr` 70,362,806.

    Known: the layout is that of the authors' code for Cityscapes (HRNet-Semantic-Segmentation, branch HRNet-OCR), and
    so are the answers to the same weights. All its interpolation has aligned corners with `ocr` and not without, as
    their two configurations say. Chosen: torch's initialization, as all networks here have it; `stem` and `ocr_width`
    as settings, so that everything can shrink alike. The compact sibling is width 9 and stem 16, 2,342,759 parameters
    at 11 classes; with `ocr` and ocr_width 64, 2,440,434.

    It takes any picture, down to one pixel; to train, batch normalization needs more than one pixel of the whole batch
    at stride 32.
    """

    #: How the official names become ours; see `segnode.model.zoo.official`.
    official: ClassVar[tuple[tuple[str, str], ...]] = (
        (r"\bconv([123])\.", r"layers.\1.conv."),
        (r"\bbn([123])\.", r"layers.\1.norm."),
        (r"^layers\.", "backbone.stem."),
        (r"^layer1\.", "backbone.stage1."),
        (r"^(stage|transition)", r"backbone.\1"),
        (r"\.downsample\.", ".skip."),
        (r"\.fuse_layers\.(\d)\.(\d)\.", r".fuse.\2to\1."),
        (r"(transition\d\.\d)\.0\.([01])\.", r"\1.\2."),
        (r"^ocr_distri_head\.(?:object_context_block\.)?", ""),
        (r"^f_pixel\.", "head.query."),
        (r"^f_object\.", "head.key."),
        (r"^f_down\.", "head.value."),
        (r"^f_up\.", "head.context."),
        (r"^conv_bn_dropout\.", "head.fusion."),
        (r"^conv3x3_ocr\.", "head.features."),
        (r"^cls_head\.", "head.logits."),
        (r"^(head\.\w+\.[13])\.0\.", r"\1."),  # normalization and ReLU, wrapped together
        (r"^(head\.(?:query|key))\.([01])\.(\w+)$", r"\1.0.\2.\3"),
        (r"^(head\.(?:query|key))\.2\.(\w+)$", r"\1.1.0.\2"),
        (r"^(head\.(?:query|key))\.3\.(\w+)$", r"\1.1.1.\2"),
        (r"^last_layer\.", "head."),
        (r"^aux_head\.", "head.regions."),
        (r"^(head|head\.regions)\.([01])\.", r"\1.hidden.\2."),
        (r"^(head|head\.regions)\.3\.", r"\1.logits."),
        (r"\.0\.(\w+)$", r".conv.\1"),
        (r"\.1\.(\w+)$", r".norm.\1"),
    )
    #: What only the classifier of ImageNet has.
    imagenet: ClassVar[tuple[str, ...]] = (r"^(?:incre_modules|downsamp_modules|final_layer|classifier)\.",)

    def __init__(
        self, classes: ClassSet, width: int = 48, ocr: bool = False, stem: int = 64, ocr_width: int = 512
    ) -> None:
        super().__init__(classes, width=width, ocr=ocr, stem=stem, ocr_width=ocr_width)
        check_int("width", width, 1, 1024)
        check_int("stem", stem, 1, 1024)
        check_int("ocr_width", ocr_width, 2, 4096)
        if not isinstance(ocr, bool):
            raise ConfigError(f"ocr must be true or false, not {ocr!r}.")
        self.backbone = Backbone(stem, width, aligned=ocr)
        joined = self.backbone.width
        self.head = OCR(joined, len(classes), ocr_width, ocr_width // 2) if ocr else pixelwise(joined, len(classes))
        #: Whether training recomputes the first stage, each multi-resolution module and the head in the backward pass,
        #: for memory; never saved.
        self.recompute = False
        self.to(memory_format=torch.channels_last)  # ty: ignore[no-matching-overload] - torch's own overload is missing

    @property
    def auxiliary(self) -> tuple[float, ...]:
        return (0.4,) if isinstance(self.head, OCR) else ()

    def upsample(self, logits: CoarseLogits, size: tuple[int, ...]) -> Logits:
        """One of `outputs` at `size`, interpolated as inside."""
        return self.backbone.resize(logits, size)

    def score(self, images: Tensor) -> tuple[CoarseLogits, ...]:
        """Logits at stride 4; with `ocr`, then those of the soft regions."""
        part = recomputed if self.recompute and self.training else _identity
        answer = part(self.head)(self.backbone(images, part))
        return answer if isinstance(answer, tuple) else (answer,)


class Backbone(nn.Module):
    """Stem, one stage of bottlenecks, three of multi-resolution modules; returns all streams side by side, stride 4."""

    def __init__(self, stem: int, width: int, aligned: bool) -> None:
        super().__init__()
        self.resize = Resize(aligned)
        expanded = Residual.EXPANSION * stem
        widths = tuple(width * 2**stream for stream in range(4))
        self.width = sum(widths)
        self.stem = _numbered(conv_norm(3, stem, 3, stride=2), conv_norm(stem, stem, 3, stride=2))
        self.stage1 = nn.Sequential(
            *(Residual.bottleneck(expanded if index else stem, stem) for index in range(BLOCKS))
        )
        self.transition1 = Transition((expanded,), widths[:2])
        self.stage2 = nn.ModuleList(MultiResolutionModule(widths[:2], aligned) for _ in range(MODULES[0]))
        self.transition2 = Transition(widths[:2], widths[:3])
        self.stage3 = nn.ModuleList(MultiResolutionModule(widths[:3], aligned) for _ in range(MODULES[1]))
        self.transition3 = Transition(widths[:3], widths)
        self.stage4 = nn.ModuleList(MultiResolutionModule(widths, aligned) for _ in range(MODULES[2]))

    def forward(self, images: ImageBatch, part: Callable[[nn.Module], Callable[..., Any]]) -> Features:
        """part: makes of each part, as wide as the memory it costs, what is evaluated in its place."""
        streams: State = (part(self.stage1)(self.stem(images)),)
        for transition, stage in (
            (self.transition1, self.stage2),
            (self.transition2, self.stage3),
            (self.transition3, self.stage4),
        ):
            streams = transition(streams)
            for module in stage:
                streams = part(module)(*streams)
        finest, *lower = streams
        return torch.cat([finest, *(self.resize(stream, finest.shape[-2:]) for stream in lower)], dim=1)


class Transition(nn.ModuleDict):
    """From streams to one stream more, which a stride-2 convolution makes of the lowest.

    A stream whose width changes passes a convolution of its own; the others are left as they are.
    """

    def __init__(self, widths_in: tuple[int, ...], widths: tuple[int, ...]) -> None:
        existing = len(widths_in)
        changed = {
            str(index): conv_norm(widths_in[min(index, existing - 1)], width, 3, stride=1 if index < existing else 2)
            for index, width in enumerate(widths)
            if index >= existing or widths_in[index] != width
        }
        super().__init__(changed)
        self.streams = len(widths)

    def forward(self, streams: State) -> State:
        sources = (*streams, *streams[-1:] * (self.streams - len(streams)))
        return tuple(self[str(index)](x) if str(index) in self else x for index, x in enumerate(sources))


class MultiResolutionModule(nn.Module):
    """A branch of residual blocks for each stream, then every stream receives the sum of all, made to fit it.

    A lower one passes a 1x1 convolution and is interpolated; a higher one passes stride-2 3x3 convolutions, which keep
    its width until the last; its own is unchanged.
    """

    def __init__(self, widths: tuple[int, ...], aligned: bool) -> None:
        super().__init__()
        self.resize = Resize(aligned)
        self.branches = nn.ModuleList(nn.Sequential(*(Residual.basic(w) for _ in range(BLOCKS))) for w in widths)
        streams = range(len(widths))
        self.fuse = nn.ModuleDict(
            {
                f"{source}to{target}": conv_norm(widths[source], widths[target], relu=False)
                if source > target
                else _down(widths[source], widths[target], target - source)
                for target in streams
                for source in streams
                if source != target
            }
        )

    def forward(self, *streams: Tensor) -> State:
        streams = tuple(branch(x) for branch, x in zip(self.branches, streams, strict=True))
        return tuple(self._fused(target, streams) for target in range(len(streams)))

    def _fused(self, target: int, streams: State) -> Tensor:
        fitted = (self._fitted(source, target, streams) for source in range(len(streams)))
        return F.relu(reduce(add, fitted))

    def _fitted(self, source: int, target: int, streams: State) -> Tensor:
        if source == target:
            return streams[target]
        passed = self.fuse[f"{source}to{target}"](streams[source])
        return self.resize(passed, streams[target].shape[-2:]) if source > target else passed


class Residual(nn.Module):
    """ReLU of the input, fitted by `skip` where widths differ, plus what `layers` make of it (He et al., 2016)."""

    #: How many times wider a bottleneck's output is than its middle.
    EXPANSION = 4

    def __init__(self, layers: nn.Sequential, skip: nn.Module | None = None) -> None:
        super().__init__()
        self.layers = layers
        self.skip = skip or nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.skip(x) + self.layers(x))

    @classmethod
    def basic(cls, width: int) -> "Residual":
        """Two 3x3 convolutions."""
        return cls(_numbered(conv_norm(width, width, 3), conv_norm(width, width, 3, relu=False)))

    @classmethod
    def bottleneck(cls, width_in: int, width: int) -> "Residual":
        """A 3x3 convolution of `width` between two 1x1 ones; the output is `EXPANSION` times as wide."""
        wide = cls.EXPANSION * width
        return cls(
            _numbered(conv_norm(width_in, width), conv_norm(width, width, 3), conv_norm(width, wide, relu=False)),
            None if width_in == wide else conv_norm(width_in, wide, relu=False),
        )


class Resize(nn.Module):
    """Bilinear interpolation; `aligned` keeps the centres of the corner pixels in place, else pixels are areas."""

    def __init__(self, aligned: bool) -> None:
        super().__init__()
        self.aligned = aligned

    def forward(self, x: Tensor, size: tuple[int, ...]) -> Tensor:
        return F.interpolate(x, size=list(size), mode="bilinear", align_corners=self.aligned)


def _identity(module: nn.Module) -> nn.Module:
    return module


def _numbered(*layers: nn.Module) -> nn.Sequential:
    """`layers` in a row, named from 1, as the official code counts them."""
    return nn.Sequential(OrderedDict((str(number), layer) for number, layer in enumerate(layers, start=1)))


def _down(width_in: int, width_out: int, halvings: int) -> nn.Sequential:
    """Stride-2 convolutions, ReLU between them; only the last changes the width and only it has no ReLU."""
    between = (conv_norm(width_in, width_in, 3, stride=2) for _ in range(halvings - 1))
    return nn.Sequential(*between, conv_norm(width_in, width_out, 3, stride=2, relu=False))
