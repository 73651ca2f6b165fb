"""The operators without a passing side: what each asks of figures, and how near a figure is.

Figures stand in ``(g, n)``, one row a condition; thresholds in ``(g, k)``, where *k* is 1 but for
``in``.
"""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from backend.domain.assignment import Operator
from backend.personas.logic import Flags

Numbers: TypeAlias = NDArray[np.float64]


def holds(operator: Operator, values: Numbers, thresholds: Numbers) -> Flags:
    """Return which of ``values`` meet their row's condition, ``(g, n)``.

    ``is_missing`` asks for no value: none does.
    """
    return _HOLDS[operator](values, thresholds)


def margins(operator: Operator, values: Numbers, thresholds: Numbers) -> Numbers:
    """Return how far each value is from failing, in the signal's unit, ``(g, n)``.

    For ``==`` and ``in`` it is minus the distance to the nearest value that passes, for ``!=`` the
    distance to the one that does not. For ``is_missing`` it is 0 and means nothing.
    """
    return _MARGIN[operator](values, thresholds)


def _distance(values: Numbers, thresholds: Numbers) -> Numbers:
    return np.asarray(np.abs(values[:, :, None] - thresholds[:, None, :]).min(axis=2))


def _nearness(values: Numbers, thresholds: Numbers) -> Numbers:
    return -_distance(values, thresholds)


def _listed(values: Numbers, thresholds: Numbers) -> Flags:
    return np.asarray((values[:, :, None] == thresholds[:, None, :]).any(axis=2))


_HOLDS: Final[Mapping[Operator, Callable[[Numbers, Numbers], Flags]]] = {
    "==": np.equal,
    "!=": np.not_equal,
    "in": _listed,
    "is_missing": lambda values, _: np.zeros(values.shape, dtype=np.bool_),
}
_MARGIN: Final[Mapping[Operator, Callable[[Numbers, Numbers], Numbers]]] = {
    "==": _nearness,
    "!=": _distance,
    "in": _nearness,
    "is_missing": lambda values, _: np.zeros(values.shape),
}
