"""Rare things pasted from one picture into another."""

import numpy as np
import pytest
import torch

from segnode.data.augment import Augment
from segnode.data.batches import Mix, batches
from segnode.data.classes import CAMVID
from segnode.data.paste import Paste
from segnode.errors import ConfigError


class Plain:
    """Pictures of one grey, all of class 3, with a square of class 2 if wished."""

    classes = CAMVID

    def __init__(self, grey: int, square: bool) -> None:
        self.image = np.full((64, 64, 3), grey, np.uint8)
        self.labels = np.full((64, 64), 3, np.uint8)
        if square:
            self.labels[20:40, 20:40] = 2

    def __len__(self) -> int:
        return 5

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        return self.image, self.labels

    def name(self, index: int) -> str:
        return str(index)


def test_the_class_moves_with_its_pixels_and_nothing_else_does() -> None:
    images, donors = torch.zeros(1, 3, 8, 8), torch.ones(1, 3, 8, 8)
    labels, theirs = torch.full((1, 8, 8), 5), torch.full((1, 8, 8), 4)
    theirs[:, 2:6, 2:6] = 7
    pasted, truth = Paste(1.0, (7,))(images, labels, donors, theirs)
    assert torch.equal(truth, torch.where(theirs == 7, 7, 5))
    assert (pasted[0, 0, 3:5, 3:5] == 1).all()
    assert (pasted[0, 0, 0] == 0).all()
    assert (pasted[0, 0][truth[0] == 7] > 0.5).all()
    assert (pasted[0, 0][truth[0] == 5] < 0.5).all()


def test_a_share_of_the_pictures_is_pasted_into_and_seed_and_place_decide() -> None:
    mix = Mix([Plain(0, False), Plain(255, True)], [3.0, 1.0], seed=1)
    augment = Augment((64, 64), scale=(1.0, 1.0), jitter=0.0, aspect=0.0)

    def first(count: int, **options: object) -> list[tuple[torch.Tensor, torch.Tensor]]:
        made = batches(mix, augment, 8, paste=Paste(0.5, (2,)), **options)
        return [next(made) for _ in range(count)]

    pairs = first(12)
    pasted = sum(
        bool((image.min() == 0) & (labels == 2).any()) for pair in pairs for image, labels in zip(*pair, strict=True)
    )
    assert 3 <= pasted <= 20  # 96 x 3/4 dark pictures x 1/2 pasted into x 1/4 donors with a square: 9
    for (image, labels), (again, labels_again) in zip(pairs[3:], first(9, position=3), strict=True):
        assert torch.equal(image, again)
        assert torch.equal(labels, labels_again)
    half = next(batches(mix, augment, 8, rank=1, ranks=2, paste=Paste(0.5, (2,))))
    assert torch.equal(half[0], pairs[0][0][4:])


def test_what_is_pasted_must_be_named() -> None:
    with pytest.raises(ConfigError, match="above 0 and up to 1, not 0"):
        Paste(0.0, (1,))
    with pytest.raises(ConfigError, match="Nothing is named to paste"):
        Paste(0.5, ())
