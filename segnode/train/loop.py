"""The training loop: batches in, averaged weights out, on one machine or many; a stopped run can be resumed."""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack, nullcontext
from typing import Any, cast

import numpy as np
import torch
from accelerate.utils import broadcast
from torch import Tensor
from tqdm import tqdm

from segnode.config import SolverConfig
from segnode.errors import ConfigError, SolverError, TrainingError
from segnode.model.loss import counted_weight, weighted_loss
from segnode.model.network import Network
from segnode.provenance import provenance
from segnode.train.allocation import tuned_convolutions
from segnode.train.config import TrainConfig
from segnode.train.curves import Curves
from segnode.train.network import WithLoss, compile_parts, synchronized
from segnode.train.saved_run import SavedRun
from segnode.train.score import score
from segnode.train.setup import optimizer
from segnode.train.state import lock_folder, refuse_other_run
from segnode.types import ImageBatch, Truth


class Trainer(SavedRun):
    """One run of `TrainConfig`, from its data sets to `out/model` and `out/best`: averaged weights and their record.

    Started by `accelerate launch` or torchrun it is one of several processes, which share each batch: the loss is
    divided by the number of counted pixels in the whole batch, so with group normalization, and without dropout and
    hard examples, the number of processes changes no result. Batch normalization is synchronized on CUDA only. All
    random numbers are a function of seed, iteration and process.

    Raises `ConfigError`, `DataError` or `CheckpointError` before anything is trained when the run cannot be right.
    """

    def __init__(self, config: TrainConfig) -> None:
        super().__init__(config)
        self.solvers = [config.parse_solver(text) for text in config.solvers]
        self.early_solvers = [config.parse_solver(text) for text in config.early_solvers]
        if self.accelerator.num_processes > 1 and self.accelerator.device.type == "cuda":
            self.network = synchronized(
                self.network, any(solver.adaptive for solver in (*self.solvers, *self.early_solvers))
            )
        if config.compile:  # not the averaged network, which is validated
            compile_parts(self.network, self.accelerator.device)
        self.model, self.optimizer = self.accelerator.prepare(
            WithLoss(self.network, self.weights, config.hard_examples(), config.loss_stride).train(),
            optimizer(self.network, config, self.accelerator.device),
        )
        self.gradient_norm = torch.zeros(())  # of the last step, before it was clipped

    def run(self) -> list[dict[str, Any]]:
        """Train to the end and return the history: iteration, seconds and mIoU of each set in percent, by validation.

        Raises `ConfigError` where another run is at work in the same folder, `TrainingError` when the loss or the
        weights are no longer finite (what was saved before stays), or when the last save did not succeed.
        """
        with ExitStack() as stack:
            if self.accelerator.is_main_process:
                stack.enter_context(lock_folder(self.config.out))
                if not self.config.resume:  # another run may have used the folder since this one was made
                    refuse_other_run(self.config.out)
            self.accelerator.wait_for_everyone()
            return self._run()

    def _run(self) -> list[dict[str, Any]]:
        config = self.config
        if config.resume:
            self.resume()
        self.progress.starts.append({"iteration": self.progress.done, **provenance(config.seed)})
        is_main = self.accelerator.is_main_process
        curves = Curves(config.out / "curves" if is_main else None, self.progress.done)
        progress = tqdm(
            total=config.iterations,
            initial=self.progress.done,
            unit="it",
            mininterval=5,
            smoothing=0.05,
            disable=not is_main,
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
                began += time.monotonic() - stopped  # validation does not count towards the time limit
            if self.progress.done % config.save_every == 0 or last:
                self.save()
            if last:
                break
        progress.close()
        curves.close()
        self.accelerator.wait_for_everyone()
        if self.unsaved:
            name, error = next(iter(self.unsaved.items()))
            raise TrainingError(
                f"The run is finished, but its {' and its '.join(self.unsaved)} could not be saved in {config.out}"
                f" ({error}): free some space, then go on with --resume."
            ) from self.unsaved[name]
        return self.progress.history

    @property
    def share(self) -> float:
        """Share of the run that is done, 0 to 1, by iterations or by the clock, whichever is further."""
        by_clock = self.progress.seconds / (60 * self.config.minutes) if self.config.minutes else 0.0
        return min(1.0, max(self.progress.done / self.config.iterations, by_clock))

    def batches(self) -> Iterator[tuple[Tensor, Tensor]]:
        """Images and labels of this process's share of each batch, from the present iteration on."""
        return self.feed.batches(self.progress.done, self.accelerator.process_index, self.accelerator.num_processes)

    def _finite_step(self, images: ImageBatch, labels: Truth) -> Tensor:
        """One step; an error that follows from a known cause is raised as that cause."""
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
        tensors = (*self.network.state_dict().values(), *self.average.state_dict().values())
        bad = ~torch.stack([tensor.isfinite().all() for tensor in (loss, *tensors)]).all()
        if float(cast(Tensor, self.accelerator.reduce(bad.float(), "sum"))):
            raise self._not_finite()

    def _not_finite(self) -> TrainingError:
        return TrainingError(
            f"The loss or the weights are no longer finite at iteration {self.progress.done}, so the run stops; what"
            f" was saved in {self.config.out} before stays. Begin again in another --out with a lower --rate, a longer"
            " --warmup or a smaller --clip."
        )

    def set_rate(self) -> float:
        """Set the learning rate of the next step in the optimizer, and return it."""
        config = self.config
        rate = (
            config.rate * min(1.0, (self.progress.done + 1) / max(1, config.warmup)) * (1 - self.share) ** config.power
        )
        for group in self.optimizer.param_groups:
            group["lr"] = rate * group["factor"]
        return rate

    @tuned_convolutions()
    def step(self, images: ImageBatch, labels: Truth) -> Tensor:
        """One step of the optimizer on this process's share of a batch; returns this process's share of the loss."""
        config, group = self.config, self.accelerator
        seeds = np.random.SeedSequence([config.seed, self.progress.done, group.process_index])
        torch.manual_seed(int(seeds.generate_state(1)[0]))  # for dropout
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
        """The depth at which the loss of a batch is computed; None for the end."""
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
        scores = [entry[source.name] for source in self.feed.scored]
        if scores and np.mean(scores) > self.progress.best:
            self.progress.best = float(np.mean(scores))
            self.save_weights("best")
