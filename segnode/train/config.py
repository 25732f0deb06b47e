"""What a training run is told, saved beside what it makes."""

import json
import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from segnode.config import SolverConfig
from segnode.disk import at_home
from segnode.errors import ConfigError
from segnode.inference import solver_named
from segnode.model.loss import HardExamples

#: Solvers a batch may draw from, 4 to 8 evaluations of f each: a network that saw one grid only may be a ResNet in
#: disguise (Ott et al., 2021).
MANY_SOLVERS = ("euler-4", "midpoint-2", "heun-2", "midpoint-3", "rk4-1", "rk4_38-1", "midpoint-4")


@dataclass(frozen=True)
class TrainConfig:
    """One training run.

    A leading `~` in a path is the home folder.

    data: data sets to train on, as `segnode.train.sources` names them. validate: data sets scored now and then.
    out: folder for checkpoints, curves and results.
    network: as `build_model` names it. layout: what is to differ in it, as modules=3 or widths=[16,32].
    init: a checkpoint of ours to start from: the network's own, of whose head only what depends on the classes may
        differ, or a classifier's over it. public: public weights of ImageNet to start from (`zoo.official`).
    solvers: of a SegNode: one is drawn for each batch, as method-steps or the name of an adaptive method. Without any
        the network's own. until: the depth T it integrates to.
    early_solvers: those drawn from while less than `early` of the run is done: cheap ones, to see more pictures.
    gradient: of a SegNode as in `SolverConfig`. Networks without an ODE know `checkpoint`, which recomputes their
        modules in the backward pass, and `backprop`. U-Node and NODEs-UNet have it in their solver.
    iterations, minutes: length of the run; with `minutes` it ends, and the rate falls, by the clock if that is sooner
        (resuming is then no longer bit for bit).
    workers: threads that prepare batches ahead; one is enough for small pictures.
    batch_size: pictures an optimizer step, over all processes. accumulate: parts a process takes its share in, one
        after the other. crop: rows and columns of each picture.
    resize: what pictures are brought to before: rows and columns, or the longer side alone. scale: smallest and largest
        enlargement; scale_draw: how one between is drawn. jitter, aspect: strength of colour changes, and of
        stretching; 0 for none (`Augment`).
    paste_classes: what of these other pictures show is pasted into a share `paste` of the pictures (`Paste`).
    optimizer: `adamw`, or the paper's `sgd`. rate: the highest learning rate, reached after `warmup` iterations, then
        falling as (1 - progress)^`power`. head_rate: that of the head, as a multiple of it. clip: largest norm of the
        gradient.
    decay: weight decay of convolutions; with decay_norms of biases and normalizations, too.
    balance: 0 weighs every pixel alike, 1 every class alike. class_weights: those of the classes, in their order,
        instead.
    loss_stride: the loss is taken at one pixel in so many rows and columns, from an offset drawn for each batch.
    hard: train only on pixels whose own class has less than this probability, but on at least `hard_kept` a part.
    average: decay of the moving average of the weights, which is what is validated and saved.
    precision: `bfloat16` and `float16` run convolutions in it under autocast.
    compile: `torch.compile` f, or the parts of a network without one; it needs a C++ compiler, or on a GPU Triton.
    """

    data: tuple[str, ...]
    out: Path
    validate: tuple[str, ...] = ()
    network: str = "segnode-compact"
    layout: tuple[str, ...] = ()
    init: Path | None = None
    public: Path | None = None
    solvers: tuple[str, ...] = ()
    early_solvers: tuple[str, ...] = ()
    early: float = 0.0
    until: float = 1.0
    gradient: Literal["checkpoint", "backprop", "adjoint"] = "backprop"
    iterations: int = 10_000
    minutes: float | None = None
    batch_size: int = 8
    accumulate: int = 1
    workers: int = 1
    crop: tuple[int, int] = (320, 320)
    resize: tuple[int, ...] = ()
    scale: tuple[float, float] = (0.5, 2.0)
    scale_draw: Literal["log", "even"] = "log"
    jitter: float = 0.3
    aspect: float = 0.15
    paste_classes: tuple[str, ...] = ()
    paste: float = 0.5
    optimizer: Literal["adamw", "sgd"] = "adamw"
    rate: float = 2e-3
    warmup: int = 200
    power: float = 0.9
    head_rate: float = 1.0
    decay: float = 0.02
    decay_norms: bool = False
    clip: float = 5.0
    balance: float = 0.4
    class_weights: tuple[float, ...] = ()
    loss_stride: Literal[1, 2, 4] = 1
    hard: float | None = None
    hard_kept: int = 131_072
    average: float = 0.999
    precision: Literal["float32", "bfloat16", "float16"] = "float32"
    compile: bool = False
    validate_every: int = 1000
    save_every: int = 200
    log_every: int = 20
    seed: int = 0
    device: Literal["auto", "cpu", "cuda"] = "auto"
    resume: bool = False

    def __post_init__(self) -> None:
        for name in ("out", "init", "public"):
            if (path := getattr(self, name)) is not None:
                object.__setattr__(self, name, at_home(path))
        if not self.data:
            raise ConfigError("Nothing to train on: name a data set with --data, for example streets:,seeds=0-1999.")
        if self.init and self.public:
            raise ConfigError("A run starts from --init or from --public weights, not both: drop one.")
        self._check_numbers()
        for text in (*self.solvers, *self.early_solvers):
            self.solver_named(text)
        if bool(self.early_solvers) != (self.early > 0):
            raise ConfigError("early_solvers and early go together: give both, or neither.")
        self.layout_values()
        self.hard_examples()

    def _check_numbers(self) -> None:
        for name in ("iterations", "batch_size", "accumulate", "workers", "validate_every", "save_every", "log_every"):
            if getattr(self, name) < 1:
                raise ConfigError(f"{name} must be at least 1, not {getattr(self, name)}.")
        if min(self.crop) < 32:
            raise ConfigError(f"A crop needs at least 32 rows and columns, not {self.crop}.")
        if self.loss_stride > 1 and any(side % 32 for side in self.crop):
            raise ConfigError(
                f"With loss_stride {self.loss_stride} the crop's sides must be multiples of 32, not {self.crop}."
            )
        if not 0 < self.until <= 100:
            raise ConfigError(f"until must lie above 0 and up to 100, not {self.until}.")
        for name in ("balance", "average", "early"):
            if not 0 <= getattr(self, name) <= 1:
                raise ConfigError(f"{name} must lie between 0 and 1, not {getattr(self, name)}.")
        for name in ("rate", "head_rate", "clip", "minutes"):
            if (value := getattr(self, name)) is not None and not 0 < value < math.inf:
                raise ConfigError(f"{name} must lie above 0, not {value}.")
        for name in ("warmup", "power", "decay"):
            if not 0 <= getattr(self, name) < math.inf:
                raise ConfigError(f"{name} must be 0 or more, not {getattr(self, name)}.")
        if self.class_weights and min(self.class_weights) <= 0:
            raise ConfigError(f"class_weights must lie above 0, not {min(self.class_weights)}.")

    def hard_examples(self) -> HardExamples | None:
        """Which pixels count, where not all do."""
        return None if self.hard is None else HardExamples(self.hard, self.hard_kept)

    def layout_values(self) -> dict[str, Any]:
        """What is to differ in the network, by name; a value is JSON, or a word."""
        values = {}
        for text in self.layout:
            name, equals, value = text.partition("=")
            if not (name and equals):
                raise ConfigError(f"A layout is written as name=value, for example modules=3, not {text!r}.")
            try:
                values[name] = json.loads(value)
            except ValueError:  # a word
                values[name] = value
        return values

    def solver_named(self, text: str) -> SolverConfig:
        """The solver `text` names, as midpoint-4 or dopri5, with the run's gradient."""
        return replace(solver_named(text), gradient=self.gradient)
