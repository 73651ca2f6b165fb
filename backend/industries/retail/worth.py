"""The four value segments: what a shopper is worth to the chain, from two years of orders."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.orders import SEGMENTS, Orders

HIGH, MEDIUM, LOW, CHURNED = range(len(SEGMENTS))

CHURNED_AFTER_DAYS: Final = 120
HIGH_CENTS_A_MONTH: Final = 24_000
HIGH_ORDERS_A_MONTH: Final = 2
LOW_CENTS_A_MONTH: Final = 6_000
_HIGH_CENTS, _HIGH_ORDERS = np.array(HIGH_CENTS_A_MONTH), np.array(HIGH_ORDERS_A_MONTH)
_LOW_CENTS: Final = np.array(LOW_CENTS_A_MONTH)
_LOW, _MEDIUM, _CHURNED = np.array(LOW), np.array(MEDIUM), np.array(CHURNED)
_MONTH_X10000, _X10000 = np.array(304_375), np.array(10_000)


def segments(
    orders: Orders, row: NDArray[np.int64], active_days: NDArray[np.int64], last: int
) -> NDArray[np.int64]:
    """Return each customer's segment as a position in ``SEGMENTS``, ``(n,)``.

    Churned: no order for more than 120 days. Of the others, by the months in which they shopped:
    of high value from $240 and two orders a month on, of low value under $60 a month. These are
    own round figures. ``row`` is each order's customer.
    """
    customers = len(active_days)
    # whole cents below 2**53: exact in the floats that are counted in
    spent = np.bincount(row, weights=orders.total, minlength=customers).astype(np.int64)
    bought = spent * _MONTH_X10000
    count = (orders.offsets[1:] - orders.offsets[:-1]) * _MONTH_X10000
    days = active_days * _X10000
    high = (bought >= days * _HIGH_CENTS) & (count >= days * _HIGH_ORDERS)
    # of high value is the one before of medium value
    worth = np.where(bought < days * _LOW_CENTS, _LOW, _MEDIUM - high)
    latest = row[orders.day >= last - CHURNED_AFTER_DAYS]
    return np.where(np.bincount(latest, minlength=customers), worth, _CHURNED)
