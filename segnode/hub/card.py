"""The README.md of a checkpoint: what it is, where it came from, what it may be used for."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from huggingface_hub import ModelCardData

from segnode.data.names import parts, teachers, title

#: Kinds of data sets without terms of their own, but for some folders: all others are for research and teaching only.
_FREE_KINDS = ("streets", "folder")
_RESTRICTED_FOLDERS = ("Scenes", "Cells", "Glands")
NOTICE = (
    "Weights trained on CamVid, LabelMeFacade, Clothing Co-Parsing, Scenes, Cells or Glands are for research and"
    " teaching only, as those data sets are."
)

_ANYTIME = "at T, and in {share:.0%} of the last run's batches at a time drawn between 0 and T"
UNMEASURED = "not measured"
UNRECORDED = "not recorded"


@dataclass(frozen=True)
class Record:
    """How weights came about, over all training runs behind them, and how they scored.

    data: pictures by the name of the data set. commands: one a run, first to last. revision, hardware: of the last run.
    seconds: spent on training. anytime: share of the last run's batches whose loss was taken at a time drawn between 0
    and T. results: by what was measured; None where it could not be.
    """

    data: Mapping[str, int] = field(default_factory=dict)
    commands: tuple[str, ...] = ()
    revision: str | None = None
    hardware: str | None = None
    seconds: float | None = None
    anytime: float = 0.0
    results: Mapping[str, float | str | None] = field(default_factory=dict)


NO_RECORD = Record()


@dataclass(frozen=True)
class Facts:
    """What a card says.

    name: the checkpoint's. settings: as in `config.json`. parameters: how many the network has. license, tags: as the
    Hub names them.
    """

    name: str
    settings: Mapping[str, Any]
    record: Record = NO_RECORD
    parameters: int | None = None
    license: str = "mit"
    tags: tuple[str, ...] = ()


def card(facts: Facts) -> str:
    """The README.md, front matter included. Unknown facts are named as not recorded or not measured."""
    record = facts.record
    where = facts.name if "/" in facts.name else f"checkpoints/{facts.name}"
    results = [(name, _text(value, UNMEASURED)) for name, value in record.results.items()]
    sections = (
        f"---\n{_front_matter(facts)}\n---",
        f"# {facts.name}",
        *_introduction(str(facts.settings.get("network", "SegNode")), where),
        "Give a folder or a name on the Hub; `revision` with a full commit pins a version.",
        "## Training",
        *_data(record.data),
        _table(
            ("", ""),
            [
                ("code revision", _text(record.revision, UNRECORDED)),
                ("hardware", _text(record.hardware, UNRECORDED)),
                ("time", _duration(record.seconds)),
                *([("loss", _ANYTIME.format(share=record.anytime))] if record.anytime else []),
                ("parameters", UNMEASURED if facts.parameters is None else f"{facts.parameters:,}"),
            ],
        ),
        _fenced("\n".join(record.commands), "sh") if record.commands else f"Command: {UNRECORDED}.",
        "## Results",
        _table(("measure", "value; scores in percent"), results) if results else f"Results: {UNMEASURED}.",
        "## Settings",
        _fenced(json.dumps(facts.settings, indent=1, ensure_ascii=False, sort_keys=True), "json"),
    )
    return "\n\n".join(sections) + "\n"


def _data(data: Mapping[str, int]) -> tuple[str, ...]:
    """The data sets of all runs, and who labelled them where no person did."""
    if not data:
        return (f"Data sets: {UNRECORDED}.",)
    items = "\n".join(f"- {title(name)}, {count} pictures: `{name}`" for name, count in data.items())
    taught = dict.fromkeys(sentence for name in data if (sentence := teachers(name)))
    return "Trained on, over all runs:", items, *taught


def _introduction(network: str, where: str) -> tuple[str, ...]:
    """What the checkpoint is, and how to use it."""
    if network == "SegNode":
        what = (
            "A SegNode: a neural ODE that segments images. An encoder turns the image into a state, a"
            " solver integrates it from t = 0 to T, and a head, trained at T, reads the classes."
        )
        use = (
            f'from segnode import Predictor, SegNode\n\nmodel = SegNode.from_pretrained("{where}")'
            "\nrun = Predictor(model).trajectory(image)  # uint8, rows x columns x 3"
        )
    else:
        what = f"{network}, one of the networks of the paper's tables."
        use = (
            "from segnode.inference import predict\nfrom segnode.model.saved import open_network\n\n"
            f'labels = predict(open_network("{where}"), image)  # uint8, rows x columns x 3'
        )
    return what, NOTICE, "## Use", _fenced(use, "python")


def _front_matter(facts: Facts) -> str:
    restricted = any(map(_is_restricted, facts.record.data))
    return ModelCardData(
        library_name="segnode",
        pipeline_tag="image-segmentation",
        license="other" if restricted else facts.license,
        license_name="research-and-teaching-only" if restricted else None,
        tags=sorted({"neural-ode", "semantic-segmentation", *facts.tags}),
    ).to_yaml()


def _is_restricted(source: str) -> bool:
    kind, folder, _ = parts(source)
    return kind not in _FREE_KINDS or PurePath(folder).name in _RESTRICTED_FOLDERS


def _text(value: float | str | None, unknown: str) -> str:
    """`value` as it stands in a cell of a table."""
    if value is None or value == "":
        return unknown
    if isinstance(value, float):
        return f"{value:.4g}" if abs(value) < 10_000 else f"{value:.0f}"
    return " ".join(str(value).split()).replace("|", "\\|")


def _duration(seconds: float | None) -> str:
    if seconds is None:
        return UNMEASURED
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _table(head: tuple[str, str], rows: list[tuple[str, str]]) -> str:
    return "\n".join(f"| {left} | {right} |" for left, right in (head, ("---", "---"), *rows))


def _fenced(text: str, language: str) -> str:
    return f"```{language}\n{text}\n```"
