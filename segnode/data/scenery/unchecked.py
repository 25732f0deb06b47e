"""Keeps the tests' run-time type checks out of the painting, where they would cost twenty times the drawing."""

from typing import TypeVar

T = TypeVar("T")


def no_type_check(thing: T) -> T:
    """Return `thing` as it is.

    jaxtyping's import hook, which the tests switch on, goes by a decorator of this name and leaves what is under it
    alone. The standard library's decorator would do that too, but it also tells static checkers to look away.
    """
    return thing
