"""DeepLab v3 and PSPNet: what two pyramids on a dilated ResNet have in common."""

from pathlib import Path

import pytest
import torch

from segnode.errors import ImageError
from segnode.model.zoo.deeplabv3 import DeepLabV3
from segnode.model.zoo.pspnet import PSPNet
from tests.model.zoo import test_deeplabv3, test_pspnet

narrow = {DeepLabV3: test_deeplabv3.narrow, PSPNet: test_pspnet.narrow}
both = pytest.mark.parametrize("kind", [DeepLabV3, PSPNet])


@both
def test_an_empty_picture_is_refused(kind: type[DeepLabV3] | type[PSPNet]) -> None:
    with pytest.raises(ImageError, match=f"A picture of 5 x 0 is too small for {kind.__name__}: give at least 1 x 1"):
        narrow[kind]()(torch.empty(1, 3, 0, 5))


@both
def test_saved_and_loaded_answers_the_same(kind: type[DeepLabV3] | type[PSPNet], tmp_path: Path) -> None:
    network, images = narrow[kind](), torch.rand(1, 3, 32, 48)
    network.save_pretrained(tmp_path)
    again = kind.from_pretrained(tmp_path)
    assert again.layout == network.layout
    with torch.no_grad():
        assert torch.equal(again(images), network(images))


@both
def test_a_batch_of_one_cannot_train(kind: type[DeepLabV3] | type[PSPNet]) -> None:
    with pytest.raises(ValueError, match="more than 1 value per channel"):
        narrow[kind]().train()(torch.rand(1, 3, 32, 32))
