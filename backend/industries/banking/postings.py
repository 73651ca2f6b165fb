"""Amounts on their way into the ledger, numbered by the mode's catalogue."""

from collections.abc import Sequence
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import CHECKING

Numbers: TypeAlias = NDArray[np.int64]

COLUMNS: Final = 7
ROW, DAY, CENTS, PURPOSE, MERCHANT, ACCOUNT, SETTLES = range(COLUMNS)


class Postings:
    """Columns of ``Flows`` without their tables, as one array ``(7, m)``.

    One array is joined, sorted and cut at a seventh of what seven cost.
    """

    __slots__ = ("table",)

    def __init__(self, table: Numbers) -> None:
        self.table = table

    def __len__(self) -> int:
        return int(self.table.shape[1])

    @property
    def row(self) -> Numbers:
        """Whose they are."""
        column: Numbers = self.table[ROW]
        return column

    @property
    def day(self) -> Numbers:
        """When they are made."""
        column: Numbers = self.table[DAY]
        return column

    @property
    def cents(self) -> Numbers:
        """How much comes in, negative for what goes out."""
        column: Numbers = self.table[CENTS]
        return column

    @property
    def purpose(self) -> Numbers:
        """What for, as a number of the book."""
        column: Numbers = self.table[PURPOSE]
        return column

    @property
    def merchant(self) -> Numbers:
        """With whom, as a number of the book."""
        column: Numbers = self.table[MERCHANT]
        return column

    @property
    def account(self) -> Numbers:
        """In which account."""
        column: Numbers = self.table[ACCOUNT]
        return column

    @property
    def settles(self) -> Numbers:
        """From when on they are no longer pending."""
        column: Numbers = self.table[SETTLES]
        return column

    def take(self, at: NDArray[np.int64] | NDArray[np.bool_]) -> "Postings":
        """Return the postings at ``at``, or where it is True."""
        places = at.nonzero()[0] if at.dtype == np.bool_ else at
        return Postings(self.table.take(places, axis=1))

    def paid_from(self, account: Numbers) -> "Postings":
        """Return the postings in other accounts."""
        table = self.table.copy()
        table[ACCOUNT] = account
        return Postings(table)


def posted(
    row: Numbers,
    day: Numbers,
    cents: Numbers | int,
    purpose: Numbers | int,
    merchant: Numbers | int,
    account: Numbers | int = CHECKING,
    settles: Numbers | None = None,
) -> Postings:
    """Return postings, of the shape of ``day``; without ``settles`` they are never pending."""
    table = np.empty((COLUMNS, *day.shape), dtype=np.int64)
    table[ROW], table[DAY], table[CENTS] = row, day, cents
    table[PURPOSE], table[MERCHANT], table[ACCOUNT] = purpose, merchant, account
    table[SETTLES] = day if settles is None else settles
    return Postings(table.reshape(COLUMNS, -1))


def joined(parts: Sequence[Postings]) -> Postings:
    """Return the postings of all parts."""
    return Postings(np.concatenate([part.table for part in parts], axis=1))
