"""Speed and memory of solves and gradients: what `scripts/bench.py` writes. Times are milliseconds."""

from collections.abc import Mapping
from dataclasses import dataclass

from segnode.analysis.engine import Engine
from segnode.results.schema import Finite, Positive, PositiveInt, Provenance, Result


@dataclass(frozen=True)
class Frames:
    """17 frames of one solve against one frame, and against a solve for each."""

    last_frame_ms: Positive
    frames_17_ms: Positive
    solve_again_for_each_ms: Positive
    frames_17_to_last_frame: Positive
    solve_again_to_frames_17: Positive


@dataclass(frozen=True)
class Loop:
    """Our fixed grid against torchdiffeq's, in both memory layouts. largest_difference: of the states at T."""

    ours_ms: Positive
    torchdiffeq_ms: Positive
    torchdiffeq_contiguous_ms: Positive
    torchdiffeq_best_to_ours: Positive
    largest_difference: Finite


@dataclass(frozen=True)
class Gradient:
    """One way to a gradient, against backprop. error: relative, of all of f's parameters together."""

    ms: Positive
    time_to_backprop: Positive
    peak_mib: Positive
    error: Finite
    peak_to_backprop: Positive


@dataclass(frozen=True)
class Scene:
    """Drawing one street."""

    ms: Positive


@dataclass(frozen=True)
class Bench(Result):
    """All of it, on one picture. frames, loop: by solver. gradients: by name. engine: by network."""

    CONTENT = "speeds of solves"
    COMMAND = "python scripts/bench.py"

    provenance: Provenance
    picture: str
    parameters: PositiveInt
    frames: Mapping[str, Frames]
    loop: Mapping[str, Loop]
    gradients: Mapping[str, Gradient]
    engine: Mapping[str, Engine]
    streets: Scene
