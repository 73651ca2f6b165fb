"""Subscriptions, found in the ledger itself: who charges about the same, about monthly.

A merchant is a subscription when its charges of the last 95 days are three or more, every gap
between them is 26 to 35 days, and the smallest is at least 90% of the largest. 95 days hold three
charges of any monthly cadence. Rent, loans, metered utilities, insurance and care do not count
(``categories.Category.subscribable``); internet and mobile plans do.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import Ledger, Recurring
from backend.industries.banking import counting
from backend.industries.segments import owners_of

LOOK_BACK: Final = 95
_ALIKE: Final = np.array(0.9)
_DAYS: Final = np.array(LOOK_BACK)
_ONE, _LEAST_GAPS = np.array(1), np.array(2)  # three charges have two gaps
_SHORTEST_GAP, _LONGEST_GAP = np.array(26), np.array(35)
# customer, merchant and day as one number, in which two merchants lie further apart than any days
_MERCHANT_AT: Final = np.array(8)
_ROW_AT: Final = np.array(8 + 32)


def recurring(ledger: Ledger, last: int) -> Recurring:
    """Return all customers' subscriptions as of the day ``last``."""
    at = (counting.subscribable(ledger) & counting.within(ledger, last, LOOK_BACK)).nonzero()[0]
    if not len(at):
        return _charges(ledger, at, at)
    row = owners_of(at.searchsorted(ledger.offsets))
    # one sort does for three
    when = (row << _ROW_AT) + (ledger.merchant[at] << _MERCHANT_AT) + ledger.day[at]
    order = when.argsort(kind="stable")
    at, row, when = at[order], row[order], when[order]
    # from each charge to the next; behind the last it is as far as to another merchant
    gap = np.empty(len(at), dtype=np.int64)
    gap[-1] = LOOK_BACK
    np.subtract(when[1:], when[:-1], out=gap[:-1])
    ends = gap >= _DAYS
    latest = ends.nonzero()[0]
    first = np.zeros(len(latest), dtype=np.int64)
    np.add(latest[:-1], _ONE, out=first[1:])
    fits = (gap >= _SHORTEST_GAP) & (gap <= _LONGEST_GAP) | ends
    cents = ledger.cents[at]
    # charges are below 0: the largest number is the smallest charge
    alike = np.maximum.reduceat(cents, first) <= _ALIKE * np.minimum.reduceat(cents, first)
    found = alike & np.logical_and.reduceat(fits, first) & (latest - first >= _LEAST_GAPS)
    latest = latest[found]
    return _charges(ledger, row[latest], at[latest])


def _charges(ledger: Ledger, row: NDArray[np.int64], at: NDArray[np.int64]) -> Recurring:
    """Return the customers' charges at these places of the ledger as their subscriptions."""
    return Recurring(row, ledger.merchant[at], -ledger.cents[at], ledger.day[at])
