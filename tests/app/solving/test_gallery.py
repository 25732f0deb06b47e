"""What the gallery says of its pictures holds: of the truth as it is drawn, and of the network as it was measured."""

from typing import Any

import numpy as np
import pytest
from PIL import Image

from app.solving import pictures
from app.solving.gallery import OPENING, PHOTOGRAPHED, PHOTOGRAPHS, STREETS, THUMBNAILS, street
from scripts.serving import ROOT
from segnode.checkpoint import load
from segnode.data.classes import CAMVID
from segnode.results.gallery import Gallery, Scored
from segnode.streets.paint.light import Light, draw_light
from segnode.streets.random_draws import RandomDraws

MEASURED = Gallery.read(ROOT / "scripts" / "results" / "gallery.json")
STREET_ROWS = MEASURED.scored


def row(title: str) -> Scored:
    return STREET_ROWS[named(title)]


def named(title: str) -> str:
    (name,) = (item.name for item in (*STREETS, *PHOTOGRAPHED) if item.title == title)
    return name


def light(title: str) -> Light:
    return draw_light(RandomDraws.seeded(int(named(title))))


def test_it_was_measured_on_what_it_shows_with_the_weights_that_are_shipped() -> None:
    assert {name: row.title for name, row in MEASURED.pictures.items()} == {
        item.name: item.title for item in (*STREETS, *PHOTOGRAPHED)
    }
    assert MEASURED.weights_sha256 == load(ROOT / "checkpoints" / "segnode-streets").sha256


def test_the_page_opens_on_the_street_that_does_best_and_shows_most() -> None:
    scores = {name: row.mean_iou[-1] * row.changed for name, row in STREET_ROWS.items()}
    assert OPENING.name == max(scores, key=lambda name: scores[name]) == MEASURED.opening


def test_no_street_was_used_in_training() -> None:
    assert all(item.seed >= 100_000 for item in STREETS)
    assert street(OPENING.seed) is OPENING
    assert street(7) is None


def test_the_sky_after_rain_begins_as_building() -> None:
    van = row("A yellow van after rain")
    assert light("A yellow van after rain").mood.name == "after rain"
    assert van.start.get("sky", 0) < 0.1 * van.truth["sky"]
    assert van.start["building"] > van.truth["sky"]
    assert van.taken_for["sky"]["sky"] > 95


def test_the_best_and_the_worst_are() -> None:
    scores = {name: row.mean_iou[-1] for name, row in STREET_ROWS.items()}
    right = {name: row.pixel_accuracy for name, row in STREET_ROWS.items()}
    assert max(scores, key=lambda name: scores[name]) == named("Autumn avenue")
    assert min(right, key=lambda name: right[name]) == named("Snow at dusk")
    assert (light("Snow at dusk").weather, light("Snow at dusk").mood.name) == ("snow", "dusk")


def test_all_eleven_classes_are_there() -> None:
    assert set(row("All eleven classes").truth) == set(CAMVID.names)


def test_the_van_stands_before_the_road() -> None:
    truth = pictures.scene(int(named("A van hides the road"))).truth
    assert truth is not None
    car, road = (truth == CAMVID.names.index(name) for name in ("car", "road"))
    bottom = slice(truth.shape[0] // 2, None)
    assert car.mean() > 0.2
    assert road[bottom].sum() < 0.5 * car[bottom].sum()


def test_cyclists_are_found_missed_and_imagined() -> None:
    mist = row("A cyclist in the mist")
    assert light("A cyclist in the mist").mood.name == "misty"
    assert mist.taken_for["bicyclist"]["bicyclist"] > 90
    missed = row("A missed cyclist")
    assert missed.truth["bicyclist"] > 0.5
    assert "bicyclist" not in missed.taken_for["bicyclist"]
    assert missed.taken_for["bicyclist"]["pedestrian"] > 50
    imagined = row("Dusk, rain, no cyclist")
    sky = light("Dusk, rain, no cyclist")
    assert (sky.mood.name, sky.weather) == ("dusk", "rain")
    assert "bicyclist" not in imagined.truth
    assert imagined.end["bicyclist"] > 0.5


def test_the_rain_hides_people() -> None:
    assert light("Umbrellas").weather == "rain"
    taken = row("Umbrellas").taken_for["pedestrian"]
    assert sum(share for name, share in taken.items() if name != "pedestrian") > 25


@pytest.mark.parametrize("item", PHOTOGRAPHED, ids=lambda item: item.name)
def test_a_photograph_is_shown_as_large_as_a_picture_may_be_and_tells_nothing_of_its_maker(item: Any) -> None:
    with Image.open(item.file) as file:
        assert not file.getexif()
        assert "xmp" not in file.info
    picture = pictures.photograph(item)
    assert picture.truth is None
    assert picture.image.shape[0] * picture.image.shape[1] <= pictures.SHOWN_PIXELS < picture.detail[..., 0].size
    assert np.ptp(picture.image) > 200


def test_every_photograph_has_its_source_and_licence_beside_it() -> None:
    notice = (PHOTOGRAPHS / "README.md").read_text()
    assert {file.name for file in PHOTOGRAPHS.glob("*.webp")} == {item.file.name for item in PHOTOGRAPHED}
    assert all(f"`{item.file.name}`" in notice for item in PHOTOGRAPHED)
    for licence in ("LICENSE-panoramax-cli", "LICENSE-geovisio"):
        assert f"]({licence})" in notice
        assert "MIT License" in (PHOTOGRAPHS / licence).read_text()


def test_every_picture_has_a_small_thumbnail() -> None:
    files = {file.stem: file.stat().st_size for file in THUMBNAILS.glob("*.webp")}
    assert set(files) == set(MEASURED.pictures)
    assert sum(files.values()) < 250_000
