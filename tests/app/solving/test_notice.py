import pytest

from app.solving.notice import notice, picked
from segnode.familiarity import Judged

CLASSES = ("sky", "building", "road")
NEAR, FAR = Judged(0.8, 0.42, 1.5), Judged(4.0, 1.0, 1.5)


def test_the_unfamiliar_is_told_calmly() -> None:
    text = notice(FAR, False, CLASSES)
    assert text is not None
    assert text.startswith("**Unlike anything this model was trained on**")
    assert "more than 99 % of held-out pictures of its kind" in text
    assert "these 3 classes (sky, building, road)" in text
    assert text.endswith("the labels mean little here; the solve over time is computed as for any other picture.")


def test_a_truth_says_more_than_a_guess() -> None:
    assert notice(NEAR, True, CLASSES) is None
    assert notice(None, True, CLASSES) is None
    assert "truth" in str(notice(FAR, True, CLASSES))


def test_the_familiar_is_not_called_right() -> None:
    text = notice(NEAR, False, CLASSES)
    assert text is not None
    assert "than 42 % of held-out pictures of its kind" in text
    assert "not known" in text


def test_what_was_picked_is_said_with_the_reason_once() -> None:
    why = picked("scenes", {"streets": FAR, "scenes": NEAR})
    assert why == (
        "Automatic picked **scenes**: this picture is farther from its training pictures than 42 % of held-out ones,"
        " against more than 99 % for streets."
    )
    text = str(notice(NEAR, False, CLASSES, why))
    assert text.startswith(why)
    assert text.count("farther") == 1
    assert notice(NEAR, True, CLASSES, why) == why
    unlike = str(notice(FAR, False, CLASSES, picked("streets", {"streets": FAR})))
    assert "**Unlike anything these models were trained on**. It must choose" in unlike
    assert unlike.count("farther") == 1


def test_what_cannot_be_told_is_said_so() -> None:
    text = notice(None, False, CLASSES)
    assert text is not None
    assert "cannot be told" in text
    assert "99" not in text


@pytest.mark.parametrize("judged", [FAR, None])
def test_names_of_classes_are_made_harmless(judged: Judged | None) -> None:
    text = str(notice(judged, False, ("[click](http://evil)", "$x$", *map(str, range(300)))))
    assert "](http" not in text
    assert "$x$" not in text
    assert "and 290 more" in text
    assert len(text) < 700
