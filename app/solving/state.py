"""All that is chosen and all that is drawn on Explore: one object, kept as long as the session.

The address holds what is chosen but for a picture of one's own. What a hand changed wins over the address; where no
hand changed anything, the address does: so Back, Forward and links work. Every choice is an entry of the browser's
history, since Streamlit adds one for each change that the server makes to the address.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from app.solving.gallery import OPENING
from app.solving.networks import Loaded
from app.solving.pictures import Picture
from app.solving.store import Solved
from segnode.config import FIXED_METHODS

_KEY = "explore"

#: A run in one word: method, steps or tolerance, T, model; see `Asked.run`.
RUN = r"([a-z0-9_]+)-(1e-\d|\d{1,2})(?:_(\d(?:\.\d+)?)(?:_(.+))?)?"


@dataclass(frozen=True)
class Asked:
    """What is chosen; each field has the name of its parameter in the address.

    picture: a photograph's name, empty where the seed's street is meant. model: a bundled one's name. T: where the
    solve ends, in multiples of the T the network was trained for. a: the run that is held as A, as `run` writes one;
    empty where none is.
    """

    seed: int = OPENING.seed
    picture: str = ""
    model: str = ""
    hub: str = ""
    revision: str = ""
    solver: str = "midpoint"
    steps: int = 4
    tolerance: str = "1e-3"
    T: str = "1"
    frames: int = 17
    plain: bool = False
    a: str = ""

    @property
    def run(self) -> str:
        """The network, solver and T in one word: METHOD-EFFORT_T_MODEL, a model of the Hub as owner/name@revision."""
        effort = self.steps if self.solver in FIXED_METHODS else self.tolerance
        model = f"{self.hub}@{self.revision}" if self.hub else self.model
        return f"{self.solver}-{effort}_{self.T}_{model}"

    @property
    def held(self) -> "Asked | None":
        """The choice with the run that is held as A in place of its own; None where none is held, or none is meant.

        What the word leaves out is as in `self`: `euler-1` is of the same network.
        """
        match = re.fullmatch(RUN, self.a)
        if match is None:
            return None
        solver, effort, until, model = match.groups()
        name, _, revision = (model or "").partition("@")
        network = {"hub": name, "revision": revision} if "/" in name else {"hub": "", "model": name}
        effort = {"steps": int(effort)} if solver in FIXED_METHODS else {"tolerance": effort}
        return replace(self, a="", solver=solver, T=until or self.T, **effort, **(network if model else {}))

    @property
    def scene(self) -> tuple[int, str]:
        """Which picture is meant where nobody sent one."""
        return self.seed, self.picture


@dataclass(frozen=True)
class Own:
    """Files that a person sent. key: of the uploader that took the picture."""

    key: str
    picture: UploadedFile
    mask: UploadedFile | None = None


@dataclass
class State:
    """What is chosen, and what was drawn last, which stays where the choice fails.

    usual: what is meant where the address says nothing. view: what the scrubber last put into the address. restored:
    what the address lost by a change of page, for the browser to put back. renewed: how often a setting's widget was
    replaced; see `key`. written: whether the address holds what is chosen. arranged: changes to the view's
    parameters, written with the next choice; an empty value removes one. held: run A on the picture that is drawn.
    tried: evaluations of f and mIoU in percent of the session's runs to T, by name, for each picture and network.
    """

    usual: Asked
    asked: Asked
    own: Own | None = None
    picture: Picture | None = None
    network: Loaded | None = None
    drawn: Solved | None = None
    held: Solved | None = None
    tried: dict[tuple[str, str], dict[str, tuple[int, float]]] = field(default_factory=dict)
    view: dict[str, str] = field(default_factory=dict)
    restored: dict[str, str] = field(default_factory=dict)
    renewed: Counter[str] = field(default_factory=Counter)
    written: bool = True
    arranged: dict[str, str] = field(default_factory=dict)
    uploads: int = 0

    def key(self, name: str) -> str:
        """The key of a setting's widget.

        Where something else than the widget's own hand changes the setting, the widget is replaced: a browser goes on
        sending the old value of one that lies in a closed popover.
        """
        return f"{name}-{count}" if (count := self.renewed[name]) else name

    def widget(self, name: str) -> str:
        """The key of a setting's widget, which is about to be drawn with what is chosen."""
        st.session_state.setdefault(self.key(name), getattr(self.asked, name))
        return self.key(name)

    @property
    def by_hand(self) -> Asked:
        """What the widgets say now."""
        keys = {name: self.key(name) for name in _NAMES}
        return replace(
            self.asked, **{name: st.session_state[key] for name, key in keys.items() if key in st.session_state}
        )

    def choose(self, **changes: str | int) -> None:
        """Change settings in code, after the person pressed a button or changed another setting.

        Where that changes nothing the address stays: a browser reports a widget that was replaced while it was open as
        changed, along with the next Back.
        """
        before = self.by_hand
        asked = replace(before, **changes)
        self.written = self.written and asked == self.asked
        self._set(before, asked)

    def adopt(self, linked: Asked) -> None:
        """Choose what the address asks for."""
        if linked.scene != self.asked.scene:
            self.forget_own()
        self._set(self.asked, linked)

    def _set(self, before: Asked, asked: Asked) -> None:
        self.renewed.update(name for name in _NAMES if getattr(asked, name) != getattr(before, name))
        self.asked = asked

    @property
    def uploader(self) -> str:
        """The key of the present uploader: a file uploader is emptied by giving it another."""
        return f"upload-{self.uploads}"

    def forget_own(self) -> None:
        """Drop the person's own picture, so that the chosen scene is shown."""
        if self.own is not None:
            self.own = None
            self.uploads += 1


def current() -> State:
    """The session's state; `follow` must have been called."""
    return st.session_state[_KEY]


def drawn() -> Solved | None:
    """What the session drew last on Explore, for other pages; None before the first."""
    state: State | None = st.session_state.get(_KEY)
    return state.drawn if state else None


def follow(usual: Asked) -> State:
    """The session's state, brought to what the person or the address chose since the run before."""
    state: State | None = st.session_state.get(_KEY)
    if state is None:
        state = st.session_state[_KEY] = State(usual, _linked(usual))
    state.usual = usual
    returned = state.key("seed") not in st.session_state  # from another page, where the widgets are forgotten
    back = returned and not st.query_params
    state.restored = {**state.view, **_settings(state.asked, usual)} if back else {}
    if returned:
        state.uploads += 1  # the new uploader is empty, and means nothing by it
    by_hand = state.by_hand
    if by_hand != state.asked or not state.written:
        state.asked, state.written = by_hand, True
        _write(state)
    elif not back:
        state.adopt(_linked(usual))
    if back and state.asked.plain:  # there is no scrubber that puts it back
        st.query_params.from_dict(state.restored)
    if not back:
        state.view = {name: value for name, value in st.query_params.items() if name not in _NAMES}
    _take_files(state)
    return state


_NAMES = tuple(each.name for each in fields(Asked))


def _linked(usual: Asked) -> Asked:
    """What the address asks for, once `address.checked` has let it pass."""
    asked: dict[str, Any] = {}
    for name in _NAMES:
        text, meant = st.query_params.get(name), getattr(usual, name)
        if text is not None:
            asked[name] = text.lower() == "true" if isinstance(meant, bool) else type(meant)(text.strip())
    return replace(usual, **asked)


def _settings(asked: Asked, usual: Asked) -> dict[str, str]:
    """The settings that differ from the usual ones, as the address has them."""
    pairs = ((name, getattr(asked, name)) for name in _NAMES)
    return {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in pairs
        if value != getattr(usual, name)
    }


def _write(state: State) -> None:
    """Put the choice into the address in one message, which is one entry in the browser's history."""
    others = {name: value for name, value in st.query_params.items() if name not in _NAMES} | state.arranged
    state.arranged = {}
    others = {name: value for name, value in others.items() if value}
    st.query_params.from_dict({**others, **_settings(state.asked, state.usual)})


def keep_view(view: Mapping[str, object]) -> None:
    """Store the scrubber's view settings, which it has put into the address itself; an empty value is no setting."""
    current().view = {name: str(value) for name, value in view.items() if value != ""}
    address = {name: value for name, value in st.query_params.items() if view.get(name) != ""} | current().view
    if address != st.query_params.to_dict():  # a needless message would undo a Back pressed meanwhile
        st.query_params.from_dict(address)


def _take_files(state: State) -> None:
    """Store the files in the uploaders, and drop those that were removed from them."""
    sent = st.session_state.get(state.uploader)
    if sent is not None and (state.own is None or state.own.picture.file_id != sent.file_id):
        state.own = Own(state.uploader, sent)
    elif state.own is not None and state.own.key in st.session_state and sent is None:
        state.own = None
    if state.own is not None and (mask := mask_key(state.own)) in st.session_state:
        state.own = replace(state.own, mask=st.session_state[mask])


def mask_key(own: Own) -> str:
    """The key of the uploader for its ground truth. A mask is of one picture: with another, it is a new, empty one."""
    return f"mask-{own.picture.file_id}"
