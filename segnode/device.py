"""Where tensors are: a device by name."""

import torch

from segnode.errors import ConfigError


def checked_device(name: str | torch.device) -> torch.device:
    """The device called `name`, tried before anything is done for it. Raises `ConfigError` where there is none."""
    try:
        return torch.empty(0, device=name).device
    except (RuntimeError, AssertionError) as error:
        raise ConfigError(f"There is no device {str(name)!r} here: use cpu.") from error
