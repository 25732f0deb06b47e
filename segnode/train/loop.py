"""The training loop: batches in, averaged weights out; what stops is resumed."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel
from torch.utils.tensorboard import SummaryWriter
from tqdm import tqdm

from segnode.config import ModelConfig
from segnode.data.augment import Augment
from segnode.data.batches import Cached, Mix, batches
from segnode.errors import ConfigError
from segnode.model.loss import segmentation_loss
from segnode.model.segnode import SegNode
from segnode.provenance import provenance
from segnode.train.config import TrainConfig
from segnode.train.evaluate import evaluate
from segnode.train.record import write_record
from segnode.train.sources import SourceData, open_source
from segnode.train.state import load_state, save_state

Tensors = tuple[Tensor, ...] | list[Tensor]


class Trainer:
    """One run of `TrainConfig`, from its data sets to `out/model`: averaged weights, and how they came about.

    Raises `ConfigError` or `DataError` before anything is trained when the run cannot be right.
    """

    def __init__(self, config: TrainConfig) -> None:
        self.config = config
        self.sources = [open_source(text) for text in config.data]
        self.scored = [open_source(text) for text in config.validate]
        classes = self.sources[0].dataset.classes
        for source in (*self.sources, *self.scored):
            if source.dataset.classes.names != classes.names:
                raise ConfigError(f"{source.name} has other classes than {self.sources[0].name}: train them apart.")
        self.sources = [replace(source, dataset=Cached(source.dataset)) for source in self.sources]
        self.mix = Mix(
            [source.dataset for source in self.sources], [source.weight for source in self.sources], config.seed
        )
        self.device = _device(config.device)
        torch.manual_seed(config.seed)
        if config.init:
            self.model = SegNode.from_pretrained(config.init)
        else:
            layout = ModelConfig(
                len(classes), config.widths, config.stem_width, config.modules, config.blocks, config.norm
            )
            self.model = SegNode(layout, classes, config.solver)
        self.model.to(self.device).train()
        self.average = AveragedModel(self.model, multi_avg_fn=moving_average(config.average), use_buffers=True)
        if config.compile:
            self.model.field.compile()  # in place: names in checkpoints stay; the average, validated, is not compiled
        self.optimizer = _optimizer(self.model, config)
        self.solvers = [config.solver_named(text) for text in config.solvers]
        self.weights = class_weights(self.sources, len(classes), config.balance).to(self.device)
        self.done = 0
        self.seconds = 0.0
        self.history: list[dict[str, Any]] = []
        self.starts: list[dict[str, Any]] = []

    def run(self) -> list[dict[str, Any]]:
        """Train to the end; the history of validations."""
        config = self.config
        config.out.mkdir(parents=True, exist_ok=True)
        if config.resume:
            self._resume()
        self.starts.append({"iteration": self.done, **provenance(config.seed)})
        writer = SummaryWriter(str(config.out / "curves"), purge_step=self.done)
        progress = tqdm(total=config.iterations, initial=self.done, unit="it", mininterval=5, smoothing=0.05)
        began = time.monotonic() - self.seconds
        for images, labels in self._batches():
            rate = self._set_rate()
            loss = self._step(images, labels)
            self.done += 1
            self.seconds = time.monotonic() - began
            last = self.progress >= 1
            if self.done % 20 == 0:
                writer.add_scalar("loss", loss.item(), self.done)
                writer.add_scalar("rate", rate, self.done)
                progress.set_postfix(loss=f"{loss.item():.3f}", rate=f"{rate:.2e}")
            progress.update()
            if self.done % config.validate_every == 0 or last:
                self._validate(writer, progress)
            if self.done % config.save_every == 0 or last:
                self._save()
            if last:
                break
        progress.close()
        writer.close()
        return self.history

    @property
    def progress(self) -> float:
        """Share of the run that is done, by iterations or by the clock, whichever is further."""
        by_clock = self.seconds / (60 * self.config.minutes) if self.config.minutes else 0.0
        return min(1.0, max(self.done / self.config.iterations, by_clock))

    @property
    def _averaged(self) -> SegNode:
        return cast(SegNode, self.average.module)

    def _set_rate(self) -> float:
        config = self.config
        rate = config.rate * min(1.0, (self.done + 1) / max(1, config.warmup)) * (1 - self.progress) ** config.power
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        return rate

    def _batches(self) -> Iterator[tuple[Tensor, Tensor]]:
        config = self.config
        augment = Augment(config.crop, config.scale)
        return batches(self.mix, augment, config.batch_size, position=self.done)

    def _step(self, images: Tensor, labels: Tensor) -> Tensor:
        images = images.to(self.device, memory_format=torch.channels_last)
        labels = labels.to(self.device)
        draw = int(np.random.default_rng([self.config.seed, self.done]).integers(len(self.solvers)))
        half = self.config.precision == "bfloat16"
        with torch.autocast(self.device.type, torch.bfloat16, enabled=half):
            outputs = self.model.outputs(images, self.solvers[draw])
        loss = segmentation_loss(self.model, outputs, labels, self.weights)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), self.config.clip)
        self.optimizer.step()
        self.average.update_parameters(self.model)
        return loss.detach()

    def _validate(self, writer: SummaryWriter, progress: tqdm) -> None:
        network = self._averaged
        entry: dict[str, Any] = {"iteration": self.done, "seconds": round(self.seconds)}
        for source in self.scored:
            scores = evaluate(network, source.dataset)
            entry[source.name] = round(scores.mean_iou(source.scored), 2)
            writer.add_scalar(f"mIoU/{source.name}", entry[source.name], self.done)
        self.history.append(entry)
        progress.write(json.dumps(entry))

    def _save(self) -> None:
        self._averaged.save_pretrained(self.config.out / "model")
        write_record(self.config, self.record())
        state = {
            "done": self.done,
            "seconds": self.seconds,
            "history": self.history,
            "starts": self.starts,
            "model": self.model.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
        }
        save_state(self.config.out, state)

    def record(self) -> dict[str, Any]:
        """What this run has done so far, for `training.json`."""
        return {
            "data": {source.name: len(source.dataset) for source in self.sources},
            "iterations": self.done,
            "seconds": round(self.seconds),
            "settings": asdict(self.config),
            "starts": self.starts,
            "history": self.history,
        }

    def _resume(self) -> None:
        state = load_state(self.config.out)
        if state is None:
            return
        for name in ("model", "average", "optimizer"):
            getattr(self, name).load_state_dict(state[name])
        self.done, self.seconds, self.history = state["done"], state["seconds"], state["history"]
        self.starts = state.get("starts", [])


def class_weights(sources: list[SourceData], classes: int, balance: float, sample: int = 100) -> Tensor:
    """Loss weights, mean 1 over pixels: frequency to the power -`balance`, no rarer than one pixel in a thousand."""
    total = np.zeros(classes)
    for source in sources:
        dataset = source.dataset
        picks = np.linspace(0, len(dataset) - 1, min(sample, len(dataset))).astype(int)
        counts = sum(np.bincount(dataset[int(index)][1].ravel(), minlength=256)[:classes] for index in picks)
        total += source.weight * counts / max(1, np.sum(counts))
    share = np.maximum(total / total.sum(), 1e-3)
    weights = share**-balance
    return torch.tensor(weights / (weights * share).sum(), dtype=torch.float32)


def moving_average(decay: float) -> Callable[[Tensors, Tensors, Tensor | int], None]:
    """An exponential average in place, of at most `decay`; shorter at first, so that the random start is forgotten."""

    @torch.no_grad()
    def update(average: Tensors, current: Tensors, done: Tensor | int) -> None:
        if average[0].is_floating_point():
            torch._foreach_lerp_(average, current, 1 - min(decay, (1 + int(done)) / (10 + int(done))))
        else:  # counters of batches
            torch._foreach_copy_(average, current)

    return update


def _device(name: str) -> torch.device:
    return torch.device(("cuda" if torch.cuda.is_available() else "cpu") if name == "auto" else name)


def _optimizer(model: nn.Module, config: TrainConfig) -> torch.optim.Optimizer:
    """Weight decay for convolutions only, none for norms and biases."""
    kernels = [p for p in model.parameters() if p.ndim > 1]
    others = [p for p in model.parameters() if p.ndim <= 1]
    groups = [{"params": kernels, "weight_decay": config.decay}, {"params": others, "weight_decay": 0.0}]
    if config.optimizer == "sgd":
        return torch.optim.SGD(groups, lr=config.rate, momentum=0.9)
    return torch.optim.AdamW(groups, lr=config.rate)
