"""Fig. 4 as SVG and Fig. 3 as a picture: what stands where."""

from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest

from segnode import SolverConfig
from segnode.analysis.filmstrip import Row, filmstrip
from segnode.data.classes import CAMVID
from segnode.results.trajectory_figure import error_figure
from tests.results.records import made_up

SVG = "{http://www.w3.org/2000/svg}"


def words(drawing: ElementTree.Element) -> list[str]:
    return ["".join(text.itertext()) for text in drawing.iter(f"{SVG}text")]


def points(line: ElementTree.Element) -> np.ndarray:
    return np.array([[float(number) for number in pair.split(",")] for pair in line.attrib["points"].split()])


def test_lines_fall_as_the_errors_do() -> None:
    drawing = ElementTree.fromstring(error_figure(made_up()))
    lines = [points(line) for line in drawing.iter(f"{SVG}polyline")]
    assert len(lines) == 4
    for line in lines:
        assert (np.diff(line[:, 0]) > 0).all()
        assert (np.diff(line[:, 1]) > 0).all()  # down the page
    final, truth = lines[1], lines[3]
    heights = {"0 %": final[-1, 1], "80 %": truth[0, 1], "40 %": truth[-1, 1]}
    for text in drawing.iter(f"{SVG}text"):
        if text.text in heights:
            assert float(text.attrib["y"]) == pytest.approx(heights[text.text] + 4, abs=0.2)


def test_steps_are_ticks_and_their_cost_stands_above() -> None:
    drawing = ElementTree.fromstring(error_figure(made_up()))
    ticks = [path for path in drawing.iter(f"{SVG}path") if path.attrib["d"].endswith("v9")]
    assert len(ticks) == 5
    assert {"0", "2", "4", "6", "8", "0.25", "T = 1"} <= set(words(drawing))


def test_says_what_was_measured_and_letters_stay_letters() -> None:
    drawing = ElementTree.fromstring(error_figure(made_up("<b>Streets & trees</b>")))
    said = " ".join(words(drawing))
    assert "<b>Streets & trees</b>" in said
    assert "3 pictures, tiny, midpoint-4" in said
    assert "against the truth 40 %" in said


def test_an_adaptive_solve_of_many_steps_fits() -> None:
    depths = tuple(np.linspace(0, 1, 60).round(6).tolist())
    record = made_up(step_times=depths, evaluations=tuple(6.5 * n for n in range(60)))
    drawing = ElementTree.fromstring(error_figure(replace(record, solver=SolverConfig("dopri5"))))
    above = [text for text in drawing.iter(f"{SVG}text") if text.attrib["y"] == "98"]
    assert len(above) <= 10


def test_a_strip_holds_picture_frames_and_truth_in_their_colours() -> None:
    row = Row(
        image=np.full((36, 48, 3), 200, dtype=np.uint8),
        frames=np.stack([np.full((36, 48), label, dtype=np.uint8) for label in (0, 3)]),
        truth=np.full((36, 48), 255, dtype=np.uint8),
    )
    strip = np.asarray(filmstrip([row, row], (0.0, 1.0), CAMVID))
    tile = strip.shape[1] // 4
    for top in (0.3, 0.7):
        across = strip[int(top * strip.shape[0]), [tile // 2 + tile * column for column in range(4)]]
        assert across[0].tolist() == [200, 200, 200]
        assert across[1].tolist() == list(CAMVID.palette[0])
        assert across[2].tolist() == list(CAMVID.palette[3])
        assert len(set(across[3].tolist())) > 1  # grey, and of no class
        assert across[3].tolist() not in [list(colour) for colour in CAMVID.palette]
