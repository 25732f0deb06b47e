"""What a training run holds, how it is saved to its folder, and how it is resumed from there."""

import ast
import logging
import math
from collections.abc import Callable
from dataclasses import asdict, fields
from typing import cast

import torch

from segnode.data.names import parts
from segnode.errors import CheckpointError, ConfigError
from segnode.model.network import Network
from segnode.results.training import TRAINING, Run, Start, Training
from segnode.train.average import MovingAverage
from segnode.train.config import TrainConfig
from segnode.train.feed import Feed
from segnode.train.network import network_of
from segnode.train.progress import Progress
from segnode.train.setup import accelerator
from segnode.train.state import load_state, refuse_full_disk, refuse_other_run, refuse_unwritable_out, save_state

_LOG = logging.getLogger(__name__)
#: Settings that a run may go on with otherwise: how long, on what, and what is looked at on the way.
_MAY_CHANGE = {
    *("out", "resume", "iterations", "minutes", "workers", "device", "compile", "validate"),
    *("validate_every", "save_every", "log_every"),
}
#: What a run had for a setting that its state does not name, which was added later.
_DEFAULTS = {field.name: str(field.default) for field in fields(TrainConfig)}


class SavedRun:
    """The data, network, averaged weights and progress of a run; what trains it adds the optimizer.

    The leading process alone writes. Raises `ConfigError`, `DataError` or `CheckpointError` before anything is trained
    when the run cannot be right.
    """

    optimizer: torch.optim.Optimizer

    def __init__(self, config: TrainConfig) -> None:
        self.config = config
        #: Behind the weights that this run starts from.
        self.earlier = Training.of(config.init).runs if config.init else ()
        self.feed = Feed(config)
        self.accelerator = accelerator(config)
        torch.manual_seed(config.seed)
        self.network = network_of(config, self.feed.classes, self.feed.classified)
        if self.accelerator.is_main_process:
            refuse_unwritable_out(config.out)
            if not config.resume:
                refuse_other_run(config.out)
            refuse_full_disk(config.out, sum(tensor.nbytes for tensor in self.network.state_dict().values()))
        self.average = MovingAverage(self.network, config.average).to(self.accelerator.device)
        self.weights = self.feed.weights().to(self.accelerator.device)
        self.progress = Progress()
        self.unsaved: dict[str, Exception] = {}  # what the last try to save did not save, and why

    def record(self) -> Run:
        """What this run has done so far, for `training.json`."""
        return Run(
            data={source.name: len(source.dataset) for source in self.feed.sources},
            parameters=sum(parameter.numel() for parameter in self.network.parameters()),
            processes=self.accelerator.num_processes,
            iterations=self.progress.done,
            class_weights=tuple(round(weight, 5) for weight in self.weights.tolist()),
            seconds=round(self.progress.seconds),
            settings=asdict(self.config),
            starts=tuple(Start(**start) for start in self.progress.starts),
            history=tuple(self.progress.history),
            loss=tuple(self.progress.curve),
        )

    @property
    def _pictures(self) -> list[int]:
        """In each data set trained on."""
        return [len(source.dataset) for source in self.feed.sources]

    def save(self) -> None:
        """The averaged weights as the checkpoint `model`, and the state to go on from."""
        self.save_weights("model")
        state = {
            **vars(self.progress),
            "settings": _settings(self.config),
            "pictures": self._pictures,
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "scaler": self.accelerator.scaler.state_dict() if self.accelerator.scaler else {},
        }
        self._on_disk("state", lambda: save_state(self.config.out, self.progress.done, state))

    def save_weights(self, name: str) -> None:
        """The averaged weights as the checkpoint `name`, and how they came about."""
        network = cast(Network, self.average.module)

        def write() -> None:
            network.save_pretrained(self.config.out / name)
            Training((*self.earlier, self.record())).write(self.config.out / name / TRAINING)

        self._on_disk(name, write)

    def _on_disk(self, what: str, write: Callable[[], None]) -> None:
        """Let the leading process write; a full disk costs this save, not the run, unless it is the last."""
        if self.accelerator.is_main_process:
            try:
                write()
                self.unsaved.pop(what, None)
            except (OSError, CheckpointError) as error:
                self.unsaved[what] = error
                _LOG.warning(
                    "The %s of iteration %d was not saved, the one before stays: %s", what, self.progress.done, error
                )

    def resume(self) -> None:
        """Go on from the newest state in `out`, where there is one.

        Raises `ConfigError` where it was saved with other settings or data, `CheckpointError` where it is damaged.
        """
        state = load_state(self.config.out)
        if state is None:
            return
        saved = _DEFAULTS | state["settings"]
        for name, value in _settings(self.config).items():
            if _comparable(name, value) != _comparable(name, saved[name]):
                raise ConfigError(
                    f"The run in {self.config.out} has {name} = {saved[name]}, not {value}: go on with what"
                    " it has, or give its weights as --init to a new --out."
                )
        counts = state.get("pictures", self._pictures)  # states of earlier versions do not tell
        for text, count, before in zip(self.config.data, self._pictures, counts, strict=True):
            if count != before:
                raise ConfigError(
                    f"The run in {self.config.out} began with {before} picture{'s'[: before != 1]} where {text} has"
                    f" {count}: give the same data, or give the run's weights as --init to a new --out."
                )
        for name in ("network", "average", "optimizer"):
            getattr(self, name).load_state_dict(state[name])
        if self.accelerator.scaler:
            self.accelerator.scaler.load_state_dict(state["scaler"])
        self.progress = Progress(**{field.name: state[field.name] for field in fields(Progress)})
        if self.progress.history and set(self.progress.history[-1]) - {"iteration", "seconds"} != set(
            self.config.validate
        ):
            self.progress.best = -math.inf  # scores of other sets, with which those to come do not compare


def _settings(config: TrainConfig) -> dict[str, str]:
    """The settings a run must go on with, by name, as text."""
    return {field.name: str(getattr(config, field.name)) for field in fields(config) if field.name not in _MAY_CHANGE}


def _comparable(name: str, value: str) -> object:
    """A setting without the folders of data sets, which may have been moved."""
    return [parts(text)[::2] for text in ast.literal_eval(value)] if name == "data" else value
