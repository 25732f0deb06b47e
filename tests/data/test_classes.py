"""What classes may be called."""

import json

import pytest

from segnode.data.classes import CAMVID, ClassSet
from segnode.errors import ConfigError

TWO = ((0, 0, 0), (1, 1, 1))


@pytest.mark.parametrize(
    "name",
    [3, 1.5, None, True, [], {}, "", " \t", "x" * 129, "a\nb", "a\u2028b", "\ud800", "a\udfffb"],
    ids=lambda name: ascii(name)[:12],
)
def test_refuses_names_that_nobody_can_read(name):
    with pytest.raises(
        ConfigError, match=r"The class 1 is named .*: give it a name of 1 to 128 printable letters"
    ) as raised:
        ClassSet.from_dict({"names": ["wall", name], "palette": TWO})
    assert len(str(raised.value).encode()) < 200


def test_takes_names_of_any_script_up_to_the_longest():
    names = ("x" * 128, "\u5efa\u7bc9", "\U0001f3e0")
    assert ClassSet(names, (*TWO, (2, 2, 2))).names == names
    assert ClassSet.from_dict(json.loads(json.dumps(CAMVID.to_dict()))) == CAMVID


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"names": "ab", "palette": TWO}, "must be a list of names, not 'ab'"),
        ({"names": None, "palette": TWO}, "must be a list of names, not None"),
        ({"names": [], "palette": []}, "There are no classes"),
        ({"names": ["a", "a"], "palette": TWO}, "must be distinct, and 'a' is there 2 times"),
        ({"names": ["a", "b"], "palette": [[0, 0, float("inf")], [1, 1, 1]]}, "must be a list of"),
        ({"names": ["a", "b"], "palette": [[0, 0], [1, 1, 1]]}, "must be a list of"),
        ({"names": ["a", "b"], "palette": 7}, "must be a list of"),
    ],
)
def test_refuses_lists_that_are_none(values, sentence):
    with pytest.raises(ConfigError, match=sentence):
        ClassSet.from_dict(values)
