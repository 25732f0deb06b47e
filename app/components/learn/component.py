"""The component of this folder: the live figure of a lesson's step, and its questions."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from app.components import linking

_KEY = "learn-figure"
_mount = linking.component(Path(__file__).parent)


def show(data: Mapping[str, Any], on_answer: Callable[[str, int], None]) -> None:
    """Draw a step.

    data: `step`, a name for it; `figure`, one of those in `learn.js`, and the `view` it starts from; `questions`, each
    with an id; `answers`, the option that was chosen of each question so far, by its id; `held`, the controls that wait
    for the prediction. on_answer: called with a question's id and the option chosen, which the browser has put into the
    page's address, as `done`.
    """

    def answered() -> None:
        answer = st.session_state[_KEY]["answered"]
        on_answer(answer["id"], answer["chosen"])

    _mount(data=dict(data), key=_KEY, on_answered_change=answered)
