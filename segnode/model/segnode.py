"""SegNode, the paper's network: a stem, an ODE over four streams, a linear head."""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from segnode.config import ModelConfig, SolverConfig
from segnode.data.classes import ClassSet
from segnode.errors import ConfigError
from segnode.model.field import Field
from segnode.model.head import ContextHead, Head
from segnode.model.network import Network, normalize
from segnode.model.padding import coarsest_stride, pad, upsample_logits
from segnode.model.stem import Encoder
from segnode.ode import solve
from segnode.ode.evaluations import OnEvaluation
from segnode.types import CoarseLogits, Depths, ImageBatch, Logits, State


@dataclass(frozen=True)
class DecodedTrajectory:
    """Logits along one solve.

    times: depths asked for. logits: one tensor per time, at stride 4 of the padded image. step_times: depths the solver
    stepped to, 0 first. nfe: evaluations of f, whatever the number of times. start: h(0). slope: f(0, h(0)), which
    every solver evaluates first. refused: depths that rejected steps of an adaptive solver would have reached.
    """

    times: tuple[float, ...]
    logits: tuple[Logits, ...]
    step_times: tuple[float, ...]
    nfe: int
    start: State
    slope: State
    refused: tuple[float, ...] = ()


class SegNode(Network, tags=["neural-ode", "semantic-segmentation"]):
    """A neural ODE that segments images: encode to h(0), integrate dh/dt = f(t, h) to `until`, decode linearly.

    config: the layout. classes: what the channels of the logits mean. solver: the default solver, used wherever none
    is given. until: the depth T at which training ended; the state does not come to rest there.

    Raises `ConfigError` when classes and layout disagree. Source: paper, section 3.2 and Fig. 1.
    """

    def __init__(
        self,
        config: ModelConfig,
        classes: ClassSet,
        solver: SolverConfig | None = None,
        until: float = 1.0,
    ) -> None:
        super().__init__(classes)
        if len(classes) != config.num_classes:
            raise ConfigError(f"{len(classes)} class names do not fit {config.num_classes} classes: name each.")
        self.config = config
        self.solver = solver or SolverConfig()
        self.until = until
        self.encoder = Encoder(config.stem_width, config.widths, config.norm)
        self.field = Field(config.widths, config.modules, config.blocks, config.norm, config.time)
        self.head: Head | ContextHead = (
            Head(config.widths, config.num_classes)
            if config.head == "linear"
            else ContextHead(config.widths, config.num_classes, config.norm)
        )
        self.to(memory_format=torch.channels_last)  # ty: ignore[no-matching-overload] - torch's own overload is missing

    @property
    def auxiliary(self) -> tuple[float, ...]:
        """Weights in the training loss of the outputs after the first: one with the head `ocr`, else none."""
        return self.head.auxiliary

    def forward(self, images: ImageBatch, solver: SolverConfig | None = None) -> Logits:
        """Logits at the images' size. images: sRGB, 0 to 1, of any size."""
        return self.upsample(self.outputs(images, solver)[0], images.shape[-2:])

    def outputs(
        self, images: ImageBatch, solver: SolverConfig | None = None, until: float | None = None
    ) -> tuple[CoarseLogits, ...]:
        """Logits at stride 4 of the padded images: the answer, and with the head `ocr` one that helps to train."""
        return self.head.outputs(self.streams(images, solver, until))

    def streams(self, images: ImageBatch, solver: SolverConfig | None = None, until: float | None = None) -> State:
        """The state at `until` (None: at T), which the head reads."""
        end = self.until if until is None else until
        return solve(self.field, self.encode(images), solver or self.solver, until=end).states[-1]

    @property
    def widths(self) -> tuple[int, ...]:
        """Channels of the streams."""
        return self.config.widths

    def upsample(self, logits: CoarseLogits, size: tuple[int, ...]) -> Logits:
        """One of `outputs`, resized to `size`: the rows and columns of the images it was made from."""
        return upsample_logits(logits, size)

    def encode(self, images: ImageBatch) -> State:
        """h(0) of images of any size (sRGB, 0 to 1); float32 even under autocast, which solvers need."""
        images = normalize(pad(images, coarsest_stride(len(self.widths)))).contiguous(memory_format=torch.channels_last)
        return tuple(stream.float() for stream in self.encoder(images))

    @torch.no_grad()
    def trajectory(
        self,
        images: ImageBatch,
        times: Depths,
        solver: SolverConfig | None = None,
        until: float | None = None,
        on_evaluation: OnEvaluation | None = None,
    ) -> DecodedTrajectory:
        """Logits of `images` (sRGB, 0 to 1) at `times`, from one solve.

        On a fixed grid a linear head is applied once to each stage instead of to each frame's state. Raises as
        `segnode.ode.solve` does.
        """
        field, start = _KeepsFirst(self.field), self.encode(images)
        affine = self.head if isinstance(self.head, Head) else None
        solution = solve(
            field,
            start,
            solver or self.solver,
            until=self.until if until is None else until,
            times=times,
            on_evaluation=on_evaluation,
            read_out=affine,
        )
        logits = tuple(self.head(state) if affine is None else state[0] for state in solution.states)
        return DecodedTrajectory(
            solution.times, logits, solution.step_times, solution.nfe, start, field.first, solution.refused
        )

    @torch.no_grad()
    def euler_logits(self, decoded: DecodedTrajectory) -> Logits:
        """Logits after one Euler step of length T from where `decoded` began."""
        reached = (h.add(change, alpha=self.until) for h, change in zip(decoded.start, decoded.slope, strict=True))
        return self.head(tuple(reached))

    def settings(self) -> dict[str, Any]:
        """The content of `config.json`, the file beside the weights."""
        return {
            "network": "SegNode",
            "model": self.config.to_dict(),
            "classes": self.classes.to_dict(),
            "solver": self.solver.to_dict(),
            "until": self.until,
        }

    @classmethod
    def _from_checked(cls, settings: dict[str, Any]) -> "SegNode":
        return cls(
            ModelConfig.from_dict(settings["model"]),
            ClassSet.from_dict(settings["classes"]),
            SolverConfig.from_dict(settings["solver"]),
            float(settings["until"]),
        )


class _KeepsFirst(nn.Module):
    """A field that keeps its first slope during one solve."""

    def __init__(self, field: Field) -> None:
        super().__init__()
        self.field = field
        self.first: State = ()

    def forward(self, t: float | Tensor, state: State) -> State:
        slope = self.field(t, state)
        self.first = self.first or slope
        return slope
