"""Signals of shoppers: one definition each, one kernel for one customer and for many."""

from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np

from backend.domain.orders import Shopping
from backend.domain.person import People
from backend.domain.signals import Column, SignalDefinition, SignalTable
from backend.industries.retail.catalogue import catalogue
from backend.industries.rounding import Rounding
from backend.industries.segments import count_column, largest, owners_of, ratio_column, sums

_HABIT_LOOK_BACK: Final = 180
_TASTE_LOOK_BACK: Final = 365
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


def measure(
    _people: People, shopping: Shopping, as_of: date, windows: Sequence[int]
) -> list[SignalTable]:
    """Return every signal of ``SIGNALS``, a table for each of ``windows``, in days."""
    today = as_of.toordinal()
    standing = _taste_signals(shopping, today) | _recency(shopping, today)
    return [_rounded(standing | _window_signals(shopping, today, window)) for window in windows]


def _recency(shopping: Shopping, today: int) -> dict[str, Column]:
    latest = largest(shopping.orders.day, shopping.orders.offsets, 0)
    return {"days_since_order": count_column(today - latest, latest > 0)}


def _taste_signals(shopping: Shopping, today: int) -> dict[str, Column]:
    orders, lines, shelves = shopping.orders, shopping.lines, catalogue().shelves
    recent = orders.day > today - _TASTE_LOOK_BACK
    bought = sums(orders.pieces * recent, orders.offsets)
    count = len(shelves.departments)
    cell = owners_of(orders.offsets)[lines.order] * count + lines.department
    # sums of whole numbers in floats are exact far beyond any customer's
    pieces = np.bincount(cell, lines.quantity * recent[lines.order], len(bought) * count)
    known = bought > 0
    shares = pieces.reshape(-1, count) * 100 / np.where(known, bought, 1)[:, None]
    codes = (shelves.departments.index(department) for department in SHARES.values())
    found = {name: Column(shares[:, code], known) for name, code in zip(SHARES, codes, strict=True)}
    back = sums(orders.returned_pieces * recent, orders.offsets)
    return found | {"return_rate_pct": ratio_column(back, bought, 100)}


def _window_signals(shopping: Shopping, today: int, window_days: int) -> dict[str, Column]:
    orders = shopping.orders
    habit = max(window_days, _HABIT_LOOK_BACK)
    recent = orders.day > today - habit
    count, cents = sums(recent, orders.offsets), sums(orders.total * recent, orders.offsets)
    days = np.full_like(count, habit)
    return {
        "order_count": count_column(sums(orders.day > today - window_days, orders.offsets)),
        "orders_per_month": ratio_column(count, days, 30),
        "spend_per_month": ratio_column(cents, days * 100, 30),
        "average_order_value": ratio_column(cents, count * 100),
    }
