"""What data sets are called on pages, and which of them other networks have labelled."""

from pathlib import PurePath

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
TEACHERS = {
    "Scenes": "Scenes was labelled by teachers where no person had: MOSAIC trained on ADE20K, ESPNetv2 and DeepLab v3"
    " trained on PASCAL VOC, FDDWNet trained on Cityscapes, all of whose pictures are for research. A score on it is"
    " mostly agreement with them.",
}


def title(source: str) -> str:
    """What the data set is called that `source` names, as `segnode.train.sources` does: "CamVid validation".

    Where teachers labelled it, that is said too.
    """
    kind, _, rest = source.partition(":")
    folder, *pairs = rest.split(",")
    own = PurePath(folder).name if kind == "folder" else ""
    split = dict(pair.partition("=")[::2] for pair in pairs).get("split", "")
    name = " ".join(filter(None, (own or _TITLES.get(kind, kind), _SPLITS.get(split, split))))
    return f"{name}, labelled mostly by other networks" if own in TEACHERS else name
