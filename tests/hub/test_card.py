"""Cards: what is known is written down, and what is unknown is said to be."""

import pytest
from huggingface_hub import ModelCard

from segnode.hub import Facts, Record, card

RECORD = Record(
    data={"camvid:data/CamVid,split=train": 367, "streets:,seeds=0-9": 10},
    commands=("python scripts/train.py --data camvid", "python scripts/train.py --data streets:"),
    revision="abc1234",
    hardware="2 cores",
    seconds=7800,
    results={"mIoU on CamVid validation": 54.2134, "AUROC": None},
)


def test_a_card_says_what_is_known() -> None:
    text = card(Facts("someone/streets", {"width": 4}, RECORD, parameters=2_012_345, tags=("streets",)))
    for line in (
        "- CamVid training, 367 pictures: `camvid:data/CamVid,split=train`",
        "- Generated streets, 10 pictures: `streets:,seeds=0-9`",
        "python scripts/train.py --data camvid\npython scripts/train.py --data streets:",
        "| code revision | abc1234 |",
        "| time | 2.2 h |",
        "| parameters | 2,012,345 |",
        "| mIoU on CamVid validation | 54.21 |",
        "| AUROC | not measured |",
        'SegNode.from_pretrained("someone/streets")',
    ):
        assert line in text


def test_a_card_invents_nothing() -> None:
    text = card(Facts("streets", {"width": 4}))
    assert "Results: not measured." in text
    assert "| time | not measured |" in text
    assert "| parameters | not measured |" in text
    assert text.count("not recorded") == 4


def test_the_front_matter_is_the_hubs() -> None:
    data = ModelCard(card(Facts("streets", {}, RECORD, tags=("streets",)))).data
    assert data.library_name == "segnode"
    assert data.pipeline_tag == "image-segmentation"
    assert data.tags == ["neural-ode", "semantic-segmentation", "streets"]


@pytest.mark.parametrize(
    ("data", "licence"),
    [
        ("labelme-facade:data/LabelMeFacade,split=train", "other"),
        ("imagenet:data/ImageNet,split=train", "other"),
        ("folder:elsewhere/Scenes,split=train", "other"),
        ("folder:mine,split=train", "mit"),
        ("streets:,seeds=0-9", "mit"),
    ],
)
def test_weights_of_restricted_data_are_not_licensed_freely(data: str, licence: str) -> None:
    text = card(Facts("mine", {}, Record({"streets:": 4, data: 9}), license="mit"))
    assert ModelCard(text).data.license == licence
    assert "for research and teaching only" in text


def test_a_card_of_another_network_says_which() -> None:
    text = card(Facts("mine", {"network": "HRNetV2"}))
    assert "HRNetV2, one of the networks" in text
    assert 'open_network("checkpoints/mine")' in text
    assert "SegNode.from_pretrained" not in text


def test_teachers_are_named_where_their_labels_were_learned() -> None:
    facades = "labelme-facade:data,split=train"
    assert "FDDWNet trained on Cityscapes" in card(Facts("mine", {}, Record({f"{facades},labels=teacher": 600})))
    assert "FDDWNet" not in card(Facts("mine", {}, Record({facades: 600})))
    assert "MOSAIC trained on ADE20K" in card(Facts("mine", {}, Record({"folder:anywhere/Scenes,split=train": 1774})))
