"""Signals: figures computed from a customer's records over a window of days."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class SignalDefinition:
    """What a signal is: its one definition, unit and number of decimals.

    ``label`` is what a person calls it after "the", such as "emergency fund".
    """

    name: str
    label: str
    unit: str
    decimals: int
    meaning: str
    missing_when: str


class Column(NamedTuple):
    """One signal of *n* customers: ``values`` float64 ``(n,)``, rounded; ``known`` bool ``(n,)``.

    Where ``known`` is False the value means nothing.
    """

    values: NDArray[np.float64]
    known: NDArray[np.bool_]


SignalTable: TypeAlias = Mapping[str, Column]
"""Signal name to column; all columns have one length."""
