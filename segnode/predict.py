"""`Predictor`: a picture in, a trajectory of numpy arrays out; no tensors are passed in or out."""

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from segnode.config import SolverConfig
from segnode.device import checked_device
from segnode.errors import ConfigError, ImageError
from segnode.familiarity import Familiarity, Judged, Statistics, statistics
from segnode.flow import Flow, sample_times, sampling
from segnode.model.blocks import resize
from segnode.model.padding import upsample_logits
from segnode.model.segnode import DecodedTrajectory, SegNode
from segnode.ode.evaluations import OnEvaluation
from segnode.ode.solve import checked_times
from segnode.types import (
    Depths,
    FrameConfidence,
    FrameLabels,
    FrameProbabilities,
    ImageArray,
    ImageBatch,
    Logits,
    StepTimes,
    Times,
)

MAX_FRAMES = 257


@dataclass(frozen=True)
class Trajectory:
    """One picture's segmentation along solve time.

    times: dimensionless depth of each of the n frames. step_times: depths that the solver stepped to, 0 first. labels:
    n x rows x columns of the picture, each the index of a class in `model.classes.names`. confidence: as `labels`, the
    winning class's probability, 0 to 1. flow: the logits at any depth. nfe: number of evaluations of f in the solve,
    however many frames. seconds: wall time of the solve alone. familiarity: whether the picture is like those the
    network was trained on; None where that was not measured. refused: depths at which the steps that an adaptive
    solver rejected would have ended.
    """

    times: Times
    step_times: StepTimes
    labels: FrameLabels
    confidence: FrameConfidence
    flow: Flow
    nfe: int
    seconds: float
    familiarity: Judged | None = None
    refused: tuple[float, ...] = ()

    @cached_property
    def probabilities(self) -> FrameProbabilities:
        """Probability of each class, 0 to 255: n x classes x rows x columns at stride 4 of the padded working size."""
        logits = np.stack([self.flow.at(float(time)) for time in self.times])
        shares = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.round(255 * shares / shares.sum(axis=1, keepdims=True)).astype(np.uint8)


class Predictor:
    """Solves `model` on pictures; frames before T are read by the head that was trained at T.

    max_pixels: larger pictures are scaled down to this many for the solve, and their labels back up. device: as torch
    names it; where the model is when not given. familiarity: statistics of these weights' training pictures, from
    `segnode.familiarity.load`. One solve at a time: calls from several threads wait for each other.

    Raises `ConfigError` for a size too small, a device that is not there, and a familiarity of another network.
    """

    def __init__(
        self,
        model: SegNode,
        max_pixels: int = 480 * 360,
        device: str | None = None,
        familiarity: Familiarity | None = None,
    ) -> None:
        if max_pixels < 32 * 32:
            raise ConfigError(f"max_pixels must be at least 1024, not {max_pixels}: 172800 is 480 x 360.")
        if familiarity is not None and len(familiarity.usual.mean) != 2 * sum(model.config.widths) + 1:
            raise ConfigError(
                f"A familiarity of {len(familiarity.usual.mean)} statistics is of another network:"
                " run scripts/familiarity.py for this one."
            )
        self.model = model.to(None if device is None else checked_device(device)).eval()
        self.max_pixels = max_pixels
        self.familiarity = familiarity
        self._lock = threading.Lock()

    def trajectory(
        self,
        image: ImageArray,
        times: int | np.integer | Depths = 17,
        solver: SolverConfig | None = None,
        until: float | None = None,
        on_progress: Callable[[float], bool | None] | None = None,
    ) -> Trajectory:
        """Segment `image` at `times`, all from one solve.

        times: a number of frames, evenly from 0 to `until`, or depths of your own, increasing. solver: the model's
        default when not given. until: the model's T when not given. on_progress: called with the share done, 0 to 1;
        returning False stops the solve.

        Raises `ImageError` for an array that is no picture, `ConfigError` for times out of order, `SolverError` when
        the solver cannot go on, `SolveStopped` when stopped.
        """
        _check(image)
        end = self.model.until if until is None else until
        frames = checked_times(_frames(times, end), end)
        count, degree = sampling(solver or self.model.solver, self.model.config.head)
        samples = sample_times(count, end)
        depths, places = np.unique(np.concatenate([frames, samples]), return_inverse=True)
        of_frames, of_samples = np.split(places, [len(frames)])
        with self._lock:
            began = time.perf_counter()
            decoded = self.model.trajectory(self._batch(image), depths, solver, end, _by_depth(on_progress, end))
            seconds = time.perf_counter() - began
            size = image.shape[:2]
            labels, confidence = zip(*(self._frame(decoded.logits[place], size) for place in of_frames), strict=True)
            judged = None if self.familiarity is None else self.familiarity.judge(self._statistics(decoded))
        flow = Flow(end, degree, np.concatenate([decoded.logits[place].float().cpu().numpy() for place in of_samples]))
        return Trajectory(
            times=np.array(frames),
            step_times=np.array(decoded.step_times),
            labels=np.stack(labels),
            confidence=np.stack(confidence),
            flow=flow,
            nfe=decoded.nfe,
            seconds=seconds,
            familiarity=judged,
            refused=decoded.refused,
        )

    def statistics(self, image: ImageArray) -> Statistics:
        """What `familiarity` judges `image` by, from one evaluation of f. Raises `ImageError` for a wrong array."""
        _check(image)
        with self._lock:
            return self._statistics(self.model.trajectory(self._batch(image), [0.0], SolverConfig("euler", 1)))

    def _statistics(self, decoded: DecodedTrajectory) -> Statistics:
        """Of a trajectory that begins at t = 0."""
        return statistics(decoded.slope, self.model.euler_logits(decoded))

    def working_size(self, rows: int, columns: int) -> tuple[int, int]:
        """Rows and columns at which a picture is solved: its own, or scaled to `max_pixels` with its aspect kept."""
        scale = min(1.0, math.sqrt(self.max_pixels / (rows * columns)))
        return max(1, int(rows * scale)), max(1, int(columns * scale))

    def _batch(self, image: ImageArray) -> Tensor:
        batch = batch_of(image, next(self.model.parameters()).device)
        size = self.working_size(*image.shape[:2])
        if size != image.shape[:2]:
            batch = F.interpolate(batch, size=size, mode="bilinear", align_corners=False, antialias=True)
        return batch

    def _frame(self, logits: Logits, size: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
        """Labels and confidence at `size`, from logits at stride 4 of the padded working size."""
        work = self.working_size(*size)
        planes = logits.contiguous()  # in channels_last a class's plane is strided, which is slow to read
        full = upsample_logits(planes, work)
        if work != size:
            full = resize(full, size)
        best, labels = _winner(full[0])
        return labels.cpu().numpy(), best.cpu().numpy()


def batch_of(image: ImageArray, device: torch.device | str = "cpu") -> ImageBatch:
    """One picture as the network takes it: float32, 1 x 3 x rows x columns, 0 to 1."""
    # torch takes no array with negative strides, as one that was flipped or converted from BGR has.
    return torch.tensor(np.ascontiguousarray(image), device=device).permute(2, 0, 1)[None].float() / 255


def _by_depth(on_progress: Callable[[float], bool | None] | None, end: float) -> OnEvaluation | None:
    """`on_progress`, which takes the share done, as the solver calls it: with the depth reached."""
    if on_progress is None:
        return None

    def on_evaluation(depth: float) -> bool | None:
        return on_progress(depth / end)

    return on_evaluation


def _winner(logits: Tensor) -> tuple[Tensor, Tensor]:
    """The largest class's probability and its id; overwrites `logits`. A third of the time of softmax and max."""
    best = logits.amax(0)
    ids = torch.arange(len(logits), dtype=torch.uint8, device=logits.device)[:, None, None]
    labels = (logits == best).view(torch.uint8).mul_(ids).amax(0)
    return logits.sub_(best).exp_().sum(0).reciprocal_(), labels


def _check(image: ImageArray) -> None:
    if not isinstance(image, np.ndarray) or image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3:
        what = f"{image.dtype} {image.shape}" if isinstance(image, np.ndarray) else type(image).__name__
        raise ImageError(f"A picture is a uint8 array of rows x columns x 3, not {what}: convert it to RGB first.")
    if 0 in image.shape:
        raise ImageError(f"A picture of {image.shape[1]} x {image.shape[0]} has no pixels: give one that has.")


def _frames(times: int | np.integer | Depths, until: float) -> tuple[float, ...]:
    if not isinstance(times, int | np.integer):
        try:
            return tuple(float(time) for time in times)
        except (TypeError, ValueError) as error:
            raise ConfigError(
                f"times is a whole number of frames, or depths one after the other, not {times!r}: give either."
            ) from error
    if not 2 <= times <= MAX_FRAMES:
        raise ConfigError(f"A trajectory has 2 to {MAX_FRAMES} frames, not {times}: choose a number of these.")
    return tuple(np.linspace(0, until, times).tolist())
