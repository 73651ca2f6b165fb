"""Retail as columns: shoppers, their orders, and the lines of those.

A table of rows that belong to *n* customers carries ``offsets`` of shape ``(n + 1,)``: customer
*i* owns rows ``offsets[i]`` to ``offsets[i + 1]``. Dates are proleptic Gregorian ordinals, money
is whole cents. Codes are positions in the mode's own tables.
"""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

OrderStatus: TypeAlias = Literal[
    "processing", "shipped", "delivered", "collected", "partly returned", "returned"
]
Segment: TypeAlias = Literal[
    "high_value_frequent", "medium_value_regular", "low_value_occasional", "churned_inactive"
]

ORDER_STATUSES: Final[tuple[OrderStatus, ...]] = (
    "processing", "shipped", "delivered", "collected", "partly returned", "returned",
)  # fmt: skip
SEGMENTS: Final[tuple[Segment, ...]] = (
    "high_value_frequent", "medium_value_regular", "low_value_occasional", "churned_inactive",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shoppers:
    """How *n* customers shop. Nothing here depends on the date that a life is told up to.

    ``persona`` is a shopper persona's code and ``joined`` the day on which the account was opened.
    ``order_value`` is what single orders scatter around, in cents, and ``frequency`` the orders of
    a month of 30.4375 days, both inside the persona's ranges. ``price_level`` is against the
    chain's usual prices, ``return_rate`` the chance that a line goes back. ``phase`` shifts the
    cycles of ``CYCLE_DAYS`` days, in some of which the shopper stops for a while;
    ``lapse_share`` is the chance of that.
    """

    persona: NDArray[np.int64]
    joined: NDArray[np.int64]
    order_value: NDArray[np.int64]
    frequency: NDArray[np.float64]
    price_level: NDArray[np.float64]
    return_rate: NDArray[np.float64]
    online_share: NDArray[np.float64]
    card_share: NDArray[np.float64]
    lapse_share: NDArray[np.float64]
    phase: NDArray[np.int64]
    store: NDArray[np.int64]
    number: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Orders:
    """Orders by customer and then by day, at most one a day.

    ``total`` is the sum of the order's lines, of which ``lines`` holds the offsets,
    ``(m + 1,)``; ``pieces`` the sum of their quantities. What was bought in a store has its own
    day as ``shipped`` and ``delivered``. ``returned_on`` is the day on which returned lines were
    taken back, 0 where that has not happened up to the customer's date; ``refund`` and
    ``returned_pieces`` are then 0 too. ``status`` is a position in ``ORDER_STATUSES``.
    """

    offsets: NDArray[np.int64]
    lines: NDArray[np.int64]
    day: NDArray[np.int64]
    total: NDArray[np.int64]
    pieces: NDArray[np.int64]
    online: NDArray[np.bool_]
    by_card: NDArray[np.bool_]
    shipped: NDArray[np.int64]
    delivered: NDArray[np.int64]
    returned_on: NDArray[np.int64]
    refund: NDArray[np.int64]
    returned_pieces: NDArray[np.int64]
    status: NDArray[np.int64]
    number: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class OrderLines:
    """Lines of orders, by order and then as they were put into the basket.

    ``order`` is a row of ``Orders``; ``price`` is a piece's; ``amount`` is ``price`` times
    ``quantity``. ``returned`` is True where the whole line has been taken back.
    """

    order: NDArray[np.int64]
    department: NDArray[np.int64]
    product: NDArray[np.int64]
    quantity: NDArray[np.int64]
    price: NDArray[np.int64]
    amount: NDArray[np.int64]
    returned: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Shopping:
    """All that a chain knows of *n* customers.

    Orders are those of the days from ``first`` to ``last``, both included. ``active_days`` counts
    the days among them on which the customer was a member and had not stopped shopping.
    ``segment`` is a position in ``SEGMENTS``.
    """

    first: int
    last: int
    shoppers: Shoppers
    orders: Orders
    lines: OrderLines
    active_days: NDArray[np.int64]
    segment: NDArray[np.int64]
