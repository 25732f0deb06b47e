"""Pictures of any size for networks whose streams must lie over each other.

The coarsest stream has one cell for a square of pixels, 32 wide with four streams. Where the picture's sides are no
multiple of that, rows and columns are rounded up from stream to stream, and interpolation by sizes would stretch what
the coarse streams say: at 480x360 by up to 24 pixels. So pictures are padded to a multiple, every upsampling is by an
exact power of two, and what was padded is cropped from the answer.
"""

from torch.nn import functional as F

from segnode.model.blocks import upsample
from segnode.types import CoarseLogits, ImageBatch, Logits, PaddedBatch

#: Rows and columns of the image for one of the finest stream, which the logits are made at.
STRIDE = 4


def coarsest_stride(streams: int) -> int:
    """Rows and columns of the image for one cell of the coarsest of `streams`, each half as fine as the one before."""
    return STRIDE * 2 ** (streams - 1)


def pad(images: ImageBatch, multiple: int) -> PaddedBatch:
    """`images` with rows and columns a multiple of `multiple`: the last row and column repeated."""
    rows, columns = images.shape[-2:]
    missing = (-rows % multiple, -columns % multiple)
    return F.pad(images, (0, missing[1], 0, missing[0]), mode="replicate") if any(missing) else images


def upsample_logits(logits: CoarseLogits, size: tuple[int, ...]) -> Logits:
    """Logits at stride 4 of images that `pad` padded, at the images' own `size`: what was added is cut off."""
    return upsample(logits, STRIDE)[..., : size[0], : size[1]]
