"""The parts of a data set's name, what it is called on pages, and whether other networks have labelled it."""

import re
from pathlib import PurePath

#: Separates the folder and the options; after a backslash it is part of a name.
_COMMA = re.compile(r"(?<!\\),")

_TITLES = {
    "camvid": "CamVid",
    "camvid-original": "CamVid",
    "cityscapes": "Cityscapes",
    "clothing": "Clothing Co-Parsing",
    "labelme-facade": "LabelMeFacade",
    "lip": "LIP",
    "mapillary": "Mapillary Vistas",
    "pascal-context": "PASCAL-Context",
    "streets": "Generated streets",
}
_SPLITS = {"train": "training", "val": "validation"}

#: By the name of its folder, who labelled a data set where no person did.
_LABELLED_BY = {
    "Scenes": "Scenes was labelled by teachers where no person had: MOSAIC trained on ADE20K, ESPNetv2 and DeepLab v3"
    " trained on PASCAL VOC, FDDWNet trained on Cityscapes, all of whose pictures are for research. A score on it is"
    " mostly agreement with them.",
}
_LABELMEFACADE = (
    "LabelMeFacade's poles, signs, fences, pedestrians, cyclists and everything its annotators left as 'various' were"
    " labelled by a teacher, FDDWNet trained on Cityscapes, whose pictures are for research."
)


def parts(text: str) -> tuple[str, str, dict[str, str]]:
    """Kind, folder and options of the data set `text` names."""
    kind, _, rest = text.partition(":")
    folder, *pairs = (part.replace("\\,", ",") for part in _COMMA.split(rest))
    return kind, folder, dict(pair.partition("=")[::2] for pair in pairs)


def title(source: str) -> str:
    """What the data set is called that `source` names, as `segnode.train.sources` does: "CamVid validation".

    Where teachers labelled it, that is said too.
    """
    kind, folder, options = parts(source)
    dataset_name = PurePath(folder).name if kind == "folder" else ""
    split = options.get("split", "")
    name = " ".join(filter(None, (dataset_name or _TITLES.get(kind, kind), _SPLITS.get(split, split))))
    return f"{name}, labelled mostly by other networks" if dataset_name in _LABELLED_BY else name


def teachers(source: str) -> str | None:
    """Which networks labelled the data set that `source` names, or part of it, in a sentence; None where none did."""
    kind, folder, options = parts(source)
    if kind == "folder":
        return _LABELLED_BY.get(PurePath(folder).name)
    return _LABELMEFACADE if kind == "labelme-facade" and options.get("labels") == "teacher" else None
