"""Labels that know left from right: what changes places when a picture is mirrored.

The left arm of a person is, in the mirror, a right arm. A data set with such classes names them in an attribute
`swaps`; one without has none, or no such attribute.
"""

import numpy as np
from jaxtyping import UInt8

#: Train ids that change places, by twos.
Swaps = tuple[tuple[int, int], ...]


def swaps_of(dataset: object) -> Swaps:
    """What changes places in a mirrored picture of `dataset`."""
    return getattr(dataset, "swaps", ())


def swapped(labels: UInt8[np.ndarray, "h w"], swaps: Swaps) -> UInt8[np.ndarray, "h w"]:
    """`labels` of a picture that has been mirrored: the same array where nothing changes places."""
    if not swaps:
        return labels
    table = np.arange(256, dtype=np.uint8)
    for one, other in swaps:
        table[[one, other]] = other, one
    return table[labels]
