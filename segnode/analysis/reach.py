"""How far a change in the picture can travel: bounds counted from the layers, interval by interval.

Every layer is separable, so rows and columns are counted alone. Each evaluation of f in a solve builds on the one
before, for all methods here, so a state is reached by as many evaluations as were made.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from segnode.config import ModelConfig
from segnode.model.padding import STRIDE, coarsest_stride

#: First and last place.
Interval = tuple[int, int]


def reached(config: ModelConfig, changed: Interval, size: int, evaluations: int) -> Interval:
    """Rows (or columns) whose labels can change when the picture changed in those of `changed`, of `size`.

    evaluations: of f, that the state has seen. Group normalization and a head with context look at the whole picture.
    """
    if config.norm == "group" or config.head != "linear":
        return 0, size - 1
    padded = size + -size % coarsest_stride(len(config.widths))
    first, last = changed
    image = (first, padded - 1 if last == size - 1 else last)  # the last row is repeated into the padding
    state = _encoded(config, image, padded)
    for _ in range(evaluations):
        state = _joined_all(state, _field(config, state, padded))
    logits = _joined(_upsampled(x, 2**index, padded // STRIDE) for index, x in enumerate(state))
    low, high = _upsampled(logits, STRIDE, padded)
    return min(low, size - 1), min(high, size - 1)


def seen(config: ModelConfig, place: int, size: int, evaluations: int) -> Interval:
    """Rows (or columns) of a picture of `size` that the label in row (or column) `place` can depend on."""
    places = range(size)  # where a change reaches moves along with it
    first = bisect_left(places, place, key=lambda at: reached(config, (at, at), size, evaluations)[1])
    after = bisect_right(places, place, key=lambda at: reached(config, (at, at), size, evaluations)[0])
    return first, after - 1


def _encoded(config: ModelConfig, image: Interval, size: int) -> list[Interval]:
    features = _halved(_halved(image, size), size // 2)
    streams = []
    for index in range(len(config.widths)):
        here = size // STRIDE // 2**index
        features = _widened(features, here) if index == 0 else _halved(features, 2 * here)
        streams.append(features)
    return streams


def _field(config: ModelConfig, state: list[Interval], size: int) -> list[Interval]:
    """The modules in a row, each on the state and what those before it added."""
    total, read = None, state
    for _ in range(config.modules):
        change = _module(config, read, size)
        total = change if total is None else _joined_all(total, change)
        read = _joined_all(state, total)
    return total or state


def _module(config: ModelConfig, state: list[Interval], size: int) -> list[Interval]:
    sizes = [size // STRIDE // 2**index for index in range(len(state))]
    streams = list(state)
    for _ in range(config.blocks):
        streams = [_widened(x, here) for x, here in zip(streams, sizes, strict=True)]
    fused = []
    for target in range(len(streams)):
        parts = []
        for source, x in enumerate(streams):
            for place in range(source, target):
                x = _halved(x, sizes[place])  # noqa: PLW2901 - a chain of convolutions
            parts.append(_upsampled(x, 2 ** max(0, source - target), sizes[target]))
        fused.append(_joined(parts))
    return fused


def _widened(x: Interval, size: int) -> Interval:
    """By a 3x3 convolution."""
    return max(0, x[0] - 1), min(size - 1, x[1] + 1)


def _halved(x: Interval, size: int) -> Interval:
    """By a 3x3 convolution of stride 2, from `size` places to half: place i reads 2i - 1 to 2i + 1."""
    return max(0, x[0] // 2), min(size // 2 - 1, (x[1] + 1) // 2)


def _upsampled(x: Interval, factor: int, size: int) -> Interval:
    """By bilinear interpolation to `size` places: each reads the two nearest whose centres enclose its own."""
    if factor == 1:
        return x
    return max(0, factor * x[0] - factor // 2), min(size - 1, factor * (x[1] + 1) - 1 + factor // 2)


def _joined(intervals: Iterable[Interval]) -> Interval:
    lows, highs = zip(*intervals, strict=True)
    return min(lows), max(highs)


def _joined_all(a: list[Interval], b: list[Interval]) -> list[Interval]:
    return [_joined(pair) for pair in zip(a, b, strict=True)]
