"""The compact networks trained on equal terms: read from the committed results, with what follows from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import mean
from typing import Any

from app.views.paper.results_files import FOLDER, load, number, origin, percent, positive
from segnode.provenance import short_revision

#: What `scripts/compare.py` wrote.
RESULTS = FOLDER / "comparison.json"
#: The network all questions are about.
SUBJECT = "segnode"
OPTIMIZERS = {"adamw": "AdamW", "sgd": "SGD"}


@dataclass(frozen=True)
class Budget:
    """The terms for all. epochs or minutes, whichever end first; search_epochs, search_minutes: of a search's run."""

    epochs: int
    minutes: float
    search_epochs: int
    search_minutes: float
    batch_size: int
    crop: tuple[int, int]
    scale: tuple[float, float]
    validations: int


@dataclass(frozen=True)
class Setting:
    """An optimizer, its rate and its weight decay."""

    optimizer: str
    rate: float
    decay: float

    @property
    def name(self) -> str:
        """For people."""
        return f"{OPTIMIZERS.get(self.optimizer, self.optimizer)} {self.rate:g}"


@dataclass(frozen=True)
class Run:
    """One training. mean_iou: percent, after the last iteration. validations: mIoU by iteration. losses: of a batch."""

    seed: int
    setting: Setting
    iterations: int
    epochs: float
    mean_iou: float
    validations: tuple[tuple[int, float], ...]
    losses: tuple[tuple[int, float], ...]

    def epoch(self, iteration: float) -> float:
        """Passes through the training split until `iteration`."""
        return iteration * self.epochs / self.iterations


@dataclass(frozen=True)
class Network:
    """A contestant. label: its name for people. network, layout: as `build_model` takes them.

    question: of a control, else empty. settings_of: whose search chose for it, empty for its own. searched: mIoU of the
    search by setting. chosen: None while that search is not through. Bytes are peaks of live tensors, in a training
    step and for the answer to one picture; step_s, answer_s: seconds of both.
    """

    name: str
    label: str
    network: str
    layout: tuple[str, ...]
    question: str
    settings_of: str
    searched: Mapping[str, float]
    chosen: Setting | None
    parameters: int
    training_bytes: float
    testing_bytes: float
    step_s: float
    answer_s: float
    runs: tuple[Run, ...]

    @property
    def score(self) -> float | None:
        """Mean mIoU over seeds, in percent; None before the first run is through."""
        return mean(run.mean_iou for run in self.runs) if self.runs else None

    @property
    def spread(self) -> float | None:
        """How far its seeds lie apart, in points; None where there are not two."""
        scores = [run.mean_iou for run in self.runs]
        return max(scores) - min(scores) if len(scores) > 1 else None

    @property
    def epochs(self) -> float | None:
        """Of a run; None before the first is through."""
        return mean(run.epochs for run in self.runs) if self.runs else None

    @property
    def minutes(self) -> float | None:
        """A run's steps at the speed measured; None before the first is through."""
        return self.clock(mean(run.iterations for run in self.runs)) if self.runs else None

    def clock(self, iteration: float) -> float:
        """Minutes until `iteration`, at the speed measured: what else the machine did does not count."""
        return iteration * self.step_s / 60


@dataclass(frozen=True)
class Comparison:
    """All the page shows.

    drive: of the training split, held out of the search. settings: what the search tried. aligned: whether the
    networks' streams lay over each other at the size that was scored; where they did not, nothing follows from it.
    """

    origins: Mapping[str, str]
    budget: Budget
    settings: Mapping[str, Setting]
    drive: str
    networks: Mapping[str, Network]
    aligned: bool

    @property
    def measured(self) -> dict[str, Network]:
        """Those with a run that is through."""
        return {name: network for name, network in self.networks.items() if network.runs}

    @property
    def waiting(self) -> tuple[str, ...]:
        """Labels of those without."""
        return tuple(network.label for network in self.networks.values() if not network.runs)


def comparison() -> Comparison:
    """The committed results. Raises `DataError` where they are missing or are no comparison."""
    return load(RESULTS, _comparison, "results of the compact networks", "python scripts/compare.py collect")


def _comparison(held: dict[str, Any]) -> Comparison:
    if SUBJECT not in held["networks"]:
        raise ValueError(f"it has no network {SUBJECT}")
    settings = {
        str(name): Setting(str(s["optimizer"]), positive(s["rate"]), number(s["decay"]))
        for name, s in held["settings"].items()
    }
    networks = {str(name): _network(str(name), n, held["networks"], settings) for name, n in held["networks"].items()}
    origins = {str(part): origin(where) for part, where in held["provenance"].items()}
    revisions = {run.get("revision") for n in held["networks"].values() for run in n["runs"]} - {None}
    if revisions:
        origins["trained"] = f"revision {', '.join(sorted(short_revision(str(each)) for each in revisions))}"
    aligned = held.get("aligned") is True  # results from before the streams were aligned do not say
    return Comparison(origins, _budget(held["budget"]), settings, str(held["held_out_drive"]), networks, aligned)


def _budget(held: dict[str, Any]) -> Budget:
    return Budget(
        epochs=int(held["epochs"]),
        minutes=positive(held["minutes"]),
        search_epochs=int(held["search_epochs"]),
        search_minutes=positive(held["search_minutes"]),
        batch_size=int(held["batch_size"]),
        crop=(int(held["crop"][0]), int(held["crop"][1])),
        scale=(number(held["scale"][0]), number(held["scale"][1])),
        validations=int(held["validations"]),
    )


def _network(name: str, held: dict[str, Any], others: dict[str, Any], settings: Mapping[str, Setting]) -> Network:
    lent = str(held["settings_of"])
    searched = {str(key): percent(found["mIoU"]) for key, found in held["searched"].items()}
    elsewhere = {str(key): percent(found["mIoU"]) for key, found in others[lent]["searched"].items()} if lent else {}
    runs = tuple(_run(run, settings) for run in held["runs"])
    layout = held["layout"]
    return Network(
        name=name,
        label=str(held["title"]),
        network=str(held["network"]),
        layout=tuple(f"{k}={v}" for k, v in layout.items()) if isinstance(layout, dict) else tuple(map(str, layout)),
        question=str(held["question"]),
        settings_of=lent,
        searched=searched,
        chosen=runs[0].setting if runs else _best(elsewhere if lent else searched, settings),
        parameters=int(positive(held["parameters"])),
        training_bytes=positive(held["training_bytes"]),
        testing_bytes=positive(held["testing_bytes"]),
        step_s=positive(held["seconds_a_step"]),
        answer_s=positive(held["seconds_an_answer"]),
        runs=runs,
    )


def _best(searched: Mapping[str, float], settings: Mapping[str, Setting]) -> Setting | None:
    """The best of a search that is through."""
    return settings[max(searched, key=lambda key: searched[key])] if set(searched) == set(settings) else None


def _run(held: dict[str, Any], settings: Mapping[str, Setting]) -> Run:
    used = [s for s in settings.values() if (s.optimizer, s.rate) == (held["optimizer"], held["rate"])]
    if not used:
        raise ValueError("a run has an optimizer that was not searched")
    return Run(
        seed=int(held["seed"]),
        setting=used[0],
        iterations=int(positive(held["iterations"])),
        epochs=positive(held["epochs"]),
        mean_iou=percent(held["mIoU"]),
        validations=tuple((int(iteration), percent(score)) for iteration, score in held["validations"]),
        losses=tuple((int(iteration), number(loss)) for iteration, loss in held["loss"]),
    )
