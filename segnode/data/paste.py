"""Things of rare classes cut out of one training picture and put into another, where they stood."""

from dataclasses import dataclass

import torch
from torch.nn import functional as F

from segnode.errors import ConfigError
from segnode.types import ImageBatch, LabelBatch


@dataclass(frozen=True)
class Paste:
    """share: of the pictures that get something pasted, 0 to 1. ids: train ids of what is cut out.

    Raises `ConfigError` for a share out of range, or nothing to cut out. Source: Ghiasi et al., Simple copy-paste is a
    strong data augmentation method, 2021; things stay where they stood, since streets have an up and a down.
    """

    share: float
    ids: tuple[int, ...]

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1:
            raise ConfigError(
                f"The share of pictures with something pasted lies above 0 and up to 1, not {self.share}."
            )
        if not self.ids:
            raise ConfigError("Nothing is named to paste: give the classes, for example pole sign pedestrian.")

    def __call__(
        self, images: ImageBatch, labels: LabelBatch, donors: ImageBatch, donor_labels: LabelBatch
    ) -> tuple[ImageBatch, LabelBatch]:
        """`images` with what `donors` show of the classes `ids`; colours cross over within a pixel, labels sharply."""
        cut = torch.isin(donor_labels, torch.tensor(self.ids))
        soft = F.avg_pool2d(cut[:, None].to(images), kernel_size=3, stride=1, padding=1, count_include_pad=False)
        return images.lerp(donors, torch.where(cut[:, None], 0.5 + soft / 2, soft / 2)), labels.where(
            ~cut, donor_labels
        )
