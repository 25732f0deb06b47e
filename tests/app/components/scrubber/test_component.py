"""What the scrubber is sent: flat, plain enough for Streamlit to pass on, and known by its identity."""

import base64
import json
import re
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np

from app.components.scrubber import component
from app.components.scrubber.component import payload
from app.solving import networks, store
from app.solving.pictures import scene
from app.solving.store import Solved
from segnode import SolverConfig


def solve(solver: SolverConfig) -> Solved:
    network = networks.loaded(networks.checkpoints()[0])
    return store.solved(scene(100003), network, solver, 5, lambda share: None)


def test_the_payload_is_flat_and_plain() -> None:
    sent = payload(solve(SolverConfig("midpoint", steps=2)))
    assert json.loads(json.dumps(sent, allow_nan=False)) == sent
    assert sent["steps"] == [0, 0.5, 1]
    assert sent["spent"] == [0, 2, 4]
    assert (sent["samples"], sent["degree"]) == (5, 2)
    assert sent["photo"].startswith("data:image/jpeg;base64,")
    truth = np.frombuffer(zlib.decompress(base64.b64decode(sent["truth"])), np.uint8)
    assert truth.size == sent["width"] * sent["height"]


def test_the_steps_that_were_refused_are_sent_and_counted() -> None:
    solved = solve(SolverConfig("dopri5", rtol=1e-1, atol=1e-1))
    sent = payload(replace(solved, run=replace(solved.run, refused=(0.4, 0.7))))
    assert sent["refused"] == [0.4, 0.7]
    assert ["steps refused", "2"] in sent["facts"]
    assert sent["trained"] == 1.0


def test_another_solve_has_another_identity() -> None:
    ids = {payload(solve(SolverConfig("midpoint", steps=steps)))["id"] for steps in (1, 2)}
    assert len(ids) == 2
    again = payload(solve(SolverConfig("midpoint", steps=1)))["id"]
    assert again in ids


def test_the_address_knows_the_words_that_the_browser_has() -> None:
    state = (Path(component.__file__).parent / "state.js").read_text(encoding="utf-8")
    for name in ("LAYOUTS", "SHOWN", "SOURCES", "PANELS"):
        (listed,) = re.findall(rf"export const {name} = {{(.*?)}};", state, re.DOTALL)
        assert tuple(re.findall(r"(\w+):", listed)) == getattr(component, name)
