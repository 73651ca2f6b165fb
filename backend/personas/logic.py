"""Kleene's three-valued logic over arrays: true, false, and unknown between them.

As numbers, ``all`` is the smallest of its parts, ``not`` the negative, and ``any`` therefore the
negative of the smallest negative part: one operation for every kind of branch.
"""

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Flags: TypeAlias = NDArray[np.bool_]

Truth: TypeAlias = NDArray[np.int8]
"""What holds: ``TRUE``, ``UNKNOWN`` or ``FALSE`` each; the last axis is that of the customers."""

FALSE, UNKNOWN, TRUE = -1, 0, 1

_TWO: Final = np.array(2, dtype=np.int8)
_ONE: Final = np.array(1, dtype=np.int8)


def truth_of(flags: Flags) -> Truth:
    """Return what is true or false as it is, of the same shape."""
    return np.asarray(flags.view(np.int8) * _TWO - _ONE)
