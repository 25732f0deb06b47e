"""Class sets that several data sets are brought to, and what each of their classes is called there.

`as=scenes` in a data set's name maps its labels by the names of its classes; what a vocabulary does not know is not
counted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from segnode.data.classes import CAMVID, ClassSet

#: Twenty classes of everyday photographs, indoors and out.
SCENES = ClassSet(
    names=(
        *("sky", "building", "wall", "floor", "ceiling", "road", "pavement", "ground", "grass", "tree"),
        *("mountain", "water", "person", "animal", "vehicle", "cycle", "boat", "aircraft", "furniture", "window"),
    ),
    palette=(
        *((112, 170, 228), (178, 118, 92), (205, 190, 150), (150, 110, 80), (230, 225, 210)),
        *((92, 88, 110), (160, 124, 206), (190, 160, 110), (140, 200, 90), (60, 130, 60)),
        *((120, 100, 60), (60, 190, 220), (226, 72, 112), (240, 130, 62), (52, 98, 226)),
        *((40, 190, 180), (230, 208, 96), (250, 120, 220), (150, 80, 40), (170, 220, 255)),
    ),
)

#: What a person wears, in eight classes.
PEOPLE = ClassSet(
    names=("background", "skin", "hair", "upper clothes", "lower clothes", "dress", "shoes", "accessories"),
    palette=(
        *((205, 200, 190), (240, 186, 150), (110, 74, 44), (52, 98, 226)),
        *((160, 124, 206), (226, 72, 112), (88, 152, 80), (230, 208, 96)),
    ),
)


@dataclass(frozen=True)
class Vocabulary:
    """classes: the set labels are brought to. words: for each of its classes the names that other sets have for it."""

    classes: ClassSet
    words: Mapping[str, Sequence[str]]

    def ids_of(self, classes: ClassSet) -> dict[int, int]:
        """Train id here of each train id of `classes` that has one here."""
        known = {name: index for index, name in enumerate(self.classes.names)}
        known |= {word: known[name] for name, words in self.words.items() for word in words}
        return {index: known[name] for index, name in enumerate(classes.names) if name in known}


_SHOES = ("boots", "clogs", "flats", "heels", "loafers", "pumps", "sandals", "sneakers", "wedges")
_UPPER = (
    *("blazer", "blouse", "bodysuit", "bra", "cape", "cardigan", "coat", "hoodie", "intimate", "jacket", "jumper"),
    *("shirt", "suit", "sweater", "sweatshirt", "swimwear", "t-shirt", "top", "vest"),
)
_LOWER = ("jeans", "leggings", "panties", "pants", "shorts", "skirt", "socks", "stockings", "tights")
_WORN = (
    *("bag", "belt", "bracelet", "earrings", "glasses", "gloves", "hat", "necklace", "purse", "ring", "scarf"),
    *("sunglasses", "tie", "wallet", "watch"),
)

#: By the word that follows `as=`.
VOCABULARIES: dict[str, Vocabulary] = {
    "scenes": Vocabulary(
        SCENES,
        {
            "vehicle": ("car",),
            "person": (
                *("pedestrian", "skin", "hair", "dress", "romper", "shoes", "accessories"),
                *(*_SHOES, *_UPPER, *_LOWER, *_WORN),
            ),
        },
    ),
    "streets": Vocabulary(CAMVID, {"car": ("vehicle",), "pedestrian": ("person",)}),
    "people": Vocabulary(
        PEOPLE,
        {
            "background": ("null",),
            "upper clothes": _UPPER,
            "lower clothes": _LOWER,
            "dress": ("romper",),
            "shoes": _SHOES,
            "accessories": _WORN,
        },
    ),
}
