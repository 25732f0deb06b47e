"""The sentences of the page about checkpoints, solvers and runs."""

import base64

from app.solving.runs import Run
from app.solving.store import Solved
from app.ui.text import plain
from segnode import SolverConfig, ode
from segnode.hub import Entry
from segnode.results.checkpoint import Summary

#: Above the picture: what this is and what to do. As `guide.js` has it.
INTRO = "A neural ODE labels every pixel by flowing from t = 0 to T. Drag time and watch it decide."

METHODS = {
    "euler": "One evaluation of f per step, at its start. First order.",
    "midpoint": "Two per step, the second half way. Second order.",
    "heun": "Two per step: averages the slopes at both ends. Second order.",
    "rk4": "Four per step: the classic Runge-Kutta method. Fourth order.",
    "rk4_38": "Four per step, at its thirds: the 3/8 rule. Fourth order.",
    "dopri5": "Chooses its steps to keep a tolerance. Fifth order.",
    "bosh3": "Chooses its steps, at less cost for each. Third order.",
    "adaptive_heun": "Chooses its steps, at the least cost for each. Second order.",
}

PICKS = "For a picture of your own, the model trained on the most similar; for a generated street, one of its classes."


def described(entry: Entry, files: Summary) -> str:
    """What a bundled checkpoint knows, its classes, its score and where it is published, as Markdown with a picture."""
    names = ", ".join(plain(name) for name in files.classes)
    score = f"mIoU {files.mean_iou:.1f} on {plain(files.data)}" if files.mean_iou is not None else "Not scored"
    where = (
        f"on the Hub as {plain(str(entry.repository))} at commit {str(entry.commit)[:7]}"
        if entry.published
        else "not on the Hub"
    )
    picture = ""
    if files.picture is not None:
        picture = f"![](data:image/webp;base64,{base64.b64encode(files.picture).decode()}) "
    classes = f"{len(files.classes)} classes: {names}. " if names else ""
    return f"{picture}{plain(entry.about)}. {classes}{score}; {where}."


def about(name: str, parameters: int, commit: str | None, bundled: bool) -> str:
    """The one line that says what this is, as plain text. bundled: whether the checkpoint is of this project."""
    frames = "The head that reads every frame was trained at T."
    if not bundled:
        where = f" at commit {commit[:12]}" if commit else ""
        return f"A model of {parameters:,} parameters, by the owner of {name} on the Hub{where}. {frames}"
    return (
        f"A compact model of {parameters:,} parameters, trained on a few thousand pictures; not the paper's weights"
        f" (those are W48, pretrained on ImageNet, on four data sets). {frames}"
    )


def evaluations(method: str, steps: int) -> str:
    """What a solve costs, known before it runs."""
    if method not in ode.TABLEAUS:
        return "as many evaluations as the tolerance needs"
    count = ode.evaluations(method, steps)
    return f"{count} evaluation{'s'[: count > 1]}"


def tolerance(solver: SolverConfig) -> str:
    """Of an adaptive solver, as the address has it: 1e-3."""
    return f"{solver.rtol:.0e}".replace("e-0", "e-")


def run_name(shown: Solved) -> str:
    """A short name of a run: euler-1, dopri5 at 1e-3, rk4-8 to 1.5 T."""
    solver = shown.run.solver
    name = f"{solver.method} at {tolerance(solver)}" if solver.adaptive else solver.name
    end = f"{shown.end:g}"
    return name if end == "1" else f"{name} to {end} T"


def effort(run: Run) -> str:
    """The number of steps and, of an adaptive solver, the tolerance."""
    solver = run.solver
    if solver.adaptive:
        return f"{len(run.step_times) - 1}, at tolerance {tolerance(solver)}"
    return str(solver.steps)
