"""The README.md of a checkpoint: what it is, where it came from, what it may be used for."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from huggingface_hub import ModelCardData

from segnode.data.names import TEACHERS

#: Data sets whose terms allow research and teaching only, in the letters and digits of their names.
RESEARCH_ONLY = (
    *("camvid", "labelmefacade", "clothingcoparsing", "cityscapes", "pascalcontext"),
    *("datascenes", "datacells", "dataglands"),
)
NOTICE = (
    "Weights trained on CamVid, LabelMeFacade, Clothing Co-Parsing, Scenes, Cells or Glands are for research and"
    " teaching only, as those data sets are."
)

#: Networks that labelled part of a data set, by what asks for their labels.
TEACHERS = {
    **{f"/{folder},": sentence for folder, sentence in TEACHERS.items()},
    "labels=teacher": "LabelMeFacade's poles, signs, fences, pedestrians, cyclists and everything its annotators"
    " left as 'various' were labelled by a teacher, FDDWNet trained on Cityscapes, whose pictures are for research.",
}

UNMEASURED = "not measured"
UNRECORDED = "not recorded"


@dataclass(frozen=True)
class Facts:
    """What a card says.

    name: the checkpoint's. settings: as in `config.json`. training: what is known of the training, under any of the
    names `data` (a text or a list), `command`, `revision`, `hardware`, `seconds` and `results` (numbers or texts by
    name, nested as wanted). parameters: how many the network has. license, tags: as the Hub names them.
    """

    name: str
    settings: Mapping[str, Any]
    training: Mapping[str, Any] | None = None
    parameters: int | None = None
    license: str = "mit"
    tags: tuple[str, ...] = ()


def card(facts: Facts) -> str:
    """The README.md, front matter included. Unknown facts are named as not recorded or not measured."""
    training = facts.training or {}
    where = facts.name if "/" in facts.name else f"checkpoints/{facts.name}"
    results = list(_rows(training.get("results") or {}))
    parts = (
        f"---\n{_front_matter(facts)}\n---",
        f"# {facts.name}",
        *_introduction(str(facts.settings.get("network", "SegNode")), where),
        "Give a folder or a name on the Hub; `revision` with a full commit pins a version.",
        "## Training",
        _table(
            ("", ""),
            [
                ("data", _text(training.get("data"), UNRECORDED)),
                ("code revision", _text(training.get("revision"), UNRECORDED)),
                ("hardware", _text(training.get("hardware"), UNRECORDED)),
                ("time", _duration(training.get("seconds"))),
                ("parameters", UNMEASURED if facts.parameters is None else f"{facts.parameters:,}"),
            ],
        ),
        *(sentence for option, sentence in TEACHERS.items() if option in _text(training.get("data"), "")),
        f"Command: {UNRECORDED}." if not training.get("command") else _fenced(str(training["command"]), "sh"),
        "## Results",
        _table(("measure", "value"), results) if results else f"Results: {UNMEASURED}.",
        "## Settings",
        _fenced(json.dumps(facts.settings, indent=1, ensure_ascii=False, sort_keys=True), "json"),
    )
    return "\n\n".join(parts) + "\n"


def _introduction(network: str, where: str) -> tuple[str, ...]:
    """What the checkpoint is, and how to use it."""
    if network == "SegNode":
        what = (
            "A SegNode: a neural ODE that segments images. An encoder turns the image into a state, a"
            " solver integrates it from t = 0 to T, and a head, trained at T only, reads the classes."
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
    data = "".join(filter(str.isalnum, _text((facts.training or {}).get("data"), "").lower()))
    restricted = any(name in data for name in RESEARCH_ONLY)
    return ModelCardData(
        library_name="segnode",
        pipeline_tag="image-segmentation",
        license="other" if restricted else facts.license,
        license_name="research-and-teaching-only" if restricted else None,
        tags=sorted({"neural-ode", "semantic-segmentation", *facts.tags}),
    ).to_yaml()


def _rows(results: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    for name, value in results.items():
        if isinstance(value, Mapping):
            yield from _rows(value, f"{before}{name}, ")
        else:
            yield f"{before}{name}", _text(value, UNMEASURED)


def _text(value: object, unknown: str) -> str:
    """`value` as it stands in a cell of a table."""
    if value is None or value in ("", []):
        return unknown
    if isinstance(value, float):
        return f"{value:.4g}" if abs(value) < 10_000 else f"{value:.0f}"
    if isinstance(value, list | tuple):
        return ", ".join(_text(item, unknown) for item in value)
    return " ".join(str(value).split()).replace("|", "\\|")


def _duration(seconds: object) -> str:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return UNMEASURED
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _table(head: tuple[str, str], rows: list[tuple[str, str]]) -> str:
    return "\n".join(f"| {left} | {right} |" for left, right in (head, ("---", "---"), *rows))


def _fenced(text: str, language: str) -> str:
    return f"```{language}\n{text}\n```"
