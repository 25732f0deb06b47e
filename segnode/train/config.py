"""What a training run is told, saved beside what it makes."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from segnode.config import Norm, SolverConfig
from segnode.errors import ConfigError

#: Solvers a batch draws from, 4 to 8 evaluations of f each: a network that saw one grid only may be a ResNet in
#: disguise (Ott et al., 2021).
SOLVERS = ("euler-4", "midpoint-2", "heun-2", "midpoint-3", "rk4-1", "rk4_38-1", "midpoint-4")


@dataclass(frozen=True)
class TrainConfig:
    """One training run.

    data: data sets to train on, as `segnode.train.sources` names them. validate: data sets scored now and then.
    out: folder for checkpoints, curves and results. init: a checkpoint whose weights to start from.
    widths, stem_width, modules, blocks, norm: the layout (`ModelConfig`).
    solvers: one is drawn for each batch, as method-steps. gradient: as in `SolverConfig`.
    iterations, minutes: length of the run; with `minutes` it ends, and the rate falls, by the clock if that is sooner
        (resuming is then no longer bit for bit). batch_size: pictures a step. crop: rows and columns of each picture.
    optimizer: `adamw`, or the paper's `sgd`. rate: the highest learning rate, reached after `warmup` iterations, then
        falling as (1 - progress)^`power`. decay: weight decay. clip: largest norm of the gradient.
    balance: 0 weighs every pixel alike, 1 every class alike.
    average: decay of the moving average of the weights, which is what is validated and saved.
    precision: `bfloat16` runs convolutions in it under autocast (fast only where the processor has it).
    compile: `torch.compile` f, once for all solvers; it needs a C++ compiler, or on a GPU Triton.
    """

    data: tuple[str, ...]
    out: Path
    validate: tuple[str, ...] = ()
    init: Path | None = None
    widths: tuple[int, ...] = (16, 32, 64, 128)
    stem_width: int = 24
    modules: int = 2
    blocks: int = 4
    norm: Norm = "batch"
    solvers: tuple[str, ...] = SOLVERS
    gradient: Literal["checkpoint", "backprop", "adjoint"] = "backprop"
    solver: SolverConfig = field(default_factory=lambda: SolverConfig("midpoint", steps=4))
    iterations: int = 10_000
    minutes: float | None = None
    batch_size: int = 8
    crop: tuple[int, int] = (320, 320)
    scale: tuple[float, float] = (0.5, 2.0)
    optimizer: Literal["adamw", "sgd"] = "adamw"
    rate: float = 2e-3
    warmup: int = 200
    power: float = 0.9
    decay: float = 0.02
    clip: float = 5.0
    balance: float = 0.4
    average: float = 0.999
    precision: Literal["float32", "bfloat16"] = "float32"
    compile: bool = False
    validate_every: int = 1000
    save_every: int = 200
    seed: int = 0
    device: str = "auto"
    resume: bool = False

    def __post_init__(self) -> None:
        if not self.data:
            raise ConfigError("Nothing to train on: name a data set with --data, for example streets:,seeds=0-1999.")
        for name in ("iterations", "batch_size", "validate_every", "save_every"):
            if getattr(self, name) < 1:
                raise ConfigError(f"{name} must be at least 1, not {getattr(self, name)}.")
        if min(self.crop) < 32:
            raise ConfigError(f"A crop needs at least 32 rows and columns, not {self.crop}.")
        for name in ("balance", "average"):
            if not 0 <= getattr(self, name) <= 1:
                raise ConfigError(f"{name} must lie between 0 and 1, not {getattr(self, name)}.")
        for text in self.solvers:
            self.solver_named(text)

    def solver_named(self, text: str) -> SolverConfig:
        """The solver written as method-steps, for example midpoint-4."""
        method, _, steps = text.rpartition("-")
        if not steps.isdigit():
            raise ConfigError(f"A solver is written as method-steps, for example midpoint-4, not {text!r}.")
        return SolverConfig(method, steps=int(steps), gradient=self.gradient)  # ty: ignore[invalid-argument-type]
