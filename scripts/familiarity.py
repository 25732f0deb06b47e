"""Measure which pictures are usual for a network, so that the page can warn of unusual ones.

    python scripts/familiarity.py checkpoints/segnode-streets

    python scripts/familiarity.py checkpoints/segnode-scenes --training folder:data/Scenes,split=train \
        --held-out "folder:data/Scenes,split=val#1/2" --check "folder:data/Scenes,split=val#2/2" \
        --strangers cells=data/Cells/images glands=data/Glands/images

Writes familiarity.safetensors beside the weights, and familiarity.json: how well it tells the pictures of strangers
from the network's own kind, and how well confidence would. The data sets stand in that JSON too: without options those
of the last time are measured again. About a minute for a thousand pictures on one core.

The pictures of --held-out set the threshold. They are held out of the statistics only: the network itself may have
been trained on them. Those of --check were never trained on, and tell how often one of them is called unfamiliar. Of a
data set in halves, `#1/2` behind its name takes every second picture from the first on, `#2/2` the others.

The animals and objects of segnode-streets are photographs out of Python packages: the wheel of scikit-image has them in
skimage/data, that of scikit-learn a flower, that of matplotlib grace_hopper.jpg. The results list them; any folder of
pictures will do.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import tyro
from jaxtyping import Float
from tqdm import tqdm

from segnode import Predictor, SegNode
from segnode.checkpoint import FAMILIARITY, load
from segnode.command import launch
from segnode.disk import refuse_unwritable
from segnode.errors import ConfigError
from segnode.familiarity import QUANTILE, Familiarity, Sample, fitted, save
from segnode.results.familiarity import Auroc, Compared, FamiliarityResult, Judged, Sets, Threshold
from segnode.results.schema import Provenance
from segnode.train.picture_sets import Pictures, drawn, of_folder, of_source
from segnode.types import ImageArray

#: Beside the weights.
RESULTS = "familiarity.json"


@dataclass(frozen=True)
class Settings:
    """Command-line settings; the comments are the help texts."""

    # Folder of the weights.
    checkpoint: Annotated[Path, tyro.conf.Positional]
    # Pictures of the network's own kind, whose statistics are usual; see segnode/train/sources.py.
    training: tuple[str, ...] = ()
    # Pictures of its own kind that set the threshold.
    held_out: tuple[str, ...] = ()
    # Pictures of its own kind that it was never trained on.
    check: tuple[str, ...] = ()
    # Pictures of other things, each set as `what they are=folder`.
    strangers: tuple[str, ...] = ()
    # Most pictures taken of a training set and of a folder, evenly spaced.
    at_most: int = 500


@dataclass(frozen=True)
class Measured:
    """What was measured of each picture of a set. confidence, entropy: at T, the mean over the picture."""

    statistics: Sample
    confidence: Float[np.ndarray, " pictures"]
    entropy: Float[np.ndarray, " pictures"]


def main(settings: Settings) -> None:
    """Measure, write, print."""
    predictor = Predictor(SegNode.from_pretrained(settings.checkpoint))
    out = settings.checkpoint / RESULTS
    refuse_unwritable(out, settings.checkpoint / FAMILIARITY)
    sets = _sets(settings, out)
    training = [of_source(name, settings.at_most) for name in sets.training]
    held_out, check = ([of_source(name) for name in names] for names in (sets.held_out, sets.check))
    strangers = [*(of_folder(name, settings.at_most) for name in sets.strangers), drawn()]

    usual = [np.stack([predictor.statistics(image) for image in _shown(pictures)]) for pictures in training]
    own = [_measured(predictor, pictures) for pictures in held_out]
    weights = load(settings.checkpoint).sha256
    familiarity = fitted(usual, [measured.statistics for measured in own], weights)
    save(settings.checkpoint, familiarity)
    FamiliarityResult(
        provenance=Provenance.here(),
        weights_sha256=weights,
        sets=sets,
        held_out_of="the statistics, not the training of the network; what is under check was never trained on",
        threshold=Threshold(QUANTILE, round(familiarity.threshold, 4)),
        training={each.name: _judged(familiarity, sample) for each, sample in zip(training, usual, strict=True)},
        held_out={
            pictures.name: _judged(familiarity, measured.statistics)
            for pictures, measured in zip(held_out, own, strict=True)
        },
        check={pictures.name: _compare(predictor, familiarity, pictures, own) for pictures in check},
        strangers={pictures.name: _compare(predictor, familiarity, pictures, own) for pictures in strangers},
    ).write(out)
    print(out.read_text(encoding="utf-8"))


def _sets(settings: Settings, last: Path) -> Sets:
    """The data sets by their use: those of `settings`, else those of the JSON `last`.

    Raises `ConfigError` for a use that has none, but for strangers, where noise and flat colours always are some.
    """
    known = FamiliarityResult.read(last).sets if last.is_file() else Sets((), (), (), ())
    uses = ("training", "held_out", "check", "strangers")
    sets = {use: tuple(getattr(settings, use) or getattr(known, use)) for use in uses}
    if missing := [use for use in uses[:-1] if not sets[use]]:
        option = missing[0].replace("_", "-")
        raise ConfigError(f"No data set is known for --{option}: name one, see segnode/train/sources.py.")
    return Sets(**sets)


def _shown(pictures: Pictures) -> Iterable[ImageArray]:
    return tqdm(pictures.images, pictures.name, pictures.count)


def _measured(predictor: Predictor, pictures: Pictures) -> Measured:
    statistics, confidence, entropy = [], [], []
    until = predictor.model.until
    for image in _shown(pictures):
        statistics.append(predictor.statistics(image))
        run = predictor.trajectory(image, [until])
        confidence.append(run.confidence[-1].mean(dtype=np.float64))
        logits = run.flow.at(until)
        shares = np.exp(logits - logits.max(0))
        shares /= shares.sum(0)
        entropy.append(-(shares * np.log(shares + 1e-12)).sum(0).mean(dtype=np.float64))
    return Measured(np.stack(statistics), np.array(confidence), np.array(entropy))


def _judged(familiarity: Familiarity, sample: Sample) -> Judged:
    far = familiarity.usual.distances(sample)
    return Judged(
        pictures=len(far),
        unfamiliar=round(float((far > familiarity.threshold).mean()), 4),
        distance={f"{share} %": round(float(np.percentile(far, share)), 3) for share in (1, 50, 99)},
    )


def _compare(predictor: Predictor, familiarity: Familiarity, pictures: Pictures, own: list[Measured]) -> Compared:
    """How `pictures` are judged, and how well each measure alone separates them from the held-out pictures `own`."""
    measured = _measured(predictor, pictures)

    def auroc(measure: Callable[[Measured], Float[np.ndarray, " pictures"]]) -> float:
        return round(_auroc(np.concatenate([measure(each) for each in own]), measure(measured)), 4)

    return Compared(
        **vars(_judged(familiarity, measured.statistics)),
        auroc=Auroc(
            distance=auroc(lambda of: familiarity.usual.distances(of.statistics)),
            confidence=auroc(lambda of: -of.confidence),
            entropy=auroc(lambda of: of.entropy),
        ),
        files=", ".join(pictures.files),
    )


def _auroc(own: Float[np.ndarray, " n"], others: Float[np.ndarray, " m"]) -> float:
    """The chance that one of `others` is farther than one of `own`; ties count half."""
    above = (others[:, None] > own).mean() + (others[:, None] >= own).mean()
    return float(above / 2)


if __name__ == "__main__":
    launch(lambda: main(tyro.cli(Settings, description=__doc__)))
