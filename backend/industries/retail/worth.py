"""The four value segments: what a shopper is worth to the chain, from two years of orders."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.orders import SEGMENTS, Orders
from backend.industries.segments import largest, sums

HIGH, MEDIUM, LOW, CHURNED = range(len(SEGMENTS))

CHURNED_AFTER_DAYS: Final = 120
HIGH_CENTS_A_MONTH: Final = 24_000
HIGH_ORDERS_A_MONTH: Final = 2
LOW_CENTS_A_MONTH: Final = 6_000
_MONTH_X10000: Final = 304_375


def segments(orders: Orders, active_days: NDArray[np.int64], last: int) -> NDArray[np.int64]:
    """Return each customer's segment as a position in ``SEGMENTS``, ``(n,)``.

    Churned: no order for more than 120 days. Of the others, by the months in which they shopped:
    of high value from $240 and two orders a month on, of low value under $60 a month. These are
    own round figures.
    """
    bought = sums(orders.total, orders.offsets) * _MONTH_X10000
    count = (orders.offsets[1:] - orders.offsets[:-1]) * _MONTH_X10000
    days = active_days * 10_000
    high = (bought >= days * HIGH_CENTS_A_MONTH) & (count >= days * HIGH_ORDERS_A_MONTH)
    worth = np.where(bought < days * LOW_CENTS_A_MONTH, LOW, np.where(high, HIGH, MEDIUM))
    gone = last - largest(orders.day, orders.offsets, 0) > CHURNED_AFTER_DAYS
    return np.where(gone, CHURNED, worth)
