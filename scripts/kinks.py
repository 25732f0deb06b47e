"""Why RK4 does not show its order on the network: the state's error on finer grids, with f's ReLU and with softplus.

    python scripts/kinks.py

f is measured as it is, and again with its ReLU replaced by softplus, which has no kinks: the same weights and pictures,
and no training. Writes a JSON of both. Takes a quarter of an hour on one core.
"""

from dataclasses import dataclass
from pathlib import Path

import tyro
from tqdm import tqdm

from segnode import SegNode, SolverConfig
from segnode.analysis.convergence import METHODS, convergence
from segnode.command import launch
from segnode.disk import refuse_unwritable
from segnode.results.kinks import Kinks
from segnode.results.schema import Provenance
from segnode.train.sources import open_source

#: Finer than the grids measured by so much that its own error does not show in theirs.
REFERENCE = SolverConfig("rk4", steps=64)


@dataclass(frozen=True)
class Settings:
    """Command-line settings; the comments are the help texts."""

    # Folder of the network measured.
    checkpoint: Path = Path("checkpoints/segnode-streets")
    # Data set the pictures are of.
    data: str = "streets:,seeds=100000-100001"
    # How many pictures.
    pictures: int = 2
    # Steps of the grids, coarse to fine.
    steps: tuple[int, ...] = (1, 2, 4, 8, 16)
    # The JSON written.
    out: Path = Path("scripts/results/kinks.json")


def main(settings: Settings) -> None:
    """Measure, write, print. In float64, where rounding is no part of an error."""
    refuse_unwritable(settings.out)
    model = SegNode.from_pretrained(settings.checkpoint)
    source, began = open_source(settings.data), Provenance.here()
    chosen = list(range(min(settings.pictures, len(source.dataset))))
    measured = {
        name: tuple(
            convergence(model, source.dataset, chosen, method, settings.steps, REFERENCE, smooth, precise=True)
            for method in tqdm(METHODS, desc=name)
        )
        for name, smooth in (("relu", False), ("softplus", True))
    }
    results = Kinks(
        provenance=began,
        weights_sha256=model.source.sha256 if model.source else None,
        data=source.name,
        pictures=tuple(chosen),
        reference=REFERENCE,
        **measured,
    )
    results.write(settings.out)
    for name, methods in measured.items():
        print(f"{name}: " + ", ".join(f"{method.method} {method.order:.2f}" for method in methods))


if __name__ == "__main__":
    launch(lambda: main(tyro.cli(Settings, description=__doc__)))
