"""Kleene's three-valued logic over arrays: true, false, and unknown."""

from collections.abc import Sequence
from functools import reduce
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Flags: TypeAlias = NDArray[np.bool_]


class Truth(NamedTuple):
    """What holds for *n* customers: two masks of shape ``(n,)`` that exclude each other."""

    true: Flags
    false: Flags

    def at(self, row: int) -> bool | None:
        """Return what holds for one customer, None where it is unknown."""
        if self.true[row]:
            return True
        return False if self.false[row] else None


def negation(part: Truth) -> Truth:
    """Return true for false and false for true; unknown stays unknown."""
    return Truth(part.false, part.true)


def conjunction(parts: Sequence[Truth]) -> Truth:
    """Return true where all are true, false where one is false, else unknown."""
    return reduce(_both, parts)


def disjunction(parts: Sequence[Truth]) -> Truth:
    """Return true where one is true, false where all are false, else unknown."""
    return reduce(_either, parts)


def _both(one: Truth, other: Truth) -> Truth:
    return Truth(one.true & other.true, one.false | other.false)


def _either(one: Truth, other: Truth) -> Truth:
    return Truth(one.true | other.true, one.false & other.false)
