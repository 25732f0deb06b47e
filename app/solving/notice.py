"""The notice above a result: whether the labels can be trusted on this picture."""

from collections.abc import Mapping, Sequence

from app.ui.text import plain
from segnode.familiarity import Judged

NO_TRUTH = (
    "Generated streets are labelled with other classes than this model's, so nothing is scored: choose another model,"
    " or a picture of your own under Scene."
)

#: Classes named; a checkpoint may know hundreds.
LONGEST = 12


def notice(judged: Judged | None, has_truth: bool, classes: Sequence[str], why: str = "") -> str | None:
    """The sentences to open a result with, as Markdown; None where the ground truth makes a notice needless.

    judged: None where the checkpoint has no familiarity file. classes: names, from anybody. why: where the
    model was picked for this picture, the sentence that says so and how far the picture is.
    """
    choice = f"It must choose among these {len(classes)} classes ({_listed(classes)})"
    if judged is None:
        if has_truth:
            return None
        return (
            "This checkpoint has no record of its training pictures, so whether this one is like them cannot be told."
            f" {choice}, whatever the picture shows."
        )
    if judged.unfamiliar:
        meaning = "so judge the labels by the ground truth" if has_truth else "so the labels mean little here"
        unlike = (
            f"{why} **Unlike anything these models were trained on**"
            if why
            else f"**Unlike anything this model was trained on**: {_farther(judged)}"
        )
        return f"{unlike}. {choice}, {meaning}; the solve over time is computed as for any other picture."
    if has_truth:
        return why or None
    like = why or f"Like what this model was trained on: {_farther(judged)}."
    return f"{like} Without ground truth, how many labels are right is not known."


def picked(name: str, judged: Mapping[str, Judged]) -> str:
    """The sentence that says which of several models was picked, and why, as Markdown. judged: by name."""
    others = ", ".join(f"{_share(other)} for {plain(each)}" for each, other in judged.items() if each != name)
    against = f", against {others}" if others else ""
    return (
        f"Automatic picked **{plain(name)}**: this picture is farther from its training pictures than"
        f" {_share(judged[name])} of held-out ones{against}."
    )


def _farther(judged: Judged) -> str:
    return f"farther from its training pictures than {_share(judged)} of held-out pictures of its kind"


def _share(judged: Judged) -> str:
    more = "more than " if judged.nearer > 0.99 else ""
    return f"{more}{min(int(100 * judged.nearer), 99)} %"


def _listed(classes: Sequence[str]) -> str:
    shown = ", ".join(plain(name) for name in classes[:LONGEST])
    return shown if len(classes) <= LONGEST else f"{shown} and {len(classes) - LONGEST} more"
