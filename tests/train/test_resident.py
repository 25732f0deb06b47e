"""Crops made on the device are those of `segnode.data.augment`."""

import numpy as np
import pytest
import torch

from segnode import ModelConfig, SegNode
from segnode.data.augment import Augment, _window, recolour
from segnode.data.batches import Mix
from segnode.data.camvid import CamVid
from segnode.data.classes import CAMVID
from segnode.train.network import WithLoss
from segnode.train.resident import Resident, WithTeacher, recoloured, windows
from tests.data.layouts import write_camvid


def test_windows_are_those_of_one_picture_at_a_time() -> None:
    chance = np.random.default_rng(0)
    lengths, factors, places = chance.integers(5, 500, 500), chance.uniform(0.2, 4, 500), chance.random(500)
    rows = np.stack(windows(lengths, 96, factors, places), axis=1)
    for row, length, factor, place in zip(rows, lengths, factors, places, strict=True):
        cut, land = _window(int(length), 96, float(factor), float(place))
        assert row.tolist() == [cut.start, cut.stop - cut.start, land.start, land.stop - land.start]


@pytest.fixture
def dataset(tmp_path):
    return f"camvid:{write_camvid(tmp_path)},split=train", CamVid(tmp_path, "train")


def resident(dataset, augment):
    text, pictures = dataset
    return Resident([text], Mix([pictures], [1.0], 0), augment, torch.device("cpu"), 1)


def test_a_picture_left_alone_is_exact(dataset) -> None:
    augment = Augment((18, 24), scale=(1.0, 1.0), jitter=0.0, aspect=0.0, flip=False)
    images, labels = resident(dataset, augment).cropped(np.array([1]), np.full((1, 5), 0.5))
    image, truth = dataset[1][1]
    np.testing.assert_array_equal((images[0] * 255).round().permute(1, 2, 0).numpy(), image)
    np.testing.assert_array_equal(labels[0].numpy(), truth)


@pytest.mark.parametrize("size", [(40, 33), (9, 12)])
def test_crops_are_those_of_augment(dataset, size) -> None:
    augment = Augment(size, scale=(0.4, 2.5), jitter=0.0, aspect=0.3)
    generators = [torch.Generator().manual_seed(seed) for seed in range(60)]
    chances = torch.stack([torch.rand(5, generator=generator) for generator in generators]).double().numpy()
    images, labels = resident(dataset, augment).cropped(np.arange(60) % 2, chances)
    pairs = [dataset[1][index % 2] for index in range(60)]
    expected, truth = augment([pair[0] for pair in pairs], [pair[1] for pair in pairs], range(60))
    assert torch.equal(labels, truth)
    assert (255 * (images - expected)).abs().max() <= 1.01  # torch resizes bytes with weights of few bits


def test_colours_are_those_of_augment() -> None:
    images = torch.rand(40, 3, 8, 9, generator=torch.Generator().manual_seed(1))
    chances = torch.stack([torch.rand(12, generator=torch.Generator().manual_seed(seed)) for seed in range(40)])
    quiet = chances[:, 10] >= 0.15
    changed = recoloured(images, 0.5, chances, torch.Generator().manual_seed(0))
    expected = torch.stack(
        [recolour(image, 0.5, torch.Generator().manual_seed(seed)) for seed, image in enumerate(images)]
    )
    assert 0 < quiet.sum() < 40
    torch.testing.assert_close(changed[quiet], expected[quiet], atol=1e-4, rtol=0)
    assert not torch.equal(changed[~quiet], expected[~quiet])


def test_a_batch_is_a_function_of_its_position(dataset) -> None:
    one = resident(dataset, Augment((16, 16)))
    again = one.batch(3, 4)
    assert all(torch.equal(a, b) for a, b in zip(one.batch(3, 4), again, strict=True))
    assert not torch.equal(one.batch(4, 4)[0], again[0])


def test_a_teacher_is_learned_beside_the_labels_and_learns_nothing() -> None:
    torch.manual_seed(0)
    student, teacher = (SegNode(ModelConfig(11, (8, 8), 8, modules=1, blocks=1), CAMVID) for _ in range(2))
    images, labels = torch.rand(2, 3, 32, 32), torch.randint(11, (2, 32, 32))
    plain, taught = (
        kind.eval() for kind in (WithLoss(student, torch.ones(11)), WithTeacher(student, torch.ones(11), teacher))
    )
    (before, counts), (after, same) = (kind(images, labels, None) for kind in (plain, taught))
    soft, own = (network.outputs(images)[0].float() for network in (teacher, student))
    apart = -(soft.softmax(1) * own.log_softmax(1)).sum(1).mean()
    torch.testing.assert_close(after / same, before / counts + apart)
    after.sum().backward()
    assert all(parameter.grad is None for parameter in teacher.parameters())
    assert any(parameter.grad is not None and parameter.grad.any() for parameter in student.parameters())
