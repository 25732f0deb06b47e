"""Train a SegNode.

    python scripts/train.py --data streets:,seeds=0-99 --validate streets:,seeds=100000-100009 --out runs/tiny \
        --iterations 50 --batch-size 2 --crop 128 128          # two minutes on two cores

Add --resume to go on after a stop. Curves: tensorboard --logdir runs. Every setting: --help.
"""

import json
import sys

import tyro

from segnode.errors import SegNodeError
from segnode.train.config import TrainConfig
from segnode.train.loop import Trainer


def main(config: TrainConfig) -> None:
    """Run `config`, then say how the last validation came out."""
    history = Trainer(config).run()
    if history:
        print(json.dumps(history[-1], indent=2))


if __name__ == "__main__":
    try:
        main(tyro.cli(TrainConfig, description=__doc__))
    except SegNodeError as error:
        sys.exit(str(error))
