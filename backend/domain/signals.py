"""Signals: figures computed from a customer's records over a window of days."""

from collections.abc import Iterator, Mapping
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


class SignalMatrix(Mapping[str, Column]):
    """A table of *s* signals of *n* customers that keeps them together.

    ``cells`` float64 and ``known`` bool are of shape ``(s, n)``; ``places`` says by a signal's
    name which row is its own.
    """

    __slots__ = ("cells", "known", "places")

    def __init__(
        self, places: Mapping[str, int], cells: NDArray[np.float64], known: NDArray[np.bool_]
    ) -> None:
        self.places, self.cells, self.known = places, cells, known

    def __getitem__(self, name: str) -> Column:
        """Return a signal's column."""
        at = self.places[name]
        return Column(self.cells[at], self.known[at])

    def __iter__(self) -> Iterator[str]:
        """Return the signals' names in their order."""
        return iter(self.places)

    def __len__(self) -> int:
        """Return how many signals there are."""
        return len(self.places)
