"""Cards: what is known is told, what is not is said to be unknown."""

import pytest
from huggingface_hub import ModelCard

from segnode.hub import Facts, card

TRAINING = {
    "data": ["CamVid train", "LabelMeFacade train", "streets"],
    "command": "python scripts/train.py --data camvid",
    "revision": "abc1234",
    "hardware": "2 cores",
    "seconds": 7800,
    "results": {"CamVid validation": {"mIoU": 54.2134, "images": 101}, "AUROC": None},
}


def test_a_card_tells_what_is_known() -> None:
    text = card(Facts("someone/streets", {"width": 4}, TRAINING, parameters=2_012_345, tags=("streets",)))
    for told in (
        "| data | CamVid train, LabelMeFacade train, streets |",
        "python scripts/train.py --data camvid",
        "| code revision | abc1234 |",
        "| time | 2.2 h |",
        "| parameters | 2,012,345 |",
        "| CamVid validation, mIoU | 54.21 |",
        "| AUROC | not measured |",
        'SegNode.from_pretrained("someone/streets")',
    ):
        assert told in text


def test_a_card_invents_nothing() -> None:
    text = card(Facts("streets", {"width": 4}))
    assert "Results: not measured." in text
    assert "| time | not measured |" in text
    assert "| parameters | not measured |" in text
    assert text.count("not recorded") == 4


def test_the_front_matter_is_the_hubs() -> None:
    data = ModelCard(card(Facts("streets", {}, TRAINING, tags=("streets",)))).data
    assert data.library_name == "segnode"
    assert data.pipeline_tag == "image-segmentation"
    assert data.tags == ["neural-ode", "semantic-segmentation", "streets"]


@pytest.mark.parametrize(
    ("data", "licence"),
    [("LabelMe Facade", "other"), (["streets", "CamVid"], "other"), ("streets", "mit"), (None, "mit")],
)
def test_weights_of_restricted_data_are_not_licensed_freely(data: object, licence: str) -> None:
    text = card(Facts("streets", {}, {"data": data}, license="mit"))
    assert ModelCard(text).data.license == licence
    assert "for research and teaching only" in text


def test_a_card_of_another_network_says_which() -> None:
    text = card(Facts("mine", {"network": "HRNetV2"}))
    assert "HRNetV2, one of the networks" in text
    assert 'open_network("checkpoints/mine")' in text
    assert "SegNode.from_pretrained" not in text


def test_teachers_are_named_where_their_labels_were_learned() -> None:
    taught = "labelme-facade:data,split=train,labels=teacher (600 pictures)"
    assert "FDDWNet trained on Cityscapes" in card(Facts("streets", {}, {"data": ["streets:", taught]}))
    assert "FDDWNet" not in card(Facts("streets", {}, TRAINING))
    scenes = card(Facts("scenes", {}, {"data": ["folder:data/Scenes,split=train (1774 pictures)"]}))
    assert "MOSAIC trained on ADE20K" in scenes
    assert ModelCard(scenes).data.license_name == "research-and-teaching-only"
