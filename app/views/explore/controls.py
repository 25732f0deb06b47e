"""What the person asks for: a quiet row of controls, read into one frozen `Choice`.

Every setting but an uploaded picture is kept in the page's address, so that a link opens the same view again.
"""

from collections.abc import Sequence

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from app.solving.choice import Automatic, Choice, OnHub
from app.solving.gallery import OPENING, Photograph, Street, street
from app.solving.wording import METHODS, PICKS, described
from app.ui.choosing import known
from app.ui.text import plain
from app.views.explore import gallery
from segnode import SolverConfig
from segnode.config import FIXED_METHODS
from segnode.data.decode import ENDINGS
from segnode.data.uploads import LARGEST_BYTES
from segnode.hub import Entry, summary

FIRST_SEED = OPENING.seed
UPLOAD_MB = LARGEST_BYTES // 2**20

#: Lowest, highest, default and step of what is a number.
RANGES = {
    "seed": (0, 999_999_999, FIRST_SEED, 1),
    "steps": (1, 32, 4, 1),
    "frames": (5, 65, 17, 4),
}
#: Where the solve may end, in multiples of the T the network was trained for.
ENDS = tuple(f"{quarter / 4:g}" for quarter in range(1, 13))
TOLERANCES = ("1e-1", "1e-2", "1e-3", "1e-4", "1e-5")
AUTOMATIC = "automatic"
FIRST_METHOD, FIRST_TOLERANCE, FIRST_END = "midpoint", "1e-3", "1"
#: An adaptive solve that needs more is given up, with a sentence.
MAX_EVALUATIONS = 600


def read(entries: Sequence[Entry]) -> Choice:
    """Draw the controls, side by side where the caller has them, and read them. entries: the bundled checkpoints."""
    seed, upload, mask = _scene()
    checkpoint = _model(entries)
    solver, until = _solver()
    frames, plain_player = _frames()
    return Choice(seed, upload, mask, checkpoint, solver, until, frames, plain_player, gallery.chosen())


def _frames() -> tuple[int, bool]:
    known("plain", ("true", "false", "True", "False"))
    with st.popover(f"Frames **{_number('frames')}**", key="pill-frames"):
        frames = st.slider("Frames", *RANGES["frames"], key="frames", bind="query-params")
        st.caption("For downloads and the plain player. All come from one solve: more cost next to nothing.")
        plain_player = st.toggle("Plain player", key="plain", bind="query-params")
        st.caption("The same content, drawn by the server a frame at a time, where the browser cannot.")
    return frames, plain_player


def _scene() -> tuple[int, UploadedFile | None, UploadedFile | None]:
    uploader = f"upload-{st.session_state.get('uploads', 0)}"
    shown = "your picture" if st.session_state.get(uploader) else _picture_name()
    with st.popover(f"Scene **{shown}**", key="pill-scene"):
        seed = st.number_input(
            "Seed of a generated street", *RANGES["seed"], key="seed", bind="query-params", on_change=_forget_upload
        )
        st.caption(
            "Every seed draws another street and its exact labels. Scenes 100000 and up were never used in training."
        )
        upload = st.file_uploader("Your own picture", list(ENDINGS), key=uploader, max_upload_size=UPLOAD_MB)
        mask = None
        if upload is not None:
            # A mask is of one picture: with another, the uploader is a new and empty one.
            mask = st.file_uploader(
                "Its ground truth", ["png"], key=f"mask-{upload.file_id}", max_upload_size=UPLOAD_MB
            )
            st.caption(
                "Optional: a palette or grey PNG of the picture's size, each value the number of a class of the model,"
                " from 0; 255 is not counted."
            )
        st.caption("It stays in the memory of this session: it is not stored, and no link to this page holds it.")
    gallery.offer(_from_gallery)
    st.button("Next scene", icon=":material/skip_next:", key="next", on_click=_next_scene)
    return seed, upload, mask


def models(entries: Sequence[Entry]) -> tuple[str, ...]:
    """What can be chosen under Model, the default first: automatic is, where there are several to pick from."""
    several = sum(entry.automatic for entry in entries) > 1
    return ((AUTOMATIC,) if several else ()) + tuple(entry.name for entry in entries)


def _model(entries: Sequence[Entry]) -> Entry | OnHub | Automatic | None:
    names = models(entries)
    shown = "from the Hub" if _text("hub") else _option("model", names, names[0] if names else "none")
    with st.popover(f"Model **{plain(shown)}**", key="pill-model"):
        chosen = None
        if names:
            known("model", names)
            lines = {entry.name: described(entry, summary(entry.folder)) for entry in entries}
            name = st.radio(
                "Bundled",
                names,
                captions=[lines.get(name, PICKS) for name in names],
                key="model",
                bind="query-params",
                on_change=_forget_hub,
            )
            by_name = {entry.name: entry for entry in entries}
            candidates = tuple(entry for entry in entries if entry.automatic)
            chosen = by_name.get(name, Automatic(candidates))
        hub = st.text_input("Or any on the Hugging Face Hub", key="hub", placeholder="owner/name", bind="query-params")
        revision = st.text_input("Its revision", key="revision", placeholder="main", bind="query-params")
        st.caption("Loaded on Enter: safetensors only, checked against their SHA-256. Empty it to come back.")
    return OnHub(hub.strip(), revision.strip() or None) if hub.strip() else chosen


def _solver() -> tuple[SolverConfig, float]:
    for key, options in (("solver", METHODS), ("tolerance", TOLERANCES), ("T", ENDS)):
        known(key, options)
    method = _option("solver", METHODS, FIRST_METHOD)
    steps, tolerance = _number("steps"), _option("tolerance", TOLERANCES, FIRST_TOLERANCE)
    end = _option("T", ENDS, FIRST_END)
    effort = f"{steps} step{'s'[: steps > 1]}" if method in FIXED_METHODS else f"tolerance {tolerance}"
    beyond = "" if end == FIRST_END else f" · to {end} T"
    with st.popover(f"Solver **{plain(method)} · {effort}{beyond}**", key="pill-solver"):
        dial = st.container()
        until = float(st.select_slider("Solve until, in T", ENDS, FIRST_END, key="T", bind="query-params"))
        st.caption(
            "T is where the network was trained to end. Beyond it the flow goes on, but training never went there."
        )
        first = list(METHODS).index(FIRST_METHOD)
        method = st.radio("Solver", METHODS, first, captions=list(METHODS.values()), key="solver", bind="query-params")
        if method in FIXED_METHODS:
            steps = dial.slider("Steps from 0 to the end", *RANGES["steps"], key="steps", bind="query-params")
            return SolverConfig.from_dict({"method": method, "steps": steps}), until
        tolerance = dial.select_slider(
            "Tolerance of a step", TOLERANCES, FIRST_TOLERANCE, key="tolerance", bind="query-params"
        )
        tight = {"rtol": float(tolerance), "atol": float(tolerance), "max_evaluations": MAX_EVALUATIONS}
        return SolverConfig.from_dict({"method": method, **tight}), until


# A pill names its setting before the widget inside it is drawn: from this session, or on the first run the address.


def _number(key: str) -> int:
    low, high, first, _ = RANGES[key]
    typed = _text(key)
    return int(typed) if typed.isdecimal() and len(typed) < 10 and low <= int(typed) <= high else first


def _option(key: str, options: Sequence[str] | dict[str, str], first: str) -> str:
    return typed if (typed := _text(key)) in options else first


def _text(key: str) -> str:
    return str(st.session_state.get(key, st.query_params.get(key, ""))).strip()


def _next_scene() -> None:
    st.session_state["seed"] = (_number("seed") + 1) % (RANGES["seed"][1] + 1)
    _forget_upload()


def _picture_name() -> str:
    """What the gallery calls the picture in the address, or else its seed."""
    item = gallery.chosen() or street(_number("seed"))
    return plain(item.title) if item else str(_number("seed"))


def _from_gallery(item: Street | Photograph) -> None:
    _forget_upload()
    if isinstance(item, Street):
        st.session_state["seed"] = item.seed
    else:
        gallery.show(item)


def _forget_upload() -> None:
    """The seed's scene is to be shown. A file uploader is emptied by giving it another key."""
    gallery.show(None)
    count = st.session_state.get("uploads", 0)
    if st.session_state.get(f"upload-{count}"):
        st.session_state["uploads"] = count + 1


def _forget_hub() -> None:
    st.session_state["hub"] = ""
