"""What a run trains with: processes, devices and precision by Accelerate, and the optimizer."""

import torch
from accelerate import Accelerator
from torch import nn

from segnode.errors import ConfigError
from segnode.train.config import TrainConfig

_PRECISIONS = {"float32": "no", "bfloat16": "bf16", "float16": "fp16"}


def accelerator(config: TrainConfig) -> Accelerator:
    """The processes and the precision of a run; raises `ConfigError` where this machine cannot offer them."""
    if config.device == "cuda" and not torch.cuda.is_available():
        raise ConfigError("There is no CUDA device here: leave --device out, or give cpu.")
    group = Accelerator(mixed_precision=_PRECISIONS[config.precision], cpu=config.device == "cpu")
    if config.precision == "float16" and group.device.type != "cuda":
        raise ConfigError("float16 needs a CUDA device: give --precision bfloat16 or float32.")
    if config.minutes and group.num_processes > 1:
        raise ConfigError("Several processes have several clocks: give --iterations without --minutes.")
    if config.batch_size % (group.num_processes * config.accumulate):
        raise ConfigError(
            f"A batch of {config.batch_size} cannot be shared by {group.num_processes} processes in"
            f" {config.accumulate} parts each: choose a multiple."
        )
    return group


def optimizer(network: nn.Module, config: TrainConfig, device: torch.device) -> torch.optim.Optimizer:
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
