"""Signals of shoppers: one definition each, one kernel for one customer and for many."""

from collections.abc import Sequence
from datetime import date
from functools import cache, lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.orders import Orders, Shopping
from backend.domain.person import People
from backend.domain.signals import SignalDefinition, SignalTable
from backend.industries.retail.catalogue import catalogue
from backend.industries.rounding import Rounding, Sheet
from backend.industries.segments import largest, owners_of, sums

_HABIT_LOOK_BACK: Final = 180
_TASTE_LOOK_BACK: Final = 365
_MONTH: Final = 30
_NEVER: Final = "never"
_NOTHING_BOUGHT: Final = "nothing was bought in 365 days"

SHARES: Final = {
    "ladies_clothing_share_pct": "Ladies Clothing",
    "ladies_footwear_share_pct": "Ladies Footwear",
    "ladies_hosiery_share_pct": "Ladies Hosiery",
    "mens_clothing_share_pct": "Mens Clothing",
    "mens_accessories_share_pct": "Mens Accessories",
    "accessories_share_pct": "Accessories",
    "sports_share_pct": "Sports Shop",
    "primarket_share_pct": "Primarket",
    "health_beauty_share_pct": "Health & Beauty",
    "home_share_pct": "Home",
    "kids_clothing_share_pct": "Kids Clothing",
    "kids_accessories_share_pct": "Kids Accessories",
    "xmas_share_pct": "Xmas Shop",
}
"""Signal to department. A year is looked back on whatever the window: it holds every season."""

SIGNALS: Final = (
    SignalDefinition(
        "order_count", "number of orders", "orders", 0, "orders dated in the window", _NEVER
    ),
    SignalDefinition(
        "orders_per_month",
        "orders a month",
        "orders",
        1,
        "orders of the window, but of at least 180 days, for each 30 days of it",
        _NEVER,
    ),
    SignalDefinition(
        "spend_per_month",
        "spending a month",
        "USD",
        2,
        "value of the orders of the window, but of at least 180 days, for each 30 days of it",
        _NEVER,
    ),
    SignalDefinition(
        "average_order_value",
        "average order value",
        "USD",
        2,
        "mean value of the orders of the window, but of at least 180 days",
        "there is no order in that time",
    ),
    SignalDefinition(
        "days_since_order",
        "time since the latest order",
        "days",
        0,
        "days since the latest order of two years",
        "there is no order in two years",
    ),
    SignalDefinition(
        "return_rate_pct",
        "share of pieces returned",
        "%",
        1,
        "pieces that went back of those bought in 365 days",
        _NOTHING_BOUGHT,
    ),
    *(
        SignalDefinition(
            name,
            f"share of {department}",
            "%",
            1,
            f"pieces from {department} of all pieces bought in 365 days",
            _NOTHING_BOUGHT,
        )
        for name, department in SHARES.items()
    ),
)

_rounded: Final = Rounding(SIGNALS)
_SHARED: Final = slice(_rounded.places[next(iter(SHARES))], len(SIGNALS))
"""The rows of ``SHARES``."""


def measure(
    _people: People, shopping: Shopping, as_of: date, windows: Sequence[int]
) -> list[SignalTable]:
    """Return every signal of ``SIGNALS``, a table for each of ``windows``, in days."""
    orders, today, spans = shopping.orders, as_of.toordinal(), tuple(windows)
    sheet = _rounded.sheet(len(spans), len(orders.offsets) - 1)
    recent = orders.day > today - _look_backs(spans)
    bought = _put_orders(sheet, orders, recent, spans)
    _put_shares(sheet, shopping, recent[0], bought)
    latest = largest(orders.day, orders.offsets, 0)
    sheet.put("days_since_order", today - latest, latest > 0)
    return _rounded.tables(sheet)


@lru_cache(maxsize=64)
def _look_backs(windows: tuple[int, ...]) -> NDArray[np.int64]:
    """Return the days that orders are looked back on, ``(2 + 3 * w, 1)``.

    Tastes come first and twice, then habits for values and for counts, then the windows.
    """
    habits = _habits(windows)
    return np.array([_TASTE_LOOK_BACK, _TASTE_LOOK_BACK, *habits, *habits, *windows])[:, None]


def _habits(windows: tuple[int, ...]) -> list[int]:
    return [max(window, _HABIT_LOOK_BACK) for window in windows]


def _put_orders(
    sheet: Sheet, orders: Orders, recent: NDArray[np.bool_], windows: tuple[int, ...]
) -> NDArray[np.int64]:
    """Write what follows from orders in ``_look_backs``, and return the pieces bought."""
    many = len(windows)
    told = recent.astype(np.int64)
    told[0] *= orders.pieces
    told[1] *= orders.returned_pieces
    told[2 : 2 + many] *= orders.total
    found = sums(told, orders.offsets)
    bought: NDArray[np.int64] = found[0]
    cents, count, now = found[2:].reshape(3, many, -1)
    days = np.array(_habits(windows))[:, None]
    sheet.put("order_count", now)
    sheet.put("orders_per_month", count * _MONTH, days)
    sheet.put("spend_per_month", cents * _MONTH, days * 100)
    sheet.put("average_order_value", cents, count * 100)
    sheet.put("return_rate_pct", found[1] * 100, bought)
    return bought


def _put_shares(
    sheet: Sheet, shopping: Shopping, recent: NDArray[np.bool_], bought: NDArray[np.int64]
) -> None:
    orders, lines, codes = shopping.orders, shopping.lines, _share_codes()
    count = len(catalogue().shelves.departments)
    cell = owners_of(orders.offsets)[lines.order] * count + lines.department
    # sums of whole numbers in floats are exact far beyond any customer's
    pieces = np.bincount(cell, lines.quantity * recent[lines.order], len(bought) * count)
    shares = pieces.reshape(-1, count).T.take(codes, axis=0) * 100
    sheet.part[_SHARED], sheet.whole[_SHARED] = shares[:, None], bought


@cache
def _share_codes() -> NDArray[np.int64]:
    """Return the departments of ``SHARES``."""
    departments = catalogue().shelves.departments
    return np.array([departments.index(name) for name in SHARES.values()])
