"""The compact networks trained on equal terms: what `scripts/compare.py` measured, and what follows from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import mean
from typing import Annotated, Literal

from pydantic import Field

from segnode.provenance import short_revision
from segnode.results.schema import LEFT_OUT, Finite, Percent, Positive, PositiveInt, Provenance, Result

#: The network all questions are about.
SUBJECT = "segnode"
OPTIMIZERS = {"adamw": "AdamW", "sgd": "SGD"}
#: Points under which two networks with one run each are not told apart, at least: a choice, no measurement.
ONE_RUN = 2.0
#: Runs of each network from which the spread of seeds is worth more than a hint.
FEW = 3
#: Why nothing is concluded from networks whose streams did not lie over each other.
MISALIGNED = (
    "These networks were trained on crops of 192 x 192 and scored on pictures of 480 x 360, at which their coarse"
    " streams were stretched by factors that are no powers of two and landed up to 24 pixels too low. The figures are"
    " of misaligned networks: no network is judged by them until all are trained and scored again."
)
#: How one network stands to another.
Standing = Literal["ahead", "level", "behind"]


@dataclass(frozen=True)
class Budget:
    """The terms for all. epochs or minutes, whichever end first; search_epochs, search_minutes: of a search's run."""

    epochs: int
    minutes: Positive
    search_epochs: int
    search_minutes: Positive
    batch_size: int
    crop: tuple[int, int]
    scale: tuple[Finite, Finite]
    validations: int


@dataclass(frozen=True)
class Speed(Result):
    """Seconds of a training step and of a picture's answer, by network: what turns the minutes into iterations."""

    CONTENT = "speeds of the compared networks"
    COMMAND = "python scripts/compare.py speed"

    provenance: Provenance
    seconds_a_step: Mapping[str, Positive]
    seconds_an_answer: Mapping[str, Positive]


@dataclass(frozen=True)
class Setting:
    """An optimizer, its rate and its weight decay."""

    optimizer: Literal["adamw", "sgd"]
    rate: Positive
    decay: Finite

    @property
    def name(self) -> str:
        """For people."""
        return f"{OPTIMIZERS[self.optimizer]} {self.rate:g}"


@dataclass(frozen=True)
class Searched:
    """What one setting came to on the drive held out."""

    iterations: PositiveInt
    mean_iou: Annotated[Percent, Field(alias="mIoU")]


@dataclass(frozen=True)
class Run:
    """One training. mean_iou: percent, after the last iteration. validations: mIoU by iteration. losses: of a batch."""

    seed: int
    optimizer: str
    rate: Finite
    iterations: PositiveInt
    epochs: Positive
    seconds: Finite
    mean_iou: Annotated[Percent, Field(alias="mIoU")]
    validations: tuple[tuple[int, Percent], ...]
    losses: Annotated[tuple[tuple[int, Finite], ...], Field(alias="loss")]
    revision: str

    def epoch(self, iteration: float) -> float:
        """Passes through the training split until `iteration`."""
        return iteration * self.epochs / self.iterations


@dataclass(frozen=True)
class Network:
    """A contestant. title: its name for people. network, layout: as `build_model` takes them. solvers: for training.

    question: of a control, else empty. settings_of: whose search chose for it, empty for its own. searched: by setting.
    Bytes are peaks of live tensors, in a training step and for the answer to one picture. scores: mIoU of the runs.
    """

    title: str
    network: str
    layout: tuple[str, ...]
    solvers: tuple[str, ...]
    question: str
    settings_of: str
    searched: Mapping[str, Searched]
    parameters: PositiveInt
    training_bytes: PositiveInt
    testing_bytes: PositiveInt
    seconds_a_step: Positive
    seconds_an_answer: Positive
    runs: tuple[Run, ...]
    scores: Annotated[tuple[Percent, ...], Field(alias="mIoU")]

    def __post_init__(self) -> None:
        if self.scores != tuple(run.mean_iou for run in self.runs):
            raise ValueError(f"the scores of {self.title} are not those of its runs")

    @property
    def score(self) -> float | None:
        """Mean mIoU over seeds, in percent; None before the first run is through."""
        return mean(self.scores) if self.scores else None

    @property
    def spread(self) -> float | None:
        """How far its seeds lie apart, in points; None where there are not two."""
        return max(self.scores) - min(self.scores) if len(self.scores) > 1 else None

    @property
    def epochs(self) -> float | None:
        """Of a run; None before the first is through."""
        return mean(run.epochs for run in self.runs) if self.runs else None

    @property
    def minutes(self) -> float | None:
        """A run's steps at the speed measured; None before the first is through."""
        return self.clock(mean(run.iterations for run in self.runs)) if self.runs else None

    @property
    def in_a_sentence(self) -> str:
        """Its title within a sentence: one that is a word, not a name, in small letters."""
        return self.title.lower() if self.question or self.title == "Baseline" else self.title

    def clock(self, iteration: float) -> float:
        """Minutes until `iteration`, at the speed measured: what else the machine did does not count."""
        return iteration * self.seconds_a_step / 60


@dataclass(frozen=True)
class Verdict:
    """How a network stands to another.

    gap: in points of mIoU. margin: points that runs of one network may lie apart; level is within. lone: how many of
    the two were run once.
    """

    standing: Standing
    gap: float
    margin: float
    lone: int


@dataclass(frozen=True)
class Answer:
    """A question, what came out in a few words (empty while it is open), and the numbers behind it in sentences."""

    question: str
    outcome: str
    numbers: str


@dataclass(frozen=True)
class Comparison(Result):
    """All of it.

    provenance: by part. settings: what the search tried. held_out_drive: of the training split, held out of the search.
    aligned: whether the networks' streams lay over each other at the size that was scored; where they did not, nothing
    follows from it.

    Raises `ValueError` where `SUBJECT` is missing, and where a network names settings or a network that are not there.
    """

    CONTENT = "results of the compact networks"
    COMMAND = "python scripts/compare.py collect"

    provenance: Mapping[str, Provenance]
    budget: Budget
    settings: Mapping[str, Setting]
    held_out_drive: str
    networks: Mapping[str, Network]
    aligned: Annotated[bool, LEFT_OUT] = False

    def __post_init__(self) -> None:
        if SUBJECT not in self.networks:
            raise ValueError(f"it has no network {SUBJECT}")
        for name, network in self.networks.items():
            if network.settings_of and network.settings_of not in self.networks:
                raise ValueError(f"{name} takes the settings of {network.settings_of!r}, which is no network of it")
            for run in network.runs:
                self._setting_of(run)

    @property
    def measured(self) -> dict[str, Network]:
        """Those with a run that is through."""
        return {name: network for name, network in self.networks.items() if network.runs}

    @property
    def waiting(self) -> tuple[str, ...]:
        """Titles of those without."""
        return tuple(network.title for network in self.networks.values() if not network.runs)

    @property
    def origins(self) -> dict[str, str]:
        """Command, revision and machine behind each part, for people."""
        revisions = sorted({short_revision(run.revision) for network in self.networks.values() for run in network.runs})
        trained = {"trained": f"revision {', '.join(revisions)}"} if revisions else {}
        return {part: where.origin for part, where in self.provenance.items()} | trained

    @property
    def one_run(self) -> float:
        """Points a single run may be off: as far as seeds of any network here lie apart, and at least `ONE_RUN`."""
        return max(ONE_RUN, *(network.spread or 0.0 for network in self.networks.values()))

    def chosen(self, network: Network) -> Setting | None:
        """What it was trained with, or will be: the best of its search; None while that is not through."""
        if network.runs:
            return self._setting_of(network.runs[0])
        searched = self.networks[network.settings_of].searched if network.settings_of else network.searched
        if set(searched) != set(self.settings):
            return None
        return self.settings[max(searched, key=lambda name: searched[name].mean_iou)]

    def verdict(self, other: Network) -> Verdict | None:
        """How the subject stands to `other`; None while one of them has no run."""
        subject = self.networks[SUBJECT]
        if subject.score is None or other.score is None:
            return None
        spreads = [network.spread for network in (subject, other) if network.spread is not None]
        lone = 2 - len(spreads)
        margin = max([self.one_run, *spreads]) if lone else round(max(spreads), 2)
        gap = round(subject.score - other.score, 2)
        standing = "level" if abs(gap) <= margin else "ahead" if gap > 0 else "behind"
        return Verdict(standing, gap, margin, lone)

    def answers(self) -> dict[str, Answer]:
        """How the subject stands to every other network, by that network's name."""
        return {name: self._answer(name, other) for name, other in self.networks.items() if name != SUBJECT}

    def how_judged(self) -> str:
        """What counts as a difference, in a sentence or two."""
        why = "which is a guess" if self.one_run == ONE_RUN else "the most that seeds of any network here lie apart"
        most = max((len(network.runs) for network in self.measured.values()), default=0)
        few = f" {most} seeds are few: take what came out for a hint." if 1 < most < FEW else ""
        return (
            "A difference is more than the seeds of either network lie apart; with one run, more than"
            f" {round(self.one_run, 1):g} points, {why}.{few}"
        )

    def _answer(self, name: str, other: Network) -> Answer:
        subject, verdict = self.networks[SUBJECT], self.verdict(other)
        about = "its baseline" if name == "baseline" else other.title
        question, mark, detail = (other.question or f"Does {subject.title} match {about}?").partition("?")
        said = [detail.strip()] if detail.strip() else []
        if verdict is None:
            waiting = " and ".join(network.title for network in (subject, other) if not network.runs)
            return Answer(question + mark, "", " ".join([*said, f"Not measured yet: {waiting}."]))
        said += [_gap(subject, other, verdict), *_unequal_training(subject, other)]
        if not other.question:
            said.append(
                f"With {subject.parameters / other.parameters:.2f} of its parameters,"
                f" {subject.training_bytes / other.training_bytes:.2f} of its training memory and"
                f" {subject.seconds_a_step / other.seconds_a_step:.2f} of its time a step."
            )
        meanings = _MEANINGS.get(name, _ANY)
        outcome = meanings[verdict.standing].format(subject=subject.title, other=other.title)
        return Answer(question + mark, f"{outcome}{_RESERVATIONS[verdict.lone]}.", " ".join(said))

    def _setting_of(self, run: Run) -> Setting:
        for setting in self.settings.values():
            if (setting.optimizer, setting.rate) == (run.optimizer, run.rate):
                return setting
        raise ValueError("a run has an optimizer that was not searched")


#: By how many of two networks were run once.
_RESERVATIONS = ("", ", with one of them run once", ", on one run each")
_ANY: dict[Standing, str] = {
    "ahead": "{subject} is ahead",
    "level": "Too close to tell apart",
    "behind": "{other} is ahead",
}
#: What a verdict means for a network's question. Said only of what the numbers came to.
_MEANINGS: dict[str, dict[Standing, str]] = {
    "baseline": {
        "ahead": "Tying the weights in an ODE costs no accuracy here",
        "level": "Too close to its baseline to tell apart, as in the paper",
        "behind": "The paper's match with its baseline is not found at this size",
    },
    "hrnetv2": {
        "ahead": "It does better than HRNetV2 at this size",
        "level": "Too close to HRNetV2 to tell apart, as in the paper",
        "behind": "The paper's match with HRNetV2 is not found at this size",
    },
    "tied": {
        "ahead": "The same modules in four steps of length 1, which is T = 4, do less well than at T = 1",
        "level": "Too close to tell T = 4, in four steps of length 1, from T = 1",
        "behind": "The same modules in four steps of length 1, which is T = 4, do better than at T = 1",
    },
    "one-module": {
        "ahead": "The second module is worth its parameters",
        "level": "Too close to tell whether the second module helps",
        "behind": "One module does better",
    },
    "three-modules": {
        "ahead": "A third module does harm",
        "level": "Too close to tell whether a third module helps",
        "behind": "A third module helps",
    },
}


def _gap(subject: Network, other: Network, verdict: Verdict) -> str:
    """Both scores, the points between them, and how much these mean."""
    points = round(verdict.gap, 1) + 0.0  # no minus before a zero
    scores = f"{subject.title} {subject.score:.1f}, {other.in_a_sentence} {other.score:.1f}: {points:+.1f} points"
    level = verdict.standing == "level"
    if not verdict.lone:
        side = "within" if level else "more than"
        return f"{scores}, {side} the {verdict.margin:.1f} points that seeds of one network lie apart."
    runs = "One run each" if verdict.lone == 2 else "One of them was run once"
    weight = f"{scores}. {runs}: differences under about {round(verdict.margin, 1):g} points mean nothing"
    return f"{weight}{'' if level else ', and another seed may change this one'}."


def _unequal_training(subject: Network, other: Network) -> list[str]:
    """A sentence where the minutes ended one training long before the other."""
    less, more = sorted((subject, other), key=lambda network: network.epochs or 0.0)
    fewer, most = less.epochs or 0.0, more.epochs or 0.0
    if fewer > 0.95 * most:
        return []
    return [f"{less.title}'s minutes ended after {fewer:.3g} epochs of {most:.3g}: equal in time, not in epochs."]
