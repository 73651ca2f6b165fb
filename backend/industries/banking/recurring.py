"""Subscriptions, found in the ledger itself: who charges about the same, about monthly.

A merchant is a subscription when its charges of the last 95 days are three or more, every gap
between them is 26 to 35 days, and the smallest is at least 90% of the largest. 95 days hold three
charges of any monthly cadence. Rent, loans, metered utilities, insurance and care do not count
(``categories.Category.subscribable``); internet and mobile plans do.
"""

from typing import Final

import numpy as np

from backend.domain.ledger import Ledger, Recurring
from backend.industries.banking import counting
from backend.industries.segments import owners_of

LOOK_BACK: Final = 95
_CHARGES: Final = 3
_SHORTEST_GAP, _LONGEST_GAP = 26, 35
_ALIKE: Final = 0.9
_MERCHANT_AT: Final = 7  # bits of a day of the last 95
_ROW_AT: Final = _MERCHANT_AT + 32


def recurring(ledger: Ledger, last: int) -> Recurring:
    """Return all customers' subscriptions as of the day ``last``."""
    at = (counting.subscribable(ledger) & counting.within(ledger, last, LOOK_BACK)).nonzero()[0]
    row = owners_of(ledger.offsets)[at]
    # customer, merchant and day as one number: one sort does for three
    when = (row << _ROW_AT) + (ledger.merchant[at] << _MERCHANT_AT) + ledger.day[at] - last
    order = when.argsort()
    at, row = at[order], row[order]
    merchant, day, cents = ledger.merchant[at], ledger.day[at], -ledger.cents[at]
    begins = np.ones(len(at), dtype=np.bool_)
    begins[1:] = (row[1:] != row[:-1]) | (merchant[1:] != merchant[:-1])
    first = begins.nonzero()[0]
    if not len(first):
        return Recurring(row, merchant, cents, day)
    gap = day[1:] - day[:-1]
    fits = begins.copy()
    fits[1:] |= (gap >= _SHORTEST_GAP) & (gap <= _LONGEST_GAP)
    latest = np.append(first[1:], len(at)) - 1
    found = (
        (latest - first >= _CHARGES - 1)
        & np.logical_and.reduceat(fits, first)
        & (np.minimum.reduceat(cents, first) >= _ALIKE * np.maximum.reduceat(cents, first))
    )
    latest = latest[found]
    return Recurring(row[latest], merchant[latest], cents[latest], day[latest])
