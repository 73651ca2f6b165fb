"""Kleene's three-valued logic over arrays: true, false, and unknown between them."""

from collections.abc import Sequence
from functools import reduce
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Flags: TypeAlias = NDArray[np.bool_]

Truth: TypeAlias = NDArray[np.int8]
"""What holds for *n* customers: ``TRUE``, ``UNKNOWN`` or ``FALSE`` each, of shape ``(n,)``."""

FALSE, UNKNOWN, TRUE = -1, 0, 1

_SPELLED: Final = {TRUE: True, FALSE: False, UNKNOWN: None}
_TWO: Final = np.array(2, dtype=np.int8)
_ONE: Final = np.array(1, dtype=np.int8)


def truth_of(flags: Flags) -> Truth:
    """Return what is true or false as it is, of the same shape."""
    return np.asarray(flags.view(np.int8) * _TWO - _ONE)


def at(truth: Truth, row: int) -> bool | None:
    """Return what holds for one customer, None where it is unknown."""
    return _SPELLED[truth.item(row)]


def negation(part: Truth) -> Truth:
    """Return true for false and false for true; unknown stays unknown."""
    return np.asarray(-part)


def conjunction(parts: Sequence[Truth]) -> Truth:
    """Return true where all are true, false where one is false, else unknown."""
    return reduce(np.minimum, parts)


def disjunction(parts: Sequence[Truth]) -> Truth:
    """Return true where one is true, false where all are false, else unknown."""
    return reduce(np.maximum, parts)
