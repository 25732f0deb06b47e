"""Measure which network the page's Automatic picks for pictures of each kind.

    python scripts/automatic.py

Pictures: what the familiarity.json of each checkpoint has under check, never trained on, and under strangers. A picture
of people also is an everyday scene, but not the reverse: what counts is the share that gets a network of its own kind.
"""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import segnode.threads  # noqa: F401 - before torch

import tyro
from tqdm import tqdm

from segnode import Predictor, SegNode
from segnode.checkpoint import load as load_checkpoint
from segnode.command import launch
from segnode.disk import refuse_unwritable
from segnode.errors import ConfigError
from segnode.familiarity import load, most_familiar
from segnode.hub import Entry, catalogue
from segnode.results.automatic import Automatic, Picks
from segnode.results.familiarity import FamiliarityResult
from segnode.results.schema import Provenance
from segnode.train.picture_sets import Pictures, drawn, of_folder, of_source


@dataclass(frozen=True)
class Settings:
    """Command-line settings; the comments are the help texts."""

    # The app's list of checkpoints.
    index: Path = Path("checkpoints/index.json")
    # Most pictures of a set, evenly spaced.
    at_most: int = 150
    # JSON to write.
    out: Path = Path("scripts/results/automatic.json")


def main(settings: Settings) -> None:
    """Measure, write, print."""
    refuse_unwritable(settings.out)
    entries = [entry for entry in catalogue(settings.index) if entry.automatic is not None]
    networks = {entry.name: _network(entry) for entry in entries}
    general = next((entry.name for entry in entries if entry.automatic == "general"), None)
    own, strangers = _sets(entries)
    sets = {}
    for name, kind_of in own.items():
        sets[name] = _picks(networks, general, of_source(name, settings.at_most), tuple(kind_of))
    for pictures in (*(of_folder(text, settings.at_most) for text in strangers), drawn()):
        sets[pictures.name] = _picks(networks, general, pictures, ())
    weights = {entry.name: load_checkpoint(entry.folder).sha256 for entry in entries}
    Automatic(Provenance.here(), weights, sets).write(settings.out)
    print(settings.out.read_text(encoding="utf-8"))


def _network(entry: Entry) -> Predictor:
    familiarity = load(entry.folder, load_checkpoint(entry.folder).sha256)
    if familiarity is None:
        raise ConfigError(f"{entry.name} has no measure of what is usual: run scripts/familiarity.py {entry.folder}.")
    return Predictor(SegNode.from_pretrained(entry.folder), familiarity=familiarity)


def _sets(entries: list[Entry]) -> tuple[dict[str, list[str]], list[str]]:
    """Data sets with the networks they are of the kind of; folders of what is of no network's kind."""
    own: dict[str, list[str]] = {}
    strangers: dict[str, None] = {}
    for entry in entries:
        known = FamiliarityResult.read(entry.folder / "familiarity.json")
        for name in known.check:
            own.setdefault(name, []).append(entry.name)
        strangers |= dict.fromkeys(known.sets.strangers)
    return own, [*strangers]


def _picks(networks: dict[str, Predictor], general: str | None, pictures: Pictures, kind_of: tuple[str, ...]) -> Picks:
    picked, unfamiliar = Counter[str](), 0
    for image in tqdm(pictures.images, pictures.name, pictures.count):
        judged = {}
        for name, network in networks.items():
            assert network.familiarity is not None
            judged[name] = network.familiarity.judge(network.statistics(image))
        best = most_familiar(judged, general)
        picked[best] += 1
        unfamiliar += judged[best].unfamiliar
    shares = {name: round(picked[name] / pictures.count, 4) for name in networks}
    return Picks(kind_of, pictures.count, shares, round(unfamiliar / pictures.count, 4))


if __name__ == "__main__":
    launch(lambda: main(tyro.cli(Settings, description=__doc__)))
