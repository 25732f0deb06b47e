"""Files of a run: what they hold, how large they are, and that no text of a stranger does harm in them."""

import csv
import hashlib
import io
import json
import runpy
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import ExifTags, Image
from streamlit.testing.v1 import AppTest

from app.solving import networks, store
from app.solving.gallery import PHOTOGRAPHED
from app.solving.pictures import Picture, colours, from_upload, overlay, photograph, scene
from app.solving.runs import Run
from app.solving.store import Solved
from app.views.explore import reproduction
from app.views.explore.downloads import HELD_MS, OPACITY, RECORD, curve, gif, label_maps, probabilities, webp
from scripts.serving import ROOT
from segnode import SolverConfig
from segnode.checkpoint import WEIGHTS
from segnode.data.classes import CAMVID, ClassSet
from segnode.data.folder import Folder
from segnode.data.uploads import open_mask

PALETTE = colours(CAMVID)
NOTE = '{"made": "here"}'
HOSTILE = ClassSet(("=cmd|'/c calc'!A1", 'a","b c', "\u202e@sum", "../../etc/x"), ((1, 2, 3),) * 4)


@cache
def picture() -> Picture:
    return scene(100_003)


@pytest.fixture
def run() -> Run:
    return solved(picture())


def solved(picture: Picture, solver: SolverConfig | None = None, frames: int = 17) -> Run:
    return shown(picture, solver, frames).run


def shown(picture: Picture, solver: SolverConfig | None = None, frames: int = 17, until: float = 1.0) -> Solved:
    network = networks.loaded(networks.checkpoints()[0])
    return store.solved(picture, network, solver or SolverConfig(), frames, lambda share: None, until)


def frames_of(data: bytes) -> list[tuple[np.ndarray, float]]:
    """Each frame and how long it is shown, in milliseconds."""
    found = []
    with Image.open(io.BytesIO(data)) as image:
        for index in range(image.n_frames):
            image.seek(index)
            pixels = np.asarray(image.convert("RGB"))
            found.append((pixels, image.info["duration"]))
    return found


@pytest.mark.parametrize("make", [gif, webp])
def test_an_animation_shows_every_frame_and_holds_the_last(make, run: Run) -> None:
    data = make(picture(), run, PALETTE, NOTE)
    assert len(data) < 3_000_000
    frames = frames_of(data)
    assert [duration for _, duration in frames] == [140] * 16 + [HELD_MS]
    wanted = np.stack([overlay(picture().image, labels, PALETTE, OPACITY)[:-8:3, ::3] for labels in run.labels])
    for index, (pixels, _) in enumerate(frames):
        distances = np.abs(wanted.astype(int) - pixels[:-8:3, ::3]).mean(axis=(1, 2, 3))
        assert distances[index] == distances.min() < 12
    with Image.open(io.BytesIO(data)) as image:
        assert image.info["loop"] == 0


@pytest.mark.parametrize("make", [gif, webp])
def test_a_bar_along_the_bottom_tells_the_time(make, run: Run) -> None:
    frames = frames_of(make(picture(), run, PALETTE, NOTE))
    lengths = [(pixels[-2].astype(int).min(axis=1) > 200).mean() for pixels, _ in frames]
    np.testing.assert_allclose(lengths, run.times / run.times[-1], atol=0.02)


def test_many_frames_stay_small_and_a_noisy_picture_too() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (360, 480, 3), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(noise).save(file, "PNG")
    mine = from_upload(file.getvalue(), "noise.png")
    assert len(gif(mine, solved(mine), PALETTE, NOTE)) < 3_000_000
    assert len(gif(picture(), solved(picture(), frames=65), PALETTE, NOTE)) < 3_000_000


def rows_of(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(csv_of(data), newline="")))


def csv_of(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read("curve.csv").decode()


def test_the_curve_has_a_row_for_each_frame(run: Run) -> None:
    assert run.to_truth is not None
    assert run.iou is not None
    rows = rows_of(curve(run, CAMVID, NOTE))
    np.testing.assert_allclose([float(row["t"]) for row in rows], run.times, atol=1e-6)
    np.testing.assert_allclose([float(row["error_against_final"]) for row in rows], run.to_final, atol=1e-3)
    np.testing.assert_allclose([float(row["error_against_truth"]) for row in rows], run.to_truth, atol=1e-3)
    for index, name in enumerate(CAMVID.names):
        found = [float(row[f"iou {name}"] or "nan") for row in rows]
        np.testing.assert_allclose(found, run.iou[:, index], atol=1e-3)


def test_without_a_truth_the_curve_has_shares(run: Run) -> None:
    rows = rows_of(curve(replace(run, truth=None), CAMVID, NOTE))
    assert "error_against_truth" not in rows[0]
    shares = [sum(float(row[f"share {name}"]) for name in CAMVID.names) for row in rows]
    np.testing.assert_allclose(shares, 100, atol=0.01)


def test_a_class_that_is_nowhere_has_an_empty_cell(run: Run) -> None:
    road = replace(run, labels=np.full_like(run.labels, 3), truth=np.full_like(run.truth, 3))
    row = rows_of(curve(road, CAMVID, NOTE))[0]
    assert (row["iou sky"], float(row["iou road"])) == ("", 100)


def test_names_of_classes_are_only_names(run: Run) -> None:
    assert run.truth is not None
    few = replace(run, labels=run.labels % 4, truth=run.truth % 4, classes=4)
    (header, *rows) = csv.reader(io.StringIO(csv_of(curve(few, HOSTILE, NOTE)), newline=""))
    assert header[4:] == ["iou =cmd|'/c calc'!A1", 'iou a","b c', "iou @sum", "iou ../../etc/x"]
    assert not any(cell.startswith(("=", "@", "+", "-")) for row in (header, *rows) for cell in row)
    with zipfile.ZipFile(io.BytesIO(label_maps(few, HOSTILE, colours(HOSTILE), NOTE))) as archive:
        assert json.loads(archive.read("classes.json"))["names"] == list(HOSTILE.names)
        assert all(name in ("classes.json", RECORD) or name.endswith(".png") for name in archive.namelist())
        assert not any("/" in name or ".." in name for name in archive.namelist())


@pytest.mark.parametrize(("method", "stages"), [("euler", 1), ("midpoint", 2), ("rk4", 4)])
def test_evaluations_are_those_of_the_steps_begun(method, stages: int) -> None:
    run = solved(picture(), SolverConfig(method, steps=2), frames=5)
    assert run.spent == [0, stages, 2 * stages]
    spent = [row["evaluations"] for row in rows_of(curve(run, CAMVID, NOTE))]
    assert spent == [str(calls) for calls in (0, stages, stages, 2 * stages, 2 * stages)]


def test_of_a_solver_that_chooses_its_steps_only_the_sum_is_known() -> None:
    run = solved(picture(), SolverConfig("bosh3", rtol=0.1, atol=0.1), frames=5)
    assert run.spent is None
    assert [row["evaluations"] for row in rows_of(curve(run, CAMVID, NOTE))] == [""] * 4 + [str(run.nfe)]


def test_label_maps_are_train_ids_in_the_palettes_colours(run: Run) -> None:
    with zipfile.ZipFile(io.BytesIO(label_maps(run, CAMVID, PALETTE, NOTE))) as archive:
        names = sorted(set(archive.namelist()) - {"classes.json", RECORD})
        assert names[0] == "000-t0.00.png"
        assert len(names) == len(run.labels)
        for name, labels in zip(names, run.labels, strict=True):
            data = archive.read(name)
            np.testing.assert_array_equal(open_mask(data, name, labels.shape, CAMVID), labels)
            with Image.open(io.BytesIO(data)) as image:
                assert image.mode == "P"
                np.testing.assert_array_equal(np.asarray(image.convert("RGB")), PALETTE[labels])
        assert all(entry.external_attr >> 16 == 0o644 for entry in archive.infolist())


def test_label_maps_can_be_trained_on(run: Run, tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    with zipfile.ZipFile(io.BytesIO(label_maps(run, CAMVID, PALETTE, NOTE))) as archive:
        archive.extract("classes.json", tmp_path)
        (tmp_path / "labels").mkdir()
        (tmp_path / "labels" / "a.png").write_bytes(archive.read("016-t1.00.png"))
    Image.fromarray(picture().image).save(tmp_path / "images" / "a.png")
    folder = Folder(tmp_path)
    assert folder.classes == CAMVID
    np.testing.assert_array_equal(folder[0][1], run.labels[-1])


def test_the_same_label_maps_are_the_same_bytes(run: Run) -> None:
    assert label_maps(run, CAMVID, PALETTE, NOTE) == label_maps(run, CAMVID, PALETTE, NOTE)


@pytest.mark.parametrize("until", [1.0, 1.5])
def test_probabilities_are_those_of_the_solve(until: float) -> None:
    run = shown(picture(), frames=5, until=until).run
    with np.load(io.BytesIO(probabilities(run, CAMVID, NOTE))) as file:
        shares, labels = file["probabilities"].astype(float), file["labels"]
        np.testing.assert_array_equal(file["times"], run.times)
        assert tuple(file["names"]) == CAMVID.names
        assert str(file["record"]) == NOTE
    assert shares.shape == (5, 11, 90, 120)
    np.testing.assert_allclose(shares.sum(axis=1), 1, atol=5e-3)
    np.testing.assert_array_equal(labels, run.labels)
    predictor = networks.loaded(networks.checkpoints()[0]).predictor
    exact = predictor.trajectory(picture().image, 5, SolverConfig(), until * predictor.model.until).probabilities
    np.testing.assert_allclose(shares, exact[:, :, :90, :120] / 255, atol=0.02)


def test_of_too_many_probabilities_the_last_frame_is_there(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    monkeypatch.setattr("app.views.explore.downloads.MOST_BYTES", 5 * 2 * 11 * 90 * 120)
    with np.load(io.BytesIO(probabilities(run, CAMVID, NOTE))) as file:
        np.testing.assert_allclose(file["times"], [0, 0.25, 0.5, 0.75, 1])


def test_each_file_holds_how_it_was_made(run: Run) -> None:
    with Image.open(io.BytesIO(gif(picture(), run, PALETTE, NOTE * 40))) as image:
        assert image.info["comment"].decode() == NOTE * 40
    with Image.open(io.BytesIO(webp(picture(), run, PALETTE, NOTE))) as image:
        assert image.getexif()[ExifTags.Base.ImageDescription] == NOTE
    for data in (curve(run, CAMVID, NOTE), label_maps(run, CAMVID, PALETTE, NOTE)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            assert archive.read(RECORD).decode() == NOTE


def _own(seed: int = 0) -> Picture:
    """A person's own picture, larger than the network works on."""
    noise = np.random.default_rng(seed).integers(0, 256, (600, 800, 3), dtype=np.uint8)
    return from_upload(_png(noise), "secret.png")


def _png(pixels: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def test_each_run_has_names_of_its_own_and_none_is_after_a_person() -> None:
    coarse = SolverConfig("dopri5", rtol=0.1, atol=0.1)
    runs = [
        shown(picture()),
        shown(picture(), SolverConfig("euler")),
        shown(picture(), SolverConfig("euler", steps=2)),
        shown(picture(), until=1.25),
        shown(picture(), coarse),
        shown(_own(0)),
        shown(_own(1)),
    ]
    names = [reproduction.stem(each) for each in runs]
    assert len(set(names)) == len(names)
    assert names[0] == "segnode-street-100003_segnode-tiny_midpoint-4_1T"
    assert names[4] == "segnode-street-100003_segnode-tiny_dopri5-1e-1_1T"
    assert not any("secret" in name for name in names)
    assert "secret" not in json.dumps(reproduction.record(runs[-1]))


def test_the_record_says_what_made_the_run_and_what_was_measured() -> None:
    made = shown(picture(), SolverConfig("rk4", steps=2), until=1.25)
    said = json.loads(json.dumps(reproduction.record(made)))
    source = networks.loaded(networks.checkpoints()[0]).predictor.model.source
    assert said["model"]["weights_sha256"] == hashlib.sha256((source.folder / WEIGHTS).read_bytes()).hexdigest()
    assert said["picture"]["sha256"] == hashlib.sha256(picture().image.tobytes()).hexdigest()
    assert (said["picture"]["seed"], said["T"], said["solver"]) == (100_003, 1.25, {"method": "rk4", "steps": 2})
    assert said["measured"]["evaluations"] == 8
    assert said["measured"]["error_against_truth"] == pytest.approx(made.run.to_truth[-1], abs=1e-3)
    assert said["app"]["revision"]


@pytest.mark.parametrize(
    ("make", "solver", "until"),
    [
        (picture, SolverConfig("rk4", steps=2), 1.0),
        (picture, SolverConfig("bosh3", rtol=1e-2, atol=1e-2, max_evaluations=600), 1.25),
        (lambda: photograph(PHOTOGRAPHED[0]), SolverConfig("euler", steps=3), 1.0),
        (_own, SolverConfig(), 1.0),
    ],
    ids=["street", "adaptive", "photograph", "own"],
)
def test_the_copied_script_makes_the_run_again(
    make: Callable[[], Picture],
    solver: SolverConfig,
    until: float,
    checkpoints: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    made = shown(make(), solver, 5, until)
    (tmp_path / "checkpoints").symlink_to(checkpoints)
    (tmp_path / "app").symlink_to(ROOT / "app")
    own = np.random.default_rng(0).integers(0, 256, (600, 800, 3), dtype=np.uint8)
    (tmp_path / "your-picture.png").write_bytes(_png(own))
    copied = tmp_path / "copied.py"
    copied.write_text(reproduction.script(made))
    monkeypatch.chdir(tmp_path)
    again = runpy.run_path(str(copied))
    np.testing.assert_array_equal(again["labels"], made.run.labels)
    assert capsys.readouterr().out.startswith(f"{made.run.nfe} evaluations of f")


def _page() -> None:
    # AppTest runs the source of this function alone.
    from app.solving import networks, store
    from app.solving.pictures import scene
    from app.views.explore import downloads
    from segnode import SolverConfig

    network = networks.loaded(networks.checkpoints()[0])
    shown = store.solved(scene(100_003), network, SolverConfig(), 5, lambda share: None)
    downloads.offer(shown)


def test_the_pill_offers_files_that_are_made_when_asked_for() -> None:
    page = AppTest.from_function(_page, default_timeout=60).run()
    assert not page.exception
    buttons = [button.proto for button in page.get("download_button")]
    assert [button.label.split(", ")[1] for button in buttons] == ["GIF", "WebP", "CSV", "PNG", "NPZ"]
    assert all(button.deferred_file_id and button.ignore_rerun for button in buttons)
    (code,) = page.code
    assert "render_street(100003)" in code.value
