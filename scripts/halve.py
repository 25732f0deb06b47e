"""Copy a checkpoint with its weights at half precision, where that changes no score.

    python scripts/halve.py runs/scenes/model --out checkpoints/segnode-scenes --data folder:data/Scenes,split=val

Both are scored on every data set first; where two scores differ by more than 0.05 points of mIoU, nothing is written.
The scores and the familiarity of a checkpoint are of one file of weights: run scripts/evaluate.py and
scripts/familiarity.py on the copy.
"""

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import segnode.threads  # noqa: F401 - before torch

import tyro
from tqdm import tqdm

from segnode import checkpoint
from segnode.checkpoint import CARD, WEIGHTS
from segnode.command import launch
from segnode.disk import atomic_write, refuse_unwritable
from segnode.errors import ConfigError
from segnode.model.network import Network
from segnode.model.saved import open_network
from segnode.results.checkpoint import record
from segnode.results.training import TRAINING
from segnode.train.evaluate import evaluate
from segnode.train.sources import SourceData, open_source

#: Points of mIoU.
LARGEST_DIFFERENCE = 0.05


@dataclass(frozen=True)
class Settings:
    """Command-line settings; the comments are the help texts."""

    # Folder of the weights.
    checkpoint: Annotated[Path, tyro.conf.Positional]
    # Folder of the copy.
    out: Path
    # Data sets both are scored on, as kind:folder,split=..., see segnode/train/sources.py.
    data: tuple[str, ...]


def main(settings: Settings) -> None:
    """Score both, compare, write."""
    if settings.out.resolve() == settings.checkpoint.resolve():
        raise ConfigError("The copy would replace the checkpoint it is of: give another folder as --out.")
    network, copy = open_network(settings.checkpoint), open_network(settings.checkpoint)
    half = checkpoint.halved(network.state_dict())
    checkpoint.load_strictly(copy, half)
    sources = [open_source(text) for text in settings.data]
    refuse_unwritable(settings.out / WEIGHTS)
    for source in sources:
        _compare(network, copy, source)
    checkpoint.save(settings.out, half, network.settings())
    if (settings.checkpoint / TRAINING).is_file():
        shutil.copy(settings.checkpoint / TRAINING, settings.out)
    card = network.model_card(settings.out.resolve().name, record(settings.out))
    atomic_write(settings.out / CARD, card.encode(errors="replace"))
    sizes = [(folder / WEIGHTS).stat().st_size / 1e6 for folder in (settings.checkpoint, settings.out)]
    print(f"Wrote {settings.out}: {sizes[1]:.1f} MB of weights, for {sizes[0]:.1f} MB.")


def _compare(network: Network, copy: Network, source: SourceData) -> None:
    """Print both scores. Ends the program where they differ."""
    with tqdm(total=2 * len(source.dataset), desc=source.name) as bar:
        scores = [_score(each, source, bar.update) for each in (network, copy)]
    print(f"{source.name}: mIoU {scores[0]:.3f} as it is, {scores[1]:.3f} at half precision")
    if not abs(scores[0] - scores[1]) <= LARGEST_DIFFERENCE:
        sys.exit(
            f"At half precision the score on {source.name} is not the same: nothing was written, ship it as it is."
        )


def _score(network: Network, source: SourceData, on_picture: Callable[[], object]) -> float:
    """mIoU in percent."""
    scores = evaluate(network, source.dataset, on_picture=lambda index, labels: on_picture())
    return scores.mean_iou(source.scored)


if __name__ == "__main__":
    launch(lambda: main(tyro.cli(Settings, description=__doc__)))
