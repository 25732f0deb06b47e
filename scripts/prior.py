"""Choose how much of the loss's class weights to subtract from the logits, on held-out data, and fold it into the head.

    python scripts/prior.py runs/held-out/model --data camvid:data/CamVid,split=train,only=0006R0 \
        labelme-facade:data/LabelMeFacade,split=train,only=05june05 --out scripts/results/prior.json
    python scripts/prior.py runs/all/model --fold 0.5

Class weights let rare classes be predicted too often. The first call scores the data sets with tau times the logarithm
of the weights subtracted from the logits, for several tau; the second writes the chosen tau into the head's bias of the
weights given, once, and into their record.
"""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import segnode.threads  # noqa: F401 - before torch

import torch
import tyro
from torch import Tensor
from tqdm import tqdm

from segnode.checkpoint import save
from segnode.command import launch
from segnode.disk import refuse_unwritable
from segnode.errors import ConfigError
from segnode.metrics import Scores
from segnode.model.network import Network
from segnode.model.saved import open_network
from segnode.predict import batch_of
from segnode.provenance import provenance, write_results
from segnode.results.training import TRAINING, Training
from segnode.train.balance import subtract_prior
from segnode.train.sources import SourceData, open_source


@dataclass(frozen=True)
class Settings:
    """Command-line settings; the comments are the help texts."""

    # Folder of the weights, with the record of their training.
    checkpoint: Annotated[Path, tyro.conf.Positional]
    # Data sets that were held out of that training.
    data: tuple[str, ...] = ()
    # Shares of the logarithm that are tried.
    taus: tuple[float, ...] = (0.0, 0.25, 0.5, 0.75, 1.0)
    # The JSON written.
    out: Path | None = None
    # Write this share into the weights, in place.
    fold: float | None = None


def main(settings: Settings) -> None:
    """Score, print, write; or fold."""
    if bool(settings.data) == (settings.fold is not None):
        raise ConfigError("Give either --data to choose a share by, or --fold with the share chosen.")
    if settings.out:
        refuse_unwritable(settings.out)
    network = open_network(settings.checkpoint).eval()
    weights = recorded_weights(settings.checkpoint)
    if settings.fold is not None:
        fold(network, weights, settings.fold, settings.checkpoint)
        return
    scores = {
        source.name: scores_by_tau(network, source, weights, settings.taus)
        for source in map(open_source, settings.data)
    }
    print(json.dumps(scores, indent=2))
    if settings.out:
        held = {"provenance": provenance(), "class_weights": weights.tolist(), "mIoU_by_tau": scores}
        write_results(settings.out, held)


def recorded_weights(folder: Path) -> Tensor:
    """The class weights of the last run behind the weights in `folder`. Raises `ConfigError` where none stand there."""
    run = Training.of(folder).last
    if run is None or not run.class_weights:
        raise ConfigError(f"{folder / TRAINING} records no class_weights: train again, or add those of its loss.")
    return torch.tensor(run.class_weights)


@torch.no_grad()
def scores_by_tau(network: Network, source: SourceData, weights: Tensor, taus: tuple[float, ...]) -> dict[str, float]:
    """mIoU in percent over `source` for each tau, the network run once."""
    scores = {tau: Scores(len(network.classes)) for tau in taus}
    prior = weights.log()[:, None, None]
    for index in tqdm(range(len(source.dataset)), source.name):
        image, truth = source.dataset[index]
        logits = network(batch_of(image))[0]
        for tau, counted in scores.items():
            counted.update((logits - tau * prior).argmax(0).to(torch.uint8).numpy(), truth)
    return {f"{tau:g}": round(counted.mean_iou(source.scored), 2) for tau, counted in scores.items()}


def fold(network: Network, weights: Tensor, tau: float, folder: Path) -> None:
    """Write `tau` of the prior into the weights in `folder` and their record. Raises `ConfigError` where one is in."""
    *earlier, last = Training.of(folder).runs
    if last.prior_subtracted is not None:
        raise ConfigError(f"{folder} has {last.prior_subtracted} of its prior subtracted already: leave it.")
    subtract_prior(network, weights, tau)
    save(folder, network.state_dict(), network.settings())
    Training((*earlier, replace(last, prior_subtracted=tau))).write(folder / TRAINING)


if __name__ == "__main__":
    launch(lambda: main(tyro.cli(Settings, description=__doc__)))
