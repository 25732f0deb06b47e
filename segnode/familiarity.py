"""How far a picture is from those a network was trained on, which confidence alone does not show.

Two kinds of statistics, both of the field at t = 0 and so the same under every solver and every end: the spread of
each channel of the slope f(0, h(0)) over the picture, and how undecided the answer of one Euler step is. The first
tells noise, walls and flat colours, where a network may be quite sure; the second people, cats and tools. Akin to
Lee et al., A simple unified framework for detecting out-of-distribution samples, 2018, with spreads for features.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import safetensors.numpy
import torch
from jaxtyping import Float, Float32
from safetensors import SafetensorError, safe_open

from segnode.checkpoint import FAMILIARITY
from segnode.disk import atomic_write, expand_home
from segnode.errors import CheckpointError
from segnode.types import Logits, State

#: One picture's: the logarithm of the spread of each channel, stream after stream, and the mean entropy in nats.
Statistics = Float32[np.ndarray, " d"]
#: Those of a set of pictures.
Sample = Float32[np.ndarray, "_ d"]

#: Share of held-out pictures that are nearer than the threshold.
QUANTILE = 0.98
MAX_BYTES = 1_000_000

_SHARES = np.linspace(0, 1, 101)
#: Added to a spread, so that a channel that is flat has a logarithm.
_FLAT = 1e-3
#: The smallest scale: what hardly varies in training may still vary by a hundredth.
_SMALLEST = 1e-2


@dataclass(frozen=True)
class Judged:
    """One picture against those a network was trained on.

    distance: 1 is about usual, in standard deviations. nearer: share of held-out pictures of the network's own kind
    that are nearer, 0 to 1. threshold: the distance from which a picture is unfamiliar.
    """

    distance: float
    nearer: float
    threshold: float

    @property
    def unfamiliar(self) -> bool:
        """Whether it is farther than the threshold."""
        return self.distance > self.threshold


def most_familiar(judged: Sequence[Judged]) -> int:
    """Which of several networks one picture is most familiar to, by its place in `judged`.

    Distances of two networks are in other units; shares of held-out pictures are not. Where a picture is farther than
    all held-out pictures of each, the distance in thresholds decides. Raises `ValueError` when there is none.
    """
    return min(range(len(judged)), key=lambda i: (judged[i].nearer, judged[i].distance / judged[i].threshold))


@dataclass(frozen=True)
class Familiarity:
    """What is usual for one network.

    mean, scale: of each statistic over training pictures. quantiles: distance of held-out pictures of its own kind, by
    percent. weights: SHA-256 of the weights it was measured with, in hex.
    """

    mean: Float32[np.ndarray, " d"]
    scale: Float32[np.ndarray, " d"]
    quantiles: Float32[np.ndarray, " 101"]
    weights: str

    @property
    def threshold(self) -> float:
        """The distance from which a picture is unfamiliar."""
        return float(np.interp(QUANTILE, _SHARES, self.quantiles))

    def judge(self, statistics: Statistics) -> Judged:
        """The picture of these statistics against the training pictures."""
        distance = float(distances(self.mean, self.scale, statistics[None])[0])
        nearer = float(np.interp(distance, self.quantiles, _SHARES))
        return Judged(distance, nearer, self.threshold)


def statistics(slope: State, euler_logits: Logits) -> Statistics:
    """What one picture is judged by.

    slope: f(0, h(0)). euler_logits: logits after one Euler step from 0 to the trained end.
    """
    spreads = []
    for stream in slope:
        values = stream[0].flatten(1)
        spreads.append((values - values.mean(1, keepdim=True)).square().mean(1).sqrt().add(_FLAT).log())
    log_shares = euler_logits[0].log_softmax(0)
    entropy = -(log_shares.exp() * log_shares).sum(0).mean()
    return torch.cat([*spreads, entropy[None]]).float().cpu().numpy()


def distances(mean: Float[np.ndarray, " d"], scale: Float[np.ndarray, " d"], sample: Sample) -> Float[np.ndarray, " n"]:
    """How far each picture of `sample` is: root mean square of the spreads' distance and the surplus of entropy.

    Both in standard deviations over training pictures; to be more decided than those is no distance.
    """
    scores = (sample.astype(np.float64) - mean) / scale
    spreads = np.square(scores[:, :-1]).mean(1)
    return np.sqrt((spreads + np.square(np.maximum(scores[:, -1], 0))) / 2)


def fitted(training: Sequence[Sample], held_out: Sequence[Sample], weights: str) -> Familiarity:
    """Familiarity by sets of pictures; every set counts the same, however many pictures it has."""
    mean = np.mean([sample.mean(0, dtype=np.float64) for sample in training], axis=0)
    variance = np.mean([np.square(sample - mean).mean(0) for sample in training], axis=0)
    scale = np.maximum(np.sqrt(variance), _SMALLEST)
    by_set = [np.quantile(distances(mean, scale, sample), _SHARES) for sample in held_out]
    quantiles = np.quantile(np.concatenate(by_set), _SHARES)
    return Familiarity(mean.astype(np.float32), scale.astype(np.float32), quantiles.astype(np.float32), weights)


def save(folder: Path, familiarity: Familiarity) -> None:
    """Write it beside the weights in `folder`. Raises `CheckpointError` when the disk refuses."""
    arrays = {"mean": familiarity.mean, "scale": familiarity.scale, "quantiles": familiarity.quantiles}
    told = {"weights": familiarity.weights, "sha256": _digest(arrays)}
    try:
        atomic_write(expand_home(folder) / FAMILIARITY, safetensors.numpy.save(arrays, told))
    except OSError as error:
        raise CheckpointError(
            f"{FAMILIARITY} could not be written to {folder} ({error.strerror}): free some space."
        ) from error


def load(folder: Path, weights: str) -> Familiarity | None:
    """The familiarity in `folder`; None where there is none, as with most checkpoints of the Hub.

    weights: SHA-256 of the weights in use, in hex. Raises `CheckpointError` for a file that is damaged or was measured
    with other weights.
    """
    path = expand_home(folder) / FAMILIARITY
    if not path.is_file():
        return None
    remedy = "run scripts/familiarity.py again, or delete the file to go without"
    try:
        if path.stat().st_size > MAX_BYTES:
            raise CheckpointError(f"{path} is far larger than statistics of a network are: {remedy}.")
        with safe_open(path, "numpy") as file:
            told = file.metadata() or {}
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - it is no mapping
    except (OSError, SafetensorError, TypeError, ValueError) as error:
        raise CheckpointError(f"{path} is not a readable safetensors file: {remedy}.") from error
    if not _are_valid(arrays) or told.get("sha256") != _digest(arrays):
        raise CheckpointError(f"{path} is damaged, or does not hold a network's familiarity: {remedy}.")
    if told.get("weights") != weights:
        raise CheckpointError(f"{path} was measured with other weights than those beside it: {remedy}.")
    return Familiarity(**arrays, weights=weights)


def _are_valid(arrays: dict[str, np.ndarray]) -> bool:
    """Whether these are the three arrays, with shapes that fit each other and finite values."""
    if sorted(arrays) != ["mean", "quantiles", "scale"] or any(array.dtype != np.float32 for array in arrays.values()):
        return False
    mean, scale, quantiles = arrays["mean"], arrays["scale"], arrays["quantiles"]
    return (
        mean.ndim == 1
        and scale.shape == mean.shape
        and quantiles.shape == _SHARES.shape
        and all(np.isfinite(array).all() for array in arrays.values())
        and bool((scale > 0).all() and (np.diff(quantiles) >= 0).all())
    )


def _digest(arrays: dict[str, np.ndarray]) -> str:
    """SHA-256 of the values, in hex."""
    return hashlib.sha256(b"".join(arrays[name].tobytes() for name in sorted(arrays))).hexdigest()
