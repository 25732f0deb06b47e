"""What a validation during training measures."""

from pathlib import Path

import numpy as np
import torch
from accelerate import Accelerator
from torch import Tensor

from segnode.data.classes import ClassSet
from segnode.model.network import Network
from segnode.train.score import score
from segnode.train.sources import open_classified
from tests.data.layouts import save, write_imagenet


class Brightness(Network):
    """Class 1 for a picture that is bright all over, else class 0; remembers the sizes it was given."""

    def __init__(self) -> None:
        super().__init__(ClassSet.numbered(2))
        self.weight = torch.nn.Parameter(torch.zeros(1))
        self.sizes: list[tuple[int, ...]] = []

    def forward(self, images: Tensor) -> Tensor:
        self.sizes.append(tuple(images.shape[-2:]))
        bright = (images.mean() > 0.99).float()
        return torch.stack([1 - bright, bright])[None, :, None, None]


def test_a_picture_with_a_class_is_judged_by_its_middle(tmp_path: Path) -> None:
    write_imagenet(tmp_path, ["n01440764", "n02119789"])
    bright = np.zeros((400, 600, 3), np.uint8)
    bright[20:380, 120:480] = 255  # a little more than the middle: 25 to 375, 125 to 475
    for wnid, image in (("n01440764", 255 - bright), ("n02119789", bright)):
        save(tmp_path / "val" / wnid / "a.JPEG", image, format="PNG")
    network = Brightness()
    source = open_classified(f"imagenet:{tmp_path},split=val")
    assert score(network, source, Accelerator(cpu=True)) == 100.0
    assert network.sizes == [(224, 224)] * 2
