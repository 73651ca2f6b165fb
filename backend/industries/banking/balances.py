"""Balances at the end of each day, from a ledger alone."""

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import CHECKING, Ledger
from backend.industries.segments import owners_of


def daily_balances(ledger: Ledger, account: int, last: int, days: int) -> NDArray[np.int64]:
    """Return what an account held at the end of each of the last ``days`` days, ``(n, days)``.

    The opening entry counts as a movement: before it an account holds 0.
    """
    customers, first = len(ledger.offsets) - 1, last - days + 1
    at = ((ledger.account == account) & (ledger.day <= last)).nonzero()[0]
    place = np.maximum(ledger.day[at] - first, 0)
    slot = owners_of(ledger.offsets)[at] * days + place
    # whole cents: a float holds their sum exactly
    moved = np.bincount(slot, weights=ledger.cents[at], minlength=customers * days)
    return moved.astype(np.int64).reshape(customers, days).cumsum(axis=1)


def daily_checking(ledger: Ledger, last: int, days: int) -> NDArray[np.int64]:
    """Return ``daily_balances`` of checking accounts, for ``BankingRecords.daily``."""
    return daily_balances(ledger, CHECKING, last, days)
