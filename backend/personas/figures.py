"""The figures that a rulebook asks for, as two matrices."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.domain.signals import SignalMatrix, SignalTable
from backend.errors import InputError
from backend.personas.rulebook import Rulebook

LARGEST: Final = np.array(1e15)
"""The largest figure taken: a larger float has no room for decimals."""

_NOTHING: Final = np.array(0.0)


class Figures(NamedTuple):
    """The signals of *n* customers that a rulebook asks for, in its order: ``(s, n)``.

    A value that is not known is 0.
    """

    known: NDArray[np.bool_]
    values: NDArray[np.float64]

    def take(self, rows: slice) -> "Figures":
        """Return the figures of some customers."""
        return Figures(self.known[:, rows], self.values[:, rows])


def usable(rulebook: Rulebook, table: SignalTable) -> Figures:
    """Return the figures that a rulebook asks for, with finite values alone.

    A value that is NaN, infinite or beyond ``LARGEST`` is not known in what is returned: none
    of them can then reach a comparison, a margin or the evidence.

    Raises:
        InputError: the table lacks a signal that the rulebook asks for.
    """
    values, known = _asked(rulebook, table)
    known &= np.abs(values) <= LARGEST
    return Figures(known, np.where(known, values, _NOTHING))


def _asked(rulebook: Rulebook, table: SignalTable) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    try:
        if isinstance(table, SignalMatrix):
            rows = [table.places[signal] for signal in rulebook.asked]
            return table.cells.take(rows, axis=0), table.known.take(rows, axis=0)
        columns = [table[signal] for signal in rulebook.asked]
    except KeyError as error:
        raise InputError(
            f"the rulebook {rulebook.name} asks for the signal {error.args[0]}, "
            f"and the table has none"
        ) from None
    values = np.array([column.values for column in columns])
    return values, np.array([column.known for column in columns])
