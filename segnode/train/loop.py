"""The training loop: batches in, averaged weights out, on one machine or many; what stops is resumed."""

import ast
import json
import logging
import math
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, nullcontext
from dataclasses import asdict, fields
from typing import Any, cast

import numpy as np
import torch
from accelerate import Accelerator
from accelerate.utils import broadcast
from torch import Tensor, nn
from tqdm import tqdm

from segnode.config import SolverConfig
from segnode.data.names import parts
from segnode.errors import CheckpointError, ConfigError, SolverError, TrainingError
from segnode.model.loss import counted_weight, weighted_loss
from segnode.model.network import Network
from segnode.provenance import provenance
from segnode.results.training import TRAINING, Run, Start, Training
from segnode.train.allocation import tuned_convolutions
from segnode.train.average import MovingAverage
from segnode.train.config import TrainConfig
from segnode.train.curves import Curves
from segnode.train.feed import Feed
from segnode.train.network import WithLoss, compile_parts, network_of, synchronized
from segnode.train.progress import Progress
from segnode.train.score import score
from segnode.train.state import (
    load_state,
    lock_folder,
    refuse_full_disk,
    refuse_other_run,
    refuse_unwritable_out,
    save_state,
)
from segnode.types import ImageBatch, Truth

_LOG = logging.getLogger(__name__)
_PRECISIONS = {"float32": "no", "bfloat16": "bf16", "float16": "fp16"}
#: Settings that a run may go on with otherwise: how long, on what, and what is looked at on the way.
_MAY_CHANGE = {
    *("out", "resume", "iterations", "minutes", "workers", "device", "compile", "validate"),
    *("validate_every", "save_every", "log_every"),
}
#: What a run had for a setting that its state does not name, which was added later.
_DEFAULTS = {field.name: str(field.default) for field in fields(TrainConfig)}


class Trainer:
    """One run of `TrainConfig`, from its data sets to `out/model` and `out/best`: averaged weights and their record.

    Started by `accelerate launch` or torchrun it is one of several processes, which share each batch: the loss is
    divided by the pixels that count in all of it, so with group normalization, without dropout and hard examples, the
    number of processes changes nothing. Batch normalization is synchronized on CUDA only. Everything random is a
    function of seed, position and process.

    Raises `ConfigError`, `DataError` or `CheckpointError` before anything is trained when the run cannot be right.
    """

    def __init__(self, config: TrainConfig) -> None:
        self.config = config
        #: Behind the weights that this run starts from.
        self.earlier = Training.of(config.init).runs if config.init else ()
        self.feed = Feed(config)
        self.accelerator = _accelerator(config)
        torch.manual_seed(config.seed)
        self.network = network_of(config, self.feed.classes, self.feed.classified)
        if self.accelerator.is_main_process:
            refuse_unwritable_out(config.out)
            if not config.resume:
                refuse_other_run(config.out)
            refuse_full_disk(config.out, sum(tensor.nbytes for tensor in self.network.state_dict().values()))
        self.average = MovingAverage(self.network, config.average).to(self.accelerator.device)
        self.solvers = [config.parse_solver(text) for text in config.solvers]
        self.early_solvers = [config.parse_solver(text) for text in config.early_solvers]
        if self.accelerator.num_processes > 1 and self.accelerator.device.type == "cuda":
            self.network = synchronized(
                self.network, any(solver.adaptive for solver in (*self.solvers, *self.early_solvers))
            )
        if config.compile:  # the average, validated, is not
            compile_parts(self.network, self.accelerator.device)
        self.weights = self.feed.weights().to(self.accelerator.device)
        self.model, self.optimizer = self.accelerator.prepare(
            WithLoss(self.network, self.weights, config.hard_examples(), config.loss_stride).train(),
            _optimizer(self.network, config, self.accelerator.device),
        )
        self.progress = Progress()
        self.gradient_norm = torch.zeros(())  # of the last step, before it was clipped
        self.unsaved: dict[str, Exception] = {}  # what the last try to save did not save, and why

    def run(self) -> list[dict[str, Any]]:
        """Train to the end; the history of validations.

        Raises `ConfigError` where another run is at work in the same folder, `TrainingError` when the loss or the
        weights are no longer finite (what was saved before stays), or when the last save did not succeed.
        """
        with ExitStack() as stack:
            if self.accelerator.is_main_process:
                stack.enter_context(lock_folder(self.config.out))
                if not self.config.resume:  # one may have come and gone since this one was made
                    refuse_other_run(self.config.out)
            self.accelerator.wait_for_everyone()
            return self._run()

    def _run(self) -> list[dict[str, Any]]:
        config = self.config
        if config.resume:
            self._resume()
        self.progress.starts.append({"iteration": self.progress.done, **provenance(config.seed)})
        leads = self.accelerator.is_main_process
        curves = Curves(config.out / "curves" if leads else None, self.progress.done)
        progress = tqdm(
            total=config.iterations,
            initial=self.progress.done,
            unit="it",
            mininterval=5,
            smoothing=0.05,
            disable=not leads,
        )
        began = time.monotonic() - self.progress.seconds
        for images, labels in self.batches() if self.share < 1 else ():
            rate = self.set_rate()
            loss = self._finite_step(images, labels)
            self.progress.done += 1
            self.progress.seconds = time.monotonic() - began
            last = self.share >= 1
            if last or any(
                not self.progress.done % each for each in (config.log_every, config.validate_every, config.save_every)
            ):
                self._refuse_not_finite(loss)
            if self.progress.done % config.log_every == 0:
                self._log(loss, rate, curves, progress)
            progress.update()
            if self.progress.done % config.validate_every == 0 or last:
                stopped = time.monotonic()
                self._validate(curves, progress)
                began += time.monotonic() - stopped  # what a run may spend, it may spend on training
            if self.progress.done % config.save_every == 0 or last:
                self._save()
            if last:
                break
        progress.close()
        curves.close()
        self.accelerator.wait_for_everyone()
        if self.unsaved:
            name, error = next(iter(self.unsaved.items()))
            raise TrainingError(
                f"The run is through, but its {' and its '.join(self.unsaved)} could not be saved in {config.out}"
                f" ({error}): free some space, then go on with --resume."
            ) from self.unsaved[name]
        return self.progress.history

    @property
    def share(self) -> float:
        """Share of the run that is done, by iterations or by the clock, whichever is further."""
        by_clock = self.progress.seconds / (60 * self.config.minutes) if self.config.minutes else 0.0
        return min(1.0, max(self.progress.done / self.config.iterations, by_clock))

    @property
    def _pictures(self) -> list[int]:
        """In each data set trained on."""
        return [len(source.dataset) for source in self.feed.sources]

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

    def batches(self) -> Iterator[tuple[Tensor, Tensor]]:
        """This process's share of each batch, from where the run is."""
        return self.feed.batches(self.progress.done, self.accelerator.process_index, self.accelerator.num_processes)

    def _finite_step(self, images: ImageBatch, labels: Truth) -> Tensor:
        """A step, whose failures are told by their cause."""
        try:
            return self.step(images, labels)
        except SolverError as error:
            if all(parameter.isfinite().all() for parameter in self.network.parameters()):
                raise
            raise self._not_finite() from error
        except ValueError as error:
            if "more than 1 value per channel" not in str(error):
                raise
            rows, columns = self.config.crop
            raise ConfigError(
                f"Batch normalization needs more than one value a channel, and one picture of {rows}x{columns} leaves"
                " one at the coarsest stream: give a larger --batch-size or --crop, or a smaller --accumulate."
            ) from error

    def _refuse_not_finite(self, loss: Tensor) -> None:
        """Raise `TrainingError` in all processes when one's loss or weights are not finite."""
        kept = (*self.network.state_dict().values(), *self.average.state_dict().values())
        bad = ~torch.stack([tensor.isfinite().all() for tensor in (loss, *kept)]).all()
        if float(cast(Tensor, self.accelerator.reduce(bad.float(), "sum"))):
            raise self._not_finite()

    def _not_finite(self) -> TrainingError:
        return TrainingError(
            f"The loss or the weights are no longer finite at iteration {self.progress.done}, so the run stops; what"
            f" was saved in {self.config.out} before stays. Begin again in another --out with a lower --rate, a longer"
            " --warmup or a smaller --clip."
        )

    def set_rate(self) -> float:
        """Give the optimizer the rate of the step that comes next, and return it."""
        config = self.config
        rate = (
            config.rate * min(1.0, (self.progress.done + 1) / max(1, config.warmup)) * (1 - self.share) ** config.power
        )
        for group in self.optimizer.param_groups:
            group["lr"] = rate * group["factor"]
        return rate

    @tuned_convolutions()
    def step(self, images: ImageBatch, labels: Truth) -> Tensor:
        """One step of the optimizer on this process's share of a batch; this process's share of the loss."""
        config, group = self.config, self.accelerator
        seeds = np.random.SeedSequence([config.seed, self.progress.done, group.process_index])
        torch.manual_seed(int(seeds.generate_state(1)[0]))  # from which dropout draws
        draws = np.random.default_rng([config.seed, self.progress.done])
        solver = self._drawn_solver(draws)
        down, right = draws.integers(config.loss_stride, size=2)
        until = self._drawn_depth(draws)
        labels = labels[..., down :: config.loss_stride, right :: config.loss_stride]
        images = images.to(group.device, non_blocking=True, memory_format=torch.channels_last)
        labels = labels.to(group.device, non_blocking=True)
        parts = list(zip(images.chunk(config.accumulate), labels.chunk(config.accumulate), strict=True))
        # Gradients are averaged over processes, so each divides by the mean of what all of them count.
        shared: Tensor | None = None
        if config.hard is None:
            shared = cast(Tensor, group.reduce(counted_weight(labels, self.weights), "mean"))
        total = torch.zeros((), device=group.device)
        for number, (some, truth) in enumerate(parts, start=1):
            with nullcontext() if number == len(parts) else group.no_sync(self.model):
                sums, counts = self.model(some, truth, solver, until)
                if shared is None:  # which pixels are hard is known only now
                    counts = len(parts) * cast(Tensor, group.reduce(counts, "mean"))
                loss = weighted_loss(self.network, sums, counts if shared is None else shared)
                group.backward(loss)
            total += loss.detach()
        self.gradient_norm = group.clip_grad_norm_(self.model.parameters(), config.clip)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.average.update(self.network, self.progress.done)
        return total

    def _drawn_solver(self, draws: np.random.Generator) -> SolverConfig | None:
        solvers = self.early_solvers if self.share < self.config.early else self.solvers
        return solvers[int(draws.integers(len(solvers)))] if solvers else None

    def _drawn_depth(self, draws: np.random.Generator) -> float | None:
        """Where the loss of a batch is taken; None for the end."""
        if not self.config.anytime or draws.random() >= self.config.anytime:
            return None
        return self.config.until * (1 - draws.random())  # above 0, up to T

    def _log(self, loss: Tensor, rate: float, curves: Curves, progress: tqdm) -> None:
        value = float(cast(Tensor, self.accelerator.reduce(loss, "mean")))
        self.progress.curve.append((self.progress.done, value))
        curves.add(self.progress.done, loss=value, rate=rate)
        progress.set_postfix(loss=f"{value:.3f}", rate=f"{rate:.2e}")

    def _validate(self, curves: Curves, progress: tqdm) -> None:
        entry: dict[str, Any] = {"iteration": self.progress.done, "seconds": round(self.progress.seconds)}
        network = cast(Network, self.average.module)
        if self.accelerator.num_processes > 1:  # running statistics differ where they are not synchronized
            for statistics in network.buffers():
                broadcast(statistics)
        for source in self.feed.scored:
            entry[source.name] = round(score(network, source, self.accelerator), 2)
            curves.add(self.progress.done, **{f"validation/{source.name}": entry[source.name]})
        self.progress.history.append(entry)
        if self.accelerator.is_main_process:
            progress.write(json.dumps(entry))
        found = [entry[source.name] for source in self.feed.scored]
        if found and np.mean(found) > self.progress.best:
            self.progress.best = float(np.mean(found))
            self._write("best")

    def _save(self) -> None:
        self._write("model")
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

    def _write(self, name: str) -> None:
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

    def _resume(self) -> None:
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


def _accelerator(config: TrainConfig) -> Accelerator:
    if config.device == "cuda" and not torch.cuda.is_available():
        raise ConfigError("There is no CUDA device here: leave --device out, or give cpu.")
    accelerator = Accelerator(mixed_precision=_PRECISIONS[config.precision], cpu=config.device == "cpu")
    if config.precision == "float16" and accelerator.device.type != "cuda":
        raise ConfigError("float16 needs a CUDA device: give --precision bfloat16 or float32.")
    if config.minutes and accelerator.num_processes > 1:
        raise ConfigError("Several processes have several clocks: give --iterations without --minutes.")
    if config.batch_size % (accelerator.num_processes * config.accumulate):
        raise ConfigError(
            f"A batch of {config.batch_size} cannot be shared by {accelerator.num_processes} processes in"
            f" {config.accumulate} parts each: choose a multiple."
        )
    return accelerator


def _optimizer(network: nn.Module, config: TrainConfig, device: torch.device) -> torch.optim.Optimizer:
    """Weight decay for convolutions, and for norms and biases if they are to have it; a factor on the head's rate."""
    alike: dict[tuple[float, float], list[nn.Parameter]] = {}
    for name, parameter in network.named_parameters():
        decay = config.decay if parameter.ndim > 1 or config.decay_norms else 0.0
        factor = config.head_rate if name.startswith("head.") else 1.0
        alike.setdefault((decay, factor), []).append(parameter)
    groups = [{"params": each, "weight_decay": decay, "factor": factor} for (decay, factor), each in alike.items()]
    if config.optimizer == "sgd":
        return torch.optim.SGD(groups, lr=config.rate, momentum=0.9)
    return torch.optim.AdamW(groups, lr=config.rate, fused=True if device.type == "cuda" else None)
