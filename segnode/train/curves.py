"""Curves of a run for TensorBoard. They are a help, no result: a disk that refuses them costs them alone."""

import logging
from pathlib import Path

from torch.utils.tensorboard import SummaryWriter

_LOG = logging.getLogger(__name__)


class Curves:
    """Writes to `folder`, or nowhere where there is none: one of several processes writes for all.

    begins: the iteration a run goes on from; what was written past it is forgotten.
    """

    def __init__(self, folder: Path | None, begins: int) -> None:
        self._writer: SummaryWriter | None = None
        if folder is None:
            return
        try:
            self._writer = SummaryWriter(str(folder), purge_step=begins)
        except OSError as error:
            self._give_up(error)

    def add(self, iteration: int, **values: float) -> None:
        """One value a curve."""
        if self._writer is not None:
            try:
                for name, value in values.items():
                    self._writer.add_scalar(name, value, iteration)
            except OSError as error:
                self._give_up(error)

    def close(self) -> None:
        """Write what waits."""
        if self._writer is not None:
            try:
                self._writer.close()
            except OSError as error:
                self._give_up(error)

    def _give_up(self, error: OSError) -> None:
        _LOG.warning("The curves for TensorBoard cannot be written, the run goes on without: %s", error)
        self._writer = None
