"""The settings of a training run, saved beside its weights."""

import json
import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from segnode.config import SolverConfig
from segnode.disk import expand_home
from segnode.errors import ConfigError
from segnode.inference import parse_solver
from segnode.model.loss import HardExamples

#: Solvers a batch may draw from, 4 to 8 evaluations of f each: a network that saw one grid only may be a ResNet in
#: disguise (Ott et al., 2021).
MANY_SOLVERS = ("euler-4", "midpoint-2", "heun-2", "midpoint-3", "rk4-1", "rk4_38-1", "midpoint-4")


@dataclass(frozen=True)
class TrainConfig:
    """One training run.

    A leading `~` in a path is the home folder. What each setting does stands above it and in `--help`.
    """

    # Data sets to train on, as kind:folder,split=..., see segnode/train/sources.py.
    data: tuple[str, ...]
    # Folder for checkpoints, curves and results.
    out: Path
    # Data sets that are scored every `validate_every` iterations.
    validate: tuple[str, ...] = ()
    # A network by its name in segnode/model/build.py, as segnode-compact or hrnetv2-w48.
    network: str = "segnode-compact"
    # Settings of the network that differ from its defaults, as modules=3 or widths=[16,32].
    layout: tuple[str, ...] = ()
    # Checkpoint of this project to start from: of the same network, whose head may have other classes, or of a
    # classifier.
    init: Path | None = None
    # Public ImageNet weights to start from, see segnode/model/zoo/official.py.
    public: Path | None = None
    # Solvers of a SegNode, one drawn for each batch, as midpoint-4 or dopri5. None: the network's default.
    solvers: tuple[str, ...] = ()
    # Solvers drawn from while less than `early` of the run is done: cheap ones, to see more pictures.
    early_solvers: tuple[str, ...] = ()
    # Share of the run that uses `early_solvers`.
    early: float = 0.0
    # Depth T that a SegNode integrates to.
    until: float = 1.0
    # Share of a SegNode's batches whose loss is taken at a depth drawn evenly between 0 and `until`.
    anytime: float = 0.0
    # How gradients go through the solver; networks without an ODE know checkpoint (recompute in the backward pass)
    # and backprop. U-Node and NODEs-UNet have it in their solver.
    gradient: Literal["checkpoint", "backprop", "adjoint"] = "backprop"
    # Optimizer steps of the run.
    iterations: int = 10_000
    # End, and lower the learning rate, by the clock if that is sooner; resuming is then not exact to the bit.
    minutes: float | None = None
    # Pictures an optimizer step, over all processes.
    batch_size: int = 8
    # Parts in which a process takes its share of a batch, one after the other.
    accumulate: int = 1
    # Threads that prepare batches ahead; one is enough for small pictures.
    workers: int = 1
    # Rows and columns of each training picture.
    crop: tuple[int, int] = (320, 320)
    # Size that pictures are resized to before cropping: rows and columns, or the longer side alone.
    resize: tuple[int, ...] = ()
    # Smallest and largest enlargement before cropping.
    scale: tuple[float, float] = (0.5, 2.0)
    # How an enlargement is drawn between the two: evenly, or evenly in its logarithm.
    scale_draw: Literal["log", "even"] = "log"
    # Strength of random changes of colour; 0 for none.
    jitter: float = 0.3
    # Strength of random stretching; 0 for none.
    aspect: float = 0.15
    # Classes that are copied from other pictures and pasted in.
    paste_classes: tuple[str, ...] = ()
    # Share of the pictures that `paste_classes` are pasted into.
    paste: float = 0.5
    # AdamW, or the paper's SGD with momentum.
    optimizer: Literal["adamw", "sgd"] = "adamw"
    # Highest learning rate, reached after `warmup` iterations.
    rate: float = 2e-3
    # Iterations in which the learning rate rises from 0.
    warmup: int = 200
    # After the warm-up the learning rate falls as (1 - progress) to this power.
    power: float = 0.9
    # Learning rate of the head, as a multiple of `rate`.
    head_rate: float = 1.0
    # Weight decay of convolutions.
    decay: float = 0.02
    # Apply weight decay to biases and normalizations, too.
    decay_norms: bool = False
    # Largest norm of the gradient.
    clip: float = 5.0
    # Class weights of the loss: 0 weighs every pixel equally, 1 every class equally.
    balance: float = 0.4
    # Weights of the classes in their order, in place of `balance`.
    class_weights: tuple[float, ...] = ()
    # Take the loss at one pixel in so many rows and columns, from an offset drawn for each batch.
    loss_stride: Literal[1, 2, 4] = 1
    # Train only on pixels whose true class has less than this probability.
    hard: float | None = None
    # Fewest pixels of a part that `hard` keeps.
    hard_kept: int = 131_072
    # Decay of the moving average of the weights, which is what is validated and saved.
    average: float = 0.999
    # bfloat16 and float16 run convolutions in it under autocast.
    precision: Literal["float32", "bfloat16", "float16"] = "float32"
    # Run `torch.compile` on f, or on the parts of a network without one; needs a C++ compiler, or Triton on a GPU.
    compile: bool = False
    # Iterations from one validation to the next.
    validate_every: int = 1000
    # Iterations from one saved state to the next.
    save_every: int = 200
    # Iterations from one point of the curves to the next.
    log_every: int = 20
    # Seed of all random numbers.
    seed: int = 0
    # Where to train; auto takes a GPU where there is one.
    device: Literal["auto", "cpu", "cuda"] = "auto"
    # Resume the run in `out`.
    resume: bool = False

    def __post_init__(self) -> None:
        for name in ("out", "init", "public"):
            if (path := getattr(self, name)) is not None:
                object.__setattr__(self, name, expand_home(path))
        if not self.data:
            raise ConfigError("Nothing to train on: name a data set with --data, for example streets:,seeds=0-1999.")
        if self.init and self.public:
            raise ConfigError("A run starts from --init or from --public weights, not both: drop one.")
        self._check_numbers()
        for text in (*self.solvers, *self.early_solvers):
            self.parse_solver(text)
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
        for name in ("balance", "average", "early", "anytime"):
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

    def parse_solver(self, text: str) -> SolverConfig:
        """The solver `text` names, as midpoint-4 or dopri5, with the run's gradient."""
        return replace(parse_solver(text), gradient=self.gradient)
