"""How long a training step takes: what turns minutes into iterations where networks train on equal terms."""

from collections.abc import Mapping
from functools import partial

from segnode.analysis.timing import medians
from segnode.train.config import TrainConfig
from segnode.train.loop import Trainer


def step_seconds(runs: Mapping[str, TrainConfig], rounds: int = 5) -> dict[str, float]:
    """Seconds of a training step of each run, the median of `rounds` in which all take their turn, on one batch each.

    Raises as `Trainer` does.
    """
    steps = {}
    for name, config in runs.items():
        trainer = Trainer(config)
        steps[name] = partial(trainer.step, *next(trainer.batches()))
    return {name: ms / 1000 for name, ms in medians(steps, rounds).items()}
