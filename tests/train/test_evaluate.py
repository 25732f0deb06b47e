"""Predictions against sums made by hand, with networks simple enough for that."""

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from segnode import ModelConfig, SegNode, SolverConfig
from segnode.data.cityscapes import Cityscapes
from segnode.data.classes import CAMVID, ClassSet
from segnode.errors import ConfigError, DataError, ImageError
from segnode.inference import PLAIN, Inference, parse_solver, predict, probabilities
from segnode.model.baseline import Baseline
from segnode.model.blocks import resize
from segnode.model.network import Network
from segnode.predict import batch_of
from segnode.streets import Streets
from segnode.train.evaluate import SUBMISSION, Submittable, evaluate, save_answer

COLOURS = ClassSet(("red", "green", "blue"), ((255, 0, 0), (0, 255, 0), (0, 0, 255)))


class Colours(Network):
    """Scores a pixel by its own colour and nothing else; remembers what it was shown."""

    def __init__(self) -> None:
        super().__init__(COLOURS)
        self.gain = torch.nn.Parameter(torch.tensor(5.0))
        self.shown: list[Tensor] = []

    def outputs(self, images: Tensor) -> tuple[Tensor, ...]:
        self.shown.append(images)
        return (self.gain * images,)


class Contrast(Colours):
    """Scores a pixel by how it differs from the mean of all that is seen at once."""

    def outputs(self, images: Tensor) -> tuple[Tensor, ...]:
        (logits,) = super().outputs(images)
        return (logits - logits.mean((2, 3), keepdim=True),)


class Sides(Colours):
    """Class 0 on the left half, 1 on the right, 2 nowhere: it knows left from right."""

    def outputs(self, images: Tensor) -> tuple[Tensor, ...]:
        (logits,) = super().outputs(images)
        right = (torch.arange(images.shape[-1]) >= images.shape[-1] // 2).float().expand(logits[:, 0].shape)
        return (torch.stack([1 - right, right, torch.full_like(right, 0.6)], dim=1),)


class Tiny:
    """A data set of given pictures and labels."""

    def __init__(self, pairs: list[tuple[np.ndarray, np.ndarray]], **more: Any) -> None:
        self.classes, self.pairs = COLOURS, pairs
        self.__dict__.update(more)

    def __len__(self) -> int:
        return len(self.pairs)

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        return self.pairs[index]

    def name(self, index: int) -> str:
        return f"picture {index}"


class OnServer(Tiny):
    """One whose test server counts classes from 7."""

    def submission(self, labels: np.ndarray) -> np.ndarray:
        return labels + np.uint8(7)

    def submission_name(self, index: int) -> str:
        return f"town_{index}.png"


def noise(rows: int, columns: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (rows, columns, 3), dtype=np.uint8)


def segnode() -> SegNode:
    torch.manual_seed(0)
    return SegNode(ModelConfig(11, (8, 8), 8, modules=1, blocks=1), CAMVID).eval()


def test_scores_are_of_the_networks_own_answers() -> None:
    network, streets = segnode(), Streets(range(3), 96, 64)
    scores = evaluate(network, streets)
    wanted = torch.zeros(11, 11, dtype=torch.int64)
    for image, truth in (streets[index] for index in range(3)):
        answer = network(batch_of(image))[0].argmax(0)
        wanted += torch.bincount(11 * torch.from_numpy(truth).long().ravel() + answer.ravel(), minlength=121).view(
            11, 11
        )
    assert torch.equal(scores.confusion, wanted)


def test_a_network_without_a_solver_is_evaluated_too_and_is_left_as_it_was() -> None:
    network = Baseline(CAMVID, (8, 8), 8, modules=1, blocks=1).train()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    assert evaluate(network, Streets(range(1), 96, 64)).pixels() == 96 * 64
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())


def test_flip_averages_logits_and_exchanges_left_and_right() -> None:
    image, network = noise(4, 6), Sides()
    halves = np.repeat([[0, 0, 0, 1, 1, 1]], 4, axis=0)
    np.testing.assert_array_equal(predict(network, image), halves)
    # Without knowing what is left, both sides have half a say each, and the third class, with 0.6, wins everywhere.
    np.testing.assert_array_equal(predict(network, image, Inference(flip=True)), np.full((4, 6), 2))
    np.testing.assert_array_equal(predict(network, image, Inference(flip=True), swaps=((0, 1),)), halves)
    pictures = Tiny([(image, halves.astype(np.uint8))], swaps=((0, 1),))
    assert evaluate(network, pictures, inference=Inference(flip=True)).pixel_accuracy() == 100


def test_pictures_are_padded_to_a_multiple_for_any_network() -> None:
    image, network = noise(4, 6), Sides()
    np.testing.assert_array_equal(predict(network, image)[0], [0, 0, 0, 1, 1, 1])
    np.testing.assert_array_equal(predict(network, image, Inference(multiple=8)), [[0, 0, 0, 0, 1, 1]] * 4)


def test_sizes_are_added_up_as_exponentials() -> None:
    image, network = noise(10, 14), Contrast()
    logits = []
    for size in ((5, 7), (10, 14), (15, 21)):
        enlarged = resize(batch_of(image), size)
        logits.append(5 * (enlarged - enlarged.mean((2, 3), keepdim=True)))
    total = sum(resize(each.exp(), (10, 14)) for each in logits)[0].detach()
    wanted = (total / total.sum(0)).numpy()
    shares = probabilities(network, image, Inference(scales=(0.5, 1.0, 1.5)))
    np.testing.assert_allclose(shares, wanted, rtol=1e-4)
    np.testing.assert_array_equal(predict(network, image, Inference(scales=(0.5, 1.0, 1.5))), wanted.argmax(0))
    assert not np.array_equal(wanted.argmax(0), predict(network, image))
    np.testing.assert_allclose(probabilities(network, image).sum(0), 1, rtol=1e-5)


def test_logits_too_large_for_their_exponential_still_give_the_answer() -> None:
    network, image = Colours(), noise(6, 6)
    network.gain.data.fill_(-400)
    mixed = predict(network, image, Inference(scales=(1.0, 1.0)))
    assert np.isfinite(probabilities(network, image, Inference(scales=(1.0, 1.0)))).all()
    clear = np.sort(image.astype(int), axis=2)[..., 0] < 40  # logits of the darkest channel above -80, and apart
    apart = np.diff(np.sort(image.astype(int), axis=2)[..., :2])[..., 0] > 2
    np.testing.assert_array_equal(mixed[clear & apart], image.argmin(axis=2)[clear & apart])
    assert (clear & apart).sum() > 10


def test_size_brings_the_picture_to_rows_and_columns_or_to_its_longer_side() -> None:
    assert Inference(size=(473, 473)).sizes(100, 50) == [(473, 473)]
    assert Inference(size=(520,), scales=(0.5, 1.0)).sizes(300, 600) == [(130, 260), (260, 520)]
    assert Inference(scales=(0.5, 1.0)).sizes(1024, 2048)[0] == (512, 1024)
    network = Colours()
    assert predict(network, noise(30, 40), Inference(size=(20,))).shape == (30, 40)
    assert network.shown[0].shape == (1, 3, 15, 20)


@pytest.mark.parametrize("shape", [(20, 45), (16, 24), (50, 24), (9, 60), (5, 7), (41, 59)])
@pytest.mark.parametrize("stride", [1.0, 2 / 3, 0.3])
def test_windows_of_one_size_cover_the_picture_and_change_no_answer(shape: tuple[int, int], stride: float) -> None:
    image, network = noise(*shape), Colours()
    plain = probabilities(network, image)
    network.shown.clear()
    shares = probabilities(network, image, Inference(window=(16, 24), stride=stride, batch=3))
    np.testing.assert_allclose(shares, plain, atol=1e-5)
    assert {tuple(each.shape[1:]) for each in network.shown} == {(3, 16, 24)}
    assert max(len(each) for each in network.shown) <= 3


def test_windows_overlap_by_the_mean_of_their_exponentials() -> None:
    image, network = noise(16, 24), Contrast()
    shares = probabilities(network, image, Inference(window=(16, 16), stride=0.5))
    total, seen = np.zeros((3, 16, 24)), np.zeros(24)
    for left in (0, 8):
        part = image[:, left : left + 16].transpose(2, 0, 1) / 255
        total[..., left : left + 16] += np.exp(5 * (part - part.mean((1, 2), keepdims=True)))
        seen[left : left + 16] += 1
    wanted = total / seen
    np.testing.assert_allclose(shares, wanted / wanted.sum(0), rtol=1e-4)
    assert seen.tolist() == [1] * 8 + [2] * 8 + [1] * 8


def test_a_picture_smaller_than_the_window_is_padded_with_grey_below_and_to_the_right() -> None:
    image, network = noise(18, 20), Colours()
    predict(network, image, Inference(window=(20, 30)))
    (shown,) = network.shown
    torch.testing.assert_close(shown[..., :18, :20], batch_of(image))
    assert shown[..., 18:, :].unique().tolist() == pytest.approx([128 / 255])
    assert shown[..., 20:].unique().tolist() == pytest.approx([128 / 255])


def test_a_picture_smaller_than_the_window_is_left_as_it_is_where_asked() -> None:
    network = Colours()
    predict(network, noise(18, 20), Inference(window=(20, 30), pad=False))
    assert network.shown[0].shape[-2:] == (18, 20)
    predict(network, noise(18, 40), Inference(window=(20, 30), pad=False))  # too wide: in windows, which have one size
    assert {shown.shape[-2:] for shown in network.shown[1:]} == {(20, 30)}


def test_flips_scales_and_windows_go_together() -> None:
    image = np.full((40, 60, 3), 10, np.uint8)
    image[:20, :30, 0], image[20:, 30:, 1] = 200, 200
    options = Inference(scales=(0.75, 1.0, 1.25), flip=True, window=(32, 32), stride=0.5, batch=4)
    labels = predict(Colours(), image, options)
    np.testing.assert_array_equal(labels[:18, :28], 0)
    np.testing.assert_array_equal(labels[22:, 32:], 1)


def test_a_segnode_takes_any_solver_and_depth() -> None:
    network, image = segnode(), noise(40, 48)
    solver = SolverConfig("rk4", steps=2)
    other = network(batch_of(image), solver).softmax(1)[0].detach().numpy()
    np.testing.assert_allclose(probabilities(network, image, Inference(solver=solver)), other, atol=1e-6)
    half = network.trajectory(batch_of(image), [0.5], solver, until=0.5).logits[-1]
    wanted = network.upsample(half, (40, 48)).softmax(1)[0].numpy()
    shares = probabilities(network, image, Inference(solver=solver, until=0.5))
    np.testing.assert_allclose(shares, wanted, atol=1e-6)
    assert abs(shares - other).max() > 1e-3
    streets = Streets(range(1), 96, 64)
    direct = evaluate(network, streets, SolverConfig("euler", steps=1)).confusion
    assert torch.equal(
        direct, evaluate(network, streets, inference=Inference(solver=parse_solver("euler-1"))).confusion
    )
    assert not torch.equal(direct, evaluate(network, streets, solver).confusion)


@pytest.mark.parametrize("options", [{"solver": SolverConfig()}, {"until": 0.5}])
def test_other_networks_are_not_solved(options: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match=r"Only a SegNode is solved .* this is a Colours: leave both out"):
        predict(Colours(), noise(8, 8), Inference(**options))


def test_solvers_are_named_as_they_name_themselves() -> None:
    for name, steps in itertools.product(("euler", "midpoint", "rk4_38"), (1, 16)):
        assert parse_solver(f"{name}-{steps}").name == f"{name}-{steps}"
    assert parse_solver("dopri5") == SolverConfig("dopri5")
    for wrong in ("midpoint", "midpoint-", "dopri5-4", "-", "midpoint-²"):
        with pytest.raises(ConfigError, match="written as method-steps, like midpoint-8, or as dopri5 alone"):
            parse_solver(wrong)
    with pytest.raises(ConfigError, match="no solver 'middle'"):
        parse_solver("middle-4")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"scales": ()}, "Scales are one or more factors"),
        ({"scales": (1.0, -1.0)}, "Scales are one or more factors"),
        ({"scales": (float("nan"),)}, "Scales are one or more factors"),
        ({"size": (473, 473, 3)}, "size is rows and columns"),
        ({"size": (0,)}, "size is rows and columns"),
        ({"window": (8, 512)}, "A window has from 16"),
        ({"stride": 0.0}, "stride is a share"),
        ({"stride": 1.5}, "stride is a share"),
        ({"batch": 0}, "batch must be a whole number"),
    ],
)
def test_options_out_of_range_are_one_sentence(options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        Inference(**options)


def test_what_does_not_fit_is_said_before_anything_is_solved() -> None:
    with pytest.raises(ConfigError, match="The data set has 11 classes and the network 3"):
        evaluate(Colours(), Streets(range(1), 96, 64))
    many = Colours()
    many.classes = ClassSet.numbered(300)
    with pytest.raises(ConfigError, match="up to 255 classes, not 300"):
        predict(many, noise(8, 8))
    tall = Colours()
    tall.smallest = 99  # ty: ignore[invalid-attribute-access]
    tall.outputs = lambda images: Network.outputs(tall, images)
    with pytest.raises(ImageError, match="48 x 32 is too small for Colours"):
        predict(tall, noise(64, 64), Inference(window=(32, 48)))


def test_every_answer_is_handed_over_as_it_comes() -> None:
    images = [noise(8, 10, seed) for seed in range(2)]
    pictures, seen = Tiny([(image, np.zeros((8, 10), np.uint8)) for image in images]), {}
    evaluate(Colours(), pictures, inference=PLAIN, on_picture=lambda index, labels: seen.update({index: labels}))
    assert list(seen) == [0, 1]
    np.testing.assert_array_equal(seen[1], images[1].argmax(axis=2))


def test_answers_are_png_of_ids_in_the_colours_of_their_classes(tmp_path: Path) -> None:
    labels = np.array([[0, 1], [2, 2]], np.uint8)
    save_answer(tmp_path / "new", Tiny([]), 4, labels)
    with Image.open(tmp_path / "new" / "picture 4.png") as image:
        assert image.mode == "P"
        np.testing.assert_array_equal(np.asarray(image), labels)
        np.testing.assert_array_equal(np.asarray(image.convert("RGB")), np.array(COLOURS.palette)[labels])
    assert not (tmp_path / "new" / SUBMISSION).exists()


def test_a_test_server_is_given_its_own_ids_and_names(tmp_path: Path) -> None:
    assert issubclass(Cityscapes, Submittable)
    labels = np.array([[0, 1], [2, 2]], np.uint8)
    save_answer(tmp_path, OnServer([]), 4, labels)
    with Image.open(tmp_path / "picture 4.png") as image:
        np.testing.assert_array_equal(np.asarray(image), labels)
    with Image.open(tmp_path / SUBMISSION / "town_4.png") as image:
        assert image.mode == "L"
        np.testing.assert_array_equal(np.asarray(image), labels + 7)


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(DataError, match=r"could not be written \(.*\): free some space, or choose another folder"):
        save_answer(tmp_path / "taken", Tiny([]), 0, np.zeros((2, 2), np.uint8))
