"""The street scenes: repeatable, complete, and true: the labels lie where the picture's shapes are."""

import hashlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import segnode
from segnode.data.classes import CAMVID
from segnode.errors import ConfigError
from segnode.streets import Scene, Streets, render_street

SIZE = (240, 180)
SEEDS = range(12)


@pytest.fixture(scope="module")
def scenes() -> list[Scene]:
    return [render_street(seed, *SIZE) for seed in SEEDS]


def digest(scene: Scene) -> str:
    return hashlib.sha256(scene.image.tobytes() + scene.labels.tobytes()).hexdigest()


def contrast_at_edges(image: np.ndarray, labels: np.ndarray) -> float:
    """Return the mean step of colour between neighbours whose labels differ."""
    colour = image.astype(np.float32)
    down = np.abs(np.diff(colour, axis=0)).sum(-1)[np.diff(labels.astype(int), axis=0) != 0]
    right = np.abs(np.diff(colour, axis=1)).sum(-1)[np.diff(labels.astype(int), axis=1) != 0]
    return float(np.concatenate([down, right]).mean())


def test_a_scene_has_the_size_and_types_asked_for() -> None:
    scene = render_street(3, width=200, height=120)
    assert scene.seed == 3
    assert scene.image.shape == (120, 200, 3)
    assert scene.labels.shape == (120, 200)
    assert scene.image.dtype == scene.labels.dtype == np.uint8


def test_the_same_seed_gives_the_same_bytes_in_any_order(scenes: list[Scene]) -> None:
    for seed in (7, 2, 7, 0):
        assert digest(render_street(seed, *SIZE)) == digest(scenes[seed])


def test_the_same_seed_gives_the_same_bytes_in_another_process(scenes: list[Scene]) -> None:
    # The bare package: its own __init__ would import torch, which takes longer than everything else here.
    program = f"""
import hashlib, sys, types
root = types.ModuleType("segnode")
root.__path__ = [{str(Path(segnode.__file__).parent)!r}]
sys.modules["segnode"] = root
from segnode.streets.scene import compose
image, labels = compose(5, {SIZE[0]}, {SIZE[1]})
print(hashlib.sha256(image.tobytes() + labels.tobytes()).hexdigest())
"""
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == digest(scenes[5])


def test_seeds_give_different_scenes(scenes: list[Scene]) -> None:
    assert len({digest(scene) for scene in scenes}) == len(scenes)


def test_every_class_is_there_and_no_other(scenes: list[Scene]) -> None:
    counts = np.bincount(np.concatenate([scene.labels.ravel() for scene in scenes]), minlength=len(CAMVID))
    assert len(counts) == len(CAMVID)
    assert (counts > 0.0005 * counts.sum()).all(), dict(zip(CAMVID.names, counts, strict=True))


def test_another_size_shows_the_same_scene() -> None:
    for seed in (1, 4, 9):
        small, large = render_street(seed, 240, 180), render_street(seed, 480, 360)
        reduced = np.asarray(Image.fromarray(large.labels).resize((240, 180), Image.Resampling.NEAREST))
        assert (reduced == small.labels).mean() > 0.9
        colour = np.asarray(Image.fromarray(large.image).resize((240, 180), Image.Resampling.BOX), dtype=float)
        assert np.abs(colour - small.image).mean() < 12


@pytest.mark.parametrize("shift", [(3, 0), (-3, 0), (0, 3), (0, -3)])
def test_edges_of_labels_lie_on_edges_of_the_picture(scenes: list[Scene], shift: tuple[int, int]) -> None:
    for scene in scenes:
        moved = np.roll(scene.labels, shift, axis=(0, 1))
        inner = (slice(4, -4), slice(4, -4))
        right = contrast_at_edges(scene.image[inner], scene.labels[inner])
        assert right > 1.3 * contrast_at_edges(scene.image[inner], moved[inner])


def test_a_pixel_has_the_colour_of_its_class(scenes: list[Scene]) -> None:
    # Foliage is greener than the sky behind it, scene by scene, wherever leaves are green.
    greener = []
    for scene in scenes:
        colour = scene.image.astype(float)
        excess = colour[..., 1] - colour[..., 2]
        tree, sky = scene.labels == 5, scene.labels == 0
        if tree.mean() > 0.01 and sky.mean() > 0.01:
            greener.append(excess[tree].mean() > excess[sky].mean())
    assert np.mean(greener) > 0.8


def test_streets_is_a_data_set_of_those_scenes(scenes: list[Scene]) -> None:
    streets = Streets(range(2, 12, 3), *SIZE)
    assert len(streets) == 4
    image, labels = streets[1]
    assert np.array_equal(image, scenes[5].image)
    assert np.array_equal(labels, scenes[5].labels)
    with pytest.raises(IndexError):
        streets[4]


@pytest.mark.parametrize(
    ("arguments", "remedy"),
    [((-1,), "pass another seed"), ((0, 63, 360), "at least 64 x 64"), ((0, 480, 10), "at least 64 x 64")],
)
def test_wrong_arguments_are_refused_with_a_remedy(arguments: tuple[int, ...], remedy: str) -> None:
    with pytest.raises(ConfigError, match=remedy):
        render_street(*arguments)


def test_wrong_data_sets_are_refused_with_a_remedy() -> None:
    with pytest.raises(ConfigError, match="starts at 0 or above"):
        Streets(range(-2, 4))
    with pytest.raises(ConfigError, match="at least 64 x 64"):
        Streets(range(4), width=20)
