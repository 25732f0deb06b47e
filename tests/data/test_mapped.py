"""Labels of one data set in the classes of a vocabulary."""

import numpy as np
import pytest

from segnode.data.classes import CAMVID, ClassSet
from segnode.data.clothing import ClothingCoParsing
from segnode.data.mapped import Mapped
from segnode.data.vocabularies import PEOPLE, SCENES, VOCABULARIES
from segnode.errors import ConfigError, DataError
from segnode.train.sources import open_source
from tests.data.layouts import id_map, write_camvid, write_clothing, write_labelme_facade


class Every:
    """One picture that shows each id of its classes once, and one pixel that is not counted."""

    def __init__(self, classes: ClassSet) -> None:
        self.classes = classes

    def __len__(self) -> int:
        return 1

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        labels = np.array([[*range(len(self.classes)), 255]], dtype=np.uint8)
        return np.zeros((*labels.shape, 3), np.uint8), labels

    def name(self, index: int) -> str:
        return "every"


def names_of(vocabulary: str, names: tuple[str, ...]) -> list[str | None]:
    """What each of `names` is called in `vocabulary`; None where it is not counted."""
    mapped = Mapped(Every(ClassSet(names, ClassSet.numbered(len(names)).palette)), VOCABULARIES[vocabulary])
    labels = mapped[0][1][0]
    assert labels[-1] == 255
    return [None if i == 255 else mapped.classes.names[i] for i in labels[:-1]]


def test_classes_are_mapped_by_name_and_the_rest_is_not_counted() -> None:
    wanted = ["sky", "building", None, "road", "pavement", "tree", None, None, "vehicle", "person", None]
    assert names_of("scenes", CAMVID.names) == wanted
    assert names_of("streets", ("person", "vehicle", "tree", "grass")) == ["pedestrian", "car", "tree", None]
    assert names_of("people", ("null", "jeans", "top", "hat", "boots")) == [
        *("background", "lower clothes", "upper clothes", "accessories", "shoes")
    ]


@pytest.mark.parametrize("name", VOCABULARIES)
def test_no_word_means_two_things(name: str) -> None:
    vocabulary = VOCABULARIES[name]
    words = [word for words in vocabulary.words.values() for word in words]
    assert len(set(words)) == len(words)
    assert set(vocabulary.words) <= set(vocabulary.classes.names)
    assert not set(words) & set(vocabulary.classes.names)


def test_a_set_of_strangers_is_refused() -> None:
    with pytest.raises(ConfigError, match="None of the classes cat, dog"):
        Mapped(Every(ClassSet(("cat", "dog"), ((0, 0, 0), (1, 1, 1)))), VOCABULARIES["people"])


def test_a_source_is_brought_to_a_vocabulary_and_scored_on_what_it_knows(tmp_path) -> None:
    camvid = open_source(f"camvid:{write_camvid(tmp_path / 'camvid')},split=train,as=scenes")
    assert camvid.dataset.classes is SCENES
    assert [SCENES.names[i] for i in camvid.scored] == [
        *("sky", "building", "road", "pavement", "tree", "person", "vehicle")
    ]
    facade = open_source(f"labelme-facade:{write_labelme_facade(tmp_path / 'facade')},split=train,as=scenes")
    assert [SCENES.names[i] for i in facade.scored] == ["sky", "building", "road", "pavement", "tree", "vehicle"]
    with pytest.raises(ConfigError, match="There is no vocabulary 'rooms'"):
        open_source(f"camvid:{tmp_path / 'camvid'},split=train,as=rooms")


def test_clothing_has_its_own_classes_and_eight(tmp_path) -> None:
    root = write_clothing(tmp_path, ("null", "skin", "jeans", "t-shirt"))
    data = ClothingCoParsing(root, "train")
    assert data.classes.names == ("null", "skin", "jeans", "t-shirt")
    np.testing.assert_array_equal(data[0][1], id_map(0, 4))
    people = open_source(f"clothing:{root},split=train,as=people").dataset
    assert [PEOPLE.names[i] for i in np.unique(people[0][1])] == [
        "background",
        "skin",
        "upper clothes",
        "lower clothes",
    ]
    (root / "classes.txt").unlink()
    with pytest.raises(DataError, match=r"classes\.txt"):
        ClothingCoParsing(root, "train")
