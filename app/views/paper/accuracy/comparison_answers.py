"""What the comparison says to its questions: sentences out of the numbers. No number and no outcome is written here."""

from dataclasses import dataclass
from typing import Literal

from app.views.paper.accuracy.comparison import SUBJECT, Comparison, Network

#: Points under which two networks with one run each are not told apart, at least: a choice, no measurement.
ONE_RUN = 2.0
#: Runs of each network from which the spread of seeds is worth more than a hint.
FEW = 3
#: How the subject stands to another network.
Outcome = Literal["ahead", "level", "behind"]
#: What an outcome means for a question. Said only of what the numbers came to.
MEANINGS: dict[str, dict[Outcome, str]] = {
    "baseline": {
        "ahead": "Tying the weights in an ODE costs no accuracy here.",
        "level": "No difference from its baseline is seen, as in the paper.",
        "behind": "The paper's match with its baseline is not found at this size.",
    },
    "hrnetv2": {
        "ahead": "It does better than HRNetV2 at this size.",
        "level": "No difference from HRNetV2 is seen, as in the paper.",
        "behind": "The paper's match with HRNetV2 is not found at this size.",
    },
    "tied": {
        "ahead": "The same modules in four steps of length 1, which is T = 4, do less well than at T = 1.",
        "level": "The same modules in four steps of length 1, which is T = 4, do as well as at T = 1.",
        "behind": "The same modules in four steps of length 1, which is T = 4, do better than at T = 1.",
    },
    "one-module": {
        "ahead": "The second module is worth its parameters.",
        "level": "One module does as well.",
        "behind": "One module does better.",
    },
    "three-modules": {
        "ahead": "A third module does harm.",
        "level": "A third module adds nothing that is seen.",
        "behind": "A third module helps.",
    },
}


@dataclass(frozen=True)
class Answer:
    """A question, what came out in a few words (empty while it is open), and the numbers behind it in sentences."""

    question: str
    outcome: str
    numbers: str


def answers(comparison: Comparison) -> tuple[Answer, ...]:
    """How SegNode stands to every other network of the comparison, in its order."""
    subject = comparison.networks[SUBJECT]
    alone = one_run(comparison)
    return tuple(_answer(subject, other, alone) for other in comparison.networks.values() if other.name != subject.name)


def one_run(comparison: Comparison) -> float:
    """Points a single run may be off: as far as seeds of any network here lie apart, and at least `ONE_RUN`."""
    return max(ONE_RUN, *(network.spread or 0.0 for network in comparison.networks.values()))


def outcome(subject: Network, other: Network, alone: float = ONE_RUN) -> Outcome | None:
    """How `subject` stands to `other`: level where they are no farther apart than runs of one network may be.

    alone: points a single run may be off. None while one of them has no run.
    """
    if subject.score is None or other.score is None:
        return None
    gap = round(subject.score - other.score, 2)
    if abs(gap) <= margin(subject, other, alone):
        return "level"
    return "ahead" if gap > 0 else "behind"


def margin(one: Network, other: Network, alone: float = ONE_RUN) -> float:
    """Points that runs of one network may lie apart: the larger spread of both; at least `alone` for a single run."""
    spreads = [network.spread for network in (one, other)]
    known = [spread for spread in spreads if spread is not None]
    return round(max(known), 2) if len(known) == len(spreads) else max([alone, *known])


def _answer(subject: Network, other: Network, alone: float) -> Answer:
    asked, mark, detail = (other.question or f"Does {subject.label} match {_named(other)}?").partition("?")
    question, told = asked + mark, [detail.strip()] if detail.strip() else []
    found = outcome(subject, other, alone)
    if found is None or subject.score is None or other.score is None:
        waiting = " and ".join(network.label for network in (subject, other) if not network.runs)
        return Answer(question, "", " ".join([*told, f"Not measured yet: {waiting}."]))
    generic: dict[Outcome, str] = {
        "ahead": f"{subject.label} is ahead.",
        "level": "No difference is seen.",
        "behind": f"{other.label} is ahead.",
    }
    meaning = MEANINGS.get(other.name, generic)[found]
    scores = f"{subject.label} {subject.score:.1f}, {in_a_sentence(other)} {other.score:.1f}"
    gap = round(subject.score - other.score, 1) + 0.0  # no minus before a zero
    told.append(f"{scores}: {gap:+.1f} points{_weight(subject, other, found, alone)}")
    told += _trained_less(subject, other)
    if not other.question:
        told.append(
            f"With {subject.parameters / other.parameters:.2f} of its parameters,"
            f" {subject.training_bytes / other.training_bytes:.2f} of its training memory and"
            f" {subject.step_s / other.step_s:.2f} of its time a step."
        )
    return Answer(question, f"{meaning.removesuffix('.')}{_reservation(subject, other)}.", " ".join(told))


def how_judged(comparison: Comparison) -> str:
    """What counts as a difference, in a sentence or two."""
    alone = one_run(comparison)
    why = "which is a guess" if alone == ONE_RUN else "the most that seeds of any network here lie apart"
    told = (
        f"A difference is more than the seeds of either network lie apart; with one run, more than {_points(alone)},"
        f" {why}."
    )
    counts = [len(network.runs) for network in comparison.measured.values()]
    if counts and 1 < max(counts) < FEW:
        told += f" {max(counts)} seeds are few: take what came out for a hint."
    return told


def _reservation(one: Network, other: Network) -> str:
    counts = sorted((len(one.runs), len(other.runs)))
    if counts[0] > 1:
        return ""
    return ", on one run each" if counts[1] == 1 else ", with one of them run once"


def _weight(subject: Network, other: Network, found: Outcome, alone: float) -> str:
    """How much the gap means: the end of a sentence that told it."""
    size = margin(subject, other, alone)
    if subject.spread is None or other.spread is None:
        runs = "One run each" if subject.spread is other.spread is None else "One of them was run once"
        nothing = f". {runs}: differences under about {_points(size)} mean nothing"
        return f"{nothing}." if found == "level" else f"{nothing}, and another seed may change this one."
    within = "within" if found == "level" else "more than"
    return f", {within} the {size:.1f} points that seeds of one network lie apart."


def _trained_less(subject: Network, other: Network) -> list[str]:
    """A sentence where the minutes ended one training long before the other."""
    spent = [(network.epochs, network) for network in (subject, other) if network.epochs is not None]
    (fewer, less), (more, _) = min(spent, key=lambda pair: pair[0]), max(spent, key=lambda pair: pair[0])
    if fewer > 0.95 * more:
        return []
    return [f"{less.label}'s minutes ended after {fewer:.3g} epochs of {more:.3g}: equal in time, not in epochs."]


def _points(size: float) -> str:
    return f"{round(size, 1):g} points"


def _named(network: Network) -> str:
    return "its baseline" if network.name == "baseline" else network.label


def in_a_sentence(network: Network) -> str:
    """A label within a sentence: one that is a word, not a name, in small letters."""
    return network.label.lower() if network.question or network.name == "baseline" else network.label
