import pytest

from segnode.data.names import title


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("camvid:data/CamVid,split=val", "CamVid validation"),
        ("camvid:data/CamVid,split=train,as=scenes", "CamVid training"),
        ("folder:data/Scenes,split=val", "Scenes validation, labelled mostly by other networks"),
        ("folder:somewhere/mine", "mine"),
        ("streets:,seeds=0-9", "Generated streets"),
    ],
)
def test_a_data_set_is_called_what_it_is_known_as(source: str, said: str) -> None:
    assert title(source) == said
