"""The component of this folder, and what it is sent."""

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from app.components import linking
from app.solving.packing import deflated, photo
from app.solving.pictures import colours
from app.solving.store import Solved
from app.solving.wording import about, effort, run_name
from app.ui import glossary
from app.ui.choosing import known
from segnode.ode import TABLEAUS

_KEY = "scrubber"
#: The address's words for how prediction and photograph lie, and for what the colours show: the keys in `state.js`.
LAYOUTS = ("overlay", "side", "divider")
SHOWN = ("labels", "confidence", "errors", "decided", "difference")
#: And for what each picture is of.
SOURCES = ("photo", "truth", "a", "now", "end")
#: And for what a link can leave out.
PANELS = ("settings", "intro", "curve", "view", "classes", "pins", "facts")
_mount = linking.component(Path(__file__).parent)


@st.fragment
def show(
    solved: Solved,
    keep: Callable[[Mapping[str, object]], None],
    restored: Mapping[str, str],
    held: Solved | None = None,
) -> None:
    """Let a person move through a solve. The view they come to rest at is kept in the page's address.

    keep: called with that view. restored: what the browser is to put back into its address, as no choice of its own.
    held: the run to compare it with, of the same picture.
    """
    for name, options in (("view", LAYOUTS), ("show", SHOWN), ("left", SOURCES), ("right", SOURCES)):
        known(name, options)
    known("class", solved.network.classes.names)
    data = payload(solved, held) | {"restored": dict(restored)}
    _mount(data=data, key=_KEY, on_place_change=lambda: keep(st.session_state[_KEY]["place"]))


def payload(solved: Solved, held: Solved | None = None) -> dict[str, Any]:
    """All the browser needs to draw any depth: flat, of numbers, short lists and text. held: run A, under "held".

    Both are on one clock: "until" is where the longer of them ends, "ends" where each does.
    """
    picture = solved.picture
    rows, columns = picture.image.shape[:2]
    runs = [solved] if held is None else [solved, held]
    return {
        "id": " ".join(map(_identity, runs)),
        "title": picture.title,
        "file": picture.stem,
        "own": not picture.shared,
        "width": columns,
        "height": rows,
        "photo": photo(picture.detail),
        "meanings": glossary.meanings(),
        "terms": glossary.listed(),
        **_of_run(solved),
        "held": None if held is None else _of_run(held),
        "until": max(float(each.run.times[-1]) for each in runs),
    }


def _of_run(solved: Solved) -> dict[str, Any]:
    """The part of the payload that each of two runs has."""
    network, run = solved.network, solved.run
    classes = network.classes
    return {
        "run": run_name(solved),
        "model": network.name,
        "truth": "" if run.truth is None else deflated(run.truth),
        **run.flow,
        "ends": run.flow["until"],
        "trained": network.predictor.model.until,
        "steps": run.step_times.tolist(),
        "refused": list(run.refused),
        "spent": run.spent,
        "names": list(classes.names),
        "palette": colours(classes).tolist(),
        "tableau": _tableau(run.solver.method),
        "note": about(network.name, network.parameters, network.commit, network.bundled),
        "facts": [
            ["solver", run.solver.method.replace("_", " ")],
            ["steps", effort(run)],
            *([["steps refused", str(len(run.refused))]] if run.solver.adaptive else []),
            ["evaluations of f", str(run.nfe)],
            ["solved in", f"{run.seconds:.2f} s"],
        ],
    }


def _tableau(method: str) -> dict[str, Any] | None:
    """What a step of a method evaluates and adds up; None for one that chooses its steps."""
    tableau = TABLEAUS.get(method)
    if tableau is None:
        return None
    coefficients = [list(row) for row in tableau.coefficients]
    return {"nodes": list(tableau.nodes), "coefficients": coefficients, "weights": list(tableau.weights(1.0))}


def _identity(solved: Solved) -> str:
    run = solved.run
    parts = (
        solved.network.identity,
        solved.picture.key,
        run.solver,
        float(run.times[-1]),
        solved.picture.truth is None,
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()
