"""Detection of out-of-distribution pictures: how far a picture is from those a network was trained on.

Confidence alone does not show it. The distance is measured on statistics at t = 0, so it is the same under every solver
and every end: the mean and standard deviation over the picture of each channel of the slope f(0, h(0)), and the mean
entropy of the classes after one Euler step. How channels vary together is learnt from training pictures: a normal
distribution with a few principal axes and one variance for all other directions (Tipping & Bishop, Probabilistic
principal component analysis, 1999). The distance from its centre is the measure of Lee et al., A simple unified
framework for detecting out-of-distribution samples, 2018, without classes. For a network of streets, the channels
detect cells, walls, noise and flat colours, of which it may be confident, and the entropy detects people and tools. The
larger of the two distances counts.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
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

#: Of one picture: of each channel, stream by stream, its mean divided by its standard deviation; then the logarithms of
#: the standard deviations; then the mean entropy in nats. d is twice the number of channels, plus 1.
Statistics = Float32[np.ndarray, " d"]
#: The statistics of several pictures, a row each.
Sample = Float32[np.ndarray, "_ d"]

#: Share of held-out pictures that are nearer than the threshold.
QUANTILE = 0.94
#: Principal axes that are kept, where there are that many.
AXES = 64
#: A larger file is not read.
MAX_BYTES = 1_000_000

_SHARES = np.linspace(0, 1, 101)
#: Added to a standard deviation, so that the logarithm of a constant channel exists.
_FLAT = 1e-3
#: A picture this many standard deviations more undecided than usual, as one in twenty is, is at distance 1.
_UNDECIDED = 1.65
#: The smallest scale: what hardly varies in training may still vary by a hundredth.
_SMALLEST = 1e-2


@dataclass(frozen=True)
class Judged:
    """One picture against those a network was trained on.

    distance: in standard deviations of the training pictures, about 1 for a typical one. nearer: share of held-out
    pictures like those of training that are nearer, 0 to 1. threshold: the distance from which a picture is unfamiliar.
    """

    distance: float
    nearer: float
    threshold: float

    @property
    def unfamiliar(self) -> bool:
        """Whether it is farther than the threshold."""
        return self.distance > self.threshold


def most_familiar(judged: Mapping[str, Judged], general: str | None = None) -> str:
    """The name of the network that one picture is most familiar to.

    judged: by name of the network. general: the network for all kinds of pictures, if any. Nearly every picture is
    familiar to it, so it is chosen only where the picture is unfamiliar to all the others. Distances of two networks
    have different units, so the share of held-out pictures that are nearer decides; where the picture is farther than
    all of them for each network, the distance divided by the threshold. Raises `ValueError` when `judged` is empty.
    """
    special = {name: each for name, each in judged.items() if name != general}
    familiar = {name: each for name, each in special.items() if not each.unfamiliar}
    if not familiar and general is not None and general in judged:
        return general
    weighed = familiar or special
    return min(weighed, key=lambda name: (weighed[name].nearer, weighed[name].distance / weighed[name].threshold))


@dataclass(frozen=True)
class Usual:
    """The normal distribution of training pictures' statistics.

    mean, scale: of each statistic. axes: principal axes, unit columns, of those of channels in units of scale.
    variances: along each axis; rest: along any other direction.
    """

    mean: Float32[np.ndarray, " d"]
    scale: Float32[np.ndarray, " d"]
    axes: Float32[np.ndarray, "channels k"]
    variances: Float32[np.ndarray, " k"]
    rest: Float32[np.ndarray, ""]

    def distances(self, sample: Sample) -> Float[np.ndarray, " n"]:
        """Distance of each picture of `sample`, about 1 for a typical one.

        The larger of two: for the channels' statistics, the root mean square over all directions, in standard
        deviations; for the entropy, its excess over the mean, in units of 1.65 standard deviations.
        """
        scores = (sample.astype(np.float64) - self.mean) / self.scale
        channels, entropy = scores[:, :-1], scores[:, -1]
        along = np.square(channels @ self.axes)
        beside = np.maximum(np.square(channels).sum(1) - along.sum(1), 0)
        far = np.sqrt(((along / self.variances).sum(1) + beside / self.rest) / len(self.axes))
        return np.maximum(far, entropy / _UNDECIDED)

    @classmethod
    def fit(cls, training: Sequence[Sample]) -> "Usual":
        """Fit to sets of pictures; every set counts the same, however many pictures it has."""
        mean = np.mean([sample.mean(0, dtype=np.float64) for sample in training], axis=0)
        variance = np.mean([np.square(sample - mean).mean(0) for sample in training], axis=0)
        scale = np.maximum(np.sqrt(variance), _SMALLEST)
        scores = [((sample - mean) / scale)[:, :-1] for sample in training]
        variances, axes = np.linalg.eigh(np.mean([each.T @ each / len(each) for each in scores], axis=0))
        count = min(AXES, len(axes) - 1)
        variances, axes = np.maximum(variances[::-1], _SMALLEST), axes[:, ::-1]
        of = (mean, scale, axes[:, :count], variances[:count], variances[count:].mean())
        return cls(*(np.asarray(values, dtype=np.float32) for values in of))


@dataclass(frozen=True)
class Familiarity:
    """What is usual for one network.

    usual: the distribution of training pictures. quantiles: distances of held-out pictures, from the
    0th to the 100th percentile. weights: SHA-256 of the weights it was measured with, in hex.
    """

    usual: Usual
    quantiles: Float32[np.ndarray, " 101"]
    weights: str

    @property
    def threshold(self) -> float:
        """The distance from which a picture is unfamiliar."""
        return float(np.interp(QUANTILE, _SHARES, self.quantiles))

    def judge(self, statistics: Statistics) -> Judged:
        """The picture of these statistics against the training pictures."""
        distance = float(self.usual.distances(statistics[None])[0])
        nearer = float(np.interp(distance, self.quantiles, _SHARES))
        return Judged(distance, nearer, self.threshold)


def statistics(slope: State, euler_logits: Logits) -> Statistics:
    """The statistics of the first picture of a batch.

    slope: f(0, h(0)). euler_logits: logits after one Euler step from 0 to T.
    """
    means, spreads = [], []
    for stream in slope:
        values = stream[0].flatten(1).float()
        mean = values.mean(1, keepdim=True)
        spread = (values - mean).square().mean(1).sqrt() + _FLAT
        means.append(mean[:, 0] / spread)
        spreads.append(spread.log())
    log_shares = euler_logits[0].float().log_softmax(0)
    entropy = -(log_shares.exp() * log_shares).sum(0).mean()
    return torch.cat([*means, *spreads, entropy[None]]).cpu().numpy()


def fitted(training: Sequence[Sample], held_out: Sequence[Sample], weights: str) -> Familiarity:
    """Familiarity measured on sets of pictures, which all count the same, however many pictures they have.

    weights: SHA-256 of the weights, in hex.
    """
    usual = Usual.fit(training)
    by_set = [np.quantile(usual.distances(sample), _SHARES) for sample in held_out]
    quantiles = np.quantile(np.concatenate(by_set), _SHARES)
    return Familiarity(usual, quantiles.astype(np.float32), weights)


def save(folder: Path, familiarity: Familiarity) -> None:
    """Write it beside the weights in `folder`. Raises `CheckpointError` when the disk refuses."""
    arrays = {**vars(familiarity.usual), "quantiles": familiarity.quantiles}
    metadata = {"weights": familiarity.weights, "sha256": _digest(arrays)}
    try:
        atomic_write(expand_home(folder) / FAMILIARITY, safetensors.numpy.save(arrays, metadata))
    except OSError as error:
        raise CheckpointError(
            f"{FAMILIARITY} could not be written to {folder} ({error.strerror}): free space or allow writing."
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
            metadata = file.metadata() or {}
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - it is no mapping
    except (OSError, SafetensorError, TypeError, ValueError) as error:
        raise CheckpointError(f"{path} is not a readable safetensors file: {remedy}.") from error
    if not _are_valid(arrays) or metadata.get("sha256") != _digest(arrays):
        raise CheckpointError(f"{path} is damaged, or does not hold a network's familiarity: {remedy}.")
    if metadata.get("weights") != weights:
        raise CheckpointError(f"{path} was measured with other weights than those beside it: {remedy}.")
    quantiles = arrays.pop("quantiles")
    return Familiarity(Usual(**arrays), quantiles, weights)


def _are_valid(arrays: dict[str, np.ndarray]) -> bool:
    """Whether these are all arrays, with shapes that fit each other and finite values in range."""
    names = [*(field.name for field in fields(Usual)), "quantiles"]
    if sorted(arrays) != sorted(names) or any(array.dtype != np.float32 for array in arrays.values()):
        return False
    mean, scale, axes, variances, rest, quantiles = (arrays[name] for name in names)
    return (
        mean.ndim == 1
        and scale.shape == mean.shape
        and variances.ndim == 1
        and axes.shape == (len(mean) - 1, len(variances))
        and rest.shape == ()
        and quantiles.shape == _SHARES.shape
        and all(np.isfinite(array).all() for array in arrays.values())
        and bool((scale > 0).all() and (variances > 0).all() and rest > 0 and (np.diff(quantiles) >= 0).all())
    )


def _digest(arrays: dict[str, np.ndarray]) -> str:
    """SHA-256 of the values, in hex."""
    return hashlib.sha256(b"".join(arrays[name].tobytes() for name in sorted(arrays))).hexdigest()
