"""A picture of one's own and its ground truth, on the page: what is bad is told, and nothing is lost."""

import io
from pathlib import Path
from typing import Any
from unittest.mock import Mock, patch

import numpy as np
import pytest
from PIL import Image
from streamlit.runtime.state import SafeSessionState, SessionState
from streamlit.testing.v1 import AppTest

from app.solving import pictures, store
from app.solving.choice import Choice
from app.solving.pictures import scene
from app.solving.store import Solved, with_truth
from segnode import Predictor, SolverConfig
from segnode.data.classes import CAMVID, ClassSet
from segnode.errors import SegNodeError
from segnode.types import IGNORE

MAIN = Path(__file__).parents[4] / "app" / "main.py"
SIZE = (48, 64)
CLASSES = np.random.default_rng(1).integers(0, 11, SIZE, dtype=np.uint8)


def file(pixels: np.ndarray | Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    buffer = io.BytesIO()
    image = Image.fromarray(pixels) if isinstance(pixels, np.ndarray) else pixels
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def noise(rows: int, columns: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (rows, columns, 3), dtype=np.uint8)


PICTURE = file(noise(*SIZE))
RED, BLUE = Image.new("RGB", (64, 48), "red"), Image.new("RGB", (64, 48), "blue")


def opened() -> AppTest:
    page = AppTest.from_file(MAIN, default_timeout=60)
    page.query_params["frames"] = "5"
    return page.run()


def sent(page: AppTest, data: bytes, name: str, *, mask: bool = False) -> AppTest:
    page.file_uploader[int(mask)].set_value((name, data, "image/png"))
    return page.run()


def told(page: AppTest) -> list[str]:
    assert not page.exception
    return [error.value.replace("\\", "").replace("\u2060", "") for error in page.error]


def solved(page: AppTest) -> Solved:
    return page.session_state["explore"].drawn


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (PICTURE, "mine.png"),
        (PICTURE, "renamed.jpg"),
        (file(RED, "JPEG"), "mine.jfif"),
        (file(RED, "JPEG"), "MINE.JPE"),
        (file(noise(*SIZE), "WEBP"), "mine.webp"),
        (file(RED.convert("CMYK"), "JPEG"), "print.jpg"),
        (file(RED.convert("P")), "palette.png"),
        (file(np.zeros(SIZE, np.uint16)), "deep.png"),
        (file(RED.convert("RGBA")), "glass.png"),
    ],
)
def test_a_picture_of_any_kind_is_segmented(data: bytes, name: str) -> None:
    page = sent(opened(), data, name)
    assert told(page) == []
    assert solved(page).picture.title == "Your picture"
    assert solved(page).run.labels.shape == (5, *SIZE)
    assert solved(page).run.to_truth is None


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"", "empty.png", "empty.png is empty"),
        (b"plain text", "notes.png", "is not a picture"),
        (PICTURE[:200], "cut.png", "damaged or cut short"),
        (PICTURE + bytes(10 * 2**20), "heavy.png", "over the limit of 10 MB"),
        (file(Image.new("1", (30_000, 3_000))), "bomb.png", "over the limit of 40 million"),
        (file(noise(1, 1)), "dot.png", "only 1 x 1 pixels"),
        (file(noise(16, 600)), "strip.png", "a strip of 600 x 16 pixels"),
        (file(RED, save_all=True, append_images=[BLUE]), "moving.png", "is animated"),
        (file(RED, "WEBP", save_all=True, append_images=[BLUE]), "moving.webp", "is animated"),
        (b"GIF89a", "[click](https://example.org).png", "is a GIF"),
    ],
)
def test_a_bad_picture_is_told_in_a_sentence_and_the_page_goes_on(data: bytes, name: str, said: str) -> None:
    page = opened()
    before = solved(page)
    sent(page, data, name)
    (sentence,) = told(page)
    assert said in sentence
    assert "](" not in page.error[0].value
    assert solved(page).run is before.run
    page.button(key="next").click().run()
    assert told(page) == []
    assert solved(page).picture.key != before.picture.key


def test_a_mask_is_asked_for_beside_ones_own_picture_only() -> None:
    page = opened()
    assert len(page.file_uploader) == 1
    assert len(sent(page, PICTURE, "mine.png").file_uploader) == 2
    page.button(key="next").click().run()
    assert len(page.file_uploader) == 1


def test_a_mask_is_what_the_run_is_held_against() -> None:
    page = sent(opened(), PICTURE, "mine.png")
    answer = solved(page).run.labels[-1].copy()
    answer[:4] = IGNORE
    sent(page, file(answer), "mask.png", mask=True)
    assert told(page) == []
    run = solved(page).run
    assert run.to_truth is not None
    assert run.iou is not None
    assert run.to_truth[-1] == 0
    assert run.to_truth[0] > 0
    np.testing.assert_array_equal(solved(page).picture.truth, answer)
    sent(page, file(CLASSES), "other.png", mask=True)
    found = solved(page).run.to_truth
    assert found is not None
    assert found[-1] > 50


def test_a_mask_is_of_one_picture() -> None:
    page = sent(sent(opened(), PICTURE, "mine.png"), file(CLASSES), "mask.png", mask=True)
    assert solved(page).picture.truth is not None
    sent(page, file(noise(*SIZE)[::-1].copy()), "another.png")
    assert told(page) == []
    assert solved(page).picture.truth is None
    page.button(key="next").click().run()
    assert solved(page).picture.shared


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"text", "is not a PNG"),
        (file(CLASSES)[:60], "damaged or cut short"),
        (file(RED), "holds colours, not train ids"),
        (file(CLASSES.astype(np.uint16)), "has 16 bits"),
        (file(CLASSES[1:]), "has 64 x 47 pixels, but its picture 64 x 48"),
        (file(CLASSES * np.uint8(2)), "holds the ids 12, 14, 16, 18, 20, but there are 11 classes"),
        (file(np.full(SIZE, IGNORE, np.uint8)), "counts no pixel"),
    ],
)
def test_a_bad_mask_is_told_and_the_picture_segmented_without_it(data: bytes, said: str) -> None:
    page = sent(opened(), PICTURE, "mine.png")
    before = solved(page).run
    sent(page, data, "[mask](https://example.org).png", mask=True)
    (sentence,) = told(page)
    assert said in sentence
    assert "](" not in page.error[0].value
    assert solved(page).run is before
    assert sent(page, file(CLASSES), "better.png", mask=True).session_state["explore"].drawn.run.to_truth is not None
    assert told(page) == []


def test_one_solve_serves_a_picture_until_its_mask_changes() -> None:
    with patch.object(Predictor, "trajectory", autospec=True, side_effect=Predictor.trajectory) as solve:
        page = sent(opened(), PICTURE, "mine.png")
        sent(page, file(CLASSES), "mask.png", mask=True)
        count = solve.call_count
        page.run()
        sent(page, b"text", "bad.png", mask=True)
        sent(page, file(CLASSES), "again.png", mask=True)
        assert solve.call_count == count


class LeftError(SegNodeError):
    """Stands for what Streamlit raises in the run of a visitor who left."""


@pytest.mark.parametrize("what", ["from_upload", "with_mask"])
def test_pictures_are_decoded_one_at_a_time_and_who_left_waits_no_longer(what: str) -> None:
    page = opened() if what == "from_upload" else sent(opened(), PICTURE, "mine.png")
    with (
        patch.object(pictures, what, side_effect=getattr(pictures, what)) as decode,
        patch.object(store, "stop_if_left", side_effect=LeftError("left")) as look,
    ):
        data = PICTURE if what == "from_upload" else file(CLASSES)
        with store.decoding().turn(lambda: None):
            sent(page, data, "one.png", mask=what == "with_mask")
            assert told(page) == ["left"]
            look.assert_called_once()
            decode.assert_not_called()
        page.run()
        assert told(page) == []
        decode.assert_called_once()


def test_a_look_for_the_visitor_lets_streamlit_end_the_run() -> None:
    def end() -> None:
        raise LeftError("left")

    context = Mock(session_state=SafeSessionState(SessionState(), end))
    with (
        patch("streamlit.runtime.scriptrunner_utils.script_run_context.get_script_run_ctx", return_value=context),
        pytest.raises(LeftError),
    ):
        store.stop_if_left()


def test_a_scene_is_held_only_against_models_of_its_own_classes() -> None:
    choice = Choice(100_000, None, None, None, SolverConfig(), 1.0, 5, plain=False)
    street = scene(100_000)
    assert with_truth(street, choice, CAMVID) is street
    assert with_truth(street, choice, ClassSet.numbered(11)).truth is None
