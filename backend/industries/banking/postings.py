"""Amounts on their way into the ledger, numbered by the mode's catalogue."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import CHECKING, Flows
from backend.industries.banking.catalogue import catalogue


@dataclass(frozen=True, slots=True)
class Postings:
    """Columns of ``Flows`` without their tables; all have shape ``(m,)``."""

    row: NDArray[np.int64]
    day: NDArray[np.int64]
    cents: NDArray[np.int64]
    purpose: NDArray[np.int64]
    merchant: NDArray[np.int64]
    account: NDArray[np.int64]
    settles: NDArray[np.int64]

    def between(self, first: int, last: int) -> "Postings":
        """Return the postings of the days from ``first`` to ``last``, both included."""
        kept = (self.day >= first) & (self.day <= last)
        return Postings(*(getattr(self, column.name)[kept] for column in fields(self)))


def settled(
    row: NDArray[np.int64],
    day: NDArray[np.int64],
    cents: NDArray[np.int64],
    purpose: NDArray[np.int64],
    merchant: NDArray[np.int64],
) -> Postings:
    """Return postings to checking accounts that are never pending."""
    return Postings(row, day, cents, purpose, merchant, np.full_like(row, CHECKING), day)


def joined(parts: Sequence[Postings]) -> Postings:
    """Return the postings of all parts."""
    if len(parts) == 1:
        return parts[0]
    columns = (
        np.concatenate([getattr(part, column.name) for part in parts])
        for column in fields(Postings)
    )
    return Postings(*columns)


def as_flows(postings: Postings) -> Flows:
    """Return postings with the tables that their numbers point into."""
    tables = catalogue()
    return Flows(
        row=postings.row,
        day=postings.day,
        cents=postings.cents,
        purpose=postings.purpose,
        merchant=postings.merchant,
        account=postings.account,
        settles=postings.settles,
        purposes=tables.purposes,
        merchants=tables.merchants,
    )
