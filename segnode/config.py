"""Settings as frozen dataclasses: no torch, saved as JSON beside the weights they belong to."""

import math
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, TypeVar, get_args

from segnode.errors import ConfigError

FixedMethod = Literal["euler", "midpoint", "heun", "rk4", "rk4_38"]
AdaptiveMethod = Literal["dopri5", "bosh3", "adaptive_heun"]
Gradient = Literal["checkpoint", "backprop", "adjoint"]
Norm = Literal["batch", "group"]
HeadKind = Literal["linear", "ocr"]

FIXED_METHODS: tuple[str, ...] = get_args(FixedMethod)
ADAPTIVE_METHODS: tuple[str, ...] = get_args(AdaptiveMethod)
GRADIENTS: tuple[str, ...] = get_args(Gradient)
NORMS: tuple[str, ...] = get_args(Norm)
HEADS: tuple[str, ...] = get_args(HeadKind)

MAX_STEPS = 256


C = TypeVar("C", bound="_Saved")  # not typing.Self: beartype does not know it on a method


class _Saved:
    """Reads a config back from the dict it was saved as."""

    @classmethod
    def from_dict(cls: type[C], values: dict[str, Any]) -> C:
        """The config `values` describe. Raises `ConfigError` for a name that is not a setting, or one missing."""
        known = {field.name for field in fields(cls)}  # ty: ignore[invalid-argument-type]
        if unknown := sorted(set(values) - known):
            raise ConfigError(
                f"{cls.__name__} has no setting named {', '.join(unknown)}: it has {', '.join(sorted(known))}."
            )
        try:
            return cls(**{name: tuple(value) if isinstance(value, list) else value for name, value in values.items()})
        except TypeError as error:
            raise ConfigError(f"{cls.__name__} cannot be made of {values!r} ({error}): give every setting.") from error

    def to_dict(self) -> dict[str, Any]:
        """The settings as plain values, fit for JSON."""
        return asdict(self)  # ty: ignore[invalid-argument-type]


@dataclass(frozen=True)
class SolverConfig(_Saved):
    """How the ODE is integrated, and how its gradient is found.

    method: a fixed grid (`euler`, `midpoint`, `heun`, `rk4`, `rk4_38`) or an adaptive solver (`dopri5`, `bosh3`,
        `adaptive_heun`).
    steps: equal steps from 0 to T; fixed grids only.
    rtol, atol: relative and absolute tolerance of a step's error; adaptive solvers only.
    gradient: `checkpoint` recomputes each evaluation of f in the backward pass (exact, little memory), `backprop`
        keeps them (exact, fastest), `adjoint` solves the adjoint ODE backwards (Chen et al., 2018; the paper's).
    max_evaluations: an adaptive solve that needs more evaluations of f than this is given up. The adjoint's backward
        pass is a solve of its own, which may make as many again.

    Raises `ConfigError` for a value out of range.
    """

    method: FixedMethod | AdaptiveMethod = "midpoint"
    steps: int = 4
    rtol: float = 1e-3
    atol: float = 1e-3
    gradient: Gradient = "checkpoint"
    max_evaluations: int = 2000

    def __post_init__(self) -> None:
        check_choice("solver", self.method, FIXED_METHODS + ADAPTIVE_METHODS)
        check_choice("gradient", self.gradient, GRADIENTS)
        check_int("steps", self.steps, 1, MAX_STEPS)
        check_int("max_evaluations", self.max_evaluations, 1, 1_000_000)
        if self.gradient == "adjoint" and self.method == "rk4":
            raise ConfigError(
                "The adjoint is torchdiffeq's, which has no classic rk4: choose rk4_38, or gradient checkpoint."
            )
        for name in ("rtol", "atol"):
            value = getattr(self, name)
            if not (math.isfinite(value) and 1e-9 <= value <= 1):
                raise ConfigError(f"{name} must lie between 1e-9 and 1, not {value!r}: 1e-3 is usual.")

    @property
    def name(self) -> str:
        """Method and steps, as midpoint-4; the method alone where the solver chooses its steps."""
        return self.method if self.adaptive else f"{self.method}-{self.steps}"

    @property
    def adaptive(self) -> bool:
        """Whether the solver chooses its own steps."""
        return self.method in ADAPTIVE_METHODS


@dataclass(frozen=True)
class ModelConfig(_Saved):
    """The layout of a SegNode (paper, sections 3.2 and 4.1).

    num_classes: channels of the logits.
    widths: channels of the streams, from stride 4 downwards; each further stream halves the resolution.
    stem_width: channels of the two stride-2 convolutions.
    modules: residual modules inside f (the paper's 'two modules in the main body').
    blocks: blocks of norm, ReLU and 3x3 convolution in a row, in each branch of a module.
    norm: `batch` or `group` normalization.
    time: whether f also sees t, as one more input channel of each block's convolution (autonomous otherwise).
    head: `linear`, the paper's, which any depth is read from for next to nothing; or `ocr`, object-contextual
        representations, which is not linear and has an auxiliary output.
    """

    num_classes: int
    widths: tuple[int, ...] = (48, 96, 192, 384)
    stem_width: int = 48
    modules: int = 2
    blocks: int = 4
    norm: Norm = "batch"
    time: bool = False
    head: HeadKind = "linear"

    def __post_init__(self) -> None:
        check_choice("norm", self.norm, NORMS)
        check_choice("head", self.head, HEADS)
        check_int("num_classes", self.num_classes, 2, 255)  # of one byte, less the id of what does not count
        check_int("stem_width", self.stem_width, 1, 4096)
        check_int("modules", self.modules, 1, 64)
        check_int("blocks", self.blocks, 1, 64)
        if not 1 <= len(self.widths) <= 6:
            raise ConfigError(f"A network has 1 to 6 streams, not {len(self.widths)}: give that many widths.")
        for width in self.widths:
            check_int("every width", width, 1, 4096)


def check_choice(what: str, value: str, allowed: tuple[str, ...]) -> None:
    """Raises `ConfigError` where `value` is not among `allowed`."""
    if value not in allowed:
        raise ConfigError(f"There is no {what} {value!r}: choose one of {', '.join(allowed)}.")


def check_int(what: str, value: int, low: int, high: int) -> None:
    """Raises `ConfigError` where `value` is not a whole number from `low` to `high`."""
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ConfigError(f"{what} must be a whole number from {low} to {high}, not {value!r}.")
