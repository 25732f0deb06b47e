"""A quiet row of controls. Each pill names what is drawn; what it opens shows what is chosen."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from app.solving.choice import Automatic, Choice, OnHub
from app.solving.gallery import PHOTOGRAPHED, Photograph, Street, photograph, street
from app.solving.pictures import Picture
from app.solving.state import Asked, State, current, mask_key
from app.solving.store import Solved
from app.solving.wording import METHODS, PICKS, described, evaluations, tolerance
from app.ui.choosing import known
from app.ui.text import plain
from app.views.explore import gallery
from segnode import SolverConfig
from segnode.config import FIXED_METHODS
from segnode.data.decode import ENDINGS
from segnode.data.uploads import LARGEST_BYTES
from segnode.hub import Entry
from segnode.results.checkpoint import summary

UPLOAD_MB = LARGEST_BYTES // 2**20

#: Lowest, highest and step of what is a whole number.
RANGES = {"seed": (0, 999_999_999, 1), "steps": (1, 32, 1), "frames": (5, 65, 4)}
#: Where the solve may end, in multiples of the T the network was trained for.
ENDS = tuple(f"{quarter / 4:g}" for quarter in range(1, 13))
TOLERANCES = ("1e-1", "1e-2", "1e-3", "1e-4", "1e-5")
AUTOMATIC = "automatic"
#: An adaptive solve that needs more is given up, with a sentence.
MAX_EVALUATIONS = 600


@dataclass(frozen=True)
class Labels:
    """What the pills say."""

    scene: str
    model: str
    solver: str
    frames: str


def check(entries: Sequence[Entry]) -> None:
    """Take out of the address what is none of the options. entries: the bundled checkpoints."""
    known("plain", ("true", "false", "True", "False"))
    known("picture", [picture.name for picture in PHOTOGRAPHED])
    for key, options in (("solver", METHODS), ("tolerance", TOLERANCES), ("T", ENDS)):
        known(key, options)
    if names := models(entries):
        known("model", names)


def usual(entries: Sequence[Entry]) -> Asked:
    """What is chosen where nobody chose."""
    return Asked(model=(*models(entries), "")[0])


def models(entries: Sequence[Entry]) -> tuple[str, ...]:
    """What can be chosen under Model, the default first: automatic is, where there are several to pick from."""
    several = sum(entry.automatic is not None for entry in entries) > 1
    return ((AUTOMATIC,) if several else ()) + tuple(entry.name for entry in entries)


def choice(state: State, entries: Sequence[Entry]) -> Choice:
    """What is chosen, for the solve."""
    asked, own = state.asked, state.own
    picture, mask = (None, None) if own is None else (own.picture, own.mask)
    solver = {"method": asked.solver, "steps": asked.steps}
    if asked.solver not in FIXED_METHODS:
        tolerance = float(asked.tolerance)
        solver = {"method": asked.solver, "rtol": tolerance, "atol": tolerance, "max_evaluations": MAX_EVALUATIONS}
    return Choice(
        seed=asked.seed,
        upload=picture,
        mask=mask,
        checkpoint=_checkpoint(asked, entries),
        solver=SolverConfig.from_dict(solver),
        until=float(asked.T),
        frames=asked.frames,
        plain=asked.plain,
        photograph=photograph(asked.picture),
    )


def _checkpoint(asked: Asked, entries: Sequence[Entry]) -> Entry | OnHub | Automatic | None:
    if name := asked.hub.strip():
        return OnHub(name, asked.revision.strip() or None)
    return bundled(asked.model, entries)


def bundled(name: str, entries: Sequence[Entry]) -> Entry | Automatic | None:
    """The bundled checkpoint of a name, or the choice among them; None where there is none at all."""
    if name == AUTOMATIC:
        return Automatic(tuple(entry for entry in entries if entry.automatic))
    return next((entry for entry in entries if entry.name == name), None)


def labels(drawn: Solved) -> Labels:
    """What the pills say of what is drawn."""
    run, network = drawn.run, drawn.network
    solver = _solver_label(run.solver.method, run.solver.steps, tolerance(run.solver), drawn.end)
    model = f"{AUTOMATIC}: {network.name}" if drawn.automatic else network.name
    return Labels(picture_name(drawn.picture), model, solver, str(len(run.times)))


def awaited(asked: Asked, model: str) -> Labels:
    """What the pills say before anything is drawn. model: the name of the one that is to come."""
    item = photograph(asked.picture) or street(asked.seed)
    solver = _solver_label(asked.solver, asked.steps, asked.tolerance, float(asked.T))
    return Labels(item.title if item else str(asked.seed), model, solver, str(asked.frames))


def picture_name(picture: Picture) -> str:
    """A few words for a picture: what the gallery calls it, a street's seed, or that it is the person's own."""
    if not picture.shared:
        return "your picture"
    if picture.seed is None:
        return picture.title
    item = street(picture.seed)
    return item.title if item else str(picture.seed)


def _solver_label(method: str, steps: int, tolerance: str, end: float) -> str:
    adaptive = method not in FIXED_METHODS
    effort = f"tolerance {tolerance}" if adaptive else f"{steps} step{'s'[: steps > 1]}"
    return f"{method} · {effort}" + (f" · to {end:g} T" if f"{end:g}" != "1" else "")


def draw(state: State, entries: Sequence[Entry], said: Labels) -> None:
    """Draw the pills, side by side where the caller has them. said: what stands on them."""
    _scene(state, said.scene)
    _model(state, entries, said.model)
    _solver(state, said.solver)
    with st.popover(f"Frames **{said.frames}**", key="pill-frames"):
        low, high, step = RANGES["frames"]
        st.slider("Frames", low, high, step=step, key=state.widget("frames"))
        st.caption("For downloads and the plain player. All come from one solve, so more frames take hardly more time.")
        st.toggle("Plain player", key=state.widget("plain"))
        st.caption("The same content, drawn by the server a frame at a time, where the browser cannot.")


def _scene(state: State, said: str) -> None:
    low, high, step = RANGES["seed"]
    with st.popover(f"Scene **{plain(said)}**", key="pill-scene"):
        st.number_input(
            "Seed of a generated street", low, high, step=step, key=state.widget("seed"), on_change=_seed_chosen
        )
        st.caption(
            "Every seed draws another street and its exact labels. Scenes 100000 and up were never used in training."
        )
        st.file_uploader("Your own picture", list(ENDINGS), key=state.uploader, max_upload_size=UPLOAD_MB)
        if state.own is not None:
            st.file_uploader("Its ground truth", ["png"], key=mask_key(state.own), max_upload_size=UPLOAD_MB)
            st.caption(
                "Optional: a palette or grey PNG of the picture's size, each value the number of a class of the model,"
                " from 0; 255 is not counted."
            )
        st.caption(
            "It stays in the memory of this session, also while you look at another page: it is not stored, and no link"
            " to this page holds it."
        )
    gallery.offer(_from_gallery)
    st.button("Next scene", icon=":material/skip_next:", key="next", on_click=_next_scene)


def _model(state: State, entries: Sequence[Entry], said: str) -> None:
    with st.popover(f"Model **{plain(said)}**", key="pill-model"):
        if names := models(entries):
            lines = {entry.name: described(entry, summary(entry.folder)) for entry in entries}
            captions = [lines.get(name, PICKS) for name in names]
            st.radio("Bundled", names, captions=captions, key=state.widget("model"), on_change=use_bundled)
        st.text_input("Or any on the Hugging Face Hub", key=state.widget("hub"), placeholder="owner/name")
        st.text_input("Its revision", key=state.widget("revision"), placeholder="main")
        st.caption(
            "Loaded on Enter: safetensors only, checked against their SHA-256. Clear the box to return to the bundled"
            " models."
        )


def _solver(state: State, said: str) -> None:
    with st.popover(f"Solver **{plain(said)}**", key="pill-solver"):
        if state.asked.solver in FIXED_METHODS:
            low, high, step = RANGES["steps"]
            st.slider("Steps from 0 to the end", low, high, step=step, key=state.widget("steps"))
        else:
            st.select_slider("Tolerance of a step", TOLERANCES, key=state.widget("tolerance"))
        st.select_slider("Solve until, in T", ENDS, key=state.widget("T"))
        st.caption(
            "T is the depth that the network was trained to solve to. Beyond it the solve goes on, but no training"
            " reached there."
        )
        costs = [f"**{evaluations(method, state.asked.steps)}.** {line}" for method, line in METHODS.items()]
        st.radio("Solver", METHODS, captions=costs, key=state.widget("solver"))


def _next_scene() -> None:
    _show_street(seed=(current().asked.seed + 1) % (RANGES["seed"][1] + 1))


def _seed_chosen() -> None:
    """The seed's street is to be shown, where it is another seed: a browser also reports a box that was only open."""
    if current().by_hand.seed != current().asked.seed:
        _show_street()


def _from_gallery(item: Street | Photograph) -> None:
    if isinstance(item, Street):
        _show_street(seed=item.seed)
    else:
        _show_street(picture=item.name)


def _show_street(**chosen: str | int) -> None:
    """The seed's scene is to be shown, or what is chosen."""
    current().choose(**{"picture": ""} | chosen)
    current().forget_own()


def use_bundled() -> None:
    """The model that is chosen among the bundled ones is meant."""
    current().choose(hub="")
